"""What happened to a commitment, told from the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext, pgettext

from yinuo.commitments.curve import written_text
from yinuo.commitments.differences import Difference, differences, value_text
from yinuo.commitments.wording import wording
from yinuo.commitments.words import change_label, column_label, verb_label
from yinuo.ledger.erased import waiting
from yinuo.ledger.history import Event, texts, thread_events
from yinuo.parties.queries import names, public_roles, public_units
from yinuo.parties.viewer import Viewer

LATE = timedelta(days=1)
TEXT_COLUMNS = (
    "reason_text",
    "decision_text",
    "note_text",
    "remark_text",
    "what_text",
    "answer_text",
    "ruling_text",
    "closing_text",
)
OF_A_WAIT = ("on_unit_id", "claimed_by_unit_id", "since_date", "ended_date")


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
            Difference(column_label(c), "", value_text(c, event.after[c], words.units))
            for c in ("as_of_date", "value")
            if event.after[c]
        )
    if event.subject.startswith("curve:"):
        old, new = ({"curve": written_text(state)} for state in (event.before, event.after))
        return differences(old, new, words.units)
    if event.subject.startswith("wait:"):
        # The step itself says what became of its state.
        return differences(
            {column: event.before.get(column) for column in OF_A_WAIT},
            {column: event.after[column] for column in OF_A_WAIT},
            words.units,
        )
    found = differences(event.before, event.after, words.units) if event.before else ()
    if event.subject.startswith("cooperation:"):
        unit = value_text("unit_id", event.after["unit_id"], words.units)
        return (Difference(column_label("unit_id"), "", unit), *found)
    return found


def _label(event: Event) -> str:
    label = verb_label(event.verb)
    if event.subject.startswith("change:"):
        kind = change_label(str(event.after["kind"]))
        after = gettext("（逾期后提出）") if event.after["after_the_fact"] else ""
        return gettext("%(step)s：%(kind)s%(after)s") % {
            "step": label,
            "kind": kind,
            "after": after,
        }
    return label


def _given(event: Event) -> list[str]:
    """The texts given with this very entry: those that the state before did not name."""
    before, after = event.before, event.after
    return [str(after[c]) for c in TEXT_COLUMNS if after.get(c) and after.get(c) != before.get(c)]


def _who(event: Event, words: _Words) -> str:
    role, _, unit = event.capacity.partition(":")
    role_label = pgettext("role", words.roles[role]) if role in words.roles else ""
    duty = " ".join(filter(None, (words.units.get(unit, unit), role_label)))
    # A name that was erased comes in brackets of its own.
    person = words.people.get(event.actor, "").strip("（）()")
    if not person:
        return duty
    return gettext("%(duty)s（%(person)s）") % {"duty": duty, "person": person}


def _line(event: Event, words: _Words) -> Line:
    return Line(
        verb=event.verb,
        label=_label(event),
        at=event.at,
        recorded_at=event.recorded_at,
        late=event.recorded_at - event.at > LATE,
        who=_who(event, words),
        differences=_changes(event, words),
        why=gettext("；").join(words.texts[reference] for reference in _given(event)),
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
