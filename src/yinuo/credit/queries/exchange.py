"""Packages to and from other platforms as people read them: receipts, refused rows, lateness."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from yinuo.credit.errors.exchange import UnknownPackage
from yinuo.credit.exchange.lateness import last_day
from yinuo.credit.exchange.manifest import CONTENTS
from yinuo.credit.exchange_room import Place, places, receipt_of, sent_rows
from yinuo.credit.means import Means
from yinuo.credit.models import ExchangePackage
from yinuo.credit.models.exchange import DOWN, STATE_LABELS, UP
from yinuo.credit.permission import readable_units, reads_source
from yinuo.credit.publishing.live import live
from yinuo.credit.released import current_row
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import civil_date
from yinuo.lake.engine import DuckDB
from yinuo.lake.releases.release import open_release
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed, Viewer

REPORTED = ("licence", "penalty")
"""What has a time for reporting."""
MOST = 500
DIRECTION_LABELS = {UP: "报出", DOWN: "收到"}


@dataclass(frozen=True, kw_only=True)
class PackageView:
    """One package: its rows = accepted + refused, once it is answered."""

    code: str
    direction: str
    direction_label: str
    peer: str
    number: str
    content: str
    content_label: str
    unit_name: str
    rows: int
    late: int
    left_out: int
    accepted: int | None
    refused: int | None
    held: bool
    batch: str
    state: str
    state_label: str
    made_at: datetime
    receipt_at: datetime | None
    manifest_sha256: str
    receipt_sha256: str
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class RefusedRow:
    """A row that another platform refused: 问题数据 of whoever owns the source."""

    package: str
    content: str
    content_label: str
    peer: str
    file: str
    line: int
    record: str
    document: str
    """文书号 or 承诺编码."""
    rule: str
    next_step: str
    mended: bool
    """Whether it was corrected and accepted since."""


@dataclass(frozen=True, kw_only=True)
class LateDecision:
    """A decision that was not reported within seven working days."""

    content: str
    content_label: str
    record: str
    document: str
    decided_on: date
    last_day: date
    reported_on: date | None
    """None: not reported yet."""
    days: int
    """Calendar days after the last day, up to the report or to today."""


@dataclass(frozen=True, kw_only=True)
class Timeliness:
    """How decisions of one kind were reported."""

    content: str
    content_label: str
    decisions: int
    in_time: int
    late: int
    waiting: int
    """Not reported, and still in time."""
    overdue: int
    """Not reported, and the time is over."""
    lines: tuple[LateDecision, ...]
    """Those not reported first, then by the day of the decision; at most `MOST`."""


def packages(*, means: Means, viewer: Viewer) -> tuple[PackageView, ...]:
    """The packages that the viewer may see, the newest first. Raises `NotAllowed` for none."""
    rows = _seen(means, viewer)
    names = public_unit_names()
    return tuple(_view(row, names) for row in rows)


def package(*, code: str, means: Means, viewer: Viewer) -> PackageView:
    """One package. Raises `UnknownPackage`."""
    return _view(_row(code, means, viewer), public_unit_names())


def refused_of(*, code: str, means: Means, viewer: Viewer) -> tuple[RefusedRow, ...]:
    """The refused rows of one package, with what to do about each. Raises `UnknownPackage`."""
    row = _row(code, means, viewer)
    return tuple(_refused(row, means, _accepted_since(row, means)))


def refused(*, means: Means, viewer: Viewer) -> tuple[RefusedRow, ...]:
    """Rows of packages of ours that were refused and not mended, of sources of the viewer."""
    rows = [row for row in _seen(means, viewer) if row.direction == UP and row.refused]
    return tuple(
        each
        for row in rows
        for each in _refused(row, means, _accepted_since(row, means))
        if not each.mended
    )


def _seen(means: Means, viewer: Viewer) -> list[ExchangePackage]:
    units = readable_units(means, viewer)
    rows = ExchangePackage.objects.order_by("-made_at", "-code")
    if units is None:
        return list(rows)
    if not units:
        raise NotAllowed("只有数据源单位、信用中心的经办人和审计人可以看数据交换")
    return list(rows.filter(unit__in=units))


def _row(code: str, means: Means, viewer: Viewer) -> ExchangePackage:
    row = ExchangePackage.objects.filter(code=code).first()
    if row is None or not reads_source(row.unit_id, means, viewer):
        raise UnknownPackage(code)
    return row


def _view(row: ExchangePackage, names: Mapping[str, str]) -> PackageView:
    return PackageView(
        code=row.code,
        direction=row.direction,
        direction_label=DIRECTION_LABELS[row.direction],
        peer=row.peer,
        number=row.number,
        content=row.content,
        content_label=CONTENTS[row.content],
        unit_name=names.get(row.unit_id, row.unit_id),
        rows=row.rows,
        late=row.late,
        left_out=row.left_out,
        accepted=row.accepted,
        refused=row.refused,
        held=row.held,
        batch=row.batch_id or "",
        state=row.state,
        state_label=STATE_LABELS[row.state],
        made_at=row.made_at,
        receipt_at=row.receipt_at,
        manifest_sha256=row.manifest_sha256,
        receipt_sha256=row.receipt_sha256,
        simulated=row.simulated,
    )


def _accepted_since(row: ExchangePackage, means: Means) -> frozenset[str]:
    """Which of its refused records stand accepted in later packages to the same platform."""
    receipt = receipt_of(means, row)
    if row.direction == DOWN or receipt is None or not receipt.refused:
        return frozenset()
    gone = {Place(each.file, each.line) for each in receipt.refused}
    sent = _placed(sent_rows(means, row), gone)
    records = pa.array([str(each["record"]) for each in sent.values()])
    later = ExchangePackage.objects.filter(
        direction=UP, peer=row.peer, content=row.content, made_at__gt=row.made_at
    )
    return frozenset(record for each in later for record in _accepted(each, records, means))


def _placed(table: pa.Table, wanted: Collection[Place]) -> Mapping[Place, Mapping[str, object]]:
    """The rows at some places."""
    lines = pa.array(sorted({each.line for each in wanted}), pa.int64())
    return places(table.filter(pc.is_in(table["line"], lines)))


def _accepted(row: ExchangePackage, records: pa.Array, means: Means) -> Iterator[str]:
    """Which of some records a package brought through."""
    receipt = receipt_of(means, row)
    if receipt is not None:
        gone = {Place(each.file, each.line) for each in receipt.refused}
        table = sent_rows(means, row)
        for place, sent in places(table.filter(pc.is_in(table["record"], records))).items():
            if place not in gone:
                yield str(sent["record"])


def _refused(row: ExchangePackage, means: Means, mended: frozenset[str]) -> Iterator[RefusedRow]:
    receipt = receipt_of(means, row)
    if receipt is None or not receipt.refused:
        return
    gone = {Place(each.file, each.line) for each in receipt.refused}
    sent = _placed(sent_rows(means, row), gone) if row.direction == UP else {}
    for each in receipt.refused:
        found = sent.get(Place(each.file, each.line), {})
        yield RefusedRow(
            package=row.code,
            content=row.content,
            content_label=CONTENTS[row.content],
            peer=row.peer,
            file=each.file,
            line=each.line,
            record=str(found.get("record") or ""),
            document=str(found.get("document") or ""),
            rule=each.rule,
            next_step=each.next_step,
            mended=found.get("record") in mended,
        )


def timeliness(
    *, means: Means, viewer: Viewer, today: date, calendar: Calendar
) -> tuple[Timeliness, ...]:
    """Licences and penalties of the current release against the seven working days.

    Of the sources that the viewer reads; a decision without a day is left to the gates of its
    source. A report counts when its package was made, whichever platform it went to first.
    """
    row = current_row()
    units = readable_units(means, viewer)
    if units is not None and not units:
        raise NotAllowed("只有数据源单位、信用中心的经办人和审计人可以看数据交换")
    return tuple(
        _timeliness(content, row.lake_id, means, today, calendar)
        for content in REPORTED
        if row is not None
        and content in means.sources
        and reads_source(means.sources[content].owner, means, viewer)
    )


def _timeliness(
    content: str, lake_id: str, means: Means, today: date, calendar: Calendar
) -> Timeliness:
    described = means.sources[content]
    state = open_release(means.lake, lake_id).sources.get(content)
    counts = dict.fromkeys(SORTS, 0)
    ends: dict[date, date] = {}
    late: list[tuple[date, date | None]] = []
    with DuckDB(memory=means.memory) as engine:
        live(engine, described, state.batches if state else (), "live_due")
        engine.hold("sent", _reported(content, means))
        engine.define("reported", "SELECT record, min(day) AS day FROM sent GROUP BY record")
        engine.define("due", DUE)
        for decided, on, number in engine.ask(GROUPS):
            ends[decided] = last_day(decided, calendar)
            is_late = (on or today) > ends[decided]
            counts[_sort(reported=on is not None, late=is_late)] += number
            if is_late:
                late.append((decided, on))
        days = [
            pa.array(each, pa.date32()) for each in ([d for d, _ in late], [o for _, o in late])
        ]
        engine.hold("late", pa.table(days, schema=LATE))
        found = engine.ask(LINES)
    label = CONTENTS[content]
    return Timeliness(
        content=content,
        content_label=label,
        decisions=sum(counts.values()),
        **counts,
        lines=tuple(
            LateDecision(
                content=content,
                content_label=label,
                record=record,
                document=document,
                decided_on=decided,
                last_day=ends[decided],
                reported_on=on,
                days=((on or today) - ends[decided]).days,
            )
            for record, document, decided, on in found
        ),
    )


SORTS = ("in_time", "late", "waiting", "overdue")
LATE = pa.schema([("decided_on", pa.date32()), ("day", pa.date32())])
DUE = (
    "SELECT l.record, coalesce(l.document, '') AS document, l.decided_on, r.day "
    "FROM live_due AS l LEFT JOIN reported AS r ON r.record = l.record "
    "WHERE l.decided_on IS NOT NULL"
)
GROUPS = "SELECT decided_on, day, count(*) FROM due GROUP BY decided_on, day"
LINES = (
    "SELECT d.record, d.document, d.decided_on, d.day FROM due AS d JOIN late AS x "  # noqa: S608  # our own
    "ON x.decided_on = d.decided_on AND x.day IS NOT DISTINCT FROM d.day "
    f"ORDER BY d.day IS NOT NULL, d.decided_on, d.document, d.record LIMIT {MOST}"
)


def _sort(*, reported: bool, late: bool) -> str:
    if reported:
        return "late" if late else "in_time"
    return "overdue" if late else "waiting"


def _reported(content: str, means: Means) -> pa.Table:
    """Records with the day of each package they stand in."""
    rows = ExchangePackage.objects.filter(direction=UP, content=content)
    schema = pa.schema([("record", pa.string()), ("day", pa.date32())])
    found = [schema.empty_table()]
    for row in rows:
        records = sent_rows(means, row)["record"]
        days = pa.repeat(pa.scalar(civil_date(row.made_at), pa.date32()), len(records))
        found.append(pa.table([records, days], schema=schema))
    return pa.concat_tables(found)
