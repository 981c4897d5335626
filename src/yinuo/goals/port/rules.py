"""From the published table to the numbers by which clearance is measured. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yinuo.goals.port.directions import Direction
from yinuo.goals.port.scope import MEASURE_NAMES, Measure
from yinuo.lake.trimming import PER_MILLE, Fences, KeepAll, LongestShare, Trim
from yinuo.rules.decision import State
from yinuo.rules.single import Tables
from yinuo.rules.table import Rulebook

TRIMS, NUMBERS = "去除极端值", "通关时间参数"
FENCES, SHARE, NONE = "四分位距", "千分比", "不去除"
TRIM_WAYS = (FENCES, SHARE, NONE)
OF_MEASURE, OF_DIRECTION, OF_NUMBER = "通关指标", "方向", "通关参数"
WAY, PARAMETER = "方法", "参数"
SMALLEST, SLOWEST, FROM_HOUR, TO_HOUR = NAMES = (
    "小组的最少报关单数",
    "最慢路径的个数",
    "工作日起",
    "工作日止",
)
HOURS_A_DAY = 24
MINUTES = 60


@dataclass(frozen=True)
class Clearing:
    """How clearance is measured."""

    trims: Mapping[tuple[Measure, Direction], Trim]
    smallest: int
    """Groups of fewer declarations are marked."""
    slowest: int
    """How many variants are listed."""
    opens: int
    """Minutes after midnight."""
    closes: int

    def trim_words(self, measure: Measure, direction: Direction) -> str:
        """The rule in words."""
        return words(self.trims[measure, direction])


def words(trim: Trim) -> str:
    """A rule about extremes in words.

    >>> words(Fences(3000)), words(LongestShare(5))
    ('去掉短于 Q1 - 3 × 四分位距或长于 Q3 + 3 × 四分位距的', '去掉最长的 5‰')
    """
    match trim:
        case Fences(k_mille):
            factor = f"{Decimal(k_mille) / PER_MILLE:f}"
            return f"去掉短于 Q1 - {factor} × 四分位距或长于 Q3 + {factor} × 四分位距的"
        case LongestShare(per_mille):
            return f"去掉最长的 {per_mille}‰"
        case KeepAll():
            return "一件也不去掉"


def read_rules(book: Rulebook, on: date) -> tuple[Clearing | None, tuple[str, ...]]:
    """The rules in force on a day, or every reason why the table does not serve."""
    tables, faults = Tables(book, on), list[str]()
    trims: dict[tuple[Measure, Direction], Trim] = {}
    for measure in Measure:
        for direction in Direction:
            trim = _trim(tables, measure, direction)
            if isinstance(trim, str):
                faults.append(f"{direction}{MEASURE_NAMES[measure]}：{trim}")
            else:
                trims[measure, direction] = trim
    found: dict[str, Decimal] = {}
    for name in NAMES:
        answer = _answer(tables, NUMBERS, {OF_NUMBER: name})
        if answer is None:
            faults.append(f"缺少“{name}”")
        else:
            found[name] = Decimal(str(answer["数值"]))
    if not faults:
        faults.extend(_number_faults(found))
    if faults:
        return None, tuple(faults)
    return Clearing(
        trims=trims,
        smallest=int(found[SMALLEST]),
        slowest=int(found[SLOWEST]),
        opens=int(found[FROM_HOUR] * MINUTES),
        closes=int(found[TO_HOUR] * MINUTES),
    ), ()


def _number_faults(found: Mapping[str, Decimal]) -> list[str]:
    faults = [
        f"“{name}”须是不小于 1 的整数"
        for name in (SMALLEST, SLOWEST)
        if found[name] < 1 or found[name] != found[name].to_integral_value()
    ]
    for name in (FROM_HOUR, TO_HOUR):
        minutes = found[name] * MINUTES
        if minutes != minutes.to_integral_value():
            faults.append(f"“{name}”须是整分钟")
    if not 0 <= found[FROM_HOUR] < found[TO_HOUR] <= HOURS_A_DAY:
        faults.append(f"“{FROM_HOUR}”须早于“{TO_HOUR}”，都在 0 到 24 点之间")
    return faults


def _answer(tables: Tables, table: str, given: Mapping[str, object]) -> Mapping[str, object] | None:
    decision = tables.decide(given).decisions.get(table)
    if decision is None or decision.state not in (State.HIT, State.DEFAULT):
        return None
    return decision.answer()


def _trim(tables: Tables, measure: Measure, direction: Direction) -> Trim | str:
    """The rule, or what is wrong with it."""
    given = {OF_MEASURE: MEASURE_NAMES[measure], OF_DIRECTION: str(direction)}
    answer = _answer(tables, TRIMS, given)
    if answer is None:
        return "没有写明怎样去除极端值"
    way = str(answer[WAY])
    number = Decimal(str(answer[PARAMETER]))
    if way == NONE:
        return KeepAll()
    if way == FENCES:
        mille = number * PER_MILLE
        whole = mille == mille.to_integral_value()
        return Fences(int(mille)) if whole else "四分位距的倍数最多三位小数"
    if number != number.to_integral_value() or number >= PER_MILLE:
        return "千分比须是小于 1000 的整数"
    return LongestShare(int(number))
