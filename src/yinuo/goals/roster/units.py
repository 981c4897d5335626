"""Units as offices write them: several in one cell, with roles, by short names, or all at once."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from yinuo.parties.commands import NewUnit

LEAD, COOPERATING, AREA = "lead", "cooperating", "area"
SHORTEST_ALIAS = 2
ENOUGH_ALIKE = 55
"""Of 100: below it a name is no candidate."""
MOST_NEAR = 3
MOST_SOUGHT = 2_000
"""Different unknown names for which near ones are sought."""
_ROLES = {
    LEAD: "牵头单位|牵头部门|责任单位|责任部门|主办单位|主责单位|承办单位|牵头|主办|主责|负责|责任",
    COOPERATING: (
        "配合单位|配合部门|协办单位|协办部门|参与单位|参加单位|配合|协办|协助|参与|参加|会同"
    ),
    AREA: "责任地区|责任区域|实施地区|属地",
}
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in words.split("|")}
_ANY_ROLE = "|".join(sorted(_ROLE_OF, key=len, reverse=True))
_LABEL = re.compile(rf"^({_ANY_ROLE})[:：]")
_LABEL_INSIDE = re.compile(rf"(?<=[、,，\s])(?=(?:{_ANY_ROLE})[:：])")
_SUFFIX = re.compile(rf"(?:[（(]({_ANY_ROLE})[)）]|({_ANY_ROLE}))$")
_CLAUSES = re.compile(r"[;；\n]|。")
_ITEMS = re.compile(r"[、,，/|](?![^()]*\))")
"""Between names, but not within brackets."""
_AND = re.compile(r"以及|[和与及]")
_ET_CETERA = re.compile(r"等(?:单位|部门|有关单位|相关单位|有关部门|相关部门)?$")
_AREA_WORDS = (
    "开放先导区|先导区|功能区|开发区|园区|地区|街道|乡镇|镇街|区|县|市"
    "|人民政府|政府|管委会|党委|有关|相关|和|及|各"
)
_AREAS = re.compile(rf"(?:全市)?各(?:{_AREA_WORDS})+|全市|(?:开放)?先导区(?:管委会)?")
_ANYBODY = re.compile(
    r"(?:市直|市级|各|有关|相关|其他)+(?:有关|相关|责任|成员|市直|牵头|配合|行业)*"
    r"(?:单位|部门|委办局|企业|高校|国企)+"
)
_BEFORE = re.compile(r"^(?:人民政府|政府)(?=.{2})")
_TITLES = re.compile(r"(?:人民政府|政府|管理委员会|管委会|部门|局)$")
_LEVELS = re.compile(r"(?:经济技术开发区|经济区|高新技术产业园区|开发区|自治县|新区|区|县|市)$")
_BRACKETS = re.compile(r"[()、/]")


def squeezed(text: str) -> str:
    """A name without width and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True)
class Said:
    """One name in a cell."""

    text: str
    role: str = ""
    """Empty where the cell does not tell."""


def names_said(text: str) -> tuple[Said, ...]:
    """The names in a cell with the roles it gives them, in their order.

    >>> [(s.text, s.role) for s in names_said("牵头：市发改委；配合：市财政局、中山区")]
    [('市发改委', 'lead'), ('市财政局', 'cooperating'), ('中山区', 'cooperating')]
    >>> [(s.text, s.role) for s in names_said("（市发改委牵头，市财政局、中山区配合）")]
    [('市发改委', 'lead'), ('市财政局', 'cooperating'), ('中山区', 'cooperating')]
    """
    whole = unicodedata.normalize("NFKC", text).strip()
    if whole.startswith("(") and whole.endswith(")") and whole.count("(") == 1:
        whole = whole[1:-1]
    found: list[Said] = []
    for clause in _CLAUSES.split(whole):
        for part in _LABEL_INSIDE.split(clause):
            found += _clause(part.strip())
    return tuple(found)


def _clause(text: str) -> list[Said]:
    label = _LABEL.match(text)
    role = _ROLE_OF[label[1]] if label else ""
    made: list[Said] = []
    open_from = 0
    for item in _ITEMS.split(text[label.end() :] if label else text):
        name, own, bracketed = _suffix_off("".join(item.split()))
        if not name:
            continue
        made.append(Said(name, own or role))
        if own and not role and not bracketed:
            # “A、B配合”: the word at the end holds for those before it that have none.
            made[open_from:] = [Said(one.text, one.role or own) for one in made[open_from:]]
            open_from = len(made)
    return made


def _suffix_off(name: str) -> tuple[str, str, bool]:
    """The name, the role written behind it, and whether that stands in brackets of its own."""
    match = _SUFFIX.search(name)
    if match is None or match.start() == 0:
        return name, "", False
    return name[: match.start()], _ROLE_OF[match[1] or match[2]], bool(match[1])


def is_areas(name: str) -> bool:
    """Whether the words mean all districts, or all of a sort, and no single unit.

    >>> is_areas("各区市县政府"), is_areas("中山区")
    (True, False)
    """
    return _AREAS.fullmatch(_BRACKETS.sub("", squeezed(name))) is not None


def is_anybody(name: str) -> bool:
    """Whether the words name nobody in particular, such as 各有关部门."""
    return _ANYBODY.fullmatch(squeezed(name)) is not None


@dataclass(frozen=True)
class Met:
    """What a name was found to mean."""

    code: str = ""
    by_alias: bool = False
    """Whether it is not the registered name itself."""
    candidates: tuple[NewUnit, ...] = ()
    """Of a name that means no unit, or several: those it may mean, the likeliest first."""


@dataclass
class Names:
    """The registered units by every name that means only one of them."""

    units: Sequence[NewUnit]
    decided: Mapping[str, str] = field(default_factory=dict)
    """Name in the sheet → code, as a person decided."""

    def __post_init__(self) -> None:
        self.by_code = {unit.code: unit for unit in self.units}
        self.cities = [u.name for u in self.units if u.kind in ("city", "province")]
        self.exact: dict[str, set[str]] = {}
        self.aliases: dict[str, set[str]] = {}
        for unit in self.units:
            self.exact.setdefault(squeezed(unit.name), set()).add(unit.code)
            for alias in self._aliases(squeezed(unit.name)):
                self.aliases.setdefault(alias, set()).add(unit.code)
            if unit.kind == "city":
                self.aliases.setdefault("政府", set()).add(unit.code)
        self.said = {squeezed(name): code for name, code in self.decided.items()}
        self.met: dict[str, Met] = {}
        self.sought = 0

    def meet(self, name: str) -> Met:
        """The unit that a name means: decided, by code, by name, or by an alias of one alone."""
        if name not in self.met:
            self.met[name] = self._meet(squeezed(name))
        return self.met[name]

    def _meet(self, name: str) -> Met:
        if self.said.get(name) in self.by_code:
            return Met(self.said[name])
        if name in self.by_code:
            return Met(name)
        for known in (self.exact, self.aliases):
            codes = known.get(name, set())
            if len(codes) == 1:
                return Met(next(iter(codes)), by_alias=known is self.aliases)
            if codes:
                return Met(candidates=tuple(self.by_code[code] for code in sorted(codes)))
        codes = set().union(*(self.aliases.get(alias, set()) for alias in self._aliases(name)))
        if len(codes) == 1:
            return Met(next(iter(codes)), by_alias=True)
        return Met(candidates=self._near(name))

    def _aliases(self, name: str) -> set[str]:
        """The name without the city before it, the level and title after it, in every way."""
        found = {name, *self._city_off(name)}
        found |= {_BEFORE.sub("", alias) for alias in found}
        found |= {_TITLES.sub("", alias) for alias in found}
        found |= {_LEVELS.sub("", alias) for alias in found}
        return {alias for alias in found if len(alias) >= SHORTEST_ALIAS}

    def _city_off(self, name: str) -> set[str]:
        """The name without the city it begins with; 市 alone stands for this city."""
        befores = {word for city in self.cities for word in (city, city.rstrip("市省"))} | {"市"}
        return {name[len(word) :] for word in befores if name.startswith(word) and name != word}

    def _near(self, name: str) -> tuple[NewUnit, ...]:
        self.sought += 1
        if self.sought > MOST_SOUGHT:
            return ()
        bare = min(self._aliases(name) or {name}, key=len)
        scored = {
            unit.code: max(
                fuzz.ratio(word, alias)
                for word in (name, bare)
                for alias in self._aliases(squeezed(unit.name))
            )
            for unit in self.units
        }
        best = sorted(scored, key=lambda code: (-scored[code], code))[:MOST_NEAR]
        return tuple(self.by_code[code] for code in best if scored[code] >= ENOUGH_ALIKE)


@dataclass(frozen=True)
class Parties:
    """What the cells with units of one row come to."""

    lead: str | None = None
    """Code."""
    by_order: bool = False
    """Whether it leads only because it stands first."""
    cooperating: tuple[str, ...] = ()
    """Codes, each once, in their order."""
    areas: tuple[str, ...] = ()
    """Words for all districts and the like."""
    anybody: tuple[str, ...] = ()
    """Words that name nobody in particular."""
    aliases: tuple[tuple[str, str], ...] = ()
    """What was said, and the code it was taken for."""
    unknown: tuple[tuple[str, tuple[NewUnit, ...]], ...] = ()
    """What was said, and what it may mean."""


def parties(text: str, names: Names, *, default: str) -> Parties:
    """Who leads and who helps by the words of one cell; `default` is the role of its column."""
    said = _expanded(names_said(text), names)
    plain = [one for one in said if not is_areas(one.text) and not is_anybody(one.text)]
    areas = tuple(one.text for one in said if is_areas(one.text))
    anybody = tuple(one.text for one in said if is_anybody(one.text))
    met = [(one, names.meet(one.text)) for one in plain]
    known = [(one, found) for one, found in met if found.code]
    lead = next((found.code for one, found in known if one.role == LEAD), None)
    by_order = False
    if lead is None and default == LEAD:
        first = next((found.code for one, found in known if not one.role), None)
        lead, by_order = first, first is not None and len(known) > 1
    others = [found.code for one, found in known if found.code != lead and one.role != AREA]
    located = tuple(one.text for one, _ in known if one.role == AREA)
    return Parties(
        lead=lead,
        by_order=by_order,
        cooperating=tuple(dict.fromkeys(others)),
        areas=tuple(dict.fromkeys((*areas, *located))),
        anybody=anybody,
        aliases=tuple((one.text, found.code) for one, found in known if found.by_alias),
        unknown=tuple((one.text, found.candidates) for one, found in met if not found.code),
    )


def _expanded(said: Sequence[Said], names: Names) -> list[Said]:
    """The names, “甲和乙” taken apart where both are known, and the 等 at the end left out."""
    made: list[Said] = []
    for one in said:
        text = one.text if names.meet(one.text).code else _ET_CETERA.sub("", one.text)
        halves = [half for half in _AND.split(text) if half]
        apart = len(halves) > 1 and not is_areas(text) and not names.meet(text).code
        if apart and all(names.meet(half).code or is_areas(half) for half in halves):
            made += [Said(half, one.role) for half in halves]
        elif text:
            made.append(Said(text, one.role))
    return made
