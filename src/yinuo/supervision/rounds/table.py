"""The table of burden in force on a day: what a round may ask of one unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from yinuo.content.queries import InForce as Published
from yinuo.content.queries import public_book, public_in_force
from yinuo.rules.single import Tables
from yinuo.supervision.rounds.burden import Burden

NAME = "tables/burden.xlsx"
TABLE, TWICE, FIELDS = "填报负担", "重复项数", "本月项数"
FREE = "可以开"
"""The one answer that needs no reason."""


@dataclass(frozen=True)
class BurdenTable:
    """The table of a day, ready to be asked."""

    published: Published | None
    tables: Tables | None

    @property
    def number(self) -> int:
        """Of the publication; 0 for none in force."""
        return self.published.number if self.published else 0

    def why_not(self, new: Burden, month: Burden) -> str:
        """Why a round must not ask this of a unit; empty where it may, and without a table.

        `month` is everything asked of the unit this month, `new` included. A table that gives no
        answer stops the round as well: what cannot be judged is not free.
        """
        if self.tables is None or not new.lines:
            return ""
        given: Mapping[str, object] = {TWICE: new.twice, FIELDS: month.fields}
        decision = self.tables.decide(given).decisions.get(TABLE)
        answer = decision.answers[0][0] if decision and decision.answers else None
        if answer == FREE:
            return ""
        rule = decision.counted[0] if decision and decision.counted else None
        said = []
        if new.twice:
            said.append(f"重复 {new.twice:,} 项")
        said.append(f"本月共 {month.fields:,} 项")
        return f"{'，'.join(said)}（{rule.note if rule and rule.note else '规则表没有放行'}）"


def burden_table(on: date) -> BurdenTable:
    """The table in force on a day. Raises `TablesRefused` and `FileMissing`."""
    return _compiled(public_in_force(NAME, on=on), on)


@lru_cache(maxsize=8)
def _compiled(published: Published | None, on: date) -> BurdenTable:
    if published is None:
        return BurdenTable(None, None)
    return BurdenTable(published, Tables(public_book(published), on))
