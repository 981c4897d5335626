"""A form that came too late: what somebody else did, and another try with the same words."""

from collections.abc import Mapping

from django.http import QueryDict

from yinuo.cases.queries.verbs import VERBS as CASES
from yinuo.commitments.queries.meanwhile import last_step, public_version
from yinuo.commitments.story import Told
from yinuo.commitments.words import VERBS as COMMITMENTS
from yinuo.credit.queries.verbs import VERBS as CREDIT
from yinuo.goals.queries.verbs import VERBS as GOALS
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.parties.viewer import Viewer
from yinuo.supervision.queries.verbs import VERBS as SUPERVISION
from yinuo.web.forms.base import PlainForm

CONFLICT = 409
WORDS: Mapping[str, str] = {**SUPERVISION, **COMMITMENTS, **GOALS, **CASES, **CREDIT}
"""What was done, in the words of the stories of every kind of thing."""


def meanwhile(error: YinuoError | None, viewer: Viewer) -> Told | None:
    """Who did what, and when, where an error says that the state is no longer what it was."""
    if error is None or error.status != CONFLICT:
        return None
    return last_step(place=error.place, verbs=WORDS, viewer=viewer)


def renew(form: PlainForm, stale: StaleVersion) -> None:
    """Let the form be handed in once more: whoever does has seen what changed meanwhile."""
    name = form.add_prefix("version")
    if isinstance(form.data, QueryDict) and form.data.get(name) == str(stale.version):
        typed = form.data.copy()
        typed[name] = str(public_version(subject=stale.place))
        form.data = typed
