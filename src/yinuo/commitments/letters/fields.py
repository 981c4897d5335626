"""The twenty items as data: number, name, length, whether required, and what is masked. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mask:
    """How many characters stay readable on the left and on the right."""

    left: int
    right: int

    def over(self, text: str) -> str:
        """The text with `*` in place of all that is not kept; never whole where it is short.

        >>> Mask(6, 4).over("11010119900307123X")
        '110101********123X'
        >>> Mask(1, 0).over("王")
        '*'
        """
        if not text:
            return ""
        if len(text) <= self.left + self.right:
            return "*" * len(text)
        hidden = len(text) - self.left - self.right
        return text[: self.left] + "*" * hidden + text[len(text) - self.right :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One item of the form."""

    number: int
    name: str
    """As the form has it."""
    attribute: str
    """Of `Letter`."""
    longest: int | None = None
    """Characters; None for dates and closed lists."""
    required: bool = False
    person_mask: Mask | None = None
    """What others than the parties see of it where a natural person made the promise."""


FIELDS = (
    Field(number=1, name="承诺编码", attribute="code", longest=20, required=True),
    Field(
        number=2,
        name="承诺人名称",
        attribute="promisor",
        longest=200,
        required=True,
        person_mask=Mask(1, 0),
    ),
    Field(number=3, name="承诺人类别", attribute="promisor_kind", required=True),
    Field(
        number=4,
        name="承诺人代码",
        attribute="promisor_code",
        longest=18,
        required=True,
        person_mask=Mask(6, 4),
    ),
    Field(number=5, name="承诺类型", attribute="type", longest=64, required=True),
    Field(
        number=6,
        name="承诺事由",
        attribute="matter",
        longest=512,
        required=True,
    ),
    Field(number=7, name="承诺内容", attribute="content", longest=4000, required=True),
    Field(number=8, name="违诺责任", attribute="liability", longest=4000, required=True),
    Field(number=9, name="承诺作出日期", attribute="made_date", required=True),
    Field(number=10, name="承诺有效期", attribute="valid_until"),
    Field(number=11, name="承诺履行状态", attribute="fulfilment", required=True),
    Field(number=12, name="未履行的承诺内容", attribute="unmet", longest=4000),
    Field(number=13, name="违诺责任追究内容", attribute="pursued", longest=4000),
    Field(number=14, name="承诺履行状态认定日期", attribute="found_date"),
    Field(number=15, name="承诺履行状态认定单位", attribute="finder", longest=200),
    Field(number=16, name="承诺履行状态认定单位代码", attribute="finder_code", longest=18),
    Field(number=17, name="承诺受理单位", attribute="accepting_unit", longest=200, required=True),
    Field(
        number=18, name="承诺受理单位代码", attribute="accepting_code", longest=18, required=True
    ),
    Field(number=19, name="公开类型", attribute="publicity", required=True),
    Field(number=20, name="备注", attribute="remark", longest=512, person_mask=Mask(0, 0)),
)
BY_ATTRIBUTE = {field.attribute: field for field in FIELDS}
BY_NAME = {field.name: field for field in FIELDS}
