"""办理状态 BLZT and the events of a case, in both directions. Pure.

6 and 9 begin a stop, 7 and 10 end it. They are paired by the local key (DFSJZJ) where both rows
carry the same one, else by time: an end closes the earliest stop of its kind that is still open.
Never by their place in the list.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from yinuo.cases.construction.codes import (
    ENDINGS,
    GROUNDS,
    HANDLING_LABELS,
    PAIRED,
    Handling,
)
from yinuo.cases.construction.spgl.layout import EVENT, HANDLED, SPECIAL
from yinuo.cases.construction.spgl.reading import CODE, Row, Tables
from yinuo.cases.construction.stage_time import Ran, Stood
from yinuo.kernel.errors import Finding
from yinuo.kernel.instants import civil_date

LATE = timedelta(days=1)
"""A stop that was written down later than this after it began is reported."""


@dataclass(frozen=True, slots=True)
class Told:
    """One row of 办理详细信息."""

    what: Handling
    at: datetime
    key: str = ""
    noted_at: datetime | None = None
    said: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class SpglStop:
    """A stop as the tables tell it; open while `until` is None."""

    ground: str
    since: datetime
    until: datetime | None
    noted_at: datetime | None
    key: str = ""
    said: str = ""
    """The ground of a 特别程序: its name in the table of them, else 办理意见 of its beginning."""

    @property
    def late(self) -> bool:
        """Whether it was written down more than a day after it began."""
        return self.noted_at is not None and self.noted_at - self.since > LATE


@dataclass(frozen=True, slots=True)
class Handled:
    """One item of one works, as the tables tell it."""

    key: str
    """SPSXSLBM 审批事项实例编码."""
    item: str
    works: str
    joint: str
    """BLSPSLBM; empty for an item on its own."""
    unit: str
    unit_name: str
    received_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    ending: Handling | None
    revoked_at: datetime | None
    stops: tuple[SpglStop, ...]
    place: str

    @property
    def late_stops(self) -> tuple[SpglStop, ...]:
        """Stops that were written down late: they may have been made to fit a figure."""
        return tuple(stop for stop in self.stops if stop.late)

    def ran(self, name: str) -> Ran:
        """The branch as stage time takes it."""
        return Ran(
            key=self.key,
            name=name,
            unit=self.unit_name or self.unit,
            start=civil_date(self.received_at),
            end=civil_date(self.ended_at) if self.ended_at else None,
            stops=tuple(
                Stood(
                    ground=stop.ground,
                    start=civil_date(stop.since),
                    end=civil_date(stop.until) if stop.until else None,
                )
                for stop in self.stops
            ),
        )


def told_of(row: Row) -> Told:
    """A good row of the table as an event."""
    at, noted = row.values["BLSJ"], row.values.get("GXSJ")
    assert isinstance(at, datetime)  # noqa: S101  # the reader has seen to it
    return Told(
        what=Handling(row.text("BLZT")),
        at=at,
        key=row.text("DFSJZJ"),
        noted_at=noted if isinstance(noted, datetime) else None,
        said=row.text("BLYJ"),
        place=row.place,
    )


def handled(tables: Tables) -> tuple[list[Handled], list[Finding]]:
    """Each item with its events, and what does not fit together; what does not, stays out."""
    events: dict[str, list[Told]] = defaultdict(list)
    for row in tables.of(EVENT):
        events[row.text("SPSXSLBM")].append(told_of(row))
    specials: dict[str, list[Row]] = defaultdict(list)
    for row in tables.of(SPECIAL):
        specials[row.text("SPSXSLBM")].append(row)
    found, faults = [], []
    for row in tables.of(HANDLED):
        key = row.text("SPSXSLBM")
        one, wrong = _one(row, sorted(events[key], key=_order))
        faults += wrong
        if one is not None:
            stops, strange = named(one.stops, specials[key])
            faults += strange
            found.append(replace(one, stops=stops))
    return found, faults


def named(
    stops: Sequence[SpglStop], specials: Sequence[Row]
) -> tuple[tuple[SpglStop, ...], list[Finding]]:
    """The stops, each 特别程序 with the name that its own table gives it; and names of none.

    A row belongs to the stop that begins when it says, or to the one with its local key.
    """
    found, faults = list(stops), []
    for row in specials:
        at = _special(found, row)
        if at is None:
            said = "没有同时开始的“特别程序（开始）”"
            faults.append(_fault(row.place, "TBCXKSSJ", row.text("TBCXMC"), said))
        else:
            found[at] = replace(found[at], said=row.text("TBCXMC"))
    return tuple(found), faults


def _special(stops: Sequence[SpglStop], row: Row) -> int | None:
    ground, key = GROUNDS[Handling.SPECIAL], row.text("DFSJZJ")
    those = [at for at, one in enumerate(stops) if one.ground == ground]
    same = [at for at in those if stops[at].since == row.values["TBCXKSSJ"]]
    return next(iter(same or [at for at in those if key and stops[at].key == key]), None)


def _order(told: Told) -> tuple[datetime, int]:
    return told.at, int(told.what)


def _one(row: Row, told: Sequence[Told]) -> tuple[Handled | None, list[Finding]]:
    if not told:
        return None, [_fault(row.place, "BLZT", "", "没有任何办理详细信息")]
    faults = list(_misplaced(told))
    stops, unpaired = pair(told)
    faults += unpaired
    endings = [one for one in told if one.what in ENDINGS]
    last = endings[-1] if endings else None
    if last and any(stop.until is None or stop.until > last.at for stop in stops):
        faults.append(_fault(last.place, "BLZT", last.what, "办结时还有没结束的暂停"))
    first = next((one for one in told if one.what is Handling.RECEIVED), told[0])
    return (
        Handled(
            key=row.text("SPSXSLBM"),
            item=row.text("SPSXBM"),
            works=row.text("GCDM"),
            joint=row.text("BLSPSLBM"),
            unit=row.text("SPBMBM"),
            unit_name=row.text("SPBMMC"),
            received_at=first.at,
            accepted_at=_when(told, Handling.ACCEPTED),
            ended_at=last.at if last else None,
            ending=last.what if last else None,
            revoked_at=_when(told, Handling.REVOKED),
            stops=tuple(stops),
            place=row.place,
        ),
        faults,
    )


def _when(told: Sequence[Told], what: Handling) -> datetime | None:
    return next((one.at for one in told if one.what is what), None)


def _misplaced(told: Sequence[Told]) -> Iterator[Finding]:
    received = _when(told, Handling.RECEIVED)
    if received is None:
        yield _fault(told[0].place, "BLZT", told[0].what, "没有接件（1），从第一条算起")
    for one in told:
        if received is not None and one.at < received:
            label = HANDLING_LABELS[one.what]
            yield _fault(one.place, "BLSJ", one.what, f"“{label}”早于接件")


def pair(told: Iterable[Told]) -> tuple[list[SpglStop], list[Finding]]:
    """The stops among events in order of time, and ends or beginnings without the other."""
    stops: list[SpglStop] = []
    faults: list[Finding] = []
    for one in told:
        if one.what in GROUNDS:
            stops.append(
                SpglStop(
                    ground=GROUNDS[one.what],
                    since=one.at,
                    until=None,
                    noted_at=one.noted_at,
                    key=one.key,
                    said=one.said,
                )
            )
        elif one.what in PAIRED:
            at = _open_stop(stops, GROUNDS[PAIRED[one.what]], one.key)
            if at is None:
                label = HANDLING_LABELS[one.what]
                faults.append(_fault(one.place, "BLZT", one.what, f"“{label}”没有对应的开始"))
            else:
                stops[at] = replace(stops[at], until=one.at)
    return stops, faults


def _open_stop(stops: Sequence[SpglStop], ground: str, key: str) -> int | None:
    still = [at for at, one in enumerate(stops) if one.ground == ground and one.until is None]
    same = [at for at in still if key and stops[at].key == key]
    return next(iter(same or still), None)


def _fault(place: str, column: str, value: str, rule: str) -> Finding:
    return Finding(
        code=CODE, file=place, field=column, value=value, rule=rule, next_step="核对原系统后改正"
    )
