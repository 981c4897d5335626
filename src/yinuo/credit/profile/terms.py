"""How grave each penalty is and until when it is public, for a whole table of penalties at once.

Different texts of kinds of penalty are few, so the rules are asked once for each, for each range of
fines and each range of days in which they answer alike; the penalties are joined to the answers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import pyarrow as pa

from yinuo.credit.regimes.ends import Decided, publicity
from yinuo.credit.regimes.kinds import KindRule
from yinuo.credit.regimes.levels import Grave, levels_of
from yinuo.credit.regimes.months import months_later
from yinuo.credit.regimes.rules import Level, Rule
from yinuo.lake.engine import Engine

FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
NO_FINE = -1
MOST_FINE = 2**62
MOST_TEXTS = 10_000
"""Different texts of kinds of penalty; of rarer ones nothing is said."""
ORDER = (Level.MINOR, Level.ORDINARY, Level.SERIOUS)
SCHEMA = pa.schema(
    [
        ("penalty", pa.string()),
        ("fine_from", pa.int64()),
        ("fine_to", pa.int64()),
        ("day_from", pa.date32()),
        ("day_to", pa.date32()),
        ("level", pa.string()),
        ("months", pa.int32()),
    ]
)


class _Range(NamedTuple):
    """One row of the table that penalties are joined to, see `SCHEMA`; both ends are within."""

    penalty: str
    fine_from: int
    fine_to: int
    day_from: date
    day_to: date
    level: str
    months: int


@dataclass(frozen=True, slots=True)
class Regime:
    """What a city says about penalties, and about what else is public."""

    levels: Sequence[Grave]
    rules: Sequence[Rule]
    kinds: Sequence[KindRule]


def term(
    regime: Regime, penalty: str, fine: int | None, decided_on: date | None
) -> tuple[str | None, date | None]:
    """Of one penalty: its gravest level, and the last day of publicity. None where not known.

    Records do not say whether what was wrong has been put right, so the end is that of the rule;
    one that goes on because nothing was corrected is an overlay (`regimes.ends`).
    """
    if decided_on is None:
        return None, None
    found = levels_of(regime.levels, penalty, fine, decided_on)
    if not found:
        return None, None
    level = max(found, key=ORDER.index)
    months = _months(regime, found, decided_on)
    return level.value, months_later(decided_on, months) if months else None


def _months(regime: Regime, levels: frozenset[Level], day: date) -> int:
    """Of the rule for such a penalty; 0 where it is not published, or no rule is known."""
    decided = Decided(kind="penalty", levels=sorted(levels), decided_on=day)
    number = publicity(regime.rules, decided, on=day).rule
    return next((rule.most for rule in regime.rules if rule.number == number), 0)


def derive(engine: Engine, facts: str, regime: Regime, into: str) -> None:
    """Make the facts of penalties, with `level` and `ends_on`, a table of the name `into`."""
    texts = engine.ask(
        f"SELECT class FROM {facts} WHERE class IS NOT NULL GROUP BY class "  # noqa: S608  # ours
        f"ORDER BY count(*) DESC, class LIMIT {MOST_TEXTS}"
    )
    rows = [row for (text,) in texts for row in _ranges(regime, text)]
    engine.hold(f"{into}_terms", pa.Table.from_pylist([r._asdict() for r in rows], SCHEMA))
    lengths = sorted({row.months for row in rows if row.months})
    ends = " ".join(
        f"WHEN {n} THEN CAST(f.decided_on + INTERVAL '{n}' MONTH AS DATE)" for n in lengths
    )
    ends_on = f"CASE t.months {ends} END" if ends else "CAST(NULL AS DATE)"
    engine.define(
        into,
        f"SELECT f.*, t.level AS level, {ends_on} AS ends_on FROM {facts} AS f "  # noqa: S608
        f"LEFT JOIN {into}_terms AS t ON t.penalty = f.class "
        f"AND coalesce(f.fine, {NO_FINE}) BETWEEN t.fine_from AND t.fine_to "
        "AND f.decided_on BETWEEN t.day_from AND t.day_to",
    )


def _ranges(regime: Regime, text: str) -> Iterator[_Range]:
    days = sorted({FIRST_DAY, *_cuts(regime)})
    fines = sorted({0, *(each.fine for each in regime.levels)})
    spans = [(NO_FINE, NO_FINE), *((a, b - 1) for a, b in pairwise([*fines, MOST_FINE]))]
    for first, after in pairwise([*days, None]):
        assert first is not None  # noqa: S101  # only the last is
        last = LAST_DAY if after is None else after - timedelta(days=1)
        for low, high in spans:
            fine = None if low == NO_FINE else low
            levels = levels_of(regime.levels, text, fine, first)
            if levels:
                level = max(levels, key=ORDER.index).value
                months = _months(regime, levels, first)
                yield _Range(text, low, high, first, last, level, months)


def _cuts(regime: Regime) -> Iterator[date]:
    """Days from which some rule answers otherwise than the day before."""
    dated: tuple[Grave | Rule, ...] = (*regime.levels, *regime.rules)
    for each in dated:
        yield each.valid_from
        if each.valid_to is not None and each.valid_to < LAST_DAY:
            yield each.valid_to + timedelta(days=1)
