"""From the items of a moment to everything a snapshot says of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from yinuo.supervision.papers.paper import chinese_date
from yinuo.supervision.snapshots.content import (
    Cell,
    Content,
    Figures,
    Item,
    Ranked,
    Step,
)

MOST_RANKED = 10
FEWEST = 3
"""A unit with fewer lights, or fewer deadlines that have come, is not ranked by them."""
COLOURS = ("red", "yellow", "green", "undetermined")
UNOWNED = "未明确责任单位"
NONE_YET = "未定时限"
NO_LIGHT = "无灯"


@dataclass(frozen=True)
class Named:
    """What a code stands for."""

    code: str
    name: str
    group: str = ""
    tile: str = ""


def figures(items: Iterable[Item], *, key: str, named: Named, on: date) -> Figures:
    """The counts of some items. A deadline has come when it lies before the day."""
    counts = dict.fromkeys(
        ("total", "moved", "undated", "fell_due", "on_time", *COLOURS, *STATES), 0
    )
    day = on.isoformat()
    for item in items:
        counts["total"] += 1
        counts[item.state] += 1
        counts["moved"] += item.moved > 0
        counts["undated"] += not item.due
        come = bool(item.due_original) and item.due_original < day
        counts["fell_due"] += come
        counts["on_time"] += come and item.outcome == "kept_on_time"
        if item.light:
            counts[item.light] += 1
    return Figures(key=key, name=named.name, group=named.group, tile=named.tile, **counts)


STATES = ("open", "overdue", "waiting", "kept", "broken", "ended")


def by(
    items: Sequence[Item], of: Callable[[Item], str], known: Sequence[Named], kind: str, on: date
) -> list[Figures]:
    """The counts by unit or by goal, in the order of `known`.

    Those without any are left out, unless they stand on the map.
    """
    parts: dict[str, list[Item]] = {}
    for item in items:
        parts.setdefault(of(item), []).append(item)
    order = [*known, *(Named(c, c or UNOWNED) for c in parts)]
    found: dict[str, Figures] = {}
    for each in order:
        if (each.code in parts or each.tile) and each.code not in found:
            key = f"{kind}.{each.code}"
            found[each.code] = figures(parts.get(each.code, ()), key=key, named=each, on=on)
    return list(found.values())


def cells(items: Iterable[Item]) -> list[Cell]:
    """Lights by unit and goal; pairs without a light are left out."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for item in items:
        if item.light and item.unit and item.goal:
            cell = counts.setdefault((item.unit, item.goal), dict.fromkeys(COLOURS, 0))
            cell[item.light] += 1
    return [Cell(unit=unit, goal=goal, **found) for (unit, goal), found in sorted(counts.items())]


def steps(before: Content | None, now: Sequence[Item]) -> list[Step]:
    """What is other than before: deadline, state, light; what came, what went. By code."""
    if before is None:
        return []
    old = {item.code: item for item in before.items}
    new = {item.code: item for item in now}
    found = []
    for code in sorted(old.keys() | new.keys()):
        was, item = old.get(code), new.get(code)
        if was is None and item is not None:
            found.append(_step(item, "新列入", "", item.due or NONE_YET))
        elif item is None and was is not None:
            found.append(_step(was, "不再列入", was.state_label, ""))
        elif was is not None and item is not None:
            found += _differences(was, item)
    return found


def _differences(was: Item, item: Item) -> list[Step]:
    pairs = (
        ("完成时限", was.due or NONE_YET, item.due or NONE_YET),
        ("状态", was.state_label, item.state_label),
        ("灯", was.light_word or NO_LIGHT, item.light_word or NO_LIGHT),
    )
    found = [_step(item, what, old, new) for what, old, new in pairs if old != new]
    # With another state goes another light; said once is enough.
    return [step for step in found if step.what != "灯" or was.state == item.state]


def _step(item: Item, what: str, before: str, after: str) -> Step:
    return Step(
        code=item.code,
        title=item.title,
        unit_name=item.unit_name,
        public=item.public,
        what=what,
        before=before,
        after=after,
    )


# ── best and worst ───────────────────────────────────────────────────────────────────────────────

UNIT_RULES = {
    "best": (
        "按原定时限兑现的比例从高到低，相同的红灯占比低者在前；"
        "原定时限已到的不足 3 项、红灯占比不低于全部的不排"
    ),
    "worst": (
        "红灯占比从高到低，相同的逾期多者在前；有灯的不足 3 项、没有红灯、红灯占比低于全部的不排"
    ),
}
ITEM_RULES = {
    "best": "按原定时限兑现的事项，比原定时限提前的天数多者在前",
    "worst": "逾期事项按逾期天数、其余红灯事项排在逾期之后，逾期久者在前",
}


def best_units(units: Iterable[Figures], total: Figures) -> list[Ranked]:
    """See `UNIT_RULES`; ties stand in the order of codes. None of them is among the worst."""
    some = [
        u
        for u in units
        if u.fell_due >= FEWEST and u.on_time and u.code and not _is_reddish(u, total)
    ]
    some.sort(key=lambda u: (-Fraction(u.on_time, u.fell_due), _red(u), u.code))
    return [
        Ranked(
            code=u.code,
            name=u.name,
            reason=_good(u),
        )
        for u in some[:MOST_RANKED]
    ]


def worst_units(units: Iterable[Figures], total: Figures) -> list[Ranked]:
    """See `UNIT_RULES`; ties stand in the order of codes."""
    some = [u for u in units if u.lit >= FEWEST and u.code and _is_reddish(u, total)]
    some.sort(key=lambda u: (-_red(u), -u.overdue, u.code))
    return [
        Ranked(
            code=u.code,
            name=u.name,
            reason=_bad(u),
        )
        for u in some[:MOST_RANKED]
    ]


def _red(part: Figures) -> Fraction:
    return Fraction(part.red, part.lit) if part.lit else Fraction(0)


def _is_reddish(part: Figures, total: Figures) -> bool:
    """Whether it has red lights, and no smaller share of them than all together."""
    return part.red > 0 and _red(part) >= _red(total)


def _good(u: Figures) -> str:
    share = _share(u.on_time, u.fell_due)
    return f"原定时限已到 {u.fell_due} 项，按时兑现 {u.on_time} 项（{share}），红灯 {u.red} 项"


def _bad(u: Figures) -> str:
    red = f"红灯 {u.red} 项（{_share(u.red, u.lit)}）"
    return f"有灯 {u.lit} 项，{red}，黄灯 {u.yellow} 项，逾期 {u.overdue} 项"


def best_items(items: Iterable[Item]) -> list[Ranked]:
    """See `ITEM_RULES`."""
    some = [
        (_days(item.delivered, item.due_original), item)
        for item in items
        if item.outcome == "kept_on_time" and item.delivered and item.due_original
    ]
    some.sort(key=lambda pair: (-pair[0], pair[1].code))
    return [
        _ranked(item, f"{_say(item.delivered)}完成，比原定时限提前 {days} 天")
        for days, item in some[:MOST_RANKED]
        if days >= 0
    ]


def worst_items(items: Iterable[Item], on: date) -> list[Ranked]:
    """See `ITEM_RULES`."""
    late = [item for item in items if item.state == "overdue" or item.light == "red"]
    day = on.isoformat()

    def days(item: Item) -> int:
        return _days(item.due, day) if item.due else 0

    late.sort(key=lambda item: (item.state != "overdue", -days(item), item.code))
    return [_ranked(item, _why_late(item, days(item))) for item in late[:MOST_RANKED]]


def _why_late(item: Item, days: int) -> str:
    if item.state != "overdue":
        return item.reason or item.light_word
    late = f"完成时限{_say(item.due)}，逾期 {days} 天"
    if not item.moved:
        return late
    return f"{late}；原定{_say(item.due_original)}，调整过 {item.moved} 次"


def _ranked(item: Item, reason: str) -> Ranked:
    return Ranked(
        code=item.code,
        name=item.title,
        unit_name=item.unit_name,
        public=item.public,
        reason=reason,
    )


def _say(day: str) -> str:
    """A day in text.

    >>> _say("2024-02-08")
    '2024年2月8日'
    """
    return chinese_date(date.fromisoformat(day))


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _share(part: int, whole: int) -> str:
    """A share in percent to one place, cut; empty of nothing.

    >>> _share(2, 3), _share(1, 2), _share(1, 0)
    ('66.6%', '50%', '')
    """
    if not whole:
        return ""
    full, rest = divmod(part * 1000 // whole, 10)
    return f"{full}.{rest}%" if rest else f"{full}%"


def shares(part: Figures) -> Mapping[str, str]:
    """The two shares that are said of any part."""
    return {
        "on_time": _share(part.on_time, part.fell_due),
        "red": _share(part.red, part.lit),
    }
