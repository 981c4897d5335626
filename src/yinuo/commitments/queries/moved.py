"""What moved: every request to change a promise, asked, approved or refused, newest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, pgettext

from yinuo.commitments.differences import Difference, differences
from yinuo.commitments.life import ChangeKind
from yinuo.commitments.models import Change, Commitment
from yinuo.commitments.permission import in_order
from yinuo.commitments.queries.counted import counting
from yinuo.commitments.queries.listing import BadCursor
from yinuo.commitments.wording import wording
from yinuo.commitments.words import UNOWNED, change_label
from yinuo.kernel.instants import SHANGHAI, instant_text
from yinuo.ledger.history import Act, acts
from yinuo.parties.queries import names, public_roles, public_unit_names
from yinuo.parties.viewer import Viewer

PAGE = 30
MUCH = 100
"""A unit owes much when it owes more than one in so many."""
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
class Head:
    """One request, with how the promise stands today; nothing that a law may order erased."""

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

    @property
    def only_wished(self) -> bool:
        """Whether the differences are somebody's wish and not what holds."""
        return self.status != Change.Status.APPROVED

    @property
    def earlier_days(self) -> int:
        """How far all moves together brought the deadline forward; 0 for a later one."""
        return max(0, -self.delay_days)


@dataclass(frozen=True, kw_only=True)
class Moved(Head):
    """One request with who asked, who decided, and in what words."""

    source: str
    asked: Step
    decided: Step | None

    @property
    def at(self) -> datetime:
        """When its last step was."""
        return self.decided.at if self.decided else self.asked.at

    @property
    def head(self) -> Head:
        """The same without words and persons."""
        return Head(**{field.name: getattr(self, field.name) for field in fields(Head)})


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


def moved(*, viewer: Viewer, wanted: Wanted, cursor: str = "", size: int = PAGE) -> MovedPage:
    """Requests about commitments the viewer may see, the last step first. Raises `BadCursor`."""
    rows = _rows(viewer, wanted)
    if cursor:
        rows = rows.filter(_after(cursor))
    window = list(rows[: size + 1])
    last = window[size - 1] if len(window) > size else None
    return MovedPage(
        rows=_told(window[:size], viewer),
        next_cursor=f"{instant_text(_last(last))}~{last.code}" if last else "",
    )


def every_move(*, viewer: Viewer, wanted: Wanted) -> Iterator[Moved]:
    """All of them, in the same order, for a download; memory for a chunk only."""
    rows = iter(_rows(viewer, wanted).iterator(chunk_size=2_000))
    while chunk := list(islice(rows, 500)):
        yield from _told(chunk, viewer)


def moves_counted(*, viewer: Viewer, wanted: Wanted) -> int:
    """How many requests that are."""
    return _rows(viewer, wanted).order_by().count()


def moved_at_all(*, viewer: Viewer, unit: str = "") -> Delays:
    """How many promises were moved, and by how long; with `unit` of those it owes."""
    dimension, value = ("lead", unit) if unit else ("kind", None)
    with counting(viewer=viewer) as counts:
        parts = counts.by(dimension, value=value).values()
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
    seen = in_order(Commitment.objects.filter(pk=OuterRef("commitment")), viewer)
    rows = Change.objects.filter(Exists(seen), kind__in=[wanted.kind] if wanted.kind else KINDS)
    if wanted.unit and _owes_much(viewer, wanted.unit):
        # Asked row by row, so that the database reads on in order until a page is full.
        owed = Case(When(commitment__lead=wanted.unit, then=1), default=0)
        rows = rows.alias(owed=owed).filter(owed=1)
    elif wanted.unit:
        rows = rows.filter(commitment__lead=wanted.unit)
    if wanted.state:
        rows = rows.filter(status=wanted.state)
    rows = rows.annotate(last=Coalesce("decided_at", "asked_at"))
    if wanted.first:
        rows = rows.filter(last__gte=_midnight(wanted.first))
    if wanted.last:
        rows = rows.filter(last__lt=_midnight(wanted.last + timedelta(days=1)))
    return rows.select_related("commitment__lead").order_by("-last", "-code")


def _owes_much(viewer: Viewer, unit: str) -> bool:
    """Whether a unit owes so much that its requests are found soon by going through all."""
    with counting(viewer=viewer) as counts:
        everything = sum(part.total for part in counts.by("kind").values())
        own = sum(part.total for part in counts.by("lead", value=unit).values())
    return own * MUCH > everything


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


def _last(change: Change) -> datetime:
    return change.decided_at or change.asked_at


def _told(rows: Sequence[Change], viewer: Viewer) -> tuple[Moved, ...]:
    units = public_unit_names()
    said = wording(text for row in rows for text in (row.reason_text, row.decision_text))
    done = acts(row.subject for row in rows)
    people = names(actors={act.actor for act in done.values()}, viewer=viewer)
    return tuple(_moved(row, units, said, done, people) for row in rows)


def _moved(
    row: Change,
    units: Mapping[str, str],
    said: Mapping[str, str],
    done: Mapping[tuple[str, int], Act],
    people: Mapping[str, str],
) -> Moved:
    promise = row.commitment
    late = (promise.due - promise.due_original).days if promise.due and promise.due_original else 0

    def step(version: int, at: datetime, text: str) -> Step:
        act = done.get((row.subject, version))
        who = _who(act, units, people) if act else ""
        return Step(at, who, said.get(text, ""), act.leaf_index if act else None)

    return Moved(
        code=row.code,
        version=row.version,
        commitment=promise.code,
        title=promise.title,
        public=promise.visibility == "public",
        lead_name=promise.lead.name if promise.lead else promise.lead_said or gettext(UNOWNED),
        kind=row.kind,
        label=change_label(row.kind),
        status=row.status,
        state=pgettext("change", row.get_status_display()),
        differences=differences(row.old, row.new, units),
        after_the_fact=row.after_the_fact,
        source=row.source,
        due_original=promise.due_original,
        due=promise.due,
        moved_count=promise.moved_count,
        delay_days=late,
        asked=step(1, row.asked_at, row.reason_text),
        decided=step(row.version, row.decided_at, row.decision_text) if row.decided_at else None,
    )


def _who(act: Act, units: Mapping[str, str], people: Mapping[str, str]) -> str:
    roles = public_roles()
    role, _, unit = act.capacity.partition(":")
    label = pgettext("role", roles[role]) if role in roles else ""
    duty = " ".join(filter(None, (units.get(unit, unit), label)))
    # A name that was erased comes in brackets of its own.
    person = people.get(act.actor, "").strip("（）()")
    return gettext("%(duty)s（%(person)s）") % {"duty": duty, "person": person} if person else duty
