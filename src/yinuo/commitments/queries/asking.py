"""What an office can ask its units about, and what is known of it already: for rounds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from yinuo.commitments.conditions import overdue, promised_by
from yinuo.commitments.curve import Shape, planned_amount, planned_share
from yinuo.commitments.figures import say
from yinuo.commitments.life import Status
from yinuo.commitments.light_rows import Terms, lights_of, promises
from yinuo.commitments.lights.facts import Promise
from yinuo.commitments.lights.words import LightMark
from yinuo.commitments.models import Commitment, PlanCurve, Report
from yinuo.commitments.permission import visible
from yinuo.commitments.registry import Promisor, kind_label
from yinuo.commitments.terms import terms_text
from yinuo.commitments.wording import wording
from yinuo.commitments.words import status_label
from yinuo.kernel.decimals import canonical_decimal, grouped
from yinuo.parties.viewer import Viewer

MOST = 20_000
"""Commitments that one round may ask about."""
PART = 500
"""Keys in one statement."""
REPORT = "report"
"""The kind that is itself an asking; nobody is asked to report on a report."""
CHOICE_STATES = {
    "": "全部进行中的",
    "overdue": "逾期的",
    "due": "未逾期的",
    "moved": "调整过时限的",
    "undated": "未定时限的",
}
PLACES = 2


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which open commitments of an office to ask about. Empty means all."""

    office: str
    """The supervising unit."""
    heading: str = ""
    kind: str = ""
    unit: str = ""
    basis: str = ""
    """Kind of document: 批示件, 方案 …"""
    state: str = ""
    """One of `CHOICE_STATES`."""
    text: str = ""
    codes: tuple[str, ...] = ()
    """These and no others, as far as the rest lets them."""


@dataclass(frozen=True)
class Chosen:
    """One commitment that can be asked about."""

    code: str
    title: str
    unit: str
    """The lead unit."""
    asks_figure: bool
    """Whether a figure is asked for beside the note."""
    held: str
    """Code of a report of the day asked about or later; empty for none."""


@dataclass(frozen=True)
class Choosing:
    """What a choice comes to."""

    chosen: tuple[Chosen, ...]
    unowned: int
    """Of those that fit, how many have no lead unit that could be asked."""
    unknown: tuple[str, ...]
    """Codes named that are no open commitment of the office under the other conditions."""
    too_many: int = 0
    """How many fit where they are too many; then nothing else is said."""


def choose(*, viewer: Viewer, wanted: Choice, as_of: date, today: date) -> Choosing:
    """The commitments of an office that a round of that day would ask about.

    Nothing for who does not supervise for the office.
    """
    if wanted.office not in viewer.supervisor_of:
        return Choosing((), 0, wanted.codes)
    rows = _fitting(wanted, today)
    total = rows.count()
    if total > MOST:
        return Choosing((), 0, (), too_many=total)
    found = list(rows.order_by("lead", "due", "code").values_list(*_COLUMNS))
    owned = [row for row in found if row[2]]
    curves = _with_percent([code for code, _, _, operator in owned if operator == "done"])
    held = held_reports(codes=[row[0] for row in owned], as_of=as_of, viewer=viewer)
    chosen = tuple(
        Chosen(code, title, unit, operator != "done" or code in curves, held.get(code, ""))
        for code, title, unit, operator in owned
        if unit
    )
    there = {row[0] for row in found}
    return Choosing(
        chosen, len(found) - len(owned), tuple(code for code in wanted.codes if code not in there)
    )


_COLUMNS = ("code", "title", "lead_id", "operator")


def _fitting(wanted: Choice, today: date) -> QuerySet[Commitment]:
    rows = Commitment.objects.filter(creditor_unit=wanted.office, status=Status.OPEN)
    rows = rows.filter(promised_by(Promisor.CITY))
    rows = rows.exclude(kind=REPORT).filter(_state(wanted.state, today))
    for name, value in (
        ("heading", wanted.heading),
        ("kind", wanted.kind),
        ("lead", wanted.unit),
        ("document__kind", wanted.basis),
    ):
        if value:
            rows = rows.filter(**{name: value})
    if wanted.text:
        rows = rows.filter(Q(title__icontains=wanted.text) | Q(code__icontains=wanted.text))
    if wanted.codes:
        rows = rows.filter(pk__in=wanted.codes)
    return rows


def _state(state: str, today: date) -> Q:
    return {
        "overdue": overdue(today),
        "due": Q(due=None) | Q(due__gte=today),
        "moved": Q(moved_count__gt=0),
        "undated": Q(due=None),
    }.get(state, Q())


def _with_percent(codes: Sequence[str]) -> frozenset[str]:
    """Of promises without a quantity, those planned in percent, which have a figure after all."""
    found: set[str] = set()
    for some in _parts(codes):
        rows = PlanCurve.objects.filter(commitment__in=some, shape=Shape.PERCENT)
        found.update(rows.values_list("commitment_id", flat=True))
    return frozenset(found)


def held_reports(*, codes: Sequence[str], as_of: date, viewer: Viewer) -> Mapping[str, str]:
    """Commitment → its last report of that day or later, as far as the viewer may see them."""
    found: dict[str, str] = {}
    for some in _parts(codes):
        rows = Report.objects.filter(commitment__in=some, as_of_date__gte=as_of)
        seen = rows.filter(commitment__in=Commitment.objects.filter(visible(viewer), pk__in=some))
        ordered = seen.order_by("as_of_date", Length("code"), "code")
        found.update(ordered.values_list("commitment_id", "code"))
    return found


def _parts(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    return (codes[start : start + PART] for start in range(0, len(codes), PART))


# ── what a sheet shows ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Said:
    """A report as a sheet shows it."""

    code: str
    as_of_date: date
    value: str
    text: str
    """The figure with its unit; empty where none was given."""
    note: str


@dataclass(frozen=True)
class Known:
    """What is known of one commitment as of a day."""

    code: str
    title: str
    kind_label: str
    terms: str
    due: date | None
    lead: str
    """Who answers now."""
    status: str
    status_label: str
    merged_into: str
    """Code of what it went into; empty where it did not, and where the viewer may not see that."""
    figure: str
    """`quantity`, `percent`, or empty where only a note is asked for."""
    unit: str
    """That of the figure."""
    planned: str
    """By the plan of the unit, with its unit; empty where nothing is planned for the day."""
    last: Said | None
    """The newest report."""
    light: LightMark | None

    @property
    def last_as_asked(self) -> str:
        """The newest figure in the unit of the field, where people say it in another one.

        Whoever reads 3.02 亿元 above a field in 万元 types 3.02 into it.
        """
        if self.last is None or not self.last.value:
            return ""
        plain = grouped(self.last.value)
        return "" if self.last.text.startswith(plain) else f"{plain} {self.unit}"

    @property
    def is_open(self) -> bool:
        """Whether progress can still be reported."""
        return self.status == Status.OPEN


def known(*, codes: Sequence[str], as_of: date, today: date, viewer: Viewer) -> Mapping[str, Known]:
    """What is known of these commitments, by code; those not to be seen are left out."""
    rows: list[Commitment] = []
    for some in _parts(codes):
        rows += Commitment.objects.filter(visible(viewer), pk__in=some).select_related("lead")
    if not rows:
        return {}
    plans = promises([Terms.of(row) for row in rows])
    lights = lights_of(rows, today)
    last = _last_reports(rows)
    merged = {row.merged_into_id for row in rows if row.merged_into_id}
    seen = Commitment.objects.filter(visible(viewer), pk__in=merged)
    shown = set(seen.values_list("pk", flat=True)) if merged else set()
    return {
        row.code: _known(
            row,
            plans[row.code],
            as_of,
            last=last.get(row.code),
            light=lights.get(row.code),
            shown=shown,
        )
        for row in rows
    }


def _known(
    row: Commitment,
    promise: Promise,
    as_of: date,
    *,
    last: Said | None,
    light: LightMark | None,
    shown: set[str],
) -> Known:
    percent = promise.curve is not None and promise.curve.shape is Shape.PERCENT
    figure = "quantity" if row.value else "percent" if percent else ""
    return Known(
        code=row.code,
        title=row.title,
        kind_label=kind_label(row.kind),
        terms=terms_text(
            operator=row.operator, value=row.value, unit=row.unit, tolerance=row.tolerance
        ),
        due=row.due,
        lead=row.lead_id or "",
        status=row.status,
        status_label=status_label(row.status),
        merged_into=row.merged_into_id if row.merged_into_id in shown else "",
        figure=figure,
        unit=row.unit if figure == "quantity" else "%" if figure else "",
        planned=_planned(row, promise, as_of),
        last=last,
        light=light,
    )


def _planned(row: Commitment, promise: Promise, as_of: date) -> str:
    """What the plan of the unit says for the day, as people write it."""
    curve = promise.curve
    if curve is None:
        return ""
    if curve.shape is Shape.MILESTONES:
        share = planned_share(promise.steps, as_of)
        return "" if share is None else f"{_short(share * 100)}%"
    amount = planned_amount(curve.points, as_of)
    if amount is None:
        return ""
    return f"{_short(amount)}%" if curve.shape is Shape.PERCENT else say(_short(amount), row.unit)


def _short(amount: Fraction) -> str:
    """Two places at most, cut towards zero.

    >>> _short(Fraction(200, 3)), _short(Fraction(50))
    ('66.66', '50')
    """
    whole = int(amount * 10**PLACES)
    sign, whole = ("-" if whole < 0 else ""), abs(whole)
    return canonical_decimal(f"{sign}{whole // 100}.{whole % 100:02}")


def _last_reports(rows: Iterable[Commitment]) -> dict[str, Said]:
    units = {row.code: row.unit if row.value else "%" for row in rows}
    found: dict[str, Report] = {}
    for some in _parts(list(units)):
        ordered = Report.objects.filter(commitment__in=some)
        for report in ordered.order_by("as_of_date", Length("code"), "code"):
            found[report.commitment_id] = report
    words = _said(found.values(), units)
    return {code: words[report.code] for code, report in found.items()}


def _said(reports: Iterable[Report], units: Mapping[str, str]) -> dict[str, Said]:
    """Reports in words, by their code; `units` has that of each commitment's figure."""
    some = list(reports)
    notes = wording(report.note_text for report in some)
    return {
        r.code: Said(
            code=r.code,
            as_of_date=r.as_of_date,
            value=r.value,
            text=say(r.value, units[r.commitment_id]) if r.value else "",
            note=notes.get(r.note_text, ""),
        )
        for r in some
    }


def said(*, reports: Sequence[str], viewer: Viewer) -> Mapping[str, Said]:
    """Reports by their own code, as far as the viewer may see them."""
    found: dict[str, Said] = {}
    for some in _parts(reports):
        rows = list(Report.objects.filter(pk__in=some).select_related("commitment"))
        codes = [row.commitment_id for row in rows]
        seen = set(
            Commitment.objects.filter(visible(viewer), pk__in=codes).values_list("pk", flat=True)
        )
        shown = [row for row in rows if row.commitment_id in seen]
        units = {r.commitment_id: r.commitment.unit if r.commitment.value else "%" for r in shown}
        found |= _said(shown, units)
    return found
