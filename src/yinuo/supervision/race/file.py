"""The file of a race: scheme, inputs and results in one, from which anyone works it out anew. Pure.

It is canonical JSON (sorted keys, no blanks, no floats) and known by its SHA-256.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.errors import YinuoError
from yinuo.supervision.race.scheme import Group, Ranking, Terms
from yinuo.supervision.race.scoring import Before, Counted, Input, Part, Result, Unit, score

FORMAT = "yinuo.race/1"


class RaceFileUnreadable(YinuoError):
    """A file that holds no race."""

    code = "RACE-E003"

    def __init__(self, why: str, place: str = "") -> None:
        super().__init__(
            f"不是赛马结果文件：{why}",
            place=place,
            next_step="请用赛马页面“下载（JSON）”得到的文件，不要另存或改动",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What race it is."""

    code: str
    title: str
    office: str
    office_name: str
    period: str
    first: str
    """First and last day of the period, ISO."""
    last: str
    as_of: str
    """The day on which the facts were taken."""
    edition: int
    corrects: str
    """Code of the race it takes the place of; empty for none."""
    scheme_name: str
    scheme_number: int
    """Of the publication: `P7` to people."""
    scheme_edition: int
    scheme_sha256: str
    scheme_late: bool
    """Whether the scheme was published only after the period had begun."""
    before: str
    """Code of the race it is compared with; empty for none."""


@dataclass(frozen=True, slots=True)
class RaceFile:
    """Everything a race is made of, and what came of it."""

    head: Head
    groups: Mapping[str, Group]
    units: tuple[Unit, ...]
    before: Mapping[str, Before]
    results: tuple[Result, ...]

    def written(self) -> bytes:
        """The bytes of the file."""
        body: dict[str, Any] = {
            "format": FORMAT,
            "race": asdict(self.head),
            "groups": [asdict(group) for group in self.groups.values()],
            "units": [asdict(unit) for unit in self.units],
            "before": {code: asdict(each) for code, each in self.before.items()},
            "results": [as_data(result) for result in self.results],
        }
        return canonical_bytes(body)

    def worked_out(self) -> tuple[Result, ...]:
        """The results that follow from the rest of the file."""
        return score(self.groups, self.units, self.before)


def made(
    head: Head,
    groups: Mapping[str, Group],
    units: Sequence[Unit],
    before: Mapping[str, Before],
) -> RaceFile:
    """A race worked out."""
    ordered = tuple(sorted(units, key=lambda unit: unit.code))
    return RaceFile(head, groups, ordered, before, score(groups, ordered, before))


def as_data(result: Result) -> dict[str, Canonical]:
    """A result as it stands in the file."""
    return asdict(result)


def read(data: bytes, *, name: str = "") -> RaceFile:
    """The race that a file holds. Raises `RaceFileUnreadable`."""
    try:
        body = json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise RaceFileUnreadable("不是 JSON", name) from error
    except RecursionError as error:
        raise RaceFileUnreadable("嵌套过深", name) from error
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise RaceFileUnreadable(f"没有写明格式 {FORMAT}", name)
    try:
        found = _read(body)
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise RaceFileUnreadable(f"内容不全或类型不对（{error}）", name) from error
    repeated = len({unit.code for unit in found.units}) != len(found.units)
    if repeated:
        raise RaceFileUnreadable("同一个单位出现两次", name)
    return found


def _read(body: Mapping[str, Any]) -> RaceFile:
    groups = {
        each["name"]: Group(
            each["name"],
            tuple(Terms(**terms) for terms in each["terms"]),
            Ranking(**each["ranking"]),
        )
        for each in body["groups"]
    }
    units = tuple(
        Unit(**{**each, "inputs": tuple(Input(**one) for one in each["inputs"])})
        for each in body["units"]
    )
    before = {code: Before(**each) for code, each in body["before"].items()}
    results = tuple(result_of(each) for each in body["results"])
    return RaceFile(Head(**body["race"]), groups, units, before, results)


def result_of(data: Mapping[str, Any]) -> Result:
    """A result from what stands in the file."""
    parts = tuple(Part(**{**each, "counted": Counted(each["counted"])}) for each in data["parts"])
    return Result(**{**data, "awards": tuple(data["awards"]), "parts": parts})


# ── recomputed ───────────────────────────────────────────────────────────────────────────────────

WORDS = {
    "group": "组别",
    "why": "不排名的原因",
    "score": "得分",
    "tier": "档",
    "first": "名次（最前）",
    "last": "名次（最后）",
    "swing_first": "权重变动时最前",
    "swing_last": "权重变动时最后",
    "change": "得分变化",
    "rise": "名次变化",
    "awards": "奖励",
    "parts": "各项得分",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One unit, as the file states it and as it comes out."""

    unit: str
    name: str
    differences: tuple[tuple[str, str, str], ...]
    """(what, stated, worked out)."""

    @property
    def same(self) -> bool:
        """Whether both agree in everything."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A file worked out anew."""

    head: Head
    sha256: str
    units: tuple[Compared, ...]

    @property
    def same(self) -> bool:
        """Whether every unit comes out as stated."""
        return all(each.same for each in self.units)


def recompute(data: bytes, *, name: str = "") -> Recomputed:
    """Work a file out anew and compare, unit by unit. Raises `RaceFileUnreadable`."""
    found = read(data, name=name)
    try:
        fresh = {each.unit: each for each in found.worked_out()}
    except (ValueError, TypeError, ZeroDivisionError, KeyError) as error:
        raise RaceFileUnreadable(f"里面的数算不出结果（{error}）", name) from error
    stated = {each.unit: each for each in found.results}
    names = {unit.code: unit.name for unit in found.units}
    compared = tuple(
        Compared(code, names.get(code, code), _differences(stated.get(code), fresh.get(code)))
        for code in sorted({*stated, *fresh})
    )
    return Recomputed(found.head, hashlib.sha256(data).hexdigest(), compared)


def _differences(stated: Result | None, fresh: Result | None) -> tuple[tuple[str, str, str], ...]:
    if stated is None or fresh is None:
        return (("单位", "有" if stated else "没有", "有" if fresh else "没有"),)
    one, other = as_data(stated), as_data(fresh)
    return tuple(
        (word, _short(one[key]), _short(other[key]))
        for key, word in WORDS.items()
        if one[key] != other[key]
    )


def _short(value: object) -> str:
    if value is None or value == "":
        return "（无）"
    if isinstance(value, list | tuple) and any(isinstance(each, dict) for each in value):
        return "、".join(f"{each['indicator']} {each['points'] or '–'}" for each in value)
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
