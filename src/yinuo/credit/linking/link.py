"""Linkage of the remainder: who a description without a code most likely is, and how sure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from yinuo.credit.linking.comparing import SUBJECTS
from yinuo.credit.linking.deciding import alike, decide
from yinuo.credit.linking.exporting import Records, export_descriptions, export_entities
from yinuo.credit.linking.room import count_of, room, take_in
from yinuo.credit.linking.scoring import score
from yinuo.credit.linking.settings import Linkage
from yinuo.lake.engine import Engine

TEXT = pa.string()
ASSIGNED = pa.schema(
    [
        ("record", TEXT),
        ("key", TEXT),
        ("how", TEXT),
        ("score_mille", pa.int32()),
        ("evidence", TEXT),
    ]
)
PROPOSALS = ASSIGNED.remove(2)


@dataclass(frozen=True, kw_only=True)
class Linked:
    """What linkage says."""

    assigned: pa.Table = field(default_factory=ASSIGNED.empty_table)
    """Joins so sure that a model may make them; never of a kind in `NEVER_LINKED`."""
    proposals: pa.Table = field(default_factory=PROPOSALS.empty_table)
    """The others, for a person."""
    alike: tuple[tuple[str, ...], ...] = ()
    """Records that nobody linked and that say the same of their subject, more than a name."""
    sent: int = 0
    """Records of which linkage was asked."""
    descriptions: int = 0
    """Different descriptions among them: each was compared once."""
    pairs: Mapping[str, int] = field(default_factory=dict)
    """Candidate pairs by blocking rule."""


def link_records(
    *,
    engine: Engine,
    live: Sequence[Records],
    linkage: Linkage,
    into: Mapping[str, str],
    settled: Sequence[str],
    barred: Sequence[tuple[str, str]],
) -> Linked:
    """Link live records without a code to registered entities.

    `into` says which keys stand for others, `settled` which records a person has placed, `barred`
    which record never belongs to which key. Raises `TooManyPairs`, `BadModel`.
    """
    with room(memory=linkage.memory, temporary=linkage.temporary) as (database, folder):
        export_descriptions(engine, live, linkage.settings, folder / "descriptions")
        export_entities(engine, live, linkage.settings, folder / "entities")
        take_in(database, folder, into=into, settled=settled, barred=barred)
        pairs = {
            f"{kind}: {' + '.join(block.columns)}": block.pairs
            for kind, subjects in SUBJECTS.items()
            for block in score(database, kind, subjects, linkage)
        }
        decide(database, linkage.settings)
        return Linked(
            assigned=database.sql(
                "SELECT record, key, 'linked' AS how, score_mille, evidence FROM decided "
                "WHERE sure AND NOT never"
            ).to_arrow_table(),
            proposals=database.sql(
                "SELECT record, key, score_mille, evidence FROM decided WHERE never OR NOT sure"
            ).to_arrow_table(),
            alike=alike(database),
            sent=count_of(database, "record_of"),
            descriptions=count_of(database, "description"),
            pairs=pairs,
        )
