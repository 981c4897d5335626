"""Sealed entries as outgoing events: read, reduced to what may leave, filtered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from yinuo.api.hooks.said import (
    SAID,
    Outgoing,
    Place,
    cloud_event,
    data_of,
    place_of,
    type_of,
)
from yinuo.kernel.canonical import Canonical
from yinuo.ledger.outbox import Sealed, sealed_events, states

Case = Mapping[str, Canonical]
LAST = 2**31 - 1
"""Later than any version: the last state there is."""


@dataclass(frozen=True)
class Filter:
    """Which events are wanted; what is empty filters nothing."""

    types: Sequence[str] = ()
    units: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()

    def wants_type(self, kind: str) -> bool:
        """Whether events of this type can be wanted at all."""
        return not self.types or any(kind.startswith(one) for one in self.types)

    def wants(self, place: Place) -> bool:
        """Whether the event of that place is wanted."""
        by_unit = not self.units or bool(place.units & self.units)
        return by_unit and (not self.items or place.item in self.items)


@dataclass(frozen=True)
class Slice:
    """Some of the log: the events wanted, and where to go on."""

    events: tuple[Outgoing, ...]
    place: int
    more: bool
    """Whether the log goes on behind `place`."""


def read(
    place: int,
    *,
    origin: str,
    wanted: Filter,
    may_see: Callable[[Place], bool],
    scan: int,
    most: int,
) -> Slice:
    """The events from a place of the log on: at most `most`, out of at most `scan` entries."""
    marks = sealed_events(place, limit=scan)
    some = [m for m in marks if _leaves(m) and wanted.wants_type(type_of(m.subject, m.verb))]
    found: list[Outgoing] = []
    for start in range(0, len(some), most):
        part = some[start : start + most]
        for mark, one in zip(part, _outgoing(part, origin), strict=True):
            if one is None or not wanted.wants(one.place) or not may_see(one.place):
                continue
            found.append(one)
            if len(found) == most:
                more = mark.leaf_index < marks[-1].leaf_index or len(marks) == scan
                return Slice(tuple(found), mark.leaf_index + 1, more)
    end = marks[-1].leaf_index + 1 if marks else place
    return Slice(tuple(found), end, len(marks) == scan)


def _leaves(mark: Sealed) -> bool:
    return mark.subject.partition(":")[0] in SAID


def _outgoing(marks: Iterable[Sealed], origin: str) -> list[Outgoing | None]:
    marks = list(marks)
    found: dict[tuple[str, int], Case] = {}
    for layer in _layers(marks):
        for subject, state in states(layer).items():
            found[(subject, layer[subject])] = state
    cases = _cases(marks, found)
    return [_one(mark, found.get((mark.subject, mark.version)), cases, origin) for mark in marks]


def _layers(marks: Iterable[Sealed]) -> list[dict[str, int]]:
    """Versions to fetch, so that each fetch asks for one version of a subject."""
    layers: list[dict[str, int]] = []
    for mark in marks:
        layer = next((one for one in layers if mark.subject not in one), None)
        if layer is None:
            layers.append(layer := {})
        layer[mark.subject] = mark.version
    return layers


def _cases(marks: Iterable[Sealed], found: Mapping[tuple[str, int], Case]) -> dict[str, Case]:
    """Thread → the case to which an event of a clock belongs; its unit and item do not change."""
    cases = {subject: state for (subject, _), state in found.items() if subject.startswith("case:")}
    missing = {m.thread for m in marks if m.subject.startswith("case_event:")} - cases.keys()
    return {**cases, **states(dict.fromkeys(missing, LAST))}


def _one(
    mark: Sealed, state: Case | None, cases: Mapping[str, Case], origin: str
) -> Outgoing | None:
    data = data_of(mark.subject, state) if state else None
    if state is None or data is None:
        return None
    event = cloud_event(
        origin=origin,
        leaf_index=mark.leaf_index,
        subject=mark.subject,
        thread=mark.thread,
        verb=mark.verb,
        at=mark.at,
        data=data,
    )
    place = place_of(mark.subject, state, cases.get(mark.thread))
    return Outgoing(mark.leaf_index, mark.thread, str(event["type"]), place, event)
