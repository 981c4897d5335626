"""Two screenings beside each other: who falls out under a stricter rule, and who comes in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yinuo.benefits.errors import UnknownPolicy
from yinuo.benefits.models import Screening
from yinuo.benefits.permission import of_unit
from yinuo.benefits.screening import ENTITY, YES
from yinuo.kernel.filestore import FileStore
from yinuo.parties.viewer import Viewer

MOST = 200
"""Firms that are named on each side."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A firm whose verdict is another."""

    entity: str
    name: str
    code: str
    amount: int
    """In 分, of the side on which it is eligible."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What the second screening changes."""

    stay: int
    out: int
    out_amount: int
    come_in: int
    come_in_amount: int
    falls_out: tuple[Moved, ...]
    """At most `MOST`, the largest amounts first."""
    comes_in: tuple[Moved, ...]


def compare(
    *, viewer: Viewer, before: str, after: str, entities: Path | None, store: FileStore
) -> Compared:
    """The difference between two screenings of the viewer's units. Raises `UnknownPolicy`.

    `entities`: where the names stand; None leaves them empty.
    """
    first, second = (_eligible(viewer, code, store) for code in (before, after))
    out = first.join(second.select([ENTITY]), ENTITY, join_type="left anti")
    come = second.join(first.select([ENTITY]), ENTITY, join_type="left anti")
    return Compared(
        stay=len(first) - len(out),
        out=len(out),
        out_amount=_sum(out),
        come_in=len(come),
        come_in_amount=_sum(come),
        falls_out=_named(out, entities),
        comes_in=_named(come, entities),
    )


def _eligible(viewer: Viewer, code: str, store: FileStore) -> pa.Table:
    seen = of_unit(viewer, "policy_version__policy__unit")
    row = Screening.objects.filter(seen, pk=code).first()
    if row is None:
        raise UnknownPolicy(code)
    with store.open(row.answers_sha256) as file:
        return pq.read_table(file, columns=[ENTITY, "amount"], filters=pc.field("verdict") == YES)


def _sum(table: pa.Table) -> int:
    return int(pc.sum(table.column("amount")).as_py() or 0)


def _named(table: pa.Table, entities: Path | None) -> tuple[Moved, ...]:
    largest = table.sort_by([("amount", "descending"), (ENTITY, "ascending")]).slice(0, MOST)
    wanted = pc.field(ENTITY).isin(largest.column(ENTITY).combine_chunks())
    names: dict[str, dict[str, Any]] = {}
    if entities is not None:
        who = pq.read_table(entities, columns=[ENTITY, "code", "name"], filters=wanted)
        names = {row[ENTITY]: row for row in who.to_pylist()}
    rows: Sequence[dict[str, Any]] = largest.to_pylist()
    return tuple(
        Moved(
            entity=row[ENTITY],
            name=names.get(row[ENTITY], {}).get("name") or "",
            code=names.get(row[ENTITY], {}).get("code") or "",
            amount=row["amount"],
        )
        for row in rows
    )
