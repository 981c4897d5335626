"""A race as a workbook: results, inputs and scheme, each on a sheet, for reading and charting."""

from collections.abc import Iterable, Sequence
from typing import IO

import xlsxwriter

from yinuo.supervision.race.file import RaceFile
from yinuo.supervision.race.scoring import HUNDRED

Cell = str | int | float | None
RESULTS = (
    *("组别", "单位代码", "单位", "档", "名次", "得分", "比上期", "权重变动时名次"),
    *("奖励", "不排名的原因"),
)
INPUTS = (
    *("单位代码", "单位", "指标", "计法", "分子", "分母", "未报送", "待核实", "上期分子"),
    *("上期分母", "免考", "指标值", "区间", "得分", "占总分 %", "失分"),
)
TERMS = (*("组别", "指标", "权重", "下限", "目标", "封顶", "最少项数", "缺报上限 %", "缺报处理"),)
COUNTED = {"scored": "计分", "exempt": "免考", "few": "样本不足", "missing": "未报送"}


def write_race(file: IO[bytes], race: RaceFile, *, remark: str) -> None:
    """Write the workbook. Decimals stay exact texts where a double could not hold them."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        title = f"{race.head.title}（{race.head.code}）{remark}"
        for name, columns, rows in (
            ("结果", RESULTS, _results(race)),
            ("输入", INPUTS, _inputs(race)),
            ("办法", TERMS, _terms(race)),
        ):
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, title)
            sheet.set_column(0, len(columns) - 1, 14)
            sheet.freeze_panes(2, 0)
            for place, column in enumerate(columns):
                sheet.write_string(1, place, column, head)
            for number, row in enumerate(rows, start=2):
                _write(sheet, number, row)


def _write(sheet: "xlsxwriter.worksheet.Worksheet", number: int, row: Sequence[Cell]) -> None:
    for place, value in enumerate(row):
        if isinstance(value, int | float):
            sheet.write_number(number, place, value)
        elif value:
            sheet.write_string(number, place, value)


def _points(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / HUNDRED


def _range(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return ""
    return str(first) if first == last else f"{first}–{last}"


def _results(race: RaceFile) -> Iterable[Sequence[Cell]]:
    called = {unit.code: unit.name for unit in race.units}
    for each in race.results:
        yield (
            each.group,
            each.unit,
            called[each.unit],
            each.tier,
            _range(each.first, each.last),
            _points(each.score),
            _points(each.change),
            _range(each.swing_first, each.swing_last),
            "、".join(each.awards),
            each.why,
        )


def _inputs(race: RaceFile) -> Iterable[Sequence[Cell]]:
    results = {each.unit: each for each in race.results}
    for unit in race.units:
        parts = {part.indicator: part for part in results[unit.code].parts}
        for given in unit.inputs:
            part = parts.get(given.indicator)
            interval = f"{part.low}–{part.high}" if part and part.low else ""
            yield (
                unit.code,
                unit.name,
                given.indicator,
                COUNTED[part.counted] if part else "本期不考",
                given.numerator,
                given.denominator,
                given.missing,
                given.waiting,
                given.before_numerator,
                given.before_denominator,
                given.exempt,
                part.value if part else "",
                interval,
                part.points if part else "",
                part.share if part else "",
                part.lost if part else "",
            )


def _terms(race: RaceFile) -> Iterable[Sequence[Cell]]:
    for group in race.groups.values():
        for terms in group.terms:
            yield (
                group.name,
                terms.indicator,
                terms.weight,
                terms.floor,
                terms.target,
                terms.cap,
                terms.least,
                terms.most_missing,
                terms.missing,
            )
