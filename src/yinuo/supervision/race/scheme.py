"""What is compared and how it is weighed, as the published tables have it for one period. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from yinuo.kernel.decimals import canonical_decimal
from yinuo.kernel.errors import YinuoError
from yinuo.rules.single import compiled
from yinuo.rules.table import Rulebook, Table

PEERS, TERMS, RANKING = "赛马组别", "赛马指标", "赛马规则"
"""The tables, by name."""
KIND, CODE, GROUP, INDICATOR, SEASON = "单位类型", "单位代码", "组别", "指标", "期间"
OUTSIDE = "不参加"
KEPT, PROGRESS, GAIN = "按期兑现率", "序时进度达成", "自身进步"
REPORTED, ORDERS, MOVES = "报送及时率", "督办销号", "时限调整"
INDICATORS = (KEPT, PROGRESS, GAIN, REPORTED, ORDERS, MOVES)
"""What facts are known for; a scheme that names another is unfit."""
LOWEST, UNRANKED = "按组内最低", "不排名"
"""How 未报送 counts."""


class SchemeUnfit(YinuoError):
    """The tables in force make no race."""

    code = "RACE-E002"
    status = 409

    def __init__(self, what: str, place: str) -> None:
        super().__init__(
            what,
            place=place,
            next_step="请管理员改正 tables/race.xlsx，重新发布；写法见 docs/how-to/run-a-race.md",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How one indicator is weighed. Figures are canonical decimals, per hundred."""

    indicator: str
    weight: str
    floor: str
    """The value that gives no point."""
    target: str
    """The value that gives 100; below the floor where less is better."""
    cap: str
    """The most points."""
    least: int
    """Fewer cases than this say nothing (样本不足)."""
    most_missing: str
    """Percent of cases that may be 未报送 before the indicator is."""
    missing: str
    """`LOWEST` or `UNRANKED`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How scores become tiers and awards. Scores are in points, canonical decimals."""

    tolerance: str
    """Who is no farther from the best of a tier than this is in it."""
    swing: str
    """Percent by which each weight is varied for the range of ranks."""
    factor: str
    """Of the interval of a rate: 1.96 for 95 %."""
    least_units: int
    """Groups with fewer comparable units are not ranked."""
    least_weight: str
    """Percent of the weights that must be comparable for a unit to be ranked."""
    first_award: str
    """Score from which on a unit of the first tier has 突出贡献."""
    rise_award: str
    """Points a unit must have gained, besides rising in rank, for 争先进位."""
    lists: bool
    """Whether there is a red and a black list (红黑榜)."""
    red: str
    black: str


@dataclass(frozen=True, slots=True)
class Group:
    """The scheme of one peer group."""

    name: str
    terms: tuple[Terms, ...]
    ranking: Ranking


class Scheme:
    """The tables in force on the first day of a period, ready to be asked."""

    def __init__(self, book: Rulebook, on: date, season: str) -> None:
        """Raises `SchemeUnfit`."""
        self._tables = {table.name: table for table in book.valid_on(on)}
        self._season = season
        self._peers = compiled(self._table(PEERS))
        self._terms = compiled(self._table(TERMS))
        self._ranking = compiled(self._table(RANKING))
        self.groups = {name: self._group(name) for name in self._names()}

    def _table(self, name: str) -> Table:
        if name not in self._tables:
            raise SchemeUnfit(f"没有一张有效的“{name}”表", name)
        return self._tables[name]

    def _names(self) -> tuple[str, ...]:
        """The peer groups, in the order of the table."""
        allowed = self._table(PEERS).outputs[0].allowed
        named = allowed or [rule.answer[0] for rule in self._table(PEERS).rules]
        return tuple(dict.fromkeys(str(each) for each in named if each != OUTSIDE))

    def group_of(self, kind: str, code: str) -> str:
        """The peer group of a unit; empty for one that takes no part."""
        answers = self._peers({KIND: kind, CODE: code}).answers
        found = str(answers[0][0]) if answers else ""
        return found if found in self.groups else ""

    def _group(self, name: str) -> Group:
        terms = tuple(found for each in INDICATORS if (found := self._terms_of(each, name)))
        if not terms:
            raise SchemeUnfit(f"{name}在{self._season}没有一项有权重的指标", TERMS)
        given = self._ranking({GROUP: name}).answer()
        if not given:
            raise SchemeUnfit(f"没有一条规则管{name}", RANKING)
        ranking = Ranking(
            tolerance=_decimal(given, "容差", RANKING),
            swing=_decimal(given, "权重变动", RANKING),
            factor=_decimal(given, "置信系数", RANKING),
            least_units=_whole(given, "最少单位", RANKING),
            least_weight=_decimal(given, "最少可比权重", RANKING),
            first_award=_decimal(given, "第一等次分数", RANKING),
            rise_award=_decimal(given, "进位升分", RANKING),
            lists=bool(given.get("红黑榜")),
            red=_decimal(given, "红榜分数", RANKING),
            black=_decimal(given, "黑榜分数", RANKING),
        )
        return Group(name, terms, ranking)

    def _terms_of(self, indicator: str, group: str) -> Terms | None:
        decision = self._terms({INDICATOR: indicator, SEASON: self._season, GROUP: group})
        given = decision.answer()
        weight = _decimal(given, "权重", TERMS) if given else "0"
        if Fraction(weight) == 0:
            return None
        found = Terms(
            indicator=indicator,
            weight=weight,
            floor=_decimal(given, "下限", TERMS),
            target=_decimal(given, "目标", TERMS),
            cap=_decimal(given, "封顶", TERMS),
            least=max(_whole(given, "最少项数", TERMS), 1),
            most_missing=_decimal(given, "缺报上限", TERMS),
            missing=str(given.get("缺报处理", LOWEST)),
        )
        _check(found)
        return found


def _check(terms: Terms) -> None:
    """Raises `SchemeUnfit` for figures by which nothing can be scored."""
    if Fraction(terms.weight) < 0:
        raise SchemeUnfit(f"“{terms.indicator}”的权重 {terms.weight} 小于零", TERMS)
    if Fraction(terms.floor) == Fraction(terms.target):
        raise SchemeUnfit(f"“{terms.indicator}”的下限和目标相同", TERMS)
    if Fraction(terms.cap) <= 0:
        raise SchemeUnfit(f"“{terms.indicator}”的封顶不大于零", TERMS)
    if terms.missing not in (LOWEST, UNRANKED):
        raise SchemeUnfit(f"“{terms.indicator}”的缺报处理“{terms.missing}”读不懂", TERMS)


def _decimal(given: Mapping[str, object], name: str, table: str) -> str:
    if name not in given:
        raise SchemeUnfit(f"“{table}”缺少输出“{name}”", table)
    return canonical_decimal(str(given[name]))


def _whole(given: Mapping[str, object], name: str, table: str) -> int:
    number = Fraction(_decimal(given, name, table))
    if number.denominator != 1 or number < 0:
        raise SchemeUnfit(f"“{name}”要是不小于零的整数", table)
    return int(number)
