"""The tables of an archive: CSV that Excel opens and no cell of which is taken for a formula."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from yinuo.commitments.queries.changes import ChangeView
from yinuo.commitments.queries.detail import Detail
from yinuo.commitments.queries.observed import Observed
from yinuo.commitments.queries.timeline import Line
from yinuo.commitments.registry import PROMISORS
from yinuo.kernel.instants import SHANGHAI, civil_date
from yinuo.web.archive.content import Content

Cell = str | int | date | datetime | None
NO_DATE = "未定时限"
DEMO, REAL = "演示数据", "正式数据"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
NO_COLUMN = ("", "", "")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")

COMMITMENTS = (
    *("编号", "版本", "末次存证记录", "类型", "承诺内容", "所属目标编号", "所属目标"),
    *("责任单位编号", "责任单位", "责任单位说明", "承诺对象", "督查单位"),
    *("比较方式", "数值", "单位", "允许偏差", "基数", "承诺量"),
    *("原定时限", "完成时限", "时限说明", "调整次数", "累计顺延天数"),
    *("状态", "状态代码", "结果", "结果代码", "申报完成日期"),
    *("依据编号", "依据", "位置", "公布于", "录入于", "承诺主体", "数据性质"),
)
CHANGES = (
    *("申请编号", "承诺编号", "承诺内容", "变更", "项目", "原", "改为", "理由"),
    *("提出时间", "逾期后提出", "结果", "决定的说明", "来自文件"),
    *("提出的存证记录", "决定的存证记录", "数据性质"),
)
OBSERVATIONS = (
    *("编号", "类型", "内容", "所属目标编号", "所属目标", "涉及", "相对方", "数量"),
    *("时间（原文）", "依据编号", "来源", "位置", "说明", "数据性质"),
)

EVIDENCE = (
    *("编号", "承诺编号", "随何提交", "名称", "格式", "字节数", "SHA-256"),
    *("提交单位", "提交于", "末次存证记录", "依法删除", "数据性质"),
)


def safe(cell: Cell) -> str:
    """A cell as text. What a spreadsheet would run as a formula gets an apostrophe in front.

    >>> safe("=1+1"), safe("-5"), safe("－说明")
    ("'=1+1", '-5', "'－说明")
    """
    if isinstance(cell, datetime):
        return cell.astimezone(SHANGHAI).isoformat(timespec="seconds")
    text = "" if cell is None else str(cell)
    runs = text.lstrip(" 　\n").startswith(FORMULA) or text.startswith(FORMULA)
    return f"'{text}" if runs and not NUMBER.fullmatch(text) else text


def plain(terms: str) -> str:
    """A quantity in words; without the sign that says no more than the number does.

    >>> plain("= 196.8%"), plain("≥ 60 个")
    ('196.8%', '≥ 60 个')
    """
    return terms.removeprefix("= ")


def nature() -> str:
    """Whether the figures of this installation are simulated."""
    return DEMO if settings.YINUO_DEMO_DATE else REAL


def leaf_of(lines: Iterable[Line], subject: str, *, version: int | None = None) -> int | None:
    """The number in the log of a subject's last entry, or of a given version."""
    found = [line for line in lines if line.subject == subject]
    found = [line for line in found if version in (None, line.version)]
    return max(found, key=lambda line: line.version).leaf_index if found else None


def _commitment(it: Detail, content: Content) -> tuple[Cell, ...]:
    row = it.row
    return (
        row.code,
        row.version,
        leaf_of(it.timeline, f"commitment:{row.code}"),
        row.kind_label,
        row.title,
        row.heading,
        content.goal_title(row.heading),
        row.lead,
        row.lead_name,
        row.lead_note,
        row.creditor,
        it.creditor_unit,
        it.operator,
        it.value,
        it.unit,
        it.tolerance,
        it.baseline,
        plain(row.terms),
        row.due_original or NO_DATE,
        row.due or NO_DATE,
        row.due_note,
        row.moved_count,
        it.delay_days,
        row.mark.word,
        row.status,
        row.outcome_label,
        row.outcome,
        it.delivered_date,
        it.document.code,
        it.document.title,
        it.place,
        it.document.said,
        civil_date(it.entered_at),
        PROMISORS[row.promisor],
        nature(),
    )


def _changes(it: Detail) -> Iterator[tuple[Cell, ...]]:
    """A line for each column that a request would change, oldest request first.

    A request that changes none, such as to count as kept in part, has one line.
    """
    for change in reversed(it.changes):
        terms = [(d.label, d.old, d.new) for d in change.differences] or [NO_COLUMN]
        for label, old, new in terms:
            yield (
                change.code,
                change.commitment,
                change.title,
                change.label,
                label,
                old,
                new,
                change.reason,
                change.asked_at,
                "是" if change.after_the_fact else "否",
                change.state,
                change.decision,
                change.source,
                leaf_of(it.timeline, f"change:{change.code}", version=1),
                _decided(it, change),
                nature(),
            )


def _decided(it: Detail, change: ChangeView) -> int | None:
    return None if change.waiting else leaf_of(it.timeline, f"change:{change.code}")


def _observation(row: Observed, content: Content) -> tuple[Cell, ...]:
    return (
        row.code,
        row.kind,
        row.title,
        row.heading,
        content.goal_title(row.heading),
        row.subject,
        row.counterparty,
        plain(row.figure),
        row.when,
        row.document.code,
        row.document.title,
        row.place,
        row.note,
        nature(),
    )


def _evidence(content: Content) -> Iterator[tuple[Cell, ...]]:
    for code in sorted(content.evidence):
        for to, files in content.evidence[code].files.items():
            for file in files:
                yield (
                    file.code,
                    file.commitment,
                    to,
                    file.name,
                    file.label,
                    file.size,
                    file.sha256,
                    file.unit,
                    civil_date(file.handed_in_at),
                    file.leaf_index,
                    file.gone,
                    nature(),
                )


def _write(path: Path, head: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> None:
    # The byte order mark tells Excel that this is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(head)
        writer.writerows([safe(cell) for cell in row] for row in rows)


def write_tables(folder: Path, content: Content) -> None:
    """Write `commitments.csv`, `changes.csv`, `observations.csv` and `evidence.csv`."""
    by_code = sorted(content.commitments, key=lambda it: it.row.code)
    _write(folder / "commitments.csv", COMMITMENTS, (_commitment(it, content) for it in by_code))
    _write(folder / "changes.csv", CHANGES, (line for it in by_code for line in _changes(it)))
    _write(folder / "evidence.csv", EVIDENCE, _evidence(content))
    _write(
        folder / "observations.csv",
        OBSERVATIONS,
        (_observation(row, content) for row in content.observations),
    )
