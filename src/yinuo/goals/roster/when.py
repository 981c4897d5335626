"""Deadlines as offices write them: 2024年6月底前, 3-5月, 二季度末, 全年, 持续推进.

Read is what has one customary meaning, and each reading says what it took the words for:

- a month, a quarter or half a year ends with its last day; 上旬 and 初 are the 10th, 中旬 the 20th;
- a range ends with its last part; 全年, 年内, 年底前 and a bare year end on 31 December;
- 长期, 持续推进, 常态化 and the like are no date: 未定时限, the words kept;
- 前 after a day, 底 or 末 includes that day; “6月前” may mean May or June and is no reading.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from yinuo.kernel.written_dates import written_date

TEXT, INFERRED, NONE = "text", "inferred", "none"
NEAR_YEARS = 3
"""A year of two digits is read if it is this close to the roster's."""


@dataclass(frozen=True)
class When:
    """What a deadline says."""

    day: date | None
    """None for 未定时限."""
    origin: str
    """`text` where the day is written, `inferred` where only its end is, `none` without one."""
    how: str = ""
    """For people: what was read into the words; empty where nothing was."""


class Unclear(ValueError):
    """Words with no customary meaning, or with two; the text says which."""

    def __init__(self, what: str, step: str = "") -> None:
        super().__init__(what)
        self.step = step
        """What to write instead, where that is clear."""


_HAN = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8"}
_HAN |= {"九": "9", "十": "10", "十一": "11", "十二": "12"}
_OPEN_ENDED = (
    "长期坚持|长期推进|长期落实|长期|持续推进|持续实施|持续开展|持续用力|持续|常态化推进|常态化开展|常态化|"
    "常态|常年|经常性工作|经常性|日常工作|适时|待定|未定|另行通知|按上级要求|按上级部署|按计划推进|"
    "按进度推进|按时间节点推进|立行立改|立即整改|立即|即时|随时|每日|每周|每月|每季度|每季|每年|"
    "按日|按周|按月|按季度|按季|按年|按年度|滚动推进|无|不限|—+|-+|/+"
)
_UNDATED = re.compile(rf"(?:{_OPEN_ENDED})")
_AND_ON = re.compile(rf"[,，;；、。]?(?:并|且)?(?:{_OPEN_ENDED})$")
_BEFORE = re.compile(r"^(?:力争|确保|预计|计划|拟定?于?|争取|原则上|不迟于|于|在|截至|截止|至|到)+")
_DONE = (
    r"(?:基本|全部|全面|正式)?"
    r"(?:完成|办结|完工|竣工|建成|投用|投产|见效|销号|到位|实现|启用|交付|验收|整改到位)"
)
_AFTER = re.compile(rf"(?:{_DONE})?[。.;；,，]?$")
_RANGE = re.compile(
    r"(?<=[年月日度季\d])(?:-|~|至|到|—+|－+|–+)(?=[\d一二三四五六七八九十今当本次明第])"
)
_YEARS = r"(?:(?P<year>(?:20)?\d{2})年|(?P<said>今年|当年|本年|明年|次年|来年))?"
_BY = r"(?:以前|之前|前)?"
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"

_DAY_FORM = re.compile(rf"{_YEARS}{_MONTH}月(?P<day>\d{{1,2}})[日号]?{_BY}")
_NUMERIC_DAY = re.compile(
    rf"(?:(?P<year>(?:20)?\d{{2}})[-/.])?(?P<month>\d{{1,2}})(?P<sign>[-/.])(?P<day>\d{{1,2}}){_BY}"
)
_MONTH_FORM = re.compile(
    rf"{_YEARS}{_MONTH}月(?:份)?(?P<part>上旬|中旬|下旬|初|中|底|末)?(?P<by>以前|之前|前)?"
)
_NUMERIC_MONTH = re.compile(r"(?P<year>20\d{2})[-/.](?P<month>1[0-2]|0?[1-9])")
_COMPACT_MONTH = re.compile(r"(?P<year>20\d{2})(?P<month>1[0-2]|0[1-9])")
_QUARTER = re.compile(
    rf"{_YEARS}(?:第?(?P<quarter>[一二三四1-4])季度?|Q(?P<q>[1-4]))(?P<end>底|末)?(?P<by>以前|之前|前)?",
    re.IGNORECASE,
)
_HALF = re.compile(rf"{_YEARS}(?P<half>上|下)半年(?P<end>底|末)?(?P<by>以前|之前|前)?")
_WHOLE_YEAR = re.compile(
    r"(?:(?P<year>(?:20)?\d{2})年?度?|(?P<said>今年|当年|本年|明年|次年|来年)度?)?"
    r"(?:全年|年内|内|年底|年末|底|末|年终)?(?P<by>以前|之前|前)?"
)
_YEAR_WORDS = re.compile(
    r"全年|年内|年底|年末|年终|\d年|年度|今年|当年|本年|明年|次年|来年|20\d{2}"
)
_PERIOD = re.compile(
    r"[“\"]?十四五[”\"]?(?:期间|时期|期末|末|规划期内|内)?(?:底|末)?(?:以前|之前|前)?"
)
FIVE_YEAR_END = 2025


def read_when(text: str, year: int) -> When:
    """The deadline that the words mean; `year` is that of the roster.

    Raises `Unclear` with the reason, which is never a stack of guesses.

    >>> read_when("2024年6月底前", 2024).day, read_when("3-5月", 2024).day
    (datetime.date(2024, 6, 30), datetime.date(2024, 5, 31))
    >>> read_when("持续推进", 2024).day is None, read_when("全年", 2024).origin
    (True, 'inferred')
    """
    compact = "".join(unicodedata.normalize("NFKC", text).split()).replace("。", ".").strip(".")
    written = written_date(compact)
    if written is not None:
        return When(written, TEXT)
    if _UNDATED.fullmatch(compact):
        return When(None, NONE, "没有日期，记为未定时限")
    bare = _AND_ON.sub("", compact)
    bare = _AFTER.sub("", _BEFORE.sub("", bare))
    if not bare:
        raise Unclear(f"“{text}”看不出是哪一天")
    for form in _FORMS:
        found = form(bare, year)
        if found is not None:
            return found
    found = _range(bare, year)
    if found is None:
        raise Unclear(f"“{text}”看不出是哪一天")
    return found


def _year_of(match: re.Match[str], year: int) -> int:
    given = match.groupdict()
    said = given.get("said") or ""
    if said:
        return year + (said[0] in "明次来")
    number = given.get("year")
    if not number:
        return year
    if len(number) == len("2024"):
        return int(number)
    full = year - year % 100 + int(number)
    if abs(full - year) > NEAR_YEARS:
        raise Unclear(f"“{match[0]}”的年份只有两位，看不出是哪一年")
    return full


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _number(text: str) -> int:
    return int(_HAN.get(text, text))


def _inferred(day: date, words: str) -> When:
    return When(day, INFERRED, f"“{words}”读作 {day}")


def _day(bare: str, year: int) -> When | None:
    match = _DAY_FORM.fullmatch(bare)
    if match is None:
        return None
    return _exact(_year_of(match, year), _number(match["month"]), int(match["day"]), bare)


def _exact(year: int, month: int, day: int, words: str) -> When:
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise Unclear(f"没有“{words}”这一天") from error
    return When(found, TEXT, f"“{words}”读作 {found}")


def _numeric_day(bare: str, year: int) -> When | None:
    match = _NUMERIC_DAY.fullmatch(bare)
    if match is None:
        return None
    month, day = int(match["month"]), int(match["day"])
    if not match["year"] and match["sign"] == "-" and month < day <= 12:  # noqa: PLR2004  # months
        raise Unclear(f"“{bare}”可能是 {month}月{day}日，也可能是 {month}月到 {day}月")
    if not match["year"] and month > 12:  # noqa: PLR2004  # months
        raise Unclear(f"“{bare}”看不出是哪一天")
    return _exact(_year_of(match, year), month, day, bare)


def _month(bare: str, year: int) -> When | None:
    for form in (_MONTH_FORM, _NUMERIC_MONTH, _COMPACT_MONTH):
        match = form.fullmatch(bare)
        if match is None:
            continue
        given = match.groupdict()
        full, month, part = _year_of(match, year), _number(match["month"]), given.get("part") or ""
        _refuse_before(bare, given.get("by"), part)
        if part in ("上旬", "初"):
            return _inferred(date(full, month, 10), bare)
        if part in ("中旬", "中"):
            return _inferred(date(full, month, 20), bare)
        return _inferred(_end_of_month(full, month), bare)
    return None


def _refuse_before(bare: str, by: str | None, part: str) -> None:
    """“6月前” may include June or not; “6月底前” does."""
    if by and not part:
        until = bare.removesuffix(by)
        raise Unclear(
            f"“{bare}”可能包括这一期间，也可能不包括",
            f"请写“{until}底前”，或写更早的一个日期",
        )


def _quarter(bare: str, year: int) -> When | None:
    match = _QUARTER.fullmatch(bare)
    if match is None:
        return None
    _refuse_before(bare, match["by"], match["end"] or "")
    quarter = _number(match["quarter"] or match["q"])
    return _inferred(_end_of_month(_year_of(match, year), 3 * quarter), bare)


def _half(bare: str, year: int) -> When | None:
    match = _HALF.fullmatch(bare)
    if match is None:
        return None
    _refuse_before(bare, match["by"], match["end"] or "")
    month = 6 if match["half"] == "上" else 12
    return _inferred(_end_of_month(_year_of(match, year), month), bare)


def _whole_year(bare: str, year: int) -> When | None:
    if _PERIOD.fullmatch(bare):
        return _inferred(date(FIVE_YEAR_END, 12, 31), bare)
    match = _WHOLE_YEAR.fullmatch(bare)
    if match is None or not _YEAR_WORDS.search(bare):
        return None
    ends = any(word in bare for word in ("底", "末", "内", "终", "全年"))
    _refuse_before(bare, match["by"], "底" if ends else "")
    return _inferred(date(_year_of(match, year), 12, 31), bare)


_FORMS: tuple[Callable[[str, int], When | None], ...] = (
    _day,
    _numeric_day,
    _month,
    _quarter,
    _half,
    _whole_year,
)


def _range(bare: str, year: int) -> When | None:
    """A period ends with its last part; the year of its first part holds unless it names one."""
    parts = _RANGE.split(bare)
    if len(parts) != 2:  # noqa: PLR2004  # from and to
        return None
    first, last = parts
    started = re.match(r"(20\d{2})[年/.-]|(20\d{2})$", first)
    own = int(next(filter(None, started.groups()))) if started else year
    begins = _first_month(first)
    for form in _FORMS:
        found = form(last, own)
        if found is None or found.day is None:
            continue
        if begins and found.day.year == own and begins > found.day.month:
            raise Unclear(f"“{bare}”的结束早于开始")
        return _inferred(found.day, bare)
    return None


def _first_month(first: str) -> int | None:
    match = re.search(rf"(?:^|[年/.-]){_MONTH}(?:月|$|[/.-]\d)", first)
    return _number(match["month"]) if match else None
