"""When a lead has gone quiet: nothing heard and nothing reached for longer than the table allows.

Pure. The thresholds are the city's table; out of force nothing is called quiet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from yinuo.goals.leads.stages import ORIGIN_LABELS, Origin
from yinuo.rules.decision import State
from yinuo.rules.single import Tables
from yinuo.rules.table import Rulebook

TABLE, DAYS = "线索静默", "天数"
"""Name of the table, and of its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What the threshold of a lead depends on."""

    origin: str
    state: str
    """Where it stands, as the register says: 在谈, 已签约, …"""
    top500: bool
    undertaken: bool
    """Whether a unit has undertaken to land it."""

    @property
    def given(self) -> Mapping[str, object]:
        """The facts by the names of the table."""
        return {
            "来源": ORIGIN_LABELS[Origin(self.origin)],
            "进展": self.state,
            "世界500强": self.top500,
            "有单位承担": self.undertaken,
        }


@dataclass(frozen=True, slots=True)
class Limit:
    """How many days without news are allowed, and the rule that says so."""

    days: int
    rule: str
    note: str

    def quiet(self, last: date, today: date) -> int | None:
        """For how many days it has been quiet, counted from the last news; None while it is not.

        >>> Limit(30, "1", "").quiet(date(2024, 6, 1), date(2024, 7, 1)) is None
        True
        >>> Limit(30, "1", "").quiet(date(2024, 6, 1), date(2024, 7, 2))
        31
        """
        return (today - last).days if today > last + timedelta(days=self.days) else None


class Quieting:
    """The table in force on a day."""

    def __init__(self, book: Rulebook, on: date) -> None:
        self._tables = Tables(book, on)

    def limit(self, kind: Kind) -> Limit | None:
        """The threshold for a lead; None where the table sets none, as for what is at its end."""
        found = self._tables.decide(kind.given).decisions.get(TABLE)
        if found is None or found.state is not State.HIT:
            return None
        rule = found.counted[0]
        return Limit(int(Decimal(str(found.answer()[DAYS]))), rule.name, rule.note)
