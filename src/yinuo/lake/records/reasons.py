"""Why a row of a source is put aside: named, counted, kept, and mended by replaying it."""

from enum import unique

from yinuo.lake.rules import Rule


@unique
class Reason(Rule):
    """A rule that a row breaks, in the order in which they are asked; 0 is none."""

    NONE = 0
    TORN = (1, "这一行的列数与表头不同，或引号没有闭合", "核对这一行；文件若是中断的，请重新导出")
    GARBLED = (2, "有乱码或控制字符", "按来源说明中的编码重新导出")
    NO_SUBJECT = (3, "看不出主体是企业、个体工商户还是自然人", "补上主体类别")
    SHIFTED = (4, "这一栏里是别的栏的内容，列已错位", "核对这一行各列的次序")
    MISSING = (5, "必填的一栏为空", "补上这一栏")
    TOO_LONG = (6, "这一栏过长", "核对是否把几栏并成了一栏；确是这么长的，在来源说明中改 longest")
    UNKNOWN_CODE = (7, "代码不在来源说明的代码表中", "改成代码表中的值，或在来源说明中补上它")
    BAD_DATE = (8, "日期无法识别", "写成 2024-02-08 或 2024年2月8日")
    BAD_AMOUNT = (9, "金额无法识别，或不是整数分", "写成 1234.56，可带 元、万元、亿元")
    BAD_NUMBER = (10, "不是整数", "写成 1234")
    BAD_IDENTIFIER = (11, "必填的代码或号码无效", "照证照核对；系统不会代为改正")
    CONTRADICTION = (12, "两个有效的代码说的不是同一个主体", "核对哪一个正确，去掉另一个")
    NO_RECORD = (13, "记录的主键各栏都为空", "补上文书号等主键")
    CONFLICT = (14, "同一批里这条记录另有一行，内容不同", "核对哪一行正确；现以先出现的为准")


def words_of(code: str) -> str:
    """A reason by its name, in words; the name itself where an older version gave it.

    >>> words_of("MISSING"), words_of("OLDER")
    ('必填的一栏为空', 'OLDER')
    """
    return Reason[code].words if code in Reason.__members__ else code
