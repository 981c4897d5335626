"""The story of a problem or a rectification, told from its entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, gettext_noop

from yinuo.cases.problems.life import VERB_LABELS as PROBLEM_VERBS
from yinuo.cases.problems.rating import VERB_LABELS as RATING_VERBS
from yinuo.commitments.wording import short_wording
from yinuo.ledger.history import Event, thread_events
from yinuo.parties.queries import names, public_roles, public_unit_names
from yinuo.parties.viewer import ANYONE, Viewer

LABELS: Mapping[str, str] = {**PROBLEM_VERBS, **RATING_VERBS}
RAISER, CLOCK = gettext_noop("提出人"), gettext_noop("按规则表")


@dataclass(frozen=True)
class StoryLine:
    """One step."""

    at: datetime
    verb: str
    label: str
    who: str
    why: str
    leaf_index: int | None


def story_of(subject: str, *, viewer: Viewer) -> tuple[StoryLine, ...]:
    """Newest first. Names of officers only for signed-in viewers; of who raised it never."""
    events = thread_events(subject)[::-1]
    said = short_wording(_given(event) for event in events)
    people = names(actors=[event.actor for event in events], viewer=viewer)
    units, roles = public_unit_names(), public_roles()
    return tuple(
        StoryLine(
            at=event.at,
            verb=event.verb,
            label=LABELS.get(event.verb, event.verb),
            who=_who(event, people, units, roles),
            why=said.get(_given(event), ""),
            leaf_index=event.leaf_index,
        )
        for event in events
    )


def story_for_raiser(subject: str) -> tuple[StoryLine, ...]:
    """The same for who raised it: units, no persons."""
    return story_of(subject, viewer=ANYONE)


def _given(event: Event) -> str:
    """The text that came with this very entry."""
    now = str(event.after.get("note_text") or "")
    return now if now != event.before.get("note_text") else ""


def _who(
    event: Event, people: Mapping[str, str], units: Mapping[str, str], roles: Mapping[str, str]
) -> str:
    if event.actor.startswith("applicant:"):
        return gettext(RAISER)
    role, _, unit = event.capacity.partition(":")
    if not role:
        return gettext(CLOCK)
    duty = " ".join(filter(None, (units.get(unit, unit), roles.get(role, ""))))
    person = people.get(event.actor, "").strip("（）()")
    return f"{duty}（{person}）" if person else duty
