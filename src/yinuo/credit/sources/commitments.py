"""The outcomes of this city's own commitments as a delivery of the source `commitment-outcomes`.

Applicants, firms and government units alike: which promise, of what kind, whose, kept or broken,
and the days. No text of anybody. A delivery is whole: what was overturned since is gone from it.
"""

import csv
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yinuo.commitments.ended import Ended, Whose
from yinuo.commitments.life import OUTCOME_LABELS, Outcome

SOURCE = "commitment-outcomes"
COLUMNS = (
    *("承诺编号", "承诺类型", "承诺人类别", "统一社会信用代码", "公民身份号码", "承诺人名称"),
    *("承诺作出日期", "原定期限", "现定期限", "认定日期", "补正日期", "调整次数"),
    *("承诺履行状态", "结果"),
)
PARTIES = {
    Whose.FIRM: "法人及非法人组织",
    Whose.TRADER: "个体工商户",
    Whose.PERSON: "自然人",
    Whose.UNIT: "法人及非法人组织",
}
FULFILMENT = {
    Outcome.KEPT_ON_TIME: "全部履行",
    Outcome.KEPT_AFTER_MOVE: "全部履行",
    Outcome.KEPT_LATE: "全部履行",
    Outcome.KEPT_UNDATED: "全部履行",
    Outcome.KEPT_IN_PART: "部分履行",
    Outcome.BROKEN: "全部未履行",
    Outcome.WAIVED: "免除",
}
"""承诺履行状态 in the words of the national form, with 免除 beside them."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What was written, and what could not be."""

    rows: int
    kinds: Mapping[str, int]
    """Rows by kind of commitment."""
    units_without_code: Mapping[str, int]
    """Government units without a credit code → their commitments, left out for lack of a key."""
    undated: int
    """Commitments left out because nothing tells when they were made or due."""


def write(
    ended: Iterable[Ended], path: Path, *, codes: Mapping[str, str], names: Mapping[str, str]
) -> Delivery:
    """Write the delivery as UTF-8 CSV, readable by its owner alone: it holds persons' numbers.

    `codes` and `names`: code of a government unit → its credit code, and what it is called. What
    is overdue and not judged is no outcome and stays out.
    """
    kinds: Counter[str] = Counter()
    without: Counter[str] = Counter()
    undated = 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for each in ended:
            if not each.outcome:
                continue
            number = codes.get(each.unit, "") if each.whose is Whose.UNIT else each.number
            made = each.made_on or each.due_original or each.ended_on
            if not number:
                without[each.unit] += 1
            elif made is None:
                undated += 1
            else:
                writer.writerow(_cells(each, number, names.get(each.unit, ""), made))
                kinds[each.kind] += 1
    return Delivery(
        rows=kinds.total(), kinds=dict(kinds), units_without_code=dict(without), undated=undated
    )


def _cells(each: Ended, number: str, name: str, made: date) -> tuple[str, ...]:
    person = each.whose is Whose.PERSON
    outcome = Outcome(each.outcome)
    return (
        each.code,
        each.kind,
        PARTIES[each.whose],
        "" if person else number,
        number if person else "",
        name,
        _day(made),
        _day(each.due_original),
        _day(each.due),
        _day(each.ended_on),
        _day(each.mended_on),
        str(each.moved),
        FULFILMENT[outcome],
        OUTCOME_LABELS[outcome],
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
