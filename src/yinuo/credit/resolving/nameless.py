"""Entities without any code: a few records of one subject, and the id that stays theirs.

Such an entity is called by one of its records, `n:` and the record. Splits and joins change who
belongs to it; so its name is carried over from the resolution before by the largest overlap.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import count

from yinuo.credit.resolving.records import Placed

NAMELESS = "n:"
_SECOND = 2


def own_key(record: str) -> str:
    """The key of a record that is an entity of its own."""
    return f"{NAMELESS}{record}"


def named(
    clusters: Iterable[Collection[str]], previous: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """Key → records, for clusters that have no record in common.

    `previous` says of records which such key they had. A key goes to the cluster that holds most
    of its records, ties to the smallest texts; whoever gets none is called by its smallest record.
    Independent of the order of the clusters.
    """
    groups = sorted((frozenset(each) for each in clusters), key=min)
    left = _carried(groups, previous)
    used = set(left.values())
    found = {}
    for place, group in enumerate(groups):
        key = left.get(place) or _fresh(min(group), used)
        used.add(key)
        found[key] = group
    return found


def _carried(groups: Sequence[frozenset[str]], previous: Mapping[str, str]) -> dict[int, str]:
    shared = Counter(
        (place, previous[record])
        for place, group in enumerate(groups)
        for record in group
        if record in previous
    )
    given: dict[int, str] = {}
    used: set[str] = set()
    for (place, key), _ in sorted(
        shared.items(), key=lambda each: (-each[1], each[0][1], min(groups[each[0][0]]))
    ):
        if place not in given and key not in used:
            given[place] = key
            used.add(key)
    return given


def _fresh(record: str, used: Collection[str]) -> str:
    """A key that nobody has: of a record whose own key stayed with those it was split from."""
    first = own_key(record)
    if first not in used:
        return first
    return next(key for number in count(_SECOND) if (key := f"{first}/{number}") not in used)


def clusters_of(
    placed: Placed,
    *,
    crowd: Collection[str],
    alike: Iterable[Collection[str]],
    elsewhere: Collection[str],
    previous: Mapping[str, str],
    own_keys: Callable[[Collection[str]], Mapping[str, str | None]],
) -> dict[str, frozenset[str]]:
    """Key → records of every entity without a code that cannot be told by its record alone.

    `crowd`: records under a placeholder; `alike`: groups that linkage found; `elsewhere`: records
    that it linked; `previous`: record → such key before; `own_keys`: what live records bear.
    """
    groups = list(placed.groups)
    together = {record for group in groups for record in group}
    groups += [
        frozenset([record]) for record in {*placed.alone, *crowd} - together - placed.homes.keys()
    ]
    settled = {record for group in groups for record in group} | placed.homes.keys()
    for some in alike:
        rest = frozenset(some) - settled
        if len(rest) > 1:
            groups.append(rest)
    settled.update(*groups)
    groups += _still_alone(previous.keys() - settled - set(elsewhere), own_keys)
    found = named(groups, previous)
    members = {record for group in found.values() for record in group}
    seeds = {key.removeprefix(NAMELESS)[:_DIGITS] for key in found} - members
    strays = _still_alone(seeds - placed.homes.keys() - set(elsewhere), own_keys)
    return named([*groups, *strays], previous) if strays else found


_DIGITS = 32


def _still_alone(
    records: Collection[str], own_keys: Callable[[Collection[str]], Mapping[str, str | None]]
) -> list[frozenset[str]]:
    """Live records without a code, each by itself."""
    found = own_keys(records) if records else {}
    return [frozenset([record]) for record, key in sorted(found.items()) if key is None]
