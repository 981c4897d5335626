"""Writes content/services/market-regulation.xlsx: 61 items of market regulation, all made up.

    .venv/bin/python -m tools.market_items

A test fails while the file differs from what this writes. The kinds and the laws are real as far as
known; a basis that was not looked up says 待核对. Everything else is simulated: places, telephones,
documents, questions. Legal limits are those of the general laws; a rule of a ministry may be
shorter, so a city checks each before it uses one.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from yinuo.cases.items import codes
from yinuo.cases.items.definition import (
    AT_ONCE,
    Declaration,
    ItemDefinition,
    ItemGround,
    Material,
    Question,
    Step,
)
from yinuo.cases.items.workbook import write_workbook

FILE = Path(__file__).resolve().parents[1] / "content" / "services" / "market-regulation.xlsx"
MADE_AT = datetime(2024, 1, 2, tzinfo=UTC)
UNIT = "210200-SCJG"
SPEC = re.compile(r"(?P<name>[^@~!?]+)(?P<marks>[@~!?].*)?")

LICENCE_LAW = "行政许可法 第四十二条"

WHO = {
    "登记": "登记专区",
    "食品": "食品专区",
    "药械": "药品和医疗器械专区",
    "设备": "特种设备专区",
    "计量": "计量和标准专区",
    "其他": "综合专区",
}
VISIT = ItemGround(
    name="现场核查",
    legal_basis=(
        "本事项办事指南公布：现场核查不计入承诺时限；行政许可法第四十五条没有列出，法定时限照计"
    ),
    cap=10,
    stops_legal=False,
)
TEST = ItemGround(name="检验检测", legal_basis="行政许可法 第四十五条", cap=20)
REVIEW = ItemGround(name="专家评审", legal_basis="行政许可法 第四十五条", cap=20)
APPRAISAL = ItemGround(name="技术鉴定", legal_basis="行政许可法 第四十五条", cap=30)
GROUNDS = {"核查": VISIT, "检测": TEST, "评审": REVIEW, "鉴定": APPRAISAL}


TABLE = Path(__file__).with_name("market_items.csv")
USUAL = (
    "什么时候算受理？",
    "材料齐全、符合形式的，当场受理；不齐的，五个工作日内一次告知要补的全部材料。",
)
"""The question of an item that has none of its own."""


@dataclass(frozen=True)
class Row:
    """One item as briefly as it can be said; a line of market_items.csv."""

    group: str
    name: str
    kind: str
    legal: str
    law: str
    result: str
    papers: str
    """Names parted by `；`, each with marks: `@source` held by the city, `~10wd` may wait, `!` may
    be declared, `?when` not always needed."""
    served: str
    grounds: str
    promised: str
    """Shorter than two fifths of the legal limit; empty for just that."""
    ask: str
    answer: str


def rows() -> tuple[Row, ...]:
    """The table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Row(**line) for line in csv.DictReader(file))


def items() -> Iterator[ItemDefinition]:
    """Every item, SC-001 and on."""
    for number, row in enumerate(rows(), start=1):
        yield _item(f"SC-{number:03}", row)


def _item(code: str, row: Row) -> ItemDefinition:
    promised = row.promised or _two_fifths(row.legal)
    at_once = promised == AT_ONCE
    materials = tuple(_materials(row.papers))
    declarable = any(material.declarable for material in materials)
    served = tuple(row.served.split("、"))
    visits = 0 if at_once or not row.grounds else 1
    basis = "" if row.kind != codes.LICENCE else f"；{LICENCE_LAW}"
    return ItemDefinition(
        code=code,
        name=row.name,
        kind=row.kind,
        unit=UNIT,
        by_law=f"{row.law}{basis}",
        served=served,
        topics=tuple(_topics(row, served)),
        handled=codes.AT_ONCE_ITEM if at_once else codes.PROMISED_ITEM,
        reviewed=codes.REVIEWED_AT_ONCE if at_once else codes.REVIEWED_FIRST,
        legal_limit=row.legal,
        legal_explain="按一般法律编写；部门规章另有规定的从其规定，使用前请核对。",
        promised_limit=promised,
        promised_explain="" if at_once else "不超过法定时限的四成，舍去不足一天的部分。",
        grounds=tuple(GROUNDS[name] for name in row.grounds.split("、") if name),
        conditions=f"在本市办理{row.name}，材料齐全、符合法定形式。",
        visits=visits,
        visits_explain="现场核查或者评审由工作人员上门，申请人到场一次。" if visits else "",
        online=True,
        online_depth="互联网受理" if visits else codes.WHOLLY_ONLINE,
        area="全市通办",
        result_name=row.result,
        result_kind=_result_kind(row.result),
        address=f"市政务服务中心二层{WHO[row.group]}（演示地址）",
        hours="工作日 9:00–17:00",
        phone=f"0411-0000{int(code[3:]):04}",
        complaint_phone="0411-00009999",
        materials=materials,
        steps=tuple(_steps(promised, with_visit=bool(row.grounds))),
        fees=(),
        questions=(_question(row),),
        declaration=_declaration(row, materials) if declarable else None,
        simulated=True,
    )


def _question(row: Row) -> Question:
    ask, answer = (row.ask, row.answer) if row.ask else USUAL
    return Question(question=ask, answer=answer)


def _two_fifths(legal: str) -> str:
    number, unit = int(re.sub(r"\D", "", legal)), re.sub(r"\d", "", legal)
    days = number * 2 // 5
    return f"{days}{unit}" if days else AT_ONCE


def _result_kind(name: str) -> str:
    return "出证" if name.endswith(("证", "照")) else "出文"


def _topics(row: Row, served: tuple[str, ...]) -> Iterator[str]:
    first = {"登记": "设立变更", "食品": "准营准办", "药械": "准营准办"}.get(row.group, "")
    person = {"设备": "职业资格", "其他": "消费维权"}.get(row.group, "准营准办")
    firm = {"设备": "质量技术", "计量": "质量技术"}.get(row.group, "准营准办")
    topics = [first or person] if "自然人" in served else []
    if "法人" in served:
        topics.append(first or firm)
    yield from dict.fromkeys(topics)


def _materials(papers: str) -> Iterator[Material]:
    for number, spec in enumerate(papers.split("；"), start=1):
        found = SPEC.fullmatch(spec)
        assert found is not None, spec  # noqa: S101  # the table above
        marks = found["marks"] or ""
        rest = marks[1:]
        yield Material(
            key=f"M{number}",
            name=found["name"],
            required=not marks.startswith("?"),
            need_explain=rest if marks.startswith("?") else "",
            deferrable=marks.startswith("~"),
            deferral=rest if marks.startswith("~") else "",
            declarable=marks.startswith("!"),
            held_by=rest if marks.startswith("@") else "",
            form="电子" if marks.startswith("@") else "纸质或电子",
            copies=0 if marks.startswith("@") else 1,
            source="政府部门核发" if marks.startswith("@") else "申请人自备",
            accept_standard="清楚、完整，与原件一致" if number > 1 else "申请人签名或者盖章",
            fill_explain="样表标出必填的几格和常见的错处" if number == 1 else "",
        )


def _steps(promised: str, *, with_visit: bool) -> Iterator[Step]:
    names = ["受理", "审核", *(["现场核查或评审"] if with_visit else []), "审批", "办结"]
    if promised == AT_ONCE:
        limits = [""] * len(names)
    else:
        number, unit = int(re.sub(r"\D", "", promised)), re.sub(r"\d", "", promised)
        limits = [f"{days}{unit}" if days else "" for days in _shares(number, len(names))]
    for name, limit in zip(names, limits, strict=True):
        who = "窗口" if name in ("受理", "办结") else "业务科室"
        result = {"受理": "受理通知书，或一次告知要补的材料", "办结": "决定书"}.get(name, "")
        yield Step(name=name, limit=limit, who=who, result=result)
    yield Step(name="送达", limit="10wd", who="窗口", result="领取、邮寄或者电子证照")


def _shares(days: int, steps: int) -> list[int]:
    """Whole days for each step that add up to the promise; the middle ones get most."""
    shares = [0] * steps
    for number in range(days):
        shares[(1, 0, steps - 2, steps - 1, 2)[number % 5] % steps] += 1
    return shares


def _declaration(row: Row, materials: tuple[Material, ...]) -> Declaration:
    names = "、".join(one.name for one in materials if one.declarable)
    return Declaration(
        version="1",
        conditions=f"办理{row.name}应当符合{row.law}规定的条件；可以用承诺代替的是：{names}。",
        text=f"已知晓所告知的内容，现有情况符合条件，{names}真实有效，愿意接受核查。",
        liability="经核查与承诺不符的，限期改正；逾期不改的，撤销决定，并记入信用记录。",
        check_within="30d",
        check_share=100,
    )


def workbook() -> bytes:
    """The shipped file."""
    return write_workbook(items(), made_at=MADE_AT)


def main() -> None:
    """Write it."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(workbook())


if __name__ == "__main__":
    main()
