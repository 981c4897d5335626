"""Whose record each live record is: exact codes, their histories, judgements, then linkage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from yinuo.credit.linking.link import Linked, link_records
from yinuo.credit.linking.settings import Linkage
from yinuo.credit.resolving import tables
from yinuo.credit.resolving.components import Components, Edge, Why, connect
from yinuo.credit.resolving.counting import hows, own_keys
from yinuo.credit.resolving.histories import edges_of, histories
from yinuo.credit.resolving.judgements import Judgement, is_record, standing
from yinuo.credit.resolving.live import Live
from yinuo.credit.resolving.nameless import NAMELESS, clusters_of
from yinuo.credit.resolving.placeholders import borne, placeholders
from yinuo.credit.resolving.reasons import by_people, moved, moved_straight, nameless, withheld
from yinuo.credit.resolving.records import Placed, Words, place, words
from yinuo.credit.resolving.straight import onto, part
from yinuo.lake.engine import Engine


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """What resolving came to. The tables lie in `folder`, see `tables`.

    records = code + history + judged + linked + none.
    """

    folder: Path
    digest: str
    """SHA-256 over the tables: the same input gives the same."""
    records: int
    """Live records."""
    code: int
    """Records that bear the code of their entity."""
    history: int
    """Records that bear an old code of it."""
    judged: int
    """Records that a person joined or split."""
    linked: int
    """Records that a model joined, or that say the same of a subject without a code."""
    none: int
    """Records that are an entity of their own."""
    remainder: int
    """Records without a code."""
    sent: int
    """Those of them of which linkage was asked."""
    descriptions: int
    """Different descriptions among these: each was compared once."""
    proposals: int
    """Joins that a model proposes and a person has to confirm."""
    withheld: int
    """Joins that were due and were not made: a person said no, or several codes claim one."""
    never_sent_mille: int
    """Share of records that linkage never saw, per mille, rounded down."""
    pairs: Mapping[str, int]
    """Candidate pairs that linkage compared, by blocking rule."""


def resolve(
    *,
    engine: Engine,
    live: Sequence[Live],
    judgements: Sequence[Judgement],
    previous: Path | None,
    into: Path,
    link: Linkage | None = None,
) -> Resolution:
    """Write moved, assigned, proposals and withheld into the folder `into`, which exists.

    `previous` is the folder of the resolution before, whose entities without any code keep their
    ids; `link` None leaves all records without a code to themselves.
    Raises `BadJudgements`, `NoHistory`, `BadModel`, `TooManyPairs`.
    """
    said = standing(judgements)
    found = histories(engine, live)
    components, moving = _joined(found.changes, said)
    about = words(said, components)
    crowd = borne(engine, live, placeholders(engine, live))
    bears = own_keys(engine, live, about.records)
    own = {record: None if record in crowd else key for record, key in bears.items()}
    placed = place(about, own, components)
    linked = _linked(engine, live, link, about=about, placed=placed, components=components)
    groups = clusters_of(
        placed,
        crowd=crowd,
        alike=linked.alike,
        elsewhere=frozenset(linked.assigned["record"].to_pylist()),
        previous=_nameless_before(previous),
        own_keys=lambda records: own_keys(engine, live, records),
    )
    by_hand = tables.rows(tables.ASSIGNED, [*by_people(placed), *nameless(groups, placed, crowd)])
    made = {
        tables.MOVED: moving,
        tables.ASSIGNED: pa.concat_tables([by_hand, linked.assigned]),
        tables.PROPOSALS: linked.proposals,
        tables.WITHHELD: tables.rows(tables.WITHHELD, list(withheld(components, found.claims))),
    }
    for name, table in made.items():
        tables.write(into, name, table)
    bears.update({record: found_as.key for record, found_as in crowd.items()})
    how, keyless = hows(engine, live, moved=moving, assigned=made[tables.ASSIGNED], borne=bears)
    return _summary(into, made, linked, how=how, keyless=keyless)


def _joined(changes: pa.Table, said: Sequence[Judgement]) -> tuple[Components, pa.Table]:
    """Which keys are one entity, and the rows of those that move."""
    judged, apart = _edges(said), _apart(said)
    spoken = {key for edge in judged for key in (edge.left, edge.right)}.union(*apart)
    straight, rest = part(changes, spoken)
    tangled = connect([*edges_of(rest), *judged], apart)
    rows = tables.rows(tables.MOVED, list(moved(tangled)))
    components = replace(tangled, into={**onto(straight), **tangled.into})
    return components, pa.concat_tables([rows, moved_straight(straight)])


def _edges(said: Sequence[Judgement]) -> list[Edge]:
    return [
        Edge(left=each.left, right=each.right, why=Why.JUDGED, number=each.number)
        for each in said
        if each.same and not is_record(each.left) and not is_record(each.right)
    ]


def _apart(said: Sequence[Judgement]) -> list[tuple[str, str]]:
    return [
        each.pair
        for each in said
        if not each.same and not is_record(each.left) and not is_record(each.right)
    ]


def _linked(
    engine: Engine,
    live: Sequence[Live],
    link: Linkage | None,
    *,
    about: Words,
    placed: Placed,
    components: Components,
) -> Linked:
    """What linkage says of records that people did not place, without what they ruled out."""
    if link is None:
        return Linked()
    barred = {(record, key) for record, keys in about.barred.items() for key in keys}
    at = placed.at
    barred |= {(word.record, at[word.other]) for word in about.apart if word.other in at}
    linked = link_records(
        engine=engine,
        live=live,
        linkage=link,
        into=components.into,
        settled=sorted({*placed.homes, *placed.group_words}),
        barred=sorted(barred),
    )
    return _parted(linked, about)


def _parted(linked: Linked, about: Words) -> Linked:
    """Of two records that never belong together, linked to one entity, the left is left out."""
    asked = pa.array({each for word in about.apart for each in (word.record, word.other)})
    if not len(asked):
        return linked
    where = {
        row["record"]: row["key"]
        for table in (linked.proposals, linked.assigned)
        for row in table.filter(pc.is_in(table["record"], asked)).to_pylist()
    }
    leave = pa.array(
        [
            word.record
            for word in about.apart
            if word.record in where and where[word.record] == where.get(word.other)
        ],
        pa.string(),
    )
    parted = {word.record for word in about.apart} | {word.other for word in about.apart}
    return replace(
        linked,
        assigned=_without(linked.assigned, leave),
        proposals=_without(linked.proposals, leave),
        alike=tuple(
            tuple(record for record in group if record not in parted) for group in linked.alike
        ),
    )


def _without(table: pa.Table, records: pa.Array) -> pa.Table:
    return table.filter(pc.invert(pc.is_in(table["record"], records)))


def _nameless_before(previous: Path | None) -> dict[str, str]:
    """Record → key of those that were of an entity without a code."""
    if previous is None:
        return {}
    before = tables.read(previous, tables.ASSIGNED)
    there = before.filter(pc.starts_with(before["key"], NAMELESS))
    return dict(zip(there["record"].to_pylist(), there["key"].to_pylist(), strict=True))


def _summary(
    folder: Path,
    made: Mapping[str, pa.Table],
    linked: Linked,
    *,
    how: Mapping[str, int],
    keyless: int,
) -> Resolution:
    records = sum(how.values())
    return Resolution(
        folder=folder,
        digest=_digest(folder),
        records=records,
        **{each: how.get(each, 0) for each in ("code", "history", "judged", "linked", "none")},
        remainder=keyless,
        sent=linked.sent,
        descriptions=linked.descriptions,
        proposals=made[tables.PROPOSALS].num_rows,
        withheld=made[tables.WITHHELD].num_rows,
        never_sent_mille=(records - linked.sent) * 1000 // max(records, 1),
        pairs=linked.pairs,
    )


def _digest(folder: Path) -> str:
    whole = sha256()
    for name in tables.SCHEMAS:
        whole.update((folder / name).read_bytes())
    return whole.hexdigest()
