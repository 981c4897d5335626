"""What can be said of an identifier: whether it is one, and what deserves a look. Pure."""

from enum import IntEnum, IntFlag


class Verdict(IntEnum):
    """Whether a text is an identifier of its kind."""

    VALID = 0
    EMPTY = 1
    LENGTH = 2
    CHARACTER = 3
    """A character that cannot stand at its place."""
    CHECK = 4
    """The check character does not fit."""
    DATE = 5
    """A date of birth that does not exist or lies in the future."""
    PLACEHOLDER = 6
    """Nobody's: the same digit all along, or a run of them."""


WORDS = {
    Verdict.VALID: "有效",
    Verdict.EMPTY: "空",
    Verdict.LENGTH: "位数不对",
    Verdict.CHARACTER: "有不该出现的字符",
    Verdict.CHECK: "校验码对不上",
    Verdict.DATE: "出生日期不可能",
    Verdict.PLACEHOLDER: "占位的假号码",
}


class Remark(IntFlag):
    """What deserves a look although the identifier passes, one bit each."""

    NONE = 0
    INNER = 1
    """The organisation code inside does not pass its own check; true codes exist of which that
    holds."""
    CATEGORY = 2
    """The first two characters are none of the known categories."""
    REGION = 4
    """The first two digits of the region are no province."""
    OLD = 8
    """A number of fifteen digits."""
    REWRITTEN = 16
    """It was written with blanks, small letters or full-width characters."""


REMARK_WORDS = {
    Remark.INNER: "组织机构代码部分校验不符",
    Remark.CATEGORY: "登记管理部门和机构类别不在已知之列",
    Remark.REGION: "行政区划不在已知省份之列",
    Remark.OLD: "15 位旧号码",
    Remark.REWRITTEN: "书写不规范（空格、小写或全角）",
}


def remark_words(remarks: int) -> tuple[str, ...]:
    """The remarks in words."""
    return tuple(words for remark, words in REMARK_WORDS.items() if remarks & remark)
