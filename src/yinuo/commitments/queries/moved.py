"""What moved: every request to change a promise of the city, asked, approved or refused.

The newest first. What others promised to the city is changed where it arose, and told of there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, pgettext

from yinuo.commitments.conditions import promised_by
from yinuo.commitments.differences import Difference, differences
from yinuo.commitments.life import ChangeKind, Visibility
from yinuo.commitments.models import Change, Commitment
from yinuo.commitments.permission import in_order
from yinuo.commitments.queries.counted import counting
from yinuo.commitments.queries.listing import BadCursor
from yinuo.commitments.registry import Promisor
from yinuo.commitments.spoken import spoken
from yinuo.commitments.wording import wording
from yinuo.commitments.words import UNOWNED, change_label
from yinuo.kernel.instants import SHANGHAI, instant_text
from yinuo.ledger.history import Act, acts
from yinuo.parties.queries import names, public_roles, public_unit_names
from yinuo.parties.viewer import Viewer

PAGE = 30
STATES = dict(Change.Status.choices)
KINDS = tuple(kind for kind in ChangeKind if kind != ChangeKind.KEPT_IN_PART)
"""What alters a promise; a finding alters none."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which requests. Empty means all; days are those of the last step, both included."""

    unit: str = ""
    """Code of the unit that owes it now."""
    kind: str = ""
    state: str = ""
    """`asked`, `approved` or `refused`."""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Step:
    """Asked or decided: by whom, when, with what words."""

    at: datetime
    who: str
    """The duty; with the person's name for signed-in viewers."""
    why: str
    leaf_index: int | None


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One request, with how the promise stands today, who asked and who decided in what words."""

    code: str
    version: int
    commitment: str
    title: str
    public: bool
    lead_name: str
    kind: str
    label: str
    status: str
    state: str
    """待批准, 已批准 or 未批准."""
    differences: tuple[Difference, ...]
    """What holds since, or of a request that was not approved what was wished."""
    after_the_fact: bool
    due_original: date | None
    due: date | None
    moved_count: int
    delay_days: int
    """All moves of this promise together; negative for an earlier deadline."""
    source: str
    asked: Step
    decided: Step | None

    @property
    def only_wished(self) -> bool:
        """Whether the differences are somebody's wish and not what holds."""
        return self.status != Change.Status.APPROVED

    @property
    def earlier_days(self) -> int:
        """How far all moves together brought the deadline forward; 0 for a later one."""
        return max(0, -self.delay_days)

    @property
    def at(self) -> datetime:
        """When its last step was."""
        return self.decided.at if self.decided else self.asked.at


@dataclass(frozen=True)
class MovedPage:
    """A page of requests."""

    rows: tuple[Moved, ...]
    next_cursor: str
    """Empty on the last page."""


@dataclass(frozen=True)
class Delays:
    """How far deadlines were moved, of all that a viewer may see."""

    promises: int
    moved: int
    median_days: int
    """Half of the moved ones by no more than this; 0 while none was moved."""
    longest_days: int
    earlier: int
    """Moved to an earlier day."""


class _Read(NamedTuple):
    """What is read of a request and its promise; whole rows take three times as long."""

    code: str
    version: int
    kind: str
    status: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    after_the_fact: bool
    source: str
    reason_text: str
    decision_text: str
    asked_at: datetime
    decided_at: datetime | None
    lead_id: str | None
    commitment_id: str
    commitment__title: str
    commitment__visibility: str
    commitment__lead_said: str
    commitment__due_original: date | None
    commitment__due: date | None
    commitment__moved_count: int

    @property
    def subject(self) -> str:
        """Its name on the ledger."""
        return f"{Change.SUBJECT}:{self.code}"

    @property
    def last(self) -> datetime:
        """When its last step was."""
        return self.decided_at or self.asked_at


def moved(*, viewer: Viewer, wanted: Wanted, cursor: str = "", size: int = PAGE) -> MovedPage:
    """Requests about commitments the viewer may see, the last step first. Raises `BadCursor`."""
    rows = _rows(viewer, wanted)
    if cursor:
        rows = rows.filter(_after(cursor))
    window = [_Read(*row) for row in _read(rows)[: size + 1]]
    last = window[size - 1] if len(window) > size else None
    return MovedPage(
        rows=_told(window[:size], viewer),
        next_cursor=f"{instant_text(last.last)}~{last.code}" if last else "",
    )


def every_move(*, viewer: Viewer, wanted: Wanted) -> Iterator[Moved]:
    """All of them, in the same order, for a download; memory for a chunk only."""
    found = _read(_rows(viewer, wanted)).iterator(chunk_size=2_000)
    rows = (_Read(*row) for row in found)
    while chunk := list(islice(rows, 500)):
        yield from _told(chunk, viewer)


def moves_counted(*, viewer: Viewer, wanted: Wanted) -> int:
    """How many requests that are."""
    return _rows(viewer, wanted).order_by().count()


def moved_at_all(*, viewer: Viewer, unit: str = "") -> Delays:
    """How many promises were moved, and by how long; with `unit` of those it owes."""
    with counting(viewer=viewer) as counts:
        by_unit = counts.by("lead", value=unit) if unit else counts.by_kind(Promisor.CITY)
        parts = by_unit.values()
        by_days = sorted(counts.delays(unit=unit).items())
    half, seen, median = (sum(n for _, n in by_days) + 1) // 2, 0, 0
    for days, number in by_days:
        seen += number
        if seen >= half:
            median = days
            break
    return Delays(
        promises=sum(part.total for part in parts),
        moved=sum(part.moved for part in parts),
        median_days=median,
        longest_days=max((days for days, _ in by_days), default=0),
        earlier=sum(number for days, number in by_days if days < 0),
    )


def _rows(viewer: Viewer, wanted: Wanted) -> QuerySet[Change]:
    of_city = Commitment.objects.filter(promised_by(Promisor.CITY), pk=OuterRef("commitment"))
    seen = in_order(of_city, viewer)
    rows = Change.objects.filter(Exists(seen), kind__in=[wanted.kind] if wanted.kind else KINDS)
    if wanted.unit:
        rows = rows.filter(lead=wanted.unit)
    if wanted.state:
        rows = rows.filter(status=wanted.state)
    rows = rows.annotate(last=Coalesce("decided_at", "asked_at"))
    if wanted.first:
        rows = rows.filter(last__gte=_midnight(wanted.first))
    if wanted.last:
        rows = rows.filter(last__lt=_midnight(wanted.last + timedelta(days=1)))
    return rows.order_by("-last", "-code")


def _read(rows: QuerySet[Change]) -> QuerySet[Change, tuple[Any, ...]]:
    return rows.values_list(*_Read._fields)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def _after(cursor: str) -> Q:
    at, separator, code = cursor.partition("~")
    try:
        last = datetime.fromisoformat(at)
    except ValueError:
        raise BadCursor(cursor) from None
    if not separator or last.tzinfo is None:
        raise BadCursor(cursor)
    # The first condition alone is what an index understands.
    return Q(last__lte=last) & (Q(last__lt=last) | Q(code__lt=code))


def _told(rows: Sequence[_Read], viewer: Viewer) -> tuple[Moved, ...]:
    units = public_unit_names()
    said = wording(text for row in rows for text in (row.reason_text, row.decision_text))
    done = acts(row.subject for row in rows)
    people = names(actors={act.actor for act in done.values()}, viewer=viewer)
    doing = {(act.actor, act.capacity) for act in done.values()}
    who = {one: _who(*one, units, people) for one in doing}
    return tuple(_moved(row, units, said, done, who) for row in rows)


def _moved(
    row: _Read,
    units: Mapping[str, str],
    said: Mapping[str, str],
    done: Mapping[tuple[str, int], Act],
    who: Mapping[tuple[str, str], str],
) -> Moved:
    due, original = row.commitment__due, row.commitment__due_original

    def step(version: int, at: datetime, text: str) -> Step:
        act = done.get((row.subject, version))
        if act is None:
            return Step(at, "", said.get(text, ""), None)
        return Step(at, who[act.actor, act.capacity], said.get(text, ""), act.leaf_index)

    return Moved(
        code=row.code,
        version=row.version,
        commitment=row.commitment_id,
        title=row.commitment__title,
        public=row.commitment__visibility == Visibility.PUBLIC,
        lead_name=units.get(row.lead_id or "") or row.commitment__lead_said or gettext(UNOWNED),
        kind=row.kind,
        label=change_label(row.kind),
        status=row.status,
        state=spoken("change", STATES[row.status]),
        differences=differences(row.old, row.new, units),
        after_the_fact=row.after_the_fact,
        source=row.source,
        due_original=original,
        due=due,
        moved_count=row.commitment__moved_count,
        delay_days=(due - original).days if due and original else 0,
        asked=step(1, row.asked_at, row.reason_text),
        decided=step(row.version, row.decided_at, row.decision_text) if row.decided_at else None,
    )


def _who(actor: str, capacity: str, units: Mapping[str, str], people: Mapping[str, str]) -> str:
    """The duty, with the person where names may be seen."""
    roles = public_roles()
    role, _, unit = capacity.partition(":")
    label = pgettext("role", roles[role]) if role in roles else ""
    duty = " ".join(filter(None, (units.get(unit, unit), label)))
    # A name that was erased comes in brackets of its own.
    person = people.get(actor, "").strip("（）()")
    return gettext("%(duty)s（%(person)s）") % {"duty": duty, "person": person} if person else duty
