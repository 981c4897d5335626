"""Which commitments may be one matter given twice: a score with its reasons. Pure.

Nothing is merged by a score; it only puts pairs before a person. Cost of `pairs` for n
commitments: each is compared with at most `MOST_NEIGHBOURS` others that share a unit and a rare
pair of characters with it, so it grows with n and not with n².
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nlargest, nsmallest

from rapidfuzz import fuzz

STOP_PHRASES = (
    "持续推进",
    "深入推进",
    "加快推进",
    "大力推进",
    "积极推进",
    "进一步",
    "切实",
    "着力",
    "全面",
    "加快",
    "推进",
    "推动",
    "做好",
    "工作",
    "力争",
    "确保",
    "年内",
    "年底前",
    "全年",
)
"""Words that plans put before everything and that tell no two matters apart."""
NUMBER = re.compile(r"\d+(?:\.\d+)?")
YEAR = re.compile(r"20\d\d年(?:底前|年底|底|末|内)?")
SUSPECT = 70
"""Score from which a pair is shown."""
SAME_LEAD, SHARED_UNIT = 10, 6
SAME_FIGURE, OTHER_FIGURE = 10, -15
TITLE_WEIGHT = 0.8
COMMON = 40
"""A pair of characters that stands in more titles of a block than this tells nothing apart."""
LEAST_TITLE = (SUSPECT - SAME_LEAD - SAME_FIGURE) / TITLE_WEIGHT
"""Below this likeness of the titles nothing else can make a pair suspect."""
MOST_PAIRS = 200
MOST_NEIGHBOURS = 30
"""Commitments that one is compared with: those that share most rare pairs of characters."""


def plain_title(title: str) -> str:
    """A title with nothing but what tells matters apart: NFKC, no punctuation, no stop phrases.

    >>> plain_title("加快推进“旅游（顺心）”服务，2024年底前")
    '旅游顺心服务'
    """
    text = unicodedata.normalize("NFKC", title).lower()
    text = YEAR.sub("", text)
    text = "".join(c for c in text if unicodedata.category(c)[0] in "LN" or c in ".%")
    for phrase in STOP_PHRASES:
        text = text.replace(phrase, "")
    return text.strip(".") or unicodedata.normalize("NFKC", title).lower()


@dataclass(frozen=True)
class Matter:
    """As much of a commitment as tells whether it is the same matter as another."""

    code: str
    title: str
    document: str
    lead: str = ""
    """Code of the lead unit; empty where none is named."""
    units: frozenset[str] = field(default=frozenset())
    """Lead and cooperating units."""
    figure: str = ""
    """Operator, value and unit, as said; empty where no quantity is promised."""

    @cached_property
    def plain(self) -> str:
        """The title made plain."""
        return plain_title(self.title)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in title and figure."""
        return frozenset(NUMBER.findall(f"{self.plain} {self.figure.replace(',', '')}"))

    @cached_property
    def marks(self) -> frozenset[str]:
        """What another title may share: pairs of neighbouring characters, and the whole."""
        pairs = (a + b for a, b in zip(self.plain, self.plain[1:], strict=False))
        return frozenset((*pairs, self.plain))


@dataclass(frozen=True)
class Likeness:
    """How alike two commitments are, and why."""

    first: str
    second: str
    score: int
    """0 to 100."""
    reasons: tuple[str, ...]


def _title(a: Matter, b: Matter) -> int:
    """Likeness of the plain titles, 0 to 100; one title within the other counts for much."""
    whole = fuzz.ratio(a.plain, b.plain)
    shorter = min(len(a.plain), len(b.plain))
    if shorter >= 6 and (a.plain in b.plain or b.plain in a.plain):  # noqa: PLR2004  # characters
        return int(max(whole, 90))
    return int(whole)


def _unit(a: Matter, b: Matter) -> tuple[int, str]:
    if a.lead and a.lead == b.lead:
        return SAME_LEAD, "牵头单位相同"
    if a.units & b.units:
        return SHARED_UNIT, "有相同的牵头或配合单位"
    return 0, ""


def _figure(a: Matter, b: Matter) -> tuple[int, str]:
    if not a.numbers or not b.numbers:
        return 0, ""
    if a.numbers == b.numbers:
        return SAME_FIGURE, f"数字相同（{'、'.join(sorted(a.numbers))}）"
    if a.numbers & b.numbers:
        return 0, ""
    return OTHER_FIGURE, "数字不同"


def likeness(a: Matter, b: Matter) -> Likeness:
    """The score of two commitments with its reasons; the order of the two does not matter."""
    a, b = sorted((a, b), key=lambda matter: matter.code)
    title = _title(a, b)
    unit, unit_reason = _unit(a, b)
    figure, figure_reason = _figure(a, b)
    score = min(100, max(0, round(title * TITLE_WEIGHT) + unit + figure))
    reasons = (f"文字相似 {title}%", unit_reason, figure_reason)
    return Likeness(a.code, b.code, score, tuple(filter(None, reasons)))


def alike(matter: Matter, others: Iterable[Matter], *, most: int = 5) -> tuple[Likeness, ...]:
    """Those of `others` that may be the same matter as `matter`, the likeliest first."""
    found = (likeness(matter, other) for other in others if other.code != matter.code)
    suspects = [one for one in found if one.score >= SUSPECT]
    return tuple(nlargest(most, suspects, key=lambda one: (one.score, one.first, one.second)))


def _blocks(matters: Sequence[Matter]) -> dict[tuple[str, str], list[int]]:
    """(unit, mark) → places in `matters`; the unit "" holds those without one."""
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, matter in enumerate(matters):
        for unit in matter.units or ("",):
            for mark in matter.marks:
                found[unit, mark].append(place)
    return {key: places for key, places in found.items() if 1 < len(places) <= COMMON}


def _neighbours(matters: Sequence[Matter]) -> Iterator[tuple[int, int]]:
    """Pairs of places worth comparing, each once."""
    blocks = _blocks(matters)
    for place, matter in enumerate(matters):
        shared: Counter[int] = Counter()
        for unit in matter.units or ("",):
            for mark in matter.marks:
                shared.update(p for p in blocks.get((unit, mark), ()) if p > place)
        nearest = nsmallest(MOST_NEIGHBOURS, shared.items(), key=lambda each: (-each[1], each[0]))
        for other, _shared in nearest:
            yield place, other


def pairs(matters: Sequence[Matter], *, most: int = MOST_PAIRS) -> tuple[Likeness, ...]:
    """Pairs from different documents that may be one matter, the likeliest first.

    Only pairs that share a lead or cooperating unit, or of which neither names any.
    """
    near = ((matters[a], matters[b]) for a, b in _neighbours(matters))
    found = (
        likeness(a, b) for a, b in near if a.document != b.document and _title(a, b) >= LEAST_TITLE
    )
    suspects = (one for one in found if one.score >= SUSPECT)
    return tuple(nlargest(most, suspects, key=lambda one: (one.score, one.first, one.second)))
