"""Why a row is put aside: named, counted and kept, never averaged in."""

from enum import IntEnum, unique


@unique
class Reason(IntEnum):
    """A rule that a row breaks, in the order in which they are asked; 0 is none."""

    NONE = 0
    TORN = 1
    GARBLED = 2
    NO_CASE = 3
    LOST_DIGITS = 4
    NO_STEP = 5
    SHIFTED = 6
    BAD_LIFECYCLE = 7
    NO_TIME = 8
    DATE_ONLY = 9
    BAD_TIME = 10
    TOO_EARLY = 11
    FUTURE = 12
    FORMULA = 13
    CONFLICT = 14

    @property
    def words(self) -> str:
        """The rule, for whoever has to mend the file."""
        return WORDS[self][0]

    @property
    def next_step(self) -> str:
        """What to do about it."""
        return WORDS[self][1]


WORDS = {
    Reason.NONE: ("", ""),
    Reason.TORN: ("这一行的列数与表头不同", "多半是字段里有未加引号的分隔符；核对这一行后重新导出"),
    Reason.GARBLED: ("有乱码、控制字符或未闭合的引号", "按 UTF-8 或 GB18030 重新导出"),
    Reason.NO_CASE: ("编号为空", "补上编号；合并单元格请先拆开"),
    Reason.LOST_DIGITS: ("编号被当作数字，已丢位", "在源系统把编号导出为文本"),
    Reason.NO_STEP: ("环节为空", "补上环节"),
    Reason.SHIFTED: ("环节一栏里是时间，列已错位", "核对这一行各列的次序"),
    Reason.BAD_LIFECYCLE: ("起止一栏不认识", "写 开始 或 完成，或在说明中补上这个词"),
    Reason.NO_TIME: ("时间为空", "补上时间"),
    Reason.DATE_ONLY: ("只有日期没有时刻，算不出时长", "导出到分或秒"),
    Reason.BAD_TIME: (
        "时间无法识别",
        "写成 2024-02-08 16:30:00，或带时区的 2024-02-08T16:30:00+08:00",
    ),
    Reason.TOO_EARLY: ("时间早得不合理", "核对年份"),
    Reason.FUTURE: ("时间晚于装入之时", "核对年份和时区"),
    Reason.FORMULA: ("单元格是公式或错误值", "在表格中改为数值后再存"),
    Reason.CONFLICT: ("同一编号、环节和时间另有一行，内容不同", "核对哪一行正确；现以先出现的为准"),
}
