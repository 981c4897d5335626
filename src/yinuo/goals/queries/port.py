"""Clearance times as people read them, and the batches and results behind them.

Pages read one stored result, so they take no longer for a log of twenty million events.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import Q

from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.sides import titles_seen
from yinuo.goals.errors.port import UnknownBatch, UnknownResult
from yinuo.goals.models import Figure, PortBatch, PortResult
from yinuo.goals.models.indicator import RELEASED
from yinuo.goals.port import views
from yinuo.goals.port.catalogue import Action, Catalogue, Target
from yinuo.goals.port.directions import Direction
from yinuo.goals.port.life import STATUS_LABELS, BatchStatus
from yinuo.goals.port.log import BY_FIRM, BY_MODE, BY_PORT, measure_name
from yinuo.goals.port.scope import Measure, ScopeKind, Subject
from yinuo.goals.port.stored import Official, Result, Time, unpack
from yinuo.goals.port.views import Bin, Change, Line, Series
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.lake.batch import open_batch
from yinuo.lake.durations.results import StepTime, Variant, hours
from yinuo.ledger.history import texts
from yinuo.parties.queries import names, public_unit_names
from yinuo.parties.viewer import Viewer

MICROSECONDS_PER_HOUR = 3_600_000_000
FOLDER = "port"
MOST_KEPT = 8
SAMPLES = 20
"""Rows put aside that a page shows."""


# ── who sees what ──────────────────────────────────────────────────────────────────────────────


def _units(viewer: Viewer) -> frozenset[str]:
    """The units all of whose batches the viewer reads, unreleased ones included."""
    return viewer.officer_of | viewer.administrator_of | viewer.auditor_of


def _inside(viewer: Viewer) -> Q:
    """The rows that a viewer reads through a duty: supervisors review those of every unit."""
    if viewer.supervisor_of:
        return ~Q(pk__in=[])  # an empty Q would vanish beside another
    return Q(unit__in=_units(viewer))


def has_part(*, viewer: Viewer) -> bool:
    """Whether the viewer brings, reviews, administers or audits anything at all."""
    return bool(_units(viewer) | viewer.supervisor_of)


def loadable_units(*, viewer: Viewer) -> Mapping[str, str]:
    """The units for which the viewer may take in logs, with their names."""
    units = viewer.officer_of | viewer.administrator_of
    return {code: name for code, name in public_unit_names().items() if code in units}


# ── the stored result ──────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=MOST_KEPT)
def _stored(root: Path, sha256: str) -> Result:
    with FileStore(root).open(sha256) as file:
        return unpack(file.read())


def _in_sight(viewer: Viewer) -> Q:
    inside = _inside(viewer) if viewer.signed_in else Q(pk__in=[])
    return PortResult.public_rows() | inside


def _latest(viewer: Viewer) -> PortResult | None:
    """The result that counts: the newest that the viewer may see and that holds good."""
    rows = PortResult.objects.filter(_in_sight(viewer), withdrawn=False)
    return rows.order_by("-measured_at", "-code").first()


@dataclass(frozen=True)
class Made:
    """What a result was made from: it can be made again."""

    code: str
    batches: tuple[str, ...]
    sha256: str
    rules_number: int
    rules_edition: int
    made_with: str
    last_at: datetime
    measured_at: datetime
    simulated: bool
    public: bool
    unit: str
    unit_name: str
    version: int
    withdrawn: bool
    may_release: bool
    waits: bool
    """Whether it still waits for a second person."""


def _made(row: PortResult, viewer: Viewer) -> Made:
    waiting = row.visibility == Visibility.REVIEW and not row.withdrawn
    return Made(
        code=row.code,
        batches=tuple(row.batches),
        sha256=row.sha256,
        rules_number=row.rules_number,
        rules_edition=row.rules_edition,
        made_with=row.made_with,
        last_at=row.last_at,
        measured_at=row.measured_at,
        simulated=row.simulated,
        public=row.visibility == Visibility.PUBLIC,
        unit=row.unit_id,
        unit_name=public_unit_names().get(row.unit_id, row.unit_id),
        version=row.version,
        withdrawn=row.withdrawn,
        waits=waiting,
        may_release=waiting and _may_review(row.unit_id, row.measured_by, viewer),
    )


def _may_review(unit: str, other: str, viewer: Viewer) -> bool:
    return bool(viewer.supervisor_of) and unit not in viewer.held_for and viewer.actor != other


# ── the page ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class MonthRow:
    """One month with what it is compared with."""

    line: Line
    day: date
    """The last of the month."""
    complete: bool
    """Whether the log goes to the end of the month."""
    before: Line | None
    year_on_year: Change | None
    target: Target | None


@dataclass(frozen=True)
class SplitRow:
    """One mode, port or class of firms in a month."""

    line: Line
    year_on_year: Change | None


@dataclass(frozen=True)
class StepRow:
    """One step with the measures that are to make it quicker."""

    name: str
    time: StepTime
    actions: tuple[Action, ...]
    mean_cases: int
    """Declarations over which the whole is averaged."""

    @property
    def hours(self) -> str:
        """The part of an average declaration's whole time that falls on it, in hours."""
        cases = self.mean_cases
        return hours(self.time.shared / cases, 3) if cases else "0"

    @property
    def median(self) -> str | None:
        """In hours, of the declarations that have it."""
        return None if self.time.median is None else hours(self.time.median, 2)

    @property
    def p90(self) -> str | None:
        """In hours, of the declarations that have it."""
        return None if self.time.p90 is None else hours(self.time.p90, 2)


@dataclass(frozen=True)
class StatedYear:
    """A yearly figure of another source, to be read beside and never mixed."""

    year: int
    value: str
    source: str
    indicator: str
    """Code."""
    measured: str | None
    """What the log comes to in that year; None unless it covers it whole."""


@dataclass(frozen=True)
class DirectionView:
    """Import or export."""

    direction: Direction
    name: str
    """`进口整体通关时间`."""
    series: Series
    months: tuple[MonthRow, ...]
    """The newest last."""
    now: MonthRow | None
    """The newest month that is complete."""
    official: Official
    bins: tuple[Bin, ...]
    beyond: int
    """Declarations longer than the last bin."""
    whole: Line
    modes: tuple[SplitRow, ...]
    ports: tuple[SplitRow, ...]
    firms: tuple[SplitRow, ...]
    steps: tuple[StepRow, ...]
    idle: str | None
    """Hours of an average declaration in which no step ran."""
    variants: tuple[Variant, ...]
    stated: tuple[StatedYear, ...]
    trim: str
    aside: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Clearance:
    """One measure in one scope."""

    subject: Subject
    time: Time
    made: Made
    directions: tuple[DirectionView, ...]
    general: tuple[Action, ...]
    """Measures that act on no single step."""
    commitments: Mapping[str, str]
    """Titles of the commitments behind the measures, as far as the viewer may see them."""
    smallest: int
    events: int
    cases: int
    unknown_steps: tuple[tuple[str, int], ...]
    changed: tuple[tuple[str, int], ...]
    put_aside: tuple[tuple[str, int], ...]
    """Rows that were not taken in, by reason."""
    read: int
    accepted: int
    quarantined: int
    duplicate: int


def clearance(
    *, subject: Subject, time: Time, catalogue: Catalogue, store: FileStore, viewer: Viewer
) -> Clearance | None:
    """One measure of one scope; None while there is no result that the viewer may see.

    One subject is one measure of one scope: two cannot be asked for. Raises `FileMissing` and
    `ResultUnreadable`.
    """
    row = _latest(viewer)
    if row is None:
        return None
    result = _stored(store.root, row.sha256)
    stated = _stated(subject, catalogue)
    batches = list(PortBatch.objects.filter(code__in=row.batches))
    reasons: dict[str, int] = {}
    for batch in batches:
        for reason, count in batch.reasons.items():
            reasons[reason] = reasons.get(reason, 0) + count
    actions = catalogue.actions if subject.measure is Measure.OVERALL else ()
    return Clearance(
        subject=subject,
        time=time,
        made=_made(row, viewer),
        directions=tuple(
            _direction(each, subject, time, result, catalogue=catalogue, stated=stated)
            for each in Direction
        ),
        general=tuple(action for action in actions if not action.step),
        commitments=titles_seen(
            commitments={action.commitment for action in actions}, viewer=viewer
        ),
        smallest=result.smallest,
        events=result.events,
        cases=result.cases,
        unknown_steps=views.names_of(result.unknown_steps),
        changed=views.names_of(result.changed),
        put_aside=views.names_of(reasons),
        read=sum(batch.read for batch in batches),
        accepted=sum(batch.accepted for batch in batches),
        quarantined=sum(batch.quarantined for batch in batches),
        duplicate=sum(batch.duplicate for batch in batches),
    )


def _direction(
    direction: Direction,
    subject: Subject,
    time: Time,
    result: Result,
    *,
    catalogue: Catalogue,
    stated: Mapping[Direction, tuple[StatedYear, ...]],
) -> DirectionView:
    name = measure_name(subject.measure, direction)
    official = result.official(name, time)
    series = views.series(official, subject=subject, direction=direction)
    until = civil_date(datetime.fromisoformat(result.as_of))
    aimed = subject.measure is Measure.OVERALL and time is Time.CALENDAR
    aimed = aimed and subject.scope.kind is ScopeKind.DISTRICT
    months = tuple(
        _month(line, series, until, catalogue if aimed else None) for line in series.lines
    )
    newest = views.complete((row.line.key for row in months if row.line.stats.count), until=until)
    is_whole = subject.scope.kind is ScopeKind.DISTRICT
    bins, beyond = views.bins(official.whole.stats, official.edges) if is_whole else ((), 0)
    ended = official.whole.stats.count
    return DirectionView(
        direction=direction,
        name=name,
        series=series,
        months=months,
        now=next((row for row in months if row.line.key == newest), None),
        official=official,
        bins=bins,
        beyond=beyond,
        whole=views.line(official.whole, ""),
        modes=_split(official, BY_MODE, newest) if is_whole else (),
        ports=_split(official, BY_PORT, newest) if is_whole else (),
        firms=_split(official, BY_FIRM, newest) if is_whole else (),
        steps=_steps(official, direction, catalogue) if is_whole else (),
        idle=hours(Fraction(official.idle, ended), 3)
        if is_whole and official.idle and ended
        else None,
        variants=official.variants if is_whole else (),
        stated=tuple(_beside(each, series) for each in stated.get(direction, ()))
        if time is Time.CALENDAR
        else (),
        trim=result.trims[name],
        aside=views.names_of(official.aside) if is_whole else (),
    )


def _month(line: Line, series: Series, until: date, targets: Catalogue | None) -> MonthRow:
    before = series.before(line.key)
    last = views.last_day(line.key)
    return MonthRow(
        line=line,
        day=last,
        complete=last <= until,
        before=before,
        year_on_year=views.change(line.stats.mean, before.stats.mean if before else None),
        target=targets.target(series.direction, last.year) if targets else None,
    )


def _split(official: Official, grouping: tuple[str, ...], month: str) -> tuple[SplitRow, ...]:
    if not month:
        return ()
    before = {line.key: line for line in views.split(official, grouping, views.year_before(month))}
    return tuple(
        SplitRow(
            line,
            None
            if line.small or line.key not in before or before[line.key].small
            else views.change(line.stats.mean, before[line.key].stats.mean),
        )
        for line in views.split(official, grouping, month)
    )


def _steps(official: Official, direction: Direction, catalogue: Catalogue) -> tuple[StepRow, ...]:
    """In the order of the catalogue; steps that it does not name come last."""
    found = []
    for time in official.steps:
        step = catalogue.step_named(time.step)
        actions = tuple(
            action
            for action in catalogue.actions
            if step is not None and action.acts_on(step.code, direction)
        )
        order = step.order if step else 10_000
        row = StepRow(time.step, time, actions, official.whole.stats.count)
        found.append((order, row))
    return tuple(row for _, row in sorted(found, key=lambda each: (each[0], each[1].name)))


def _stated(subject: Subject, catalogue: Catalogue) -> dict[Direction, tuple[StatedYear, ...]]:
    """Released yearly figures of the same measure and the same district, of other sources."""
    if subject.scope.kind is not ScopeKind.DISTRICT or subject.scope.name != catalogue.area:
        return {}
    titles = {measure_name(subject.measure, each): each for each in Direction}
    rows = (
        Figure.objects.filter(
            Figure.public_rows(),
            indicator__name__in=titles,
            subject_key=subject.scope.name,
            simulated=False,
            series="actual",
            measure="value",
            load__status=RELEASED,
        )
        .select_related("indicator", "document")
        .order_by("first_date", "vintage")
    )
    found: dict[Direction, dict[int, StatedYear]] = {}
    for row in rows:
        if (row.first_date.month, row.first_date.day) != (1, 1):
            continue
        if (row.last_date.month, row.last_date.day) != (12, 31):
            continue
        source = row.document.title if row.document else row.source
        year = StatedYear(row.first_date.year, row.value, source, row.indicator_id, None)
        found.setdefault(titles[row.indicator.name], {})[year.year] = year
    return {each: tuple(years.values()) for each, years in found.items()}


def _beside(stated: StatedYear, series: Series) -> StatedYear:
    mean = series.year(stated.year)
    shown = None if mean is None else hours(mean, 2)
    return StatedYear(stated.year, stated.value, stated.source, stated.indicator, shown)


# ── batches and results ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class FileView:
    """One file of a batch."""

    name: str
    """Empty to the public, and once it was erased by law."""
    sha256: str
    size: int
    format: str
    read: int
    accepted: int
    quarantined: int
    duplicate: int


@dataclass(frozen=True)
class BatchView:
    """What came, and what it came to."""

    code: str
    unit: str
    unit_name: str
    status: str
    state: str
    files: tuple[FileView, ...]
    read: int
    accepted: int
    quarantined: int
    duplicate: int
    reasons: tuple[tuple[str, int], ...]
    unknown_steps: tuple[tuple[str, int], ...]
    first_at: datetime | None
    last_at: datetime | None
    simulated: bool
    public: bool
    loaded_by: str
    loaded_at: datetime
    reason: str
    """Why its withdrawal was asked for."""
    decision: str
    manifest_sha256: str
    lake_id: str
    version: int
    may_ask: bool
    """Whether the viewer may ask for its withdrawal."""
    may_decide: bool


def _batch_view(
    row: PortBatch, said: Mapping[str, str], people: Mapping[str, str], viewer: Viewer
) -> BatchView:
    file_names = said.get(row.names_text, "").split("\n")
    status = BatchStatus(row.status)
    acts = row.unit_id in viewer.officer_of | viewer.administrator_of
    return BatchView(
        code=row.code,
        unit=row.unit_id,
        unit_name=public_unit_names().get(row.unit_id, row.unit_id),
        status=row.status,
        state=STATUS_LABELS[status],
        files=tuple(
            _file_view(file, file_names[place] if place < len(file_names) else "")
            for place, file in enumerate(row.files)
        ),
        read=row.read,
        accepted=row.accepted,
        quarantined=row.quarantined,
        duplicate=row.duplicate,
        reasons=views.names_of(row.reasons),
        unknown_steps=views.names_of(row.unknown_steps),
        first_at=row.first_at,
        last_at=row.last_at,
        simulated=row.simulated,
        public=row.visibility == Visibility.PUBLIC,
        loaded_by=people.get(row.loaded_by, ""),
        loaded_at=row.loaded_at,
        reason=said.get(row.reason_text, ""),
        decision=said.get(row.decision_text, ""),
        manifest_sha256=row.manifest_sha256,
        lake_id=row.lake_id,
        version=row.version,
        may_ask=status is BatchStatus.LOADED and acts,
        may_decide=status is BatchStatus.ASKED and _may_review(row.unit_id, row.asked_by, viewer),
    )


def _file_view(file: Mapping[str, Any], name: str) -> FileView:
    return FileView(
        name=name,
        sha256=file["sha256"],
        size=file["size"],
        format=file["format"],
        read=file["read"],
        accepted=file["accepted"],
        quarantined=file["quarantined"],
        duplicate=file["duplicate"],
    )


def batches(*, viewer: Viewer) -> tuple[BatchView, ...]:
    """The batches of the units that the viewer works for, audits or reviews, the newest first."""
    if not viewer.signed_in:
        return ()
    rows = list(PortBatch.objects.filter(_inside(viewer)).order_by("-loaded_at", "-code"))
    return _batch_views(rows, viewer)


def _batch_views(rows: list[PortBatch], viewer: Viewer) -> tuple[BatchView, ...]:
    said = texts(t for r in rows for t in (r.names_text, r.reason_text, r.decision_text))
    people = names(actors=[row.loaded_by for row in rows], viewer=viewer)
    return tuple(_batch_view(row, said, people, viewer) for row in rows)


def batch(*, code: str, viewer: Viewer) -> BatchView:
    """One batch. Raises `UnknownBatch`."""
    return _batch_views([_seen_batch(code, viewer)], viewer)[0]


def _seen_batch(code: str, viewer: Viewer) -> PortBatch:
    seen = _inside(viewer) if viewer.signed_in else Q(pk__in=[])
    row = PortBatch.objects.filter(seen, code=code).first()
    if row is None:
        raise UnknownBatch(code)
    return row


def put_aside(*, code: str, lake: Path, viewer: Viewer) -> Iterator[dict[str, Any]]:
    """Every row of a batch that was put aside: file, line, reason, field, value, the row.

    For those who work for, audit or review the unit: rows hold declaration numbers. Raises
    `UnknownBatch` and `BatchDamaged`.
    """
    row = _seen_batch(code, viewer)
    return open_batch(lake / FOLDER / row.lake_id).put_aside()


def results(*, viewer: Viewer) -> tuple[Made, ...]:
    """The results that the viewer may see through a duty, the newest first."""
    if not viewer.signed_in:
        return ()
    rows = PortResult.objects.filter(_inside(viewer)).order_by("-measured_at", "-code")
    return tuple(_made(row, viewer) for row in rows)


def result(*, code: str, viewer: Viewer) -> Made:
    """One result. Raises `UnknownResult`."""
    found = next((each for each in results(viewer=viewer) if each.code == code), None)
    if found is None:
        raise UnknownResult(code)
    return found
