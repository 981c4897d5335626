"""What a text is found by: characters, pairs of characters, pinyin and initials. Pure.

    旅顺口 → 旅 顺 口 旅顺 顺口 · slu sshun skou plushun pshunkou · il is ik ils isk

One letter in front tells the classes apart, so no query can reach a token of another class:
`s` a syllable, `p` two of them, `i` initials, `w` a run of Latin letters and digits, `x` a key that
no text yields. Text and query go through the same door, and an index has only to know whole tokens
and beginnings of tokens.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import pairwise, product
from pathlib import Path

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUNS = re.compile(f"[{HAN}]+|[a-z0-9]+")
PARTS = re.compile(r"[a-z]+|[0-9]+")
IS_HAN = re.compile(f"[{HAN}]")
INITIALS = frozenset("abcdefghjklmnopqrstwxyz")
"""Letters a syllable can begin with."""
VOWELS = frozenset("aeiou")
MOST_WORDS = 8
LONGEST_RUN = 40
MOST_READINGS = 6
"""Ways to cut one run of letters into syllables that are looked for."""
BEGINNING = 3
"""A Latin word is found by its beginning from this length on; a number only whole."""

READINGS = {
    "长": ("chang", "zhang"),
    "重": ("zhong", "chong"),
    "行": ("xing", "hang"),
    "会": ("hui", "kuai"),
    "调": ("tiao", "diao"),
    "乐": ("le", "yue"),
    "参": ("can", "shen"),
    "降": ("jiang", "xiang"),
    "校": ("xiao", "jiao"),
    "厦": ("xia", "sha"),
    "还": ("hai", "huan"),
    "朝": ("chao", "zhao"),
    "单": ("dan", "shan"),
    "曲": ("qu",),
    "车": ("che",),
    "石": ("shi",),
    "六": ("liu", "lu"),
    "蚌": ("beng", "bang"),
    "都": ("du", "dou"),
    "率": ("lu", "shuai"),
    "得": ("de",),
    "地": ("di", "de"),
    "了": ("le", "liao"),
    "着": ("zhe", "zhuo"),
    "便": ("bian", "pian"),
    "传": ("chuan", "zhuan"),
    "藏": ("zang", "cang"),
    "量": ("liang",),
    "数": ("shu",),
    "处": ("chu",),
    "种": ("zhong",),
    "模": ("mo", "mu"),
    "供": ("gong",),
    "更": ("geng",),
    "应": ("ying",),
    "相": ("xiang",),
    "解": ("jie",),
    "华": ("hua",),
    "期": ("qi",),
    "庄": ("zhuang",),
    "盛": ("sheng", "cheng"),
    "省": ("sheng", "xing"),
    "弹": ("tan", "dan"),
    "宿": ("su", "xiu"),
    "给": ("gei", "ji"),
    "圳": ("zhen",),
    "浦": ("pu",),
    "洞": ("dong",),
}
"""Readings of what is read in more ways than one, or first in the wrong one, in plans and names.

长 is chang in 长海 and 长宁, zhang in 成长: both are kept, so that whichever is typed finds it.
"""


def normal(text: str) -> str:
    """Full-width forms folded, letters small.

    >>> normal("ＬＳ－００１")
    'ls-001'
    """
    return unicodedata.normalize("NFKC", text).casefold()


def plain(syllable: str) -> str:
    """A syllable without tone marks; ü is written u, as 旅顺 is typed lushun and lvshun.

    >>> plain("lǚ"), plain("nüè")
    ('lu', 'nue')
    """
    parts = unicodedata.normalize("NFD", syllable)
    return "".join(c for c in parts if "a" <= c <= "z").replace("v", "u")


@cache
def _table() -> dict[int, str]:
    """Code point → first reading, from the table that pypinyin ships.

    Read as a file: importing the package would load half a second and forty megabytes of phrases.
    """
    spec = find_spec("pypinyin")
    assert spec is not None  # noqa: S101  # a dependency
    assert spec.origin is not None  # noqa: S101
    file = Path(spec.origin).with_name("pinyin_dict.json")
    read: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return {int(code): plain(said.partition(",")[0]) for code, said in read.items()}


@lru_cache(maxsize=20_000)
def readings(character: str) -> tuple[str, ...]:
    """How a character is read, tones left out; empty for one that no table knows."""
    if character in READINGS:
        return READINGS[character]
    found = _table().get(ord(character), "")
    return (found,) if found else ()


@cache
def syllables() -> frozenset[str]:
    """Every syllable that some character is read as."""
    known = set(_table().values()) | {r for some in READINGS.values() for r in some}
    # Sighs such as ng and hm would cut words where nobody does.
    return frozenset(s for s in known if VOWELS & set(s))


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(s[:n] for s in syllables() for n in range(1, len(s) + 1))


@lru_cache(maxsize=50_000)
def _pair(first: str, second: str) -> tuple[str, ...]:
    """The tokens of two neighbouring characters."""
    found = [first + second]
    for one, other in product(readings(first), readings(second)):
        found += (f"p{one}{other}", f"i{one[0]}{other[0]}")
    return tuple(found)


@lru_cache(maxsize=20_000)
def _single(character: str) -> tuple[str, ...]:
    found = [character]
    for one in readings(character):
        found += (f"s{one}", f"i{one[0]}")
    return tuple(found)


def tokens(*texts: str) -> set[str]:
    """Everything that these texts are found by."""
    found: set[str] = set()
    for run in (run for text in texts for run in RUNS.findall(normal(text))):
        if not IS_HAN.match(run):
            found.add(f"w{run}")
            found.update(f"w{part}" for part in PARTS.findall(run))
            continue
        for character in run:
            found.update(_single(character))
        for first, second in pairwise(run):
            found.update(_pair(first, second))
    return found


def key(field: str, value: str) -> str:
    """The token of a fact that is no text, such as the unit that owes it.

    >>> key("l", "DL-DCS")
    'xl444c2d444353'
    """
    return f"x{field}{value.encode().hex()}"


@dataclass(frozen=True)
class Term:
    """A token, or the beginning of one."""

    token: str
    begins: bool = False

    def among(self, found: AbstractSet[str]) -> bool:
        """Whether these tokens hold it."""
        if not self.begins:
            return self.token in found
        return any(token.startswith(self.token) for token in found)


@dataclass(frozen=True)
class All:
    """Every one of these."""

    of: tuple["Expression", ...]

    def among(self, found: AbstractSet[str]) -> bool:
        """Whether these tokens hold it."""
        return all(one.among(found) for one in self.of)


@dataclass(frozen=True)
class Any:
    """At least one of these."""

    of: tuple["Expression", ...]

    def among(self, found: AbstractSet[str]) -> bool:
        """Whether these tokens hold it."""
        return any(one.among(found) for one in self.of)


Expression = Term | All | Any


def all_of(parts: Iterable[Expression]) -> Expression:
    """These joined by and; one alone stands for itself."""
    found = tuple(dict.fromkeys(parts))
    return found[0] if len(found) == 1 else All(found)


def any_of(parts: Iterable[Expression]) -> Expression:
    """These joined by or; one alone stands for itself."""
    found = tuple(dict.fromkeys(parts))
    return found[0] if len(found) == 1 else Any(found)


def words(text: str) -> tuple[Expression, ...]:
    """What somebody typed: one expression a word, all of which have to hold.

    Nothing typed is a command: quotation marks, stars and the like only part words. Empty where
    nothing typed can be looked for.
    """
    found = []
    for word in normal(text).split()[:MOST_WORDS]:
        runs = [run[:LONGEST_RUN] for run in RUNS.findall(word)]
        if runs:
            found.append(all_of(_run(run) for run in runs))
    return tuple(found)


def _run(run: str) -> Expression:
    if not IS_HAN.match(run):
        return any_of(_latin(run))
    if len(run) == 1:
        return Term(run)
    return all_of(Term(first + second) for first, second in pairwise(run))


def _latin(run: str) -> Iterator[Expression]:
    """The ways to take a run of letters and digits: as it stands, as pinyin, as initials."""
    yield Term(f"w{run}", begins=len(run) >= BEGINNING and not run.isdigit())
    if not run.isalpha():
        return
    # What one letter begins is found by its initial.
    for cut in _cuts(run.replace("v", "u")) if len(run) > 1 else ():
        yield _spoken(cut)
    if set(run) <= INITIALS:
        pairs = [a + b for a, b in pairwise(run)] or [run]
        yield all_of(Term(f"i{pair}") for pair in pairs)


def _spoken(cut: Sequence[str]) -> Expression:
    """Syllables one after the other; the last may be only begun."""
    if len(cut) == 1:
        return Term(f"s{cut[0]}", begins=True)
    pairs = [f"p{a}{b}" for a, b in pairwise(cut)]
    return all_of([*map(Term, pairs[:-1]), Term(pairs[-1], begins=True)])


def _cuts(run: str) -> list[tuple[str, ...]]:
    """The ways to cut letters into syllables; only where there is none, the last is half typed."""
    whole = list(_cut(run, half=False))
    return (whole or list(_cut(run, half=True)))[:MOST_READINGS]


def _cut(run: str, *, half: bool) -> Iterator[tuple[str, ...]]:
    """Longest syllable first, a run of forty letters at most, so the search stays small."""
    # Where a rest cannot be cut at all, it is looked at once only.
    hopeless: set[int] = set()

    def at(start: int) -> Iterator[tuple[str, ...]]:
        if start in hopeless:
            return
        some = False
        for end in range(min(len(run), start + 6), start, -1):
            syllable = run[start:end]
            if end == len(run) and syllable in (_beginnings() if half else syllables()):
                some = True
                yield (syllable,)
            elif syllable in syllables():
                for rest in at(end):
                    some = True
                    yield (syllable, *rest)
        if not some:
            hopeless.add(start)

    for count, cut in enumerate(at(0), start=1):
        yield cut
        if count == MOST_READINGS:
            return
