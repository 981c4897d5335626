"""How tasks of one source are numbered: a pattern such as `PS{year}-{n:03}`. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from yinuo.kernel.errors import YinuoError

_PLACE = re.compile(r"\{(year|n)(?::0(\d))?\}")
_PLAIN = re.compile(r"[\w（）〔〕.\-]*")
LONGEST_CODE = 32
"""A code has 40 characters; what is broken down adds `-` and a number."""
LAST_YEAR, MANY = 9999, 999_999


class BadNumbering(YinuoError):
    """A pattern from which no unmistakable codes can be made."""

    code = "NUMBER-E001"

    def __init__(self, pattern: str, why: str) -> None:
        super().__init__(
            f"编号规则“{pattern}”不能用：{why}",
            place="编号规则",
            next_step="写成 PS{year}-{n:03} 这样：字母、年份、三位流水号",
        )


@dataclass(frozen=True, slots=True)
class Numbering:
    """A checked pattern. `{year}` is the year of registration, `{n:03}` runs from 1 in each year.

    Raises `BadNumbering` without exactly one `{n}`, with other places, with characters that do
    not fit into an address, or where codes would be too long.

    >>> Numbering("PS{year}-{n:03}").next_code(2024, ["PS2024-001", "PS2024-001-01"])
    'PS2024-002'
    """

    pattern: str
    _before: str = field(init=False, repr=False, compare=False)
    _after: str = field(init=False, repr=False, compare=False)
    _digits: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places = list(_PLACE.finditer(self.pattern))
        numbers = [place for place in places if place[1] == "n"]
        if len(numbers) != 1:
            raise BadNumbering(self.pattern, "要有且只有一个流水号 {n} 或 {n:03}")
        if not _PLAIN.fullmatch(_PLACE.sub("", self.pattern)):
            raise BadNumbering(
                self.pattern, "只能有文字、数字、年份 {year}、流水号 {n} 和 - . （） 〔〕"
            )
        if any(place[1] == "year" and place[2] for place in places):
            raise BadNumbering(self.pattern, "年份写成 {year}")
        start, end = numbers[0].span()
        before, after = self.pattern[:start], self.pattern[end:]
        if _digit_at(before[-1:]) or _digit_at(after[:1]):
            raise BadNumbering(self.pattern, "流水号前后不能紧挨着数字或年份")
        object.__setattr__(self, "_before", before)
        object.__setattr__(self, "_after", after)
        object.__setattr__(self, "_digits", int(numbers[0][2] or 1))
        if len(self.code(LAST_YEAR, MANY)) > LONGEST_CODE:
            raise BadNumbering(self.pattern, f"编号最长 {LONGEST_CODE} 个字")

    def prefix(self, year: int) -> str:
        """What every code of that year begins with."""
        return self._before.replace("{year}", str(year))

    def code(self, year: int, number: int) -> str:
        """The code with this running number."""
        after = self._after.replace("{year}", str(year))
        return f"{self.prefix(year)}{number:0{self._digits}}{after}"

    def number_of(self, code: str, year: int) -> int | None:
        """The running number in a code of that year; None for a code of another making."""
        after = re.escape(self._after.replace("{year}", str(year)))
        match = re.fullmatch(rf"{re.escape(self.prefix(year))}([0-9]{{1,9}}){after}", code)
        return int(match[1]) if match else None

    def next_code(self, year: int, taken: Iterable[str]) -> str:
        """The code after the highest that is taken; gaps are not filled."""
        numbers = [self.number_of(code, year) for code in taken]
        return self.code(year, max((n for n in numbers if n is not None), default=0) + 1)


def _digit_at(edge: str) -> bool:
    return edge.isdigit() or edge in {"{", "}"}
