"""Keys of systems that ask: for administrators, and which one a request bears."""

from dataclasses import dataclass

from yinuo.api.hooks.signing import token_mark
from yinuo.api.models import AnswerKey
from yinuo.credit.queries.asking import Asker
from yinuo.ledger.remembered import remembered
from yinuo.notices.permission import require_administrator
from yinuo.parties.viewer import Viewer

ACTOR = "key:"


@dataclass(frozen=True, kw_only=True)
class AnswerKeyView:
    """One key."""

    code: str
    title: str
    unit: str
    scenarios: tuple[str, ...]
    per_minute: int
    numbers_a_day: int
    state: str
    state_label: str
    asked_by: str

    @property
    def asker(self) -> Asker:
        """Who asks with it."""
        return Asker(
            actor=f"{ACTOR}{self.code}",
            role="system",
            units=frozenset({self.unit}),
            scenarios=frozenset(self.scenarios),
        )


def answer_keys(*, viewer: Viewer) -> tuple[AnswerKeyView, ...]:
    """Every key that was not ended, by code. Raises `NotAllowed`."""
    require_administrator(viewer)
    rows = AnswerKey.objects.exclude(state=AnswerKey.State.ENDED).order_by("code")
    return tuple(map(_view, rows))


def public_key_of(*, token: str) -> AnswerKeyView | None:
    """The active key with this token; None where there is none. The token is the key."""
    return _active(token_mark(token))


@remembered
def _active(mark: str) -> AnswerKeyView | None:
    row = AnswerKey.objects.filter(token_mark=mark, state=AnswerKey.State.ACTIVE).first()
    return None if row is None else _view(row)


def _view(row: AnswerKey) -> AnswerKeyView:
    return AnswerKeyView(
        code=row.code,
        title=row.title,
        unit=row.unit,
        scenarios=tuple(row.scenarios),
        per_minute=row.per_minute,
        numbers_a_day=row.numbers_a_day,
        state=row.state,
        state_label=str(AnswerKey.State(row.state).label),
        asked_by=row.asked_by,
    )
