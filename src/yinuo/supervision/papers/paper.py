"""One official paper (公文) before it is set as Word or PDF.

    organ           大连市人民政府督查室            发文机关标志, red
    number          大政督〔2024〕3号               发文字号
    title           关于……的通报
    addressee       各区市县人民政府：              主送机关
    blocks          一、……（一）……1.……（1）……    text, tables, notes
    attachments     附件：1. ……
    signer, date    大连市人民政府督查室            落款, with room for the seal
    contact         （联系人：……）                  附注
    copies          抄送：……                        版记
    check code      存证校验码 and its QR

Source: GB/T 9704-2012.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from yinuo.supervision.errors.papers import PaperInvalid

NUMBER = re.compile(r"(?P<prefix>[\u3400-\u9fff]+)〔(?P<year>\d{4})〕(?P<serial>[1-9]\d*)号")
"""机关代字〔年份〕序号号: no 第, no zero padding."""
LEVELS = 4
DIGITS = "零一二三四五六七八九十"
TEN = 10
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML may hold, and so no Word file; a tab and a new line may stand."""


class Kind(StrEnum):
    """What a paper is, by the word that stands in its title."""

    BULLETIN = "通报"
    REMINDER = "提示函"
    ORDER = "督办单"
    TALK = "约谈通知"
    SPECIAL = "专报"


class Align(StrEnum):
    """Where the cells of a column stand."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True)
class Heading:
    """A heading; its number is put in front by the order of headings: 一、（一）1.（1）."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    """A paragraph of the body."""

    text: str


@dataclass(frozen=True)
class Note:
    """A smaller line under a table or figure: unit, as-of, source."""

    text: str


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    title: str
    width: int = 1
    """Its share of the width, beside the others."""
    align: Align = Align.LEFT


@dataclass(frozen=True)
class Table:
    """Rows under a head that is repeated on each page."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    caption: str = ""


Block: TypeAlias = Heading | Text | Note | Table


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper, whole. Raises `PaperInvalid` with every fault."""

    kind: Kind
    title: str
    """A new line in it breaks the line where the writer wants it broken."""
    organ: str
    """发文机关标志, as the red head says it."""
    red_head: bool = True
    """False leaves its place empty, for paper that has the head printed on it."""
    number: str = ""
    """发文字号 such as 大政督〔2024〕3号; empty for a paper without one."""
    addressee: str = ""
    """主送机关, without the colon."""
    blocks: Sequence[Block]
    attachments: Sequence[str] = ()
    """Names of the attachments, without numbers."""
    signer: str
    """The unit that signs."""
    signed_date: date
    copies: Sequence[str] = ()
    """抄送机关."""
    contact: str = ""
    """附注, without brackets: 联系人：……，电话：……."""
    simulated: bool = False
    """Marks every page 演示数据."""
    check_code: str = ""
    """存证校验码 of the ledger that stands behind the paper."""
    check_address: str = ""
    """Where the code is checked, in full; drawn as QR."""
    source: str = ""
    """What the figures come from, such as 调度会数据 SN2024-07（截至2024年7月15日）."""

    def __post_init__(self) -> None:
        faults = tuple(_faults(self))
        if faults:
            raise PaperInvalid(self.title, faults)

    @property
    def dated(self) -> str:
        """成文日期, such as 2024年1月8日."""
        return chinese_date(self.signed_date)


def chinese_date(day: date) -> str:
    """The date as papers write it, without leading zeros.

    >>> chinese_date(date(2024, 1, 8))
    '2024年1月8日'
    """
    return f"{day.year}年{day.month}月{day.day}日"


def paper_number(prefix: str, year: int, serial: int) -> str:
    """发文字号.

    >>> paper_number("大政督", 2024, 3)
    '大政督〔2024〕3号'
    """
    return f"{prefix}〔{year}〕{serial}号"


def han(number: int) -> str:
    """A number from 1 to 99 in Han characters, as headings count.

    >>> [han(number) for number in (1, 10, 12, 20, 31)]
    ['一', '十', '十二', '二十', '三十一']
    """
    tens, ones = divmod(number, TEN)
    if tens == 0:
        return DIGITS[ones]
    return (DIGITS[tens] if tens > 1 else "") + "十" + (DIGITS[ones] if ones else "")


def numbered(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with the number in front of each heading; a level starts anew under a higher one.

    >>> [b.text for b in numbered([Heading("总体"), Heading("进度", 2), Heading("下一步")])]
    ['一、总体', '（一）进度', '二、下一步']
    """
    counts = [0] * (LEVELS + 1)
    for block in blocks:
        if not isinstance(block, Heading):
            yield block
            continue
        counts[block.level] += 1
        counts[block.level + 1 :] = [0] * (LEVELS - block.level)
        n = counts[block.level]
        mark = (f"{han(n)}、", f"（{han(n)}）", f"{n}.", f"（{n}）")[block.level - 1]
        yield Heading(f"{mark}{block.text}", block.level)


def _faults(paper: Paper) -> Iterator[tuple[str, str]]:
    for field, value in (("标题", paper.title), ("发文机关", paper.organ), ("落款", paper.signer)):
        if not value.strip():
            yield field, "不能为空"
    if paper.number and not NUMBER.fullmatch(paper.number):
        wanted = (
            "应写成 机关代字〔年份〕序号号，如 大政督〔2024〕3号：用六角括号，不加“第”，序号不补零"
        )
        yield "发文字号", f"“{paper.number}”不合格式，{wanted}"
    if not paper.blocks:
        yield "正文", "不能为空"
    yield from _block_faults(paper)
    for text in _texts(paper):
        found = UNPRINTABLE.search(text)
        if found:
            yield f"“{text[:12]}…”", f"里有不能印出的字符 U+{ord(found[0]):04X}"


def _block_faults(paper: Paper) -> Iterator[tuple[str, str]]:
    above = 0
    for place, block in enumerate(paper.blocks, start=1):
        if isinstance(block, Heading):
            if not 1 <= block.level <= above + 1 or block.level > LEVELS:
                yield f"正文第 {place} 段", f"是第 {block.level} 级标题，上一个标题是第 {above} 级"
            above = block.level
        elif isinstance(block, Table):
            yield from _table_faults(block, f"正文第 {place} 段的表")


def _table_faults(table: Table, place: str) -> Iterator[tuple[str, str]]:
    if not table.columns or any(column.width < 1 for column in table.columns):
        yield place, "至少要有一列，列宽从 1 起"
    for number, row in enumerate(table.rows, start=1):
        if len(row) != len(table.columns):
            yield place, f"第 {number} 行有 {len(row)} 格，应有 {len(table.columns)} 格"


def _texts(paper: Paper) -> Iterator[str]:
    """Every text that is printed."""
    yield from (paper.title, paper.organ, paper.number, paper.addressee, paper.signer)
    yield from (paper.contact, paper.check_code, paper.check_address, paper.source)
    yield from paper.attachments
    yield from paper.copies
    for block in paper.blocks:
        if isinstance(block, Table):
            yield block.caption
            yield from (column.title for column in block.columns)
            for row in block.rows:
                yield from row
        else:
            yield block.text


def printed_text(paper: Paper) -> str:
    """All that is printed, for looking up which characters a face must have."""
    return "".join(_texts(paper))


def check_lines(paper: Paper) -> list[str]:
    """What is said beside the QR, which holds the whole address with the code."""
    said = (
        ("存证校验码：", paper.check_code),
        ("核对网址：", paper.check_address.partition("?")[0]),
        ("数据来源：", paper.source),
    )
    return [f"{name}{value}" for name, value in said if value]
