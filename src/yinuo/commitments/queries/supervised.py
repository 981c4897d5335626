"""What supervision asks of open commitments, all of an office at once or some by their codes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.db.models import Max, Q, QuerySet

from yinuo.commitments.conditions import promised_by
from yinuo.commitments.errors import UnknownCommitment
from yinuo.commitments.life import Status
from yinuo.commitments.light_rows import Terms, lights_of, promises
from yinuo.commitments.lights.deciding import NO_LIGHT, Colour, Deciding, Lit
from yinuo.commitments.lights.facts import Facts, facts
from yinuo.commitments.lights.table import available
from yinuo.commitments.lights.words import LightMark
from yinuo.commitments.models import Commitment, PlanCurve, Report
from yinuo.commitments.permission import owes, supervises, visible, watched_units
from yinuo.commitments.registry import Promisor, promisor_of
from yinuo.commitments.words import status_label
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import Viewer

OFFICE_KINDS = ("order", "report")
"""What an office asks for in supervising: not supervised in turn, but escalated."""
CHUNK = 500
"""Keys in one statement."""
AT_A_TIME = 5_000
OF_TERMS = ("code", "due", "operator", "value", "baseline", "tolerance")
SHORT = ("code", "due", "lead_id", "creditor_unit_id")


@dataclass(frozen=True, slots=True)
class Supervised:
    """The facts of one open commitment on a day."""

    code: str
    lead: str
    office: str
    """The unit that supervises it."""
    due: date | None
    colour: Colour | None
    cause: str
    """Name of the table that decided its light."""
    behind: Decimal | None
    """In percentage points; None where there is no plan or nothing was reported."""
    reported: date | None
    """As of when it was last reported on."""
    may_act: bool
    """Whether the viewer supervises it and holds no duty with the debtor."""


def supervised(
    *, viewer: Viewer, today: date, codes: Sequence[str] | None = None
) -> Iterator[Supervised]:
    """The open commitments with a debtor that the viewer's offices supervise, or some of them.

    Few questions for all of them; those without a planned curve depend on their deadline alone.
    """
    rows = Commitment.objects.filter(
        promised_by(Promisor.CITY), creditor_unit__in=watched_units(viewer), status=Status.OPEN
    ).exclude(Q(kind__in=OFFICE_KINDS) | Q(lead=None))
    if codes is None:
        yield from _facts(rows, viewer, today)
        return
    for start in range(0, len(codes), CHUNK):
        yield from _facts(rows.filter(pk__in=codes[start : start + CHUNK]), viewer, today)


def _facts(rows: QuerySet[Commitment], viewer: Viewer, today: date) -> Iterator[Supervised]:
    keys = rows.order_by().values("pk")
    curved = set(PlanCurve.objects.filter(commitment__in=keys).values_list("pk", flat=True))
    known = _planned(rows, curved, today)
    lights = _Lights(today)
    reports = Report.objects.filter(commitment__in=keys).order_by()
    reported = dict(reports.values_list("commitment_id").annotate(last=Max("as_of_date")))
    judged = _Judged(viewer)
    ordered = rows.order_by("code").values_list(*SHORT).iterator(chunk_size=AT_A_TIME)
    for code, due, lead, office in ordered:
        looked = known.get(code)
        lit = lights.plain(due) if looked is None else lights.of(looked)
        yield Supervised(
            code,
            lead,
            office,
            due,
            lit.colour,
            lit.cause,
            None if looked is None else looked.behind,
            reported.get(code),
            judged.may_act(lead, office),
        )


def _planned(rows: QuerySet[Commitment], curved: Iterable[str], today: date) -> Mapping[str, Facts]:
    """The facts of those with a planned curve."""
    found: dict[str, Facts] = {}
    ordered = sorted(curved)
    for start in range(0, len(ordered), CHUNK):
        some = rows.filter(pk__in=ordered[start : start + CHUNK]).values_list(*OF_TERMS)
        known = promises([Terms(*row) for row in some])
        found.update((code, facts(promise, today)) for code, promise in known.items())
    return found


class _Lights:
    """Lights by facts; none while no table is to be had."""

    def __init__(self, today: date) -> None:
        table = available(today)
        self._deciding = table.deciding if table else None

    def plain(self, due: date | None) -> Lit:
        """The light of what has no plan: its deadline decides."""
        return NO_LIGHT if self._deciding is None else _plain(self._deciding, due)

    def of(self, looked: Facts) -> Lit:
        """The light of these facts."""
        return NO_LIGHT if self._deciding is None else self._deciding.one(looked)


@lru_cache(maxsize=20_000)
def _plain(deciding: Deciding, due: date | None) -> Lit:
    """All of one deadline are alike, on every page of the day."""
    return deciding.one(Facts(due=due, is_project=False))


class _Judged:
    """Whom the viewer may judge, each unit looked up once; as `permission.supervises`."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._above = {unit.code: unit.parent for unit in public_units()}
        self._holds: dict[str, bool] = {}

    def may_act(self, lead: str, office: str) -> bool:
        """Whether the viewer supervises for the office and holds nothing with the debtor."""
        if office not in self._viewer.supervisor_of:
            return False
        if lead not in self._holds:
            debtors = {lead, self._above.get(lead)} - {None}
            self._holds[lead] = bool(debtors & self._viewer.held_for)
        return not self._holds[lead]


@dataclass(frozen=True)
class Told:
    """A supervised commitment in words."""

    title: str
    light: LightMark | None


def told_of(*, codes: Sequence[str], viewer: Viewer, today: date) -> dict[str, Told]:
    """Title and light of commitments that the viewer's offices supervise, by code."""
    found: dict[str, Told] = {}
    for start in range(0, len(codes), CHUNK):
        rows = list(
            Commitment.objects.filter(
                creditor_unit__in=watched_units(viewer), pk__in=codes[start : start + CHUNK]
            )
        )
        marks = lights_of(rows, today)
        found.update((row.code, Told(row.title, marks.get(row.code))) for row in rows)
    return found


@dataclass(frozen=True)
class Sides:
    """What the viewer is to one commitment."""

    owes: bool
    """Whether the viewer answers for the unit that owes it."""
    supervises: bool
    """Whether the viewer may judge it."""


def sides(*, commitment: str, viewer: Viewer) -> Sides:
    """Whose side the viewer is on. Raises `UnknownCommitment` for one not to be seen."""
    row = Commitment.objects.filter(visible(viewer), pk=commitment).first()
    if row is None:
        raise UnknownCommitment(commitment)
    return Sides(owes(row, viewer), supervises(row, viewer))


def why_not_supervised(*, codes: Sequence[str], viewer: Viewer) -> dict[str, str]:
    """Why no step can be taken on these commitments; those on which one can are left out."""
    found: dict[str, str] = {}
    rows = {row.code: row for row in Commitment.objects.filter(visible(viewer), pk__in=codes)}
    for code in codes:
        row = rows.get(code)
        if row is None:
            found[code] = "没有这个编号，或您看不到它"
        elif row.status != Status.OPEN:
            found[code] = f"当前状态为“{status_label(row.status)}”，不用再督办"
        elif promisor_of(row.kind) is Promisor.OTHERS:
            found[code] = "是企业或群众作出的承诺，由受理它的窗口核查，不督办"
        elif row.kind in OFFICE_KINDS:
            found[code] = "本身就是督查单位交办或调度的，逾期时按下一步办理"
        elif row.lead_id is None:
            found[code] = "没有责任单位，请先任务分解或移交"
        elif row.creditor_unit_id not in viewer.supervisor_of:
            found[code] = "不由您的单位督查"
        elif not supervises(row, viewer):
            found[code] = "您在责任单位或其上级单位任职，不能督办它"
    return found
