"""What happened to a commitment, told from the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from yinuo.commitments.differences import Difference, differences, value_text
from yinuo.commitments.life import (
    CHANGE_LABELS,
    ChangeKind,
)
from yinuo.commitments.wording import wording
from yinuo.commitments.words import COLUMNS, VERBS
from yinuo.ledger.erased import waiting
from yinuo.ledger.history import Event, texts, thread_events
from yinuo.parties.queries import names, public_roles, public_units
from yinuo.parties.viewer import Viewer

LATE = timedelta(days=1)
TEXT_COLUMNS = ("reason_text", "decision_text", "note_text", "remark_text")


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
    texts: tuple[str, ...]
    """References of the texts in `why` that are there, and whose erasure nobody has asked for."""
    subject: str
    version: int
    leaf_index: int | None
    """Its number in the sealed log; None while it waits for the sealer."""

    @property
    def only_asked(self) -> bool:
        """Whether the differences are somebody's wish, made or refused, and not what holds."""
        return self.verb in ("change.asked", "change.refused")


@dataclass(frozen=True)
class _Words:
    units: Mapping[str, str]
    roles: Mapping[str, str]
    people: Mapping[str, str]
    texts: Mapping[str, str]
    erasable: frozenset[str]


def _changes(event: Event, words: _Words) -> tuple[Difference, ...]:
    if event.subject.startswith("change:"):
        old, new = event.after["old"], event.after["new"]
        assert isinstance(old, dict)  # noqa: S101  # JSON columns of Change
        assert isinstance(new, dict)  # noqa: S101
        return differences(old, new, words.units)
    if event.subject.startswith("report:"):
        return tuple(
            Difference(COLUMNS[c], "", value_text(c, event.after[c], words.units))
            for c in ("as_of_date", "value")
            if event.after[c]
        )
    return differences(event.before, event.after, words.units) if event.before else ()


def _label(event: Event) -> str:
    label = VERBS.get(event.verb, event.verb)
    if event.subject.startswith("change:"):
        kind = CHANGE_LABELS[ChangeKind(str(event.after["kind"]))]
        after = "（逾期后提出）" if event.after["after_the_fact"] else ""
        return f"{label}：{kind}{after}"
    return label


def _given(event: Event) -> list[str]:
    """The texts given with this very entry: those that the state before did not name."""
    before, after = event.before, event.after
    return [str(after[c]) for c in TEXT_COLUMNS if after.get(c) and after.get(c) != before.get(c)]


def _who(event: Event, words: _Words) -> str:
    role, _, unit = event.capacity.partition(":")
    duty = " ".join(filter(None, (words.units.get(unit, unit), words.roles.get(role, ""))))
    # A name that was erased comes in brackets of its own.
    person = words.people.get(event.actor, "").strip("（）")
    return f"{duty}（{person}）" if person else duty


def _line(event: Event, words: _Words) -> Line:
    return Line(
        verb=event.verb,
        label=_label(event),
        at=event.at,
        recorded_at=event.recorded_at,
        late=event.recorded_at - event.at > LATE,
        who=_who(event, words),
        differences=_changes(event, words),
        why="；".join(words.texts[reference] for reference in _given(event)),
        texts=tuple(ref for ref in _given(event) if ref in words.erasable),
        subject=event.subject,
        version=event.version,
        leaf_index=event.leaf_index,
    )


def _referenced(events: Iterable[Event]) -> list[str]:
    return [str(e.after[c]) for e in events for c in TEXT_COLUMNS if e.after.get(c)]


def told(*, events: Sequence[Event], viewer: Viewer) -> tuple[Line, ...]:
    """Entries as lines, in their order. The caller has checked who may see them."""
    referenced = _referenced(events)
    there = frozenset(texts(referenced))
    words = _Words(
        units={u.code: u.name for u in public_units()},
        roles=public_roles(),
        people=names(actors=[e.actor for e in events], viewer=viewer),
        texts=wording(referenced),
        erasable=there - waiting(there).keys(),
    )
    return tuple(_line(event, words) for event in events)


def timeline(*, code: str, viewer: Viewer) -> tuple[Line, ...]:
    """The story of one commitment, newest first. The caller has checked who may see it."""
    return told(events=thread_events(f"commitment:{code}")[::-1], viewer=viewer)
