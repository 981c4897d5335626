"""How two fifths of a legal limit round to whole days, by the city's table. Pure."""

from datetime import date

from yinuo.cases.errors.items import ItemRule
from yinuo.cases.items.checks import Fault
from yinuo.cases.items.definition import AT_ONCE, ItemDefinition
from yinuo.cases.items.lengths import Fit, fit, length
from yinuo.cases.items.values import WRITTEN
from yinuo.kernel.limits import DayType, UnknownLimit
from yinuo.rules.decision import State
from yinuo.rules.single import Tables
from yinuo.rules.table import Rulebook

TABLE, LEGAL, MOST = "承诺时限上限", "法定天数", "最多天数"
COUNTED = (DayType.WORKING_DAY, DayType.CALENDAR_DAY)


class Rounding:
    """The table in force on a day."""

    def __init__(self, rulebook: Rulebook, on: date) -> None:
        self._tables = Tables(rulebook, on)

    def most(self, legal: str) -> str:
        """The longest promise within two fifths, such as `8wd`; empty where the table is silent."""
        try:
            given = length(legal)
        except UnknownLimit:
            return ""
        if given.day_type not in COUNTED:
            return ""
        decision = self._tables.decide({LEGAL: given.number}).decisions.get(TABLE)
        if decision is None or decision.state is not State.HIT:
            return ""
        days = int(str(decision.answer()[MOST]))
        return f"{days}{WRITTEN[given.day_type]}" if days else AT_ONCE

    def faults(self, item: ItemDefinition) -> tuple[Fault, ...]:
        """Whether the promise of an item is longer than the table says; a notice, no error."""
        most = self.most(item.legal_limit)
        try:
            within = not most or fit(length(item.promised_limit), length(most)) is Fit.WITHIN
        except UnknownLimit:
            return ()
        if within:
            return ()
        what = f"承诺 {item.promised_limit} 超过法定 {item.legal_limit} 的四成"
        step = f"四成以内最多 {length(most).words}"
        return (Fault(("promised_limit",), ItemRule.BEYOND_SHARE, what, step),)
