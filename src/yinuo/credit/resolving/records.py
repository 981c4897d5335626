"""Where people put single records: to an entity, away from one, or together with other records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from yinuo.credit.resolving.components import Components, Edge, Why, connect
from yinuo.credit.resolving.judgements import RECORD, Judgement, is_record

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Word:
    """What holds between a record and an entity, or two records."""

    record: str
    other: str
    """The key that stands for an entity, or a record."""
    said: Judgement


@dataclass(frozen=True, kw_only=True)
class Words:
    """The standing judgements about records."""

    belongs: Mapping[str, Word] = field(default_factory=dict)
    """Record → the newest word that it belongs to an entity."""
    barred: Mapping[str, Mapping[str, Judgement]] = field(default_factory=dict)
    """Record → entities to which it never belongs."""
    together: tuple[Word, ...] = ()
    """Pairs of records, the newest first."""
    apart: tuple[Word, ...] = ()

    @property
    def records(self) -> frozenset[str]:
        """Every record about which something was said."""
        pairs = {
            each for word in (*self.together, *self.apart) for each in (word.record, word.other)
        }
        return frozenset(pairs) | self.belongs.keys() | self.barred.keys()


def words(judgements: Iterable[Judgement], components: Components) -> Words:
    """Sort out standing judgements, given the newest first.

    Of one record and one *entity* the newest holds, by whichever key the entity was named.
    """
    belongs: dict[str, Word] = {}
    barred: defaultdict[str, dict[str, Judgement]] = defaultdict(dict)
    together: list[Word] = []
    apart: list[Word] = []
    spoken: set[tuple[str, str]] = set()
    for each in judgements:
        if is_record(each.left) and is_record(each.right):
            left, right = each.left.removeprefix(RECORD), each.right.removeprefix(RECORD)
            word = Word(record=left, other=right, said=each)
            (together if each.same else apart).append(word)
            continue
        if not (is_record(each.left) or is_record(each.right)):
            continue
        node, key = (each.left, each.right) if is_record(each.left) else (each.right, each.left)
        record, entity = node.removeprefix(RECORD), components.key(key)
        if (record, entity) in spoken:
            continue
        spoken.add((record, entity))
        if not each.same:
            barred[record][entity] = each
        else:
            belongs.setdefault(record, Word(record=record, other=entity, said=each))
    return Words(belongs=belongs, barred=barred, together=tuple(together), apart=tuple(apart))


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where the judged records stand before linkage."""

    homes: Mapping[str, tuple[str, Judgement]]
    """Record → the entity to which a person put it, and by which word."""
    alone: Mapping[str, Judgement]
    """Records split off from the entity whose code they bear, and by which word."""
    groups: tuple[frozenset[str], ...]
    """Records without a code that people put together."""
    group_words: Mapping[str, Judgement]
    """Record of a group → the word that put it there."""
    by_code: Mapping[str, str]
    """Record → the entity of the code that it bears, where nobody objects."""

    @property
    def at(self) -> Mapping[str, str]:
        """Record → the entity with a code to which it belongs."""
        return {**self.by_code, **{record: entity for record, (entity, _) in self.homes.items()}}


def place(said: Words, own: Mapping[str, str | None], components: Components) -> Placed:
    """Place judged records. `own`: every live judged record → the key that it bears, or None."""
    homes = {
        record: (word.other, word.said) for record, word in said.belongs.items() if record in own
    }
    by_code = {
        record: entity
        for record, key in own.items()
        if key and record not in homes
        for entity in [components.key(key)]
        if entity not in said.barred.get(record, {})
    }
    joined = _joined(said, own)
    _follow(said, homes, by_code, joined)
    _part(said, homes, by_code)
    alone = {
        record: word
        for record, key in own.items()
        if key and record not in homes and record not in by_code
        for word in [_barring(said, record, components.key(key))]
    }
    groups = _groups(joined, own, homes, by_code)
    return Placed(
        homes=homes,
        alone=alone,
        groups=groups,
        group_words=_group_words(said, groups),
        by_code=by_code,
    )


def _joined(said: Words, own: Mapping[str, str | None]) -> Components:
    """Records that people put together, as components in which nobody meets whom they left."""
    edges = [
        Edge(left=word.record, right=word.other, why=Why.JUDGED, number=word.said.number)
        for word in said.together
        if word.record in own and word.other in own
    ]
    return connect(edges, [(word.record, word.other) for word in said.apart])


def _follow(
    said: Words,
    homes: dict[str, tuple[str, Judgement]],
    by_code: dict[str, str],
    joined: Components,
) -> None:
    """Records that were put together with one that has an entity go there, unless barred."""
    kept = {(edge.left, edge.right): edge for edge in joined.kept}
    waiting = [word for word in said.together if (word.record, word.other) in kept]
    moved = True
    while moved:
        moved = False
        for word in waiting:
            for goes, stays in ((word.record, word.other), (word.other, word.record)):
                target = homes[stays][0] if stays in homes else by_code.get(stays)
                settled = goes in homes or (goes in by_code and goes == word.other)
                if target and not settled and target not in said.barred.get(goes, {}):
                    if by_code.get(goes) == target:
                        continue
                    homes[goes] = (target, word.said)
                    by_code.pop(goes, None)
                    moved = True


def _part(said: Words, homes: dict[str, tuple[str, Judgement]], by_code: dict[str, str]) -> None:
    """Of two records that never belong together the left one leaves."""
    for word in said.apart:
        here = homes[word.record][0] if word.record in homes else by_code.get(word.record)
        there = homes[word.other][0] if word.other in homes else by_code.get(word.other)
        if here is not None and here == there:
            homes.pop(word.record, None)
            by_code.pop(word.record, None)


def _barring(said: Words, record: str, entity: str) -> Judgement:
    """The word by which a record left the entity of its own code."""
    barred = said.barred.get(record, {})
    if entity in barred:
        return barred[entity]
    return next(word.said for word in said.apart if word.record == record)


def _groups(
    joined: Components,
    own: Mapping[str, str | None],
    homes: Mapping[str, tuple[str, Judgement]],
    by_code: Mapping[str, str],
) -> tuple[frozenset[str], ...]:
    members: defaultdict[str, set[str]] = defaultdict(set)
    for record, root in joined.into.items():
        if record in own and record not in homes and record not in by_code:
            members[root].add(record)
    return tuple(frozenset(each) for _, each in sorted(members.items()) if len(each) > 1)


def _group_words(said: Words, groups: Iterable[frozenset[str]]) -> dict[str, Judgement]:
    members = {record for group in groups for record in group}
    found: dict[str, Judgement] = {}
    for word in said.together:
        for record in {word.record, word.other} & members:
            found.setdefault(record, word.said)
    return found
