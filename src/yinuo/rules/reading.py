"""Reading a cell as people write it: lenient in what has one meaning, strict in what has two.

以上, 以下, 以内 and 届满 include the number; 不满, 超过 and 以外 do not (民法典 1259). What the law
does not settle (以前, 左右, 余) is refused: nobody's benefit hangs on a guess.
"""

import difflib
import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yinuo.kernel.money import FEN_PER
from yinuo.kernel.numerals import CHARACTERS, read_numeral
from yinuo.kernel.written_dates import is_part_of_date, written_date
from yinuo.rules.cells import (
    ANY,
    NOT_NULL,
    NULL,
    Cell,
    Either,
    Interval,
    Not,
    OneOf,
    Ordered,
    either,
)
from yinuo.rules.kinds import UNIT, Kind, Value, is_sound

LONGEST = 10_000
MOST_DIGITS = 15
"""So many digits a cell's number may have: what a 64-bit float of the data can tell apart."""


class Misread(Exception):
    """A cell that cannot be read, or not in one way; says what and what to do."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step


@dataclass(frozen=True, slots=True)
class Column:
    """What has to be known of a column to read its cells."""

    kind: Kind
    unit: str = ""
    allowed: tuple[str, ...] = ()
    """The texts that may occur, if they are listed."""


_ANY_WORDS = ("", "-", "—", "–", "任意", "不限", "任何", "any")
_NULL_WORDS = ("空", "为空", "空值", "缺失", "无数据", "null", "=空")
_NOT_NULL_WORDS = ("非空", "不为空", "有值", "有数据", "notnull", "≠空", "不是空")
_TRUE_WORDS = ("是", "true", "真", "对", "√", "✓", "y", "yes", "有")
_FALSE_WORDS = ("否", "false", "假", "错", "×", "n", "no", "无", "不是")
_EXCEPT = re.compile(r"除(.+?)(?:以外|之外|外)(?:的)?")
_NEGATIONS = ("不是", "不等于", "不为", "≠", "!=", "<>")

_BEFORE = {
    "≥": "≥ >= => ≧ ⩾ 大于或等于 大于等于 不低于 不少于 不小于 不早于 至少 达到 满 自 从",
    ">": "> 大于 超过 超出 高于 多于 晚于 逾 长于",
    "≤": "≤ <= =< ≦ ⩽ 小于或等于 小于等于 不高于 不多于 不大于 不超过 不晚于 不迟于 "
    "至多 最多 截至 截止",
    "<": "< 小于 低于 少于 不满 不足 未满 不到 早于 未达到 短于",
    "=": "== = 等于 为",
}
_AFTER = {
    "≥": "及以上 含以上 以上 起",
    "≤": "及以下 含以下 以下 及以内 以内 之内 内 届满",
    ">": "以外 之外",
}
_OPERATORS = {
    word: sign for table in (_BEFORE, _AFTER) for sign, ws in table.items() for word in ws.split()
}
_AFTER_WORDS = {word for words in _AFTER.values() for word in words.split()}
_UNSURE = {
    "以前": "是否含当日不明确",
    "之前": "是否含当日不明确",
    "以后": "是否含当日不明确",
    "之后": "是否含当日不明确",
    "左右": "不是一个确定的界限",
    "上下": "不是一个确定的界限",
    "大约": "不是一个确定的界限",
    "约": "不是一个确定的界限",
    "近": "不是一个确定的界限",
    "余": "不是一个确定的界限",
    "多": "不是一个确定的界限",
    "前": "是否含当日不明确",
    "后": "是否含当日不明确",
}
_AND_WORDS = ("并且", "而且", "同时", "且", "and", "&")
_OR_WORDS = ("或者", "、", ",", ";", "或", "or")
_RANGE_WORDS = ("..", "~", "——", "—", "–", "至", "到")


def _pattern(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_WORD = re.compile(
    rf"(?P<before>{_pattern([w for w in _OPERATORS if w not in _AFTER_WORDS])})"
    rf"|(?P<after>{_pattern(sorted(_AFTER_WORDS))})"
    rf"|(?P<and>{_pattern(_AND_WORDS)})|(?P<or>{_pattern(_OR_WORDS)})"
    rf"|(?P<range>{_pattern(_RANGE_WORDS)})|(?P<null>非空|空)"
    rf"|(?P<open>[\[(])|(?P<close>[\])])|(?P<unsure>{_pattern(list(_UNSURE))})"
)
_DATE = re.compile(r"\d{4}(?:年\d{1,2}月\d{1,2}[日号]?|([-/.])\d{1,2}\1\d{1,2}|\d{4}(?!\d))")
_PART_OF_DATE = re.compile(r"\d{4}年?(?:\d{1,2}月?)?(?:底|末|初|中旬|上旬|下旬)?")
_NUMBER = re.compile(
    r"(?P<share>百分之|千分之)?(?P<sign>[-+负])?"
    rf"(?:(?P<figure>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)|(?P<numeral>[{CHARACTERS}]+))"
)
_SIZES = re.compile(r"(?:十|百(?!分)|千|万|亿)+")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DURATIONS = {
    Kind.DAYS: {"天": 1, "日": 1, "个自然日": 1, "周": 7, "个星期": 7},
    Kind.MONTHS: {"个月": 1, "月": 1, "年": 12, "周年": 12, "个季度": 3, "季度": 3},
}
_PERCENT_WORDS = ("%", "个百分点", "百分点")
_TRANSLATE = str.maketrans({"−": "-", "‐": "-", "‑": "-", "―": "—", "〜": "~", "·": "."})


def plain(text: str) -> str:
    """The text half-width, without spaces, in small letters."""
    normal = unicodedata.normalize("NFKC", text).translate(_TRANSLATE)
    return "".join(normal.split()).lower()


def read_cell(text: str, column: Column) -> Cell:
    """What a cell asks. Raises `Misread`.

    >>> money = Column(Kind.NUMBER, "万元")
    >>> read_cell("超过1亿元", money) == read_cell("> 10,000", money)
    True
    >>> read_cell("10以上不满30", Column(Kind.NUMBER))
    Interval(low=Decimal('10'), high=Decimal('30'), includes_low=True, includes_high=False)
    """
    _check_length(text)
    bare = plain(text)
    for words, cell in ((_ANY_WORDS, ANY), (_NULL_WORDS, NULL), (_NOT_NULL_WORDS, NOT_NULL)):
        if bare in words:
            return cell
    if column.kind is Kind.TEXT:
        return _TextReader(text.strip(), column).read()
    if column.kind is Kind.TRUTH:
        return _read_truths(bare)
    rest = _without_negation(bare)
    if rest is not None:
        return Not(_OrderedReader(rest, column).read())
    return _OrderedReader(bare, column).read()


def read_value(text: str, column: Column) -> Value:
    """One value, such as an answer or a given fact. Raises `Misread`.

    >>> read_value("１２０亿元", Column(Kind.NUMBER, "万元"))
    Decimal('1200000')
    >>> read_value("3年", Column(Kind.MONTHS))
    Decimal('36')
    """
    _check_length(text)
    if column.kind is Kind.TEXT:
        return _read_text_value(text.strip(), column)
    cell = _read_truths(plain(text)) if column.kind is Kind.TRUTH else None
    if cell is None:
        reader = _OrderedReader(plain(text), column)
        cell = reader.read()
    if not isinstance(cell, OneOf) or len(cell.values) != 1:
        raise Misread(f"“{text[:40]}”不是一个{column.kind}", "这里只能写一个确定的值")
    return cell.values[0]


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise Misread(
            f"单元格有 {len(text):,} 个字，上限 {LONGEST:,}",
            "请把清单拆成几条规则，或改用另一张表先归类",
        )


def _read_truths(bare: str) -> Cell:
    if bare in _TRUE_WORDS:
        return OneOf((True,))
    if bare in _FALSE_WORDS:
        return OneOf((False,))
    raise Misread(f"“{bare[:40]}”不是“是”或“否”", "请写 是、否、空、非空 或 -")


def _without_negation(bare: str) -> str | None:
    """What stands after 不是, ≠ or inside not(…) and 除…外; None without one."""
    if match := re.fullmatch(r"not\((.+)\)", bare) or _EXCEPT.fullmatch(bare):
        return match[1]
    for word in _NEGATIONS:
        if bare.startswith(word):
            rest = bare[len(word) :]
            return rest[1:-1] if re.fullmatch(r"\([^()\[\]]+\)", rest) else rest
    return None


# ── texts ────────────────────────────────────────────────────────────────────────────────────────

_TEXT_SEPARATORS = "、，,；;\n\r"
_OPENING = {"“": "”", '"': '"', "”": "”"}
_ELSE_WORDS = ("其他", "其它", "其余")


class _TextReader:
    """One pass over a list of texts."""

    def __init__(self, text: str, column: Column) -> None:
        self.text = text
        self.column = column

    def read(self) -> Cell:
        if self.text in self.column.allowed:
            return OneOf((self.text,))
        rest = self._rest_of_negation()
        if rest is not None:
            return Not(self._list(rest))
        return self._list(self.text)

    def _rest_of_negation(self) -> str | None:
        text = unicodedata.normalize("NFKC", self.text)
        if match := re.fullmatch(r"(?:not)\s*\((.+)\)", text, re.DOTALL) or _EXCEPT.fullmatch(
            self.text
        ):
            return match[1].strip()
        for word in _NEGATIONS:
            if self.text.startswith(word):
                rest = self.text[len(word) :].strip()
                inside = re.fullmatch(r"[(（]([^()（）“”\"]+)[)）]", rest)
                return inside[1] if inside else rest
        return None

    def _list(self, text: str) -> Cell:
        parts: list[Cell] = []
        for item, is_quoted in _items(text):
            if not is_quoted and plain(item) in ("空", "非空"):
                parts.append(NULL if plain(item) == "空" else NOT_NULL)
                continue
            if not is_quoted:
                self._check_plain(item)
            self._check_allowed(item)
            parts.append(OneOf((item,)))
        return either(tuple(parts))

    def _check_plain(self, item: str) -> None:
        if item in _ELSE_WORDS and item not in self.column.allowed:
            raise Misread(
                f"“{item}”可以是一个值，也可以指“上面都不是”",
                f"请写成 不是 甲、乙；若确有名为{item}的值，写入“允许值”，或加引号",
            )
        if re.match(r"[≥>≤<＞＜]|[=＝]", item):
            raise Misread(f"这一列是文本，不能比较大小：“{item[:40]}”", "把类型改为 数，或加引号")

    def _check_allowed(self, item: str) -> None:
        if self.column.allowed and item not in self.column.allowed:
            near = difflib.get_close_matches(item, self.column.allowed, 1, 0.4)
            hint = f"是不是“{near[0]}”？" if near else ""
            listed = "、".join(self.column.allowed[:12])
            raise Misread(f"“{item[:40]}”不在允许值中", f"{hint}允许值：{listed}")


def _items(text: str) -> list[tuple[str, bool]]:
    """The items of a list, each with whether it stood in quotation marks."""
    found: list[tuple[str, bool]] = []
    at, length = 0, len(text)
    while at < length:
        if text[at].isspace():
            at += 1
            continue
        if text[at] in _OPENING:
            item, at = _quoted_item(text, at)
            found.append((item, True))
        else:
            end = at
            while end < length and text[end] not in _TEXT_SEPARATORS:
                end += 1
            found.append((text[at:end].strip(), False))
            at = end
        while at < length and text[at].isspace() and text[at] not in _TEXT_SEPARATORS:
            at += 1
        if at < length:
            if text[at] not in _TEXT_SEPARATORS:
                raise Misread(f"引号后面多了“{text[at : at + 10]}”", "各项之间用 、 隔开")
            at += 1
    if not found or any(not item for item, is_quoted in found if not is_quoted):
        raise Misread(f"清单里有空的一项：“{text[:40]}”", "删去多余的 、，或补上缺的一项")
    return found


def _quoted_item(text: str, at: int) -> tuple[str, int]:
    closing = _OPENING[text[at]]
    letters: list[str] = []
    at += 1
    while at < len(text):
        if text.startswith(closing * 2, at):
            letters.append(closing)
            at += 2
        elif text[at] == closing:
            return "".join(letters), at + 1
        else:
            letters.append(text[at])
            at += 1
    raise Misread("引号没有合上", f"在末尾补上 {closing}")


def _read_text_value(text: str, column: Column) -> str:
    """An answer is the whole text, unless it stands in quotation marks of its own."""
    if text[:1] in _OPENING:
        items = _items(text)
        if len(items) == 1:
            text = items[0][0]
    if column.allowed and text not in column.allowed:
        near = difflib.get_close_matches(text, column.allowed, 1, 0.4)
        hint = f"是不是“{near[0]}”？" if near else ""
        raise Misread(
            f"“{text[:40]}”不在允许值中", f"{hint}允许值：{'、'.join(column.allowed[:12])}"
        )
    return text


# ── numbers, percentages, durations, dates ───────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Token:
    sort: str
    text: str
    value: Ordered = Decimal(0)
    bare: bool = False
    """A number without a unit."""
    size: Decimal = Decimal(1)
    """What its unit was worth, for a first number that leaves it out: 10至30万元."""


class _OrderedReader:
    """Comparisons, intervals and lists of numbers or days."""

    def __init__(self, text: str, column: Column) -> None:
        self.text = text
        self.column = column
        self.tokens: list[_Token] = []
        self.at = 0

    def read(self) -> Cell:
        if not self.text:
            raise Misread("没有写要比较的值", "请补上值")
        self._tokenize()
        parts = [self._part()]
        while self._peek() == "or":
            self.at += 1
            parts.append(self._part())
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            raise Misread(f"“{self.text[:40]}”里不认识这里的“{token.text}”", _HOW[self.column.kind])
        _check_not_everything(parts, self.text)
        return either(tuple(parts))

    def _tokenize(self) -> None:
        at = 0
        while at < len(self.text):
            after_value = bool(self.tokens) and self.tokens[-1].sort == "value"
            token, end = self._token(at, after_value=after_value)
            self.tokens.append(token)
            at = end

    def _token(self, at: int, *, after_value: bool) -> tuple[_Token, int]:
        if after_value and self.text[at] == "-" and self.column.kind is not Kind.DATE:
            return _Token("range", "-"), at + 1
        # 自 and 至 around a range (自2024年1月1日至…) and 千, 百 of a numeral begin with values.
        match = _WORD.match(self.text, at)
        if match is None or (not after_value and match.lastgroup == "unsure"):
            read = self._date if self.column.kind is Kind.DATE else self._number
            found = read(at)
            if found is not None:
                return found
        if match is None:
            rest = self.text[at : at + 12]
            raise Misread(f"“{self.text[:40]}”里不认识“{rest}”", _HOW[self.column.kind])
        if match.lastgroup == "unsure":
            word = match[0]
            raise Misread(f"“{self.text[:40]}”里的“{word}”{_UNSURE[word]}", _HOW[self.column.kind])
        return _Token(match.lastgroup or "", match[0]), match.end()

    def _date(self, at: int) -> tuple[_Token, int] | None:
        match = _DATE.match(self.text, at)
        day = written_date(match[0]) if match else None
        if match is None or day is None:
            part = _PART_OF_DATE.match(self.text, at)
            if match is None and part and is_part_of_date(part[0]):
                raise Misread(f"“{part[0]}”没有写到哪一天", "请写成 2024-12-31")
            if match:
                raise Misread(f"没有“{match[0]}”这一天", "请写成 2024-12-31")
            return None
        return _Token("value", match[0], day), match.end()

    def _number(self, at: int) -> tuple[_Token, int] | None:
        match = _NUMBER.match(self.text, at)
        if match is None:
            return None
        number = self._figure(match)
        size, bare, end = self._unit(match.end(), has_share=bool(match["share"]))
        if match["share"]:
            size = Decimal(1) if self.column.kind is Kind.PERCENT else Decimal("0.01")
            if match["share"] == "千分之":
                size /= 10
        value = (-number if match["sign"] in ("-", "负") else number) * size
        if self.column.kind is Kind.MONTHS and not bare:
            value, end = self._more_months(value, end)
        self._check(value, bare=bare, text=self.text[at:end])
        return _Token("value", self.text[at:end], value, bare, size), end

    def _figure(self, match: re.Match[str]) -> Decimal:
        text = match["figure"]
        if not text:
            number = read_numeral(match["numeral"])
            if number is None:
                raise Misread(f"“{match['numeral']}”不是规范的数字写法", "请改用阿拉伯数字")
            return number
        if "," in text:
            text = self._grouped(text)
        return Decimal(text)

    def _grouped(self, text: str) -> str:
        if _GROUPED.fullmatch(text) and text.partition(".")[0].endswith(",000"):
            return text.replace(",", "")
        raise Misread(
            f"“{text}”可以是一个数，也可以是几个数",
            f"一个数请写成 {text.replace(',', '')}，几个数请用 、 隔开",
        )

    def _unit(self, at: int, *, has_share: bool) -> tuple[Decimal, bool, int]:
        """What the unit multiplies the number by, whether there is none, and where it ends."""
        kind, declared = self.column.kind, self.column.unit
        if has_share:
            return Decimal(1), False, at
        if kind is Kind.PERCENT:
            return self._percent_unit(at)
        if kind in _DURATIONS:
            return self._duration_unit(at)
        if declared and self.text.startswith(declared, at):
            return Decimal(1), False, at + len(declared)
        if not declared and self.text.startswith(("%", "‰"), at):
            return Decimal("0.01" if self.text[at] == "%" else "0.001"), False, at + 1
        return self._size_and_unit(at)

    def _size_and_unit(self, at: int) -> tuple[Decimal, bool, int]:
        declared = self.column.unit
        sizes = _SIZES.match(self.text, at)
        size, end = Decimal(1), at
        if sizes:
            factor = read_numeral(sizes[0])
            if factor is None:
                raise Misread(f"“{sizes[0]}”不是规范的倍数", "请改用阿拉伯数字")
            size, end = factor, sizes.end()
        if declared in FEN_PER:
            for unit in ("元", "角", "分"):
                if self.text.startswith(unit, end):
                    return size * FEN_PER[unit] / FEN_PER[declared], False, end + 1
            if sizes:  # 500万 of money is 500 万元
                return size * FEN_PER["元"] / FEN_PER[declared], False, end
            return size, True, end
        if declared and self.text.startswith(declared, end):
            return size, False, end + len(declared)
        return size, True, end

    def _percent_unit(self, at: int) -> tuple[Decimal, bool, int]:
        for word in _PERCENT_WORDS:
            if self.text.startswith(word, at):
                return Decimal(1), False, at + len(word)
        if self.text.startswith("‰", at):
            return Decimal("0.1"), False, at + 1
        return Decimal(1), True, at

    def _duration_unit(self, at: int) -> tuple[Decimal, bool, int]:
        words = _DURATIONS[self.column.kind]
        for word in sorted(words, key=len, reverse=True):
            if self.text.startswith(word, at):
                return Decimal(words[word]), False, at + len(word)
        rest = self.text[at : at + 4]
        other = Kind.DAYS if self.column.kind is Kind.MONTHS else Kind.MONTHS
        if rest.startswith(("个工作日", "工作日")):
            raise Misread(
                "工作日要按工作日历计算，不能直接与天数比较", "先用 yinuo calendar 算出日期"
            )
        if rest.startswith(tuple(_DURATIONS[other])):
            raise Misread(
                f"这一列是{self.column.kind}，“{rest}”不能换算成确定的{self.column.kind}",
                f"把类型改为 {other}，或换一种单位",
            )
        return Decimal(1), True, at

    def _more_months(self, value: Decimal, end: int) -> tuple[Decimal, int]:
        more = re.compile(r"零?(\d{1,2})个?月").match(self.text, end)
        if more and self.text[end - 1] == "年":
            return value + int(more[1]), more.end()
        return value, end

    def _check(self, value: Decimal, *, bare: bool, text: str) -> None:
        if not is_sound(value, MOST_DIGITS):
            raise Misread(
                f"“{text[:40]}”超过 {MOST_DIGITS} 位有效数字，不能精确比较", "换用更大的单位"
            )
        if self.column.kind is Kind.PERCENT and bare and 0 < abs(value) < 1:
            raise Misread(
                f"“{text}”可以是 {text}%，也可以是 {(value * 100).normalize():f}%", "请写上 %"
            )
        if self.column.kind in _DURATIONS and value != value.to_integral_value():
            raise Misread(f"“{text}”不是整数{UNIT[self.column.kind]}", "请写成整数，如 18 个月")

    def _peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.tokens[at].sort if at < len(self.tokens) else ""

    def _next(self, sort: str, what: str) -> _Token:
        if self._peek() != sort:
            found = self.tokens[self.at].text if self.at < len(self.tokens) else ""
            where = f"在“{found}”处" if found else "在末尾"
            raise Misread(f"“{self.text[:40]}”{where}缺少{what}", _HOW[self.column.kind])
        self.at += 1
        return self.tokens[self.at - 1]

    def _part(self) -> Cell:
        if self._peek() == "null":
            self.at += 1
            return NULL if self.tokens[self.at - 1].text == "空" else NOT_NULL
        if self._peek() == "open" or (self._peek() == "close" and self.tokens[self.at].text == "]"):
            return self._bracket()
        found = self._constraint()
        while self._peek() in ("and", "before", "value"):
            if self._peek() == "and":
                self.at += 1
            found = self._both(found, self._constraint())
        return found

    def _bracket(self) -> Cell:
        opening = self.tokens[self.at].text
        self.at += 1
        low = self._next("value", "下限")
        if self._peek() not in ("range", "or"):
            self._next("range", "“..”")
        self.at += 1
        high = self._next("value", "上限")
        if self._peek() not in ("close", "open"):
            self._next("close", "右括号")
        closing = self.tokens[self.at].text
        self.at += 1
        return self._interval(low, high, closed=(opening == "[", closing == "]"))

    def _constraint(self) -> Cell:
        if self._peek() == "before":
            sign = _OPERATORS[self.tokens[self.at].text]
            self.at += 1
            value = self._next("value", "要比较的值")
            if self._peek() == "range":  # 自2024年1月1日至2024年12月31日
                return self._range(value)
            if self._peek() == "after":
                return self._compare(self._agreed(sign), value)
            return self._compare(sign, value)
        value = self._next("value", "要比较的值")
        if self._peek() == "range":
            return self._range(value)
        if self._peek() == "after":
            sign = _OPERATORS[self.tokens[self.at].text]
            self.at += 1
            return self._compare(sign, value)
        return OneOf((value.value,))

    def _agreed(self, sign: str) -> str:
        other = _OPERATORS[self.tokens[self.at].text]
        self.at += 1
        if sign != other:
            raise Misread(f"“{self.text[:40]}”里的两种说法矛盾", "只保留一种，如 超过、以上、以内")
        return sign

    def _range(self, low: _Token) -> Cell:
        self.at += 1
        high = self._next("value", "上限")
        if self._peek() == "after":
            word = self.tokens[self.at].text
            if _OPERATORS[word] != "≤":
                raise Misread(f"范围后面的“{word}”意思不清楚", "请写成 [10..30]")
            self.at += 1
        return self._interval(low, high, closed=(True, True))

    def _interval(self, low: _Token, high: _Token, *, closed: tuple[bool, bool]) -> Cell:
        bottom = low.value
        if low.bare and not high.bare and isinstance(bottom, Decimal):
            bottom = bottom * high.size  # 10—30万元
        return self._sound(Interval(bottom, high.value, *closed))

    def _compare(self, sign: str, token: _Token) -> Cell:
        value = token.value
        if sign == "=":
            return OneOf((value,))
        includes = sign in ("≥", "≤")
        if sign in ("≥", ">"):
            return Interval(low=value, includes_low=includes)
        return Interval(high=value, includes_high=includes)

    def _both(self, one: Cell, other: Cell) -> Cell:
        if not (isinstance(one, Interval) and isinstance(other, Interval)):
            raise Misread(f"“{self.text[:40]}”里的几个值之间没有写“或”", "几个值之间用 、 隔开")
        low, high = (one, other) if one.low is not None else (other, one)
        if low.high is not None or high.low is not None or low.low is None or high.high is None:
            raise Misread(f"“{self.text[:40]}”有两个下限或两个上限", "每一头只写一个界限")
        return self._sound(Interval(low.low, high.high, low.includes_low, high.includes_high))

    def _sound(self, cell: Interval) -> Cell:
        low, high = cell.low, cell.high
        is_point = cell.includes_low and cell.includes_high and low == high
        if low is not None and is_point:
            return OneOf((low,))
        if low is None or high is None or not low < high:  # type: ignore[operator]  # one kind
            raise Misread(f"“{self.text[:40]}”不可能成立：下限不小于上限", "请核对两个界限")
        return cell


def _check_not_everything(parts: Sequence[Cell], text: str) -> None:
    """10以上、30以下 read as "or" would hold always; it was meant as "and"."""
    ends = [part for part in parts if isinstance(part, Interval)]
    for low, high in itertools.product(ends, ends):
        if low.low is None or low.high is not None or high.high is None or high.low is not None:
            continue
        touch = low.low == high.high and (low.includes_low or high.includes_high)
        if not (touch or low.low < high.high):  # type: ignore[operator]  # one kind
            continue
        raise Misread(
            f"“{text[:40]}”按“或”来读总是成立", "要同时满足请写成 [10..30] 或 10以上30以下"
        )


_NUMBERS = "请写成 ≥ 10、不满 30、[10..30]、10以上30以下 或 1、2、3"
_HOW: dict[Kind, str] = {
    Kind.NUMBER: _NUMBERS,
    Kind.PERCENT: "请写成 ≥ 15%、[10%..30%]、不满 5%",
    Kind.DAYS: "请写成 ≤ 30 天、超过 90 天",
    Kind.MONTHS: "请写成 满 3 年、不满 18 个月",
    Kind.DATE: "请写成 ≥ 2024-01-01、[2024-01-01..2024-12-31]",
}


def column_allowed(cell: Cell) -> tuple[str, ...]:
    """The texts that a cell of allowed values lists."""
    if isinstance(cell, OneOf):
        return tuple(value for value in cell.values if isinstance(value, str))
    if isinstance(cell, Either):
        return tuple(text for part in cell.parts for text in column_allowed(part))
    return ()


def read_day(text: str) -> date:
    """A day. Raises `Misread`."""
    value = read_value(text, Column(Kind.DATE))
    if not isinstance(value, date):
        raise Misread(f"“{text[:40]}”不是日期", "请写成 2024-12-31")
    return value
