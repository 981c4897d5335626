"""The rules of the form, as they are counted for letters in bulk. Pure.

They are those of `commitments.letters.checks`, asked of whole columns at once.
"""

from enum import IntEnum, unique


@unique
class Rule(IntEnum):
    """A rule that a letter breaks, in the order in which they are asked; 0 is none."""

    NONE = 0
    TORN = 1
    MISSING = 2
    TOO_LONG = 3
    UNKNOWN_WORD = 4
    BAD_DATE = 5
    CODE_FORM = 6
    CODE_REGION = 7
    CODE_DATE = 8
    PROMISOR_CODE = 9
    UNIT_CODE = 10
    DATES = 11
    UNMET = 12
    FINDER = 13
    REPEATED = 14


WORDS = {
    Rule.NONE: ("", ""),
    Rule.TORN: ("这一行的列数与表头不同", "核对引号和换行后重新导出"),
    Rule.MISSING: ("必填项为空", "补上必填项"),
    Rule.TOO_LONG: ("有一项超过规定的长度", "缩短后再报"),
    Rule.UNKNOWN_WORD: ("类别、类型、履行状态或公开类型不是规定的写法", "按国家格式的用词填写"),
    Rule.BAD_DATE: ("日期无法识别", "写成 2024-03-08"),
    Rule.CODE_FORM: ("承诺编码应为 20 位数字，流水号从 000001 起", "重新编号"),
    Rule.CODE_REGION: ("承诺编码的区划在承诺作出当日无效", "改为承诺受理所在地当日的代码"),
    Rule.CODE_DATE: ("承诺编码第 7–14 位与承诺作出日期不一致", "核对日期，或重新编号"),
    Rule.PROMISOR_CODE: ("承诺人代码无效，或与承诺人类别不符", "照证照核对；系统不会代为改正"),
    Rule.UNIT_CODE: ("受理单位或认定单位的代码无效", "照证照核对"),
    Rule.DATES: ("有效期或认定日期早于承诺作出日期", "核对日期"),
    Rule.UNMET: (
        "第 12、13 项与履行状态不符",
        "没有全部履行的，两项都要写；全部履行的，两项都不写",
    ),
    Rule.FINDER: ("有认定单位代码，没有认定单位名称", "填写认定单位"),
    Rule.REPEATED: ("同一承诺编码在这一批里出现过", "核对哪一份正确；现以先出现的为准"),
}
