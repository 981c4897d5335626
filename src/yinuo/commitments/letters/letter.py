"""One credit commitment (信用承诺书) in the twenty items of the national form. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PromisorKind(StrEnum):
    """承诺人类别 (item 3)."""

    FIRM = "法人及非法人组织"
    PERSON = "自然人"
    TRADER = "个体工商户"


class LetterType(StrEnum):
    """承诺类型 (item 5), in the words of the form."""

    INSTEAD_OF_APPROVAL = "审批替代型"
    DEFERRAL = "容缺受理型"
    INSTEAD_OF_PROOF = "证明事项型"
    REPAIR = "信用修复型"
    TRADE = "行业自律型"
    OWN_ACCORD = "主动型"
    OTHER = "其他"


TYPE_CODES = {
    LetterType.OTHER: "0",
    LetterType.INSTEAD_OF_APPROVAL: "1",
    LetterType.DEFERRAL: "2",
    LetterType.INSTEAD_OF_PROOF: "3",
    LetterType.REPAIR: "4",
    LetterType.TRADE: "5",
    LetterType.OWN_ACCORD: "6",
}


class Fulfilment(StrEnum):
    """承诺履行状态 (item 11)."""

    WHOLE = "全部履行"
    IN_PART = "部分履行"
    NOT_AT_ALL = "全部未履行"


class Publicity(StrEnum):
    """公开类型 (item 19)."""

    PUBLIC = "可向社会公开"
    LIMITED = "特定范围内公开"
    CLOSED = "不可公开"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The twenty items; beside each attribute its number in the form.

    Until somebody has looked whether it was kept, `fulfilment` is None and items 12 to 16 are
    empty: the form has no word for “not yet due”, and none is invented.
    """

    code: str
    """1 承诺编码: region (6), day it was made (8), serial (6)."""
    promisor: str
    """2 承诺人名称."""
    promisor_kind: PromisorKind
    """3."""
    promisor_code: str
    """4 承诺人代码: 统一社会信用代码, of a person 公民身份号码."""
    type: LetterType
    """5."""
    type_said: str = ""
    """5, for 其他: which type it is, in words."""
    matter: str
    """6 承诺事由."""
    content: str
    """7 承诺内容."""
    liability: str
    """8 违诺责任."""
    made_date: date
    """9 承诺作出日期."""
    valid_until: date | None = None
    """10 承诺有效期, the last day."""
    fulfilment: Fulfilment | None = None
    """11."""
    unmet: str = ""
    """12 未履行的承诺内容."""
    pursued: str = ""
    """13 违诺责任追究内容."""
    found_date: date | None = None
    """14 承诺履行状态认定日期."""
    finder: str = ""
    """15 承诺履行状态认定单位."""
    finder_code: str = ""
    """16, its 统一社会信用代码."""
    accepting_unit: str
    """17 承诺受理单位."""
    accepting_code: str
    """18, its 统一社会信用代码."""
    publicity: Publicity
    """19."""
    remark: str = ""
    """20 备注."""


REGION_DIGITS, LAST_SERIAL = 6, 999_999


def letter_code(region: str, made: date, serial: int) -> str:
    """承诺编码 from its parts. Raises `ValueError` where a part does not fit its place.

    >>> letter_code("210200", date(2024, 3, 8), 17)
    '21020020240308000017'
    """
    if len(region) != REGION_DIGITS or not region.isdecimal() or not 1 <= serial <= LAST_SERIAL:
        raise ValueError(region, serial)
    return f"{region}{made:%Y%m%d}{serial:06d}"
