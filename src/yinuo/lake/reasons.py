"""Why a row is put aside: named, counted and kept, never averaged in."""

from enum import unique

from yinuo.lake.rules import Rule


@unique
class Reason(Rule):
    """A rule that a row breaks, in the order in which they are asked; 0 is none."""

    NONE = 0
    TORN = (1, "这一行的列数与表头不同", "多半是字段里有未加引号的分隔符；核对这一行后重新导出")
    GARBLED = (2, "有乱码、控制字符或未闭合的引号", "按 UTF-8 或 GB18030 重新导出")
    NO_CASE = (3, "编号为空", "补上编号；合并单元格请先拆开")
    LOST_DIGITS = (4, "编号被当作数字，已丢位", "在源系统把编号导出为文本")
    NO_STEP = (5, "环节为空", "补上环节")
    SHIFTED = (6, "环节一栏里是时间，列已错位", "核对这一行各列的次序")
    BAD_LIFECYCLE = (7, "起止一栏不认识", "写 开始 或 完成，或在说明中补上这个词")
    NO_TIME = (8, "时间为空", "补上时间")
    DATE_ONLY = (9, "只有日期没有时刻，算不出时长", "导出到分或秒")
    BAD_TIME = (
        10,
        "时间无法识别",
        "写成 2024-02-08 16:30:00，或带时区的 2024-02-08T16:30:00+08:00",
    )
    TOO_EARLY = (11, "时间早得不合理", "核对年份")
    FUTURE = (12, "时间晚于装入之时", "核对年份和时区")
    FORMULA = (13, "单元格是公式或错误值", "在表格中改为数值后再存")
    CONFLICT = (14, "同一编号、环节和时间另有一行，内容不同", "核对哪一行正确；现以先出现的为准")
