"""Some days of a window system of the demo: told late, corrected, put aside, a gap typed here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from yinuo.cases.commands.deferrals import Gap
from yinuo.cases.commands.feed import deferring, sources, taking
from yinuo.cases.queries.feed import case_of
from yinuo.kernel.instants import SHANGHAI
from yinuo.project.simulated_desk import CATALOGUE, WINDOW
from yinuo.project.simulated_windows import Moment, Windows, firm, hour

SOURCE, TITLE = "dating", "大厅综合窗口系统（演示）"
ITEMS = {"DT-016": "SC-016", "DT-017": "SC-017", "DT-002": "SC-002", "DT-058": "SC-058"}
MONDAY, TUESDAY, THURSDAY = date(2025, 1, 6), date(2025, 1, 7), date(2025, 1, 9)
TOLD_LATE = date(2025, 1, 14)
CASES = 16
REVIEWED = (5, 9, 13)
"""Those that wait for a visit on the spot; the end of the last is told five days late."""
GROUND, CORRECTED, WITH_GAP = "现场核查", 3, 1
Row = dict[str, str]


def fed(windows: Windows) -> Iterator[Moment]:
    """Everything that comes, by batches of an evening."""
    hall = Hall(windows)
    yield Moment(hour(MONDAY, 8), 0, hall.register)
    yield Moment(hour(MONDAY, 18), 0, hall.first_evening)
    yield Moment(hour(TUESDAY, 9), 0, hall.type_gap)
    yield Moment(hour(TUESDAY, 18), 0, hall.second_evening)
    yield Moment(hour(THURSDAY, 18), 0, hall.third_evening)
    yield Moment(hour(TOLD_LATE, 18), 0, hall.last_evening)


def _item(case: int) -> str:
    return tuple(ITEMS)[case % len(ITEMS)]


@dataclass
class Hall:
    """A window system that keeps its own cases."""

    windows: Windows
    token: str = field(default="", init=False)
    events: int = field(default=0, init=False)

    def register(self, at: datetime) -> None:
        """With a key of its own."""
        self.token = sources.register(
            code=SOURCE,
            title=TITLE,
            window=WINDOW,
            office=CATALOGUE,
            mapping="yinuo",
            items=ITEMS,
            simulated=True,
            by=self.windows.desk.keeper,
            at=at,
        ).token

    def first_evening(self, at: datetime) -> None:
        """All cases are taken in and accepted; one has an item that nobody knows."""
        rows = []
        for case in range(CASES):
            who, minute = firm(7001 + case), timedelta(minutes=20 * case)
            begun = hour(MONDAY, 9) + minute
            rows.append(
                self._told(
                    case,
                    "received",
                    begun,
                    applicant_name=who.name,
                    applicant_number=who.number,
                    about=f"演示办件 {case + 1}",
                )
            )
            rows.append(self._told(case, "accepted", begun + timedelta(minutes=15)))
        rows.append({**self._told(CASES, "received", hour(MONDAY, 15)), "item": "DT-099"})
        self._send(rows, at)

    def type_gap(self, at: datetime) -> None:
        """The window's system has no word for 容缺受理: it is typed here."""
        window = self.windows.desk.window
        item = self.windows.item(ITEMS[_item(WITH_GAP)])
        key = next(one.key for one in item.materials if one.deferrable)
        case = case_of(source=SOURCE, number=_number(WITH_GAP), viewer=window)
        deferring.defer_on_fed(case=case, gaps=[Gap(key=key)], by=window, at=at)

    def second_evening(self, at: datetime) -> None:
        """Visits begin, an acceptance is corrected, and what is quick is done."""
        rows = [
            self._told(case, "stopped", hour(TUESDAY, 10), ground=GROUND, notice=f"核查{case}号")
            for case in REVIEWED
        ]
        first = str(2 * (CORRECTED + 1))
        rows.append(self._told(CORRECTED, "accepted", hour(TUESDAY, 9), corrects=first))
        for case in (case for case in range(CASES) if _item(case) == "DT-002"):
            if case not in REVIEWED:
                rows.append(self._told(case, "approved", hour(TUESDAY, 11)))
                rows.append(self._told(case, "delivered", hour(TUESDAY, 15)))
        self._send(rows, at)

    def third_evening(self, at: datetime) -> None:
        """Visits are over, but the last is forgotten."""
        rows = [self._told(case, "resumed", hour(THURSDAY, 10)) for case in REVIEWED[:-1]]
        self._send(rows, at)

    def last_evening(self, at: datetime) -> None:
        """What was forgotten is told, and most is decided."""
        rows = [self._told(REVIEWED[-1], "resumed", hour(THURSDAY, 10))]
        for case in range(CASES):
            if _item(case) in ("DT-016", "DT-058") and case not in REVIEWED:
                rows.append(self._told(case, "approved", hour(TOLD_LATE, 11)))
                rows.append(self._told(case, "delivered", hour(TOLD_LATE, 16)))
        self._send(rows, at)

    def _told(self, case: int, step: str, at: datetime, **more: str) -> Row:
        """One event in our own dialect, with the local time."""
        self.events += 1
        local = at.astimezone(SHANGHAI).replace(tzinfo=None)
        return {
            "event": str(self.events),
            "case": _number(case),
            "item": _item(case),
            "step": step,
            "happened_at": local.isoformat(sep=" "),
            **more,
        }

    def _send(self, rows: list[Row], at: datetime) -> None:
        taking.receive(source=SOURCE, token=self.token, rows=rows, at=at)


def _number(case: int) -> str:
    return f"DT-2025-{case + 1:04}"
