"""Functions on lists."""

from decimal import Decimal

from yinuo.rules.feel.arithmetic import whole
from yinuo.rules.feel.equality import order, same
from yinuo.rules.feel.functions.declare import Family
from yinuo.rules.feel.functions.judging import of_two
from yinuo.rules.feel.kinds import said
from yinuo.rules.feel.logic import all_hold, any_holds
from yinuo.rules.feel.values import Function, NoValue, Value

LISTS = Family()
MOST_COMPARED = 5_000
"""Members of lists in which each is compared with each."""


@LISTS.add("list contains(list: list, element: Any)")
def list_contains(items: list[Value], element: Value) -> Value:
    """Whether the element is one of them."""
    return any(same(item, element) for item in items)


@LISTS.add("count(list: list)")
def count(items: list[Value]) -> Value:
    """How many."""
    return Decimal(len(items))


@LISTS.add("min(list: list)")
@LISTS.add("min(c...: Any)")
def smallest(items: list[Value]) -> Value:
    """The first in order; null of none."""
    return _extreme(items, -1)


@LISTS.add("max(list: list)")
@LISTS.add("max(c...: Any)")
def largest(items: list[Value]) -> Value:
    """The last in order; null of none."""
    return _extreme(items, 1)


def _extreme(items: list[Value], side: int) -> Value:
    if not items:
        raise NoValue("列表是空的")
    found = items[0]
    order(found, found)
    for item in items[1:]:
        if order(item, found) == side:
            found = item
    return found


@LISTS.add("all(list: list)")
@LISTS.add("all(b...: Any)")
@LISTS.add("and(list: list)")
@LISTS.add("and(b...: Any)")
def all_true(items: list[Value]) -> Value:
    """Whether all are true; false beats null."""
    return all_hold(_truths(items))


@LISTS.add("any(list: list)")
@LISTS.add("any(b...: Any)")
@LISTS.add("or(list: list)")
@LISTS.add("or(b...: Any)")
def any_true(items: list[Value]) -> Value:
    """Whether one is true; true beats null."""
    return any_holds(_truths(items))


def _truths(items: list[Value]) -> list[Value]:
    for item in items:
        if not isinstance(item, bool | None):
            raise NoValue(f"列表里有{said(item)}，应都是“是”或“否”")
    return items


@LISTS.add("not(negand: Any)")
def negated(value: Value) -> Value:
    """The opposite; null of what is neither true nor false."""
    if not isinstance(value, bool):
        raise NoValue(f"{said(value)}没有反面")
    return not value


@LISTS.add("sublist(list: list, start position: number, length?: number)")
def sublist(items: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    """So many members from a place counted from 1, or from the end if negative."""
    first = _place(items, start)
    if length is None:
        return items[first:]
    if length < 0 or first + whole(length) > len(items):
        raise NoValue(f"从 {start} 起没有 {length} 项")
    return items[first : first + whole(length)]


@LISTS.add("append(list: list, item...: Any)")
def append(items: list[Value], more: list[Value]) -> Value:
    """The list with these at its end."""
    return [*items, *more]


@LISTS.add("concatenate(list...: list)")
def concatenate(lists: list[list[Value]]) -> Value:
    """One list of the members of all."""
    return [item for items in lists for item in items]


@LISTS.add("insert before(list: list, position: number, newItem: Any)")
def insert_before(items: list[Value], position: Decimal, item: Value) -> Value:
    """The list with the item before that place."""
    place = _place(items, position)
    return [*items[:place], item, *items[place:]]


@LISTS.add("remove(list: list, position: number)")
def remove(items: list[Value], position: Decimal) -> Value:
    """The list without the member at that place."""
    place = _place(items, position)
    return [*items[:place], *items[place + 1 :]]


@LISTS.add("list replace(list: list, position: number, newItem: Any)")
def list_replace(items: list[Value], position: Decimal, item: Value) -> Value:
    """The list with another member at that place."""
    place = _place(items, position)
    return [*items[:place], item, *items[place + 1 :]]


@LISTS.add("list replace(list: list, match: function, newItem: Any)")
def list_replace_matching(items: list[Value], match: Function, item: Value) -> Value:
    """The list with the item instead of each member that the function accepts."""
    accepts = of_two(match)
    return [item if accepts(each, item) else each for each in items]


@LISTS.add("reverse(list: list)")
def reverse(items: list[Value]) -> Value:
    """The last first."""
    return items[::-1]


@LISTS.add("index of(list: list, match: Any)")
def index_of(items: list[Value], match: Value) -> Value:
    """The places, counted from 1, where the match stands."""
    return [Decimal(place) for place, item in enumerate(items, 1) if same(item, match)]


@LISTS.add("union(list...: list)")
def union(lists: list[list[Value]]) -> Value:
    """The members of all lists, each once."""
    return _distinct([item for items in lists for item in items])


@LISTS.add("distinct values(list: list)")
def distinct_values(items: list[Value]) -> Value:
    """Each member once, where it first stands."""
    return _distinct(items)


def _distinct(items: list[Value]) -> list[Value]:
    if len(items) > MOST_COMPARED:
        raise NoValue(f"列表超过 {MOST_COMPARED:,} 项，不能两两比较")
    found: list[Value] = []
    for item in items:
        if not any(same(item, each) for each in found):
            found.append(item)
    return found


@LISTS.add("flatten(list: list)")
def flatten(items: list[Value]) -> Value:
    """The members of lists within lists, one after the other."""
    found: list[Value] = []
    waiting: list[Value] = items[::-1]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item[::-1])
        else:
            found.append(item)
    return found


def _place(items: list[Value], position: Decimal) -> int:
    """The place counted from 0 of one counted from 1, or from the end if negative."""
    place = whole(position)
    if position != place or place == 0 or abs(place) > len(items):
        raise NoValue(f"位置 {position} 不在列表里，列表有 {len(items)} 项")
    return place - 1 if place > 0 else len(items) + place
