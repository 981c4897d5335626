"""The shipped sources, figures and rules, and facts made up for them."""

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from hashlib import md5, sha256
from typing import Any

import pyarrow as pa

from yinuo.credit.profile.figures import Figure, load_figures
from yinuo.credit.profile.terms import Regime
from yinuo.credit.regimes.kinds import load_kinds
from yinuo.credit.regimes.levels import load_levels
from yinuo.credit.regimes.rules import load_rules
from yinuo.kernel.content import content_dir
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import SourceDescription, Type
from yinuo.lake.records.parsing import read_description

CONTENT = content_dir()
SOURCES: Mapping[str, SourceDescription] = {
    path.stem: read_description(path.read_bytes(), id=path.stem)
    for path in sorted((CONTENT / "sources").glob("*.toml"))
}
FIGURES: tuple[Figure, ...] = load_figures(
    (CONTENT / "credit" / "profile.csv").read_bytes(), SOURCES.values()
)
REGIME = Regime(
    levels=load_levels((CONTENT / "credit" / "levels.csv").read_bytes()),
    rules=load_rules((CONTENT / "credit" / "publicity.csv").read_bytes()),
    kinds=load_kinds((CONTENT / "credit" / "kinds.csv").read_bytes()),
)
ON = date(2026, 11, 29)
PENALTIES = [
    "警告",
    "罚款",
    "警告;罚款",
    "罚款；没收违法所得",
    "吊销许可证件",
    "其他-责令",
    "",
    None,
]
_ARROW = {Type.DATE: pa.date32(), Type.AMOUNT: pa.int64(), Type.NUMBER: pa.int64()}


def entity(number: int) -> str:
    return "E" + sha256(str(number).encode()).hexdigest()[:24]


def facts(
    seed: int, *, entities: int, rows: int, source: SourceDescription
) -> list[dict[str, Any]]:
    """Made-up facts of a source: own fields, entity and record."""
    chance = random.Random(f"{seed} {source.id}")  # noqa: S311  # made-up rows
    found = []
    for number in range(chance.randrange(rows + 1)):
        row: dict[str, Any] = {
            "entity": entity(chance.randrange(entities)),
            "record": md5(f"{source.id} {number}".encode()).hexdigest(),  # noqa: S324  # an id
        }
        for field in source.fields:
            row[field.name] = _value(chance, field.name, field.type, field.codes)
        found.append(row)
    return found


def _value(chance: random.Random, name: str, kind: Type, codes: Mapping[str, str]) -> Any:
    if chance.random() < 0.15:
        return None
    if kind is Type.DATE:
        days = chance.choice((-1200, -731, -730, -366, -365, -364, -90, -1, 0, 1, 400))
        return chance.choice((ON + timedelta(days), date(2026, 3, 31), date(2026, 4, 1)))
    if kind in (Type.AMOUNT, Type.NUMBER):
        return chance.choice((0, 1, 99, 999_999, 1_000_000, 100_000_000, 10**12))
    if codes:
        return chance.choice(sorted(set(codes.values())))
    return chance.choice(PENALTIES) if name == "class" else f"字{chance.randrange(5)}"


def hold(engine: Engine, source: SourceDescription, rows: list[dict[str, Any]]) -> str:
    """Make facts a table of the engine and return its name."""
    name = f"facts_{source.id.replace('-', '_')}"
    schema = pa.schema(
        [
            ("entity", pa.string()),
            ("record", pa.string()),
            *((f.name, _ARROW.get(f.type, pa.string())) for f in source.fields),
        ]
    )
    engine.hold(name, pa.Table.from_pylist(rows, schema))
    return name


def hold_entities(engine: Engine, kinds: Mapping[str, str]) -> str:
    table = pa.table({"entity": list(kinds), "kind": list(kinds.values())})
    engine.hold("entities", table)
    return "entities"


def documents(
    kinds: Mapping[str, str], every: Mapping[str, list[dict[str, Any]]]
) -> Iterator[dict[str, Any]]:
    """The document of each entity, as the serving file would have it: dates as texts."""
    for each, kind in kinds.items():
        facts: dict[str, Any] = {}
        for name, rows in every.items():
            own = [
                {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}
                for row in rows
                if row["entity"] == each
            ]
            if own:
                facts[name] = {"count": len(own), "rows": own}
        yield {"entity": each, "kind": kind, "facts": facts}
