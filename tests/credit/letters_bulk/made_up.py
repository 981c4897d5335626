"""Letters of nobody, sound ones and ones with faults, by chance from a seed."""

import csv
import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

from yinuo.commitments.letters.fields import FIELDS
from yinuo.kernel.resident_id import check_character as resident_check
from yinuo.kernel.uscc import check_character

NAMES = tuple(each.name for each in FIELDS)
Row = dict[str, str]


def uscc(number: int) -> str:
    body = f"91210200{number:09}"
    return body + check_character(body)


def rid(number: int) -> str:
    """Of a county that does not exist."""
    body = f"210290{19_600_101 + number % 28:08}{number % 1000:03}"
    return body + resident_check(body)


def sound(chance: random.Random, number: int) -> Row:
    """A letter that keeps every rule."""
    made = date(2024, 1, 1) + timedelta(days=chance.randrange(60))
    kind = chance.choice(("法人及非法人组织", "法人及非法人组织", "个体工商户", "自然人"))
    state = chance.choice(("全部履行", "全部履行", "全部履行", "部分履行", "全部未履行"))
    kept = state == "全部履行"
    return {
        "承诺编码": f"210200{made:%Y%m%d}{number % 999_999 + 1:06}",
        "承诺人名称": f"测试{number}号有限公司",
        "承诺人类别": kind,
        "承诺人代码": rid(number) if kind == "自然人" else uscc(number),
        "承诺类型": chance.choice(("审批替代型", "容缺受理型", "证明事项型", "其他-诚信", "6")),
        "承诺事由": "办理食品经营许可",
        "承诺内容": "在十个工作日内补交场所平面图，" * chance.randrange(1, 6),
        "违诺责任": "撤销行政决定，记入信用记录。",
        "承诺作出日期": chance.choice((made.isoformat(), f"{made:%Y%m%d}", f"{made:%Y/%m/%d}")),
        "承诺有效期": chance.choice(("", "2025-12-31")),
        "承诺履行状态": state,
        "未履行的承诺内容": "" if kept else "没有补交平面图",
        "违诺责任追究内容": "" if kept else "不予许可",
        "承诺履行状态认定日期": chance.choice(("", "2024-05-08")),
        "承诺履行状态认定单位": "市市场监管局",
        "承诺履行状态认定单位代码": chance.choice(("", "11210200MB0000019R")),
        "承诺受理单位": "市市场监管局",
        "承诺受理单位代码": "11210200MB0000019R",
        "公开类型": chance.choice(("可向社会公开", "可向社会公开", "特定范围内公开", "不可公开")),
        "备注": "",
    }


WRONG: Mapping[str, tuple[str, ...]] = {
    "承诺编码": ("", "2102002024", "2102002024010100000A", "99020020240101000001", "000000"),
    "承诺人名称": ("", "名" * 201),
    "承诺人类别": ("", "企业"),
    "承诺人代码": ("", "91210200000000001X", "210290196001010012", "９１２１０２００", "x"),
    "承诺类型": ("", "其他", "其他-", "0", "9", "容缺受理型-多写", "3"),
    "承诺事由": ("", "事" * 513),
    "承诺内容": ("", "容" * 4001),
    "违诺责任": ("",),
    "承诺作出日期": ("", "2024-02-30", "12/31/2024", "2023-06-01"),
    "承诺有效期": ("2020-01-01", "长期"),
    "承诺履行状态": ("", "履行中", "部分履行", "全部履行"),
    "未履行的承诺内容": ("", "没有补交"),
    "违诺责任追究内容": ("", "记入信用记录"),
    "承诺履行状态认定日期": ("2020-01-01", "x"),
    "承诺履行状态认定单位": ("",),
    "承诺履行状态认定单位代码": ("11210200MB0000019A", " 11210200MB0000019R "),
    "承诺受理单位": ("",),
    "承诺受理单位代码": ("", "11210200mb0000019r"),
    "公开类型": ("", "公开"),
    "备注": ("注" * 513, "说明"),
}


def with_faults(chance: random.Random, number: int) -> Row:
    """A letter with none to three cells replaced."""
    row = sound(chance, number)
    for name in chance.sample(NAMES, chance.randrange(4)):
        row[name] = chance.choice(WRONG[name])
    return row


def write(path: Path, rows: Iterable[Row]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, NAMES)
        writer.writeheader()
        writer.writerows(rows)
    return path
