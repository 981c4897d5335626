"""What happened to a commitment, told from the ledger."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yinuo.commitments.life import (
    CHANGE_LABELS,
    OUTCOME_LABELS,
    STATUS_LABELS,
    VISIBILITY_LABELS,
    ChangeKind,
    Outcome,
    Status,
    Visibility,
)
from yinuo.commitments.models import Commitment
from yinuo.commitments.registry import kind_named
from yinuo.commitments.words import COLUMNS, UNDATED, UNOWNED, VERBS
from yinuo.ledger.history import Event, texts, thread_events
from yinuo.ledger.recorded import State
from yinuo.parties.queries import names, public_roles, public_units
from yinuo.parties.viewer import Viewer

LATE = timedelta(days=1)
ERASED = "（文字已依法删除）"
TEXT_COLUMNS = ("reason_text", "decision_text", "note_text", "remark_text")


@dataclass(frozen=True)
class Difference:
    """One column that changed, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """One entry of the story."""

    verb: str
    label: str
    at: datetime
    recorded_at: datetime
    late: bool
    """补录: entered more than a day after it is said to have happened."""
    who: str
    """The duty, such as 旅顺口区 填报人; with the person's name for signed-in viewers."""
    differences: tuple[Difference, ...]
    why: str
    subject: str
    version: int
    leaf_index: int | None
    """Its number in the sealed log; None while it waits for the sealer."""


@dataclass(frozen=True)
class _Words:
    units: Mapping[str, str]
    roles: Mapping[str, str]
    people: Mapping[str, str]
    texts: Mapping[str, str]


def _value(column: str, value: object, words: _Words) -> str:
    """A recorded value as people read it."""
    labels: dict[str, Callable[[str], str]] = {
        "status": lambda v: STATUS_LABELS[Status(v)],
        "outcome": lambda v: OUTCOME_LABELS[Outcome(v)],
        "visibility": lambda v: VISIBILITY_LABELS[Visibility(v)],
        "operator": lambda v: Commitment.Operator(v).label,
        "kind": lambda v: kind_named(v).label,
        "lead_id": lambda v: words.units.get(v, v),
        "unit_id": lambda v: words.units.get(v, v),
    }
    if value in (None, ""):
        return {"due": UNDATED, "due_original": UNDATED, "lead_id": UNOWNED}.get(column, "无")
    return labels[column](str(value)) if column in labels else str(value)


def _differences(
    old: Mapping[str, object], new: Mapping[str, object], words: _Words
) -> tuple[Difference, ...]:
    return tuple(
        Difference(COLUMNS[c], _value(c, old.get(c), words), _value(c, new.get(c), words))
        for c in COLUMNS
        if c in new and old.get(c) != new.get(c)
    )


def plain_differences(
    old: Mapping[str, object], new: Mapping[str, object]
) -> tuple[Difference, ...]:
    """Old and new columns in words, for a request that is not told as part of a story."""
    words = _Words({u.code: u.name for u in public_units()}, public_roles(), {}, {})
    return _differences(old, new, words)


def _event_differences(event: Event, words: _Words) -> tuple[Difference, ...]:
    if event.subject.startswith("change:"):
        old, new = event.after["old"], event.after["new"]
        assert isinstance(old, dict)  # noqa: S101  # JSON columns of Change
        assert isinstance(new, dict)  # noqa: S101
        return _differences(old, new, words)
    if event.subject.startswith("report:"):
        return tuple(
            Difference(COLUMNS[c], "", _value(c, event.after[c], words))
            for c in ("as_of_date", "value")
            if event.after[c]
        )
    return _differences(event.before, event.after, words) if event.before else ()


def _label(event: Event) -> str:
    label = VERBS.get(event.verb, event.verb)
    if event.subject.startswith("change:"):
        kind = CHANGE_LABELS[ChangeKind(str(event.after["kind"]))]
        after = "（逾期后提出）" if event.after["after_the_fact"] else ""
        return f"{label}：{kind}{after}"
    return label


def _why(before: State, after: State, words: _Words) -> str:
    """The text given with this very entry: one that the state before did not name."""
    given = [str(after[c]) for c in TEXT_COLUMNS if after.get(c) and after.get(c) != before.get(c)]
    return "；".join(words.texts.get(ref, ERASED) for ref in given)


def _who(event: Event, words: _Words) -> str:
    role, _, unit = event.capacity.partition(":")
    duty = " ".join(filter(None, (words.units.get(unit, unit), words.roles.get(role, ""))))
    person = words.people.get(event.actor, "")
    return f"{duty}（{person}）" if person else duty


def _line(event: Event, words: _Words) -> Line:
    return Line(
        verb=event.verb,
        label=_label(event),
        at=event.at,
        recorded_at=event.recorded_at,
        late=event.recorded_at - event.at > LATE,
        who=_who(event, words),
        differences=_event_differences(event, words),
        why=_why(event.before, event.after, words),
        subject=event.subject,
        version=event.version,
        leaf_index=event.leaf_index,
    )


def _referenced(events: Iterable[Event]) -> list[str]:
    return [str(e.after[c]) for e in events for c in TEXT_COLUMNS if e.after.get(c)]


def told(*, events: Sequence[Event], viewer: Viewer) -> tuple[Line, ...]:
    """Entries as lines, in their order. The caller has checked who may see them."""
    words = _Words(
        units={u.code: u.name for u in public_units()},
        roles=public_roles(),
        people=names(actors=[e.actor for e in events], viewer=viewer),
        texts=texts(_referenced(events)),
    )
    return tuple(_line(event, words) for event in events)


def timeline(*, code: str, viewer: Viewer) -> tuple[Line, ...]:
    """The story of one commitment, newest first. The caller has checked who may see it."""
    return told(events=thread_events(f"commitment:{code}")[::-1], viewer=viewer)


def entered(lines: tuple[Line, ...]) -> date:
    """The day on which the commitment was entered, by its own first entry."""
    return lines[-1].at.date()
