"""Sizes, faces and reckoning of the official format, shared by Word and PDF.

Source: GB/T 9704-2012. No face is shipped for Word: each is named with those
that may stand in for it, and a word processor takes the first one it has.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from yinuo.supervision.papers.paper import Column

PAGE_MM = (210, 297)
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37, 35, 28, 26
WIDTH_MM = PAGE_MM[0] - LEFT_MM - RIGHT_MM
HEIGHT_MM = PAGE_MM[1] - TOP_MM - BOTTOM_MM
LINES, CHARACTERS = 22, 28
"""Of a full page: lines, and characters in a line."""
BODY_PT, TITLE_PT, HEAD_PT, SMALL_PT, QUIET_PT, TINY_PT = 16, 22, 36, 14, 10.5, 9
"""3号, 2号, 小初, 4号, 五号, 小五."""
LINE_TWIPS = 579
"""28.95 pt: 22 lines of 29 pt would be a hair higher than 225 mm."""
CLOSER_TWIPS = 5
"""By which letters of the body stand closer: 28 of 16 pt are 448 pt, and a line has 442."""
PAGE_NUMBER_BELOW_MM = 7
"""The line beside the page number stands so far below the text."""
SIGNED_RIGHT = 4
"""Characters between the date and the right edge."""
TITLE_LINE = 18
"""Characters of a title line at most; 20 would touch both edges."""
RED = "E60012"
MOST_IN_FULL = 4
"""Columns up to which a table is set in 小四 (12 pt); more are set in 五号 (10.5 pt)."""


@dataclass(frozen=True)
class Face:
    """A face by its name, and the ones that may stand in for it."""

    name: str
    instead: tuple[str, ...]
    family: str
    """`roman` or `swiss`: what a word processor that has none of them falls back on."""


FANGSONG = Face(
    "仿宋_GB2312",
    ("仿宋", "FangSong", "方正仿宋_GBK", "Source Han Serif SC", "Noto Serif CJK SC"),
    "roman",
)
TITLE = Face(
    "方正小标宋简体",
    ("方正小标宋_GBK", "华文中宋", "STZhongsong", "Source Han Serif SC", "Noto Serif CJK SC"),
    "roman",
)
HEI = Face("黑体", ("SimHei", "Source Han Sans SC", "Noto Sans CJK SC"), "swiss")
KAI = Face("楷体_GB2312", ("楷体", "KaiTi", "Source Han Serif SC", "Noto Serif CJK SC"), "roman")
SONG = Face("宋体", ("SimSun", "Source Han Serif SC", "Noto Serif CJK SC"), "roman")
LATIN = "Times New Roman"
FACES = (FANGSONG, TITLE, HEI, KAI, SONG)
OF_LEVEL = (HEI, KAI, FANGSONG, FANGSONG)
BOLD_LEVEL = 3


def breadth(text: str) -> float:
    """How many full characters wide a text is; digits and Latin letters are half.

    >>> breadth("2024年1月8日")
    6.0
    """
    wide = sum(unicodedata.east_asian_width(each) in "WFA" for each in text)
    return wide + (len(text) - wide) / 2


def signature_indents(signer: str, dated: str) -> tuple[float, float]:
    """Characters to the right of the unit and of the date: the shorter is centred on the longer.

    >>> signature_indents("大连市督查室", "2024年12月18日")
    (4.5, 4.0)
    """
    spare = (breadth(dated) - breadth(signer)) / 2
    return SIGNED_RIGHT + max(spare, 0.0), SIGNED_RIGHT + max(-spare, 0.0)


NO_START = "，。、；：？！）》〉】〕”’%℃·的和与及等"
NO_END = "（《〈【〔“‘"
WHOLE = (
    "关于 全市 重点 工作 推进 情况 有关 通报 通知 专报 督办 督查 约谈 提示 项目 任务 目标 "
    "问题 事项 确定 开展 承诺 进展 落实 完成 整改 调度 人民 政府 办公 建设 年度 季度 上半 下半"
)
"""Words of titles that a line is not broken in; titles of other words the writer breaks."""


def title_lines(title: str, most: int = TITLE_LINE) -> list[str]:
    """A title in lines of about one length, broken where the writer said, if they did.

    No line begins with a closing mark or inside a number, as far as it can be helped.

    >>> title_lines("关于2024年7月全市重点工作推进情况的通报")
    ['关于2024年7月全市重点', '工作推进情况的通报']
    """
    if "\n" in title or breadth(title) <= most:
        return [line.strip() for line in title.splitlines() if line.strip()]
    count = -int(-breadth(title) // most)
    lines: list[str] = []
    rest = title
    for left in range(count, 1, -1):
        cut = _cut(rest, breadth(rest) / left, most)
        lines.append(rest[:cut])
        rest = rest[cut:]
    return [*lines, rest]


def _cut(text: str, wanted: float, most: int) -> int:
    """Where to break, as near to the wanted breadth as the marks allow."""
    places = [
        place
        for place in range(1, len(text))
        if breadth(text[:place]) <= most and not _holds_together(text[place - 1], text[place])
    ]
    return min(places, key=lambda place: abs(breadth(text[:place]) - wanted), default=most)


def _holds_together(before: str, after: str) -> bool:
    is_word = all(each.isascii() and each.isalnum() for each in (before, after))
    counted = before.isdigit() and after in "年月日号个项户万亿"
    marks = before in NO_END or after in NO_START
    return is_word or counted or marks or before + after in WHOLE


def table_point_size(columns: Sequence[Column]) -> float:
    """Points of the letters in a table of these columns."""
    return 12 if len(columns) <= MOST_IN_FULL else QUIET_PT


def head_size(organ: str, width_pt: float) -> float:
    """Points of the red head: smaller for a long name, so that it stays on one line."""
    return min(float(HEAD_PT), int(2 * width_pt / max(breadth(organ), 1)) / 2)
