"""A grade from a profile by `tables/grade.xlsx`, with what made it and what would change it. Pure.

The workbook has three tables: 信用分 (points, summed), 信用等级 (grade by score), 评分项 (basis,
repair and end of each item). A report never shows a grade; it is a product of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from yinuo.kernel.errors import YinuoError
from yinuo.rules.decision import State
from yinuo.rules.screen import Progress, Report, Wanted, screen
from yinuo.rules.single import Tables
from yinuo.rules.table import Aggregator, HitPolicy, Rule, Rulebook, Table

SCORE, GRADE, ITEM = "信用分", "信用等级", "评分项"
REPAIRABLE, ENDS, BASIS = "可修复", "止于", "评分依据"
KEPT = ("entity", "kind")


class GradeUnusable(YinuoError):
    """A workbook from which no grade can be had."""

    code = "CREDIT-E115"
    status = 409

    def __init__(self, what: str) -> None:
        super().__init__(
            f"信用等级规则表不能用：{what}",
            place="tables/grade.xlsx",
            next_step="照随软件提供的 grade.xlsx 补齐“信用分”“信用等级”“评分项”三张表后重新发布",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item that counts."""

    rule: str
    points: Decimal
    reason: str
    basis: str
    repairable: bool
    ends_on: date | None
    """The day after which it no longer counts; None where the profile names none."""
    without: str
    """The grade without this item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """One item of which nobody can say whether it counts."""

    rule: str
    points: Decimal
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What the table says of one profile on a day."""

    on: date
    score: Decimal | None
    """None while items are open."""
    grade: str
    """Empty while it is not determined."""
    items: tuple[Item, ...]
    open_items: tuple[OpenItem, ...]
    lacking: tuple[str, ...]
    """The figures that would have to be known."""
    least: Decimal
    most: Decimal
    """The scores between which it lies; both are the score where nothing is open."""
    possible: tuple[str, ...]
    """The grades of the two, once if they are the same."""
    table: str
    """SHA-256 of the workbook."""


class PointTable:
    """A workbook in force on a day. Raises `GradeUnusable`."""

    def __init__(self, book: Rulebook, on: date) -> None:
        self.on = on
        self.sha256 = book.sha256
        by_name = {table.name: table for table in book.valid_on(on)}
        if lacking := [name for name in (SCORE, GRADE, ITEM) if name not in by_name]:
            raise GradeUnusable(f"{on} 没有“{'、'.join(lacking)}”")
        self._score_table = by_name[SCORE]
        if (self._score_table.policy, self._score_table.aggregator) != (
            *(HitPolicy.COLLECT, Aggregator.SUM),
        ):
            raise GradeUnusable("“信用分”的命中方式须是 汇总·求和")
        self._score = _alone(by_name[SCORE], on)
        self._grade = _alone(by_name[GRADE], on)
        self._item = _alone(by_name[ITEM], on)
        told = {rule.name: self._told(rule) for rule in by_name[SCORE].rules}
        if nameless := [name for name, each in told.items() if not each]:
            raise GradeUnusable(f"“评分项”没有规则 {'、'.join(nameless)}")
        self._items = told
        self._rulebook = Rulebook(tables=(by_name[SCORE], by_name[GRADE]), sha256=book.sha256)

    def grade(self, profile: Mapping[str, object]) -> Grade:
        """The grade of one profile, by the names that the tables ask for."""
        decision = self._score.decide(profile).decisions[SCORE]
        fired = decision.fired
        total = sum((_points(rule) for rule in fired), Decimal())
        unsure = [_points(rule) for rule in decision.could_fire]
        least = total + sum((each for each in unsure if each < 0), Decimal())
        most = total + sum((each for each in unsure if each > 0), Decimal())
        is_open = decision.state is State.UNDETERMINED
        return Grade(
            on=self.on,
            score=None if is_open else total,
            grade="" if is_open else self._of(total),
            items=tuple(self._item_of(rule, total, profile) for rule in fired),
            open_items=tuple(
                OpenItem(rule=rule.name, points=_points(rule), reason=rule.note)
                for rule in decision.could_fire
            ),
            lacking=decision.lacking,
            least=least,
            most=most,
            possible=tuple(dict.fromkeys((self._of(least), self._of(most)))),
            table=self.sha256,
        )

    def grade_all(
        self,
        profiles: Path,
        out: Path,
        *,
        progress: Progress = lambda _step, _done, _total: None,
    ) -> Report:
        """Grade a whole profile in Parquet: entity, kind, score, grade, and the rules that hold.

        Raises what `rules.screen.screen` raises.
        """
        wanted = Wanted(keep=KEPT)
        return screen(
            self._rulebook, data=profiles, out=out, on=self.on, wanted=wanted, progress=progress
        )

    def _of(self, score: Decimal) -> str:
        answer = self._grade.decide({SCORE: score}).decisions[GRADE].answer()
        if GRADE not in answer:
            raise GradeUnusable(f"“信用等级”没有管 {score} 分")
        return str(answer[GRADE])

    def _told(self, rule: Rule) -> Mapping[str, object]:
        return self._item.decide({ITEM: rule.name}).decisions[ITEM].answer()

    def _item_of(self, rule: Rule, total: Decimal, profile: Mapping[str, object]) -> Item:
        told = self._items[rule.name]
        ends_on = profile.get(str(told[ENDS]))
        return Item(
            rule=rule.name,
            points=_points(rule),
            reason=rule.note,
            basis=str(told[BASIS]),
            repairable=bool(told[REPAIRABLE]),
            ends_on=ends_on if isinstance(ends_on, date) else None,
            without=self._of(total - _points(rule)),
        )


def _alone(table: Table, on: date) -> Tables:
    """One table, whose inputs are all given."""
    return Tables(Rulebook(tables=(table,)), on)


def _points(rule: Rule) -> Decimal:
    points = rule.answer[0]
    if not isinstance(points, Decimal):
        raise GradeUnusable(f"规则 {rule.name} 的分值不是数")
    return points
