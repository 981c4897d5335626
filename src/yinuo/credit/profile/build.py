"""The profile of every entity of a release: one row each, counted by one SQL text for any engine.

What no source speaks of stays NULL: that an entity has no fines and that nobody could know of any
are two different things. Of what a source speaks of, none is 0.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from yinuo.credit.profile.figures import (
    NOTHING,
    Figure,
    How,
    covered,
    derives,
)
from yinuo.credit.profile.terms import Regime, derive
from yinuo.credit.regimes.months import months_later
from yinuo.kernel.errors import YinuoError
from yinuo.lake.dialects import Dialect
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import SourceDescription

KIND = "主体类别"
"""The column that decision tables ask for the sort of subject."""
KIND_WORDS = {"firm": "企业", "trader": "个体工商户", "person": "个人"}
UNKNOWN_KIND = "未知"
MONEY = "DECIMAL(18, 2)"
"""As wide as decision tables read numbers."""
_TYPES = {
    How.COUNT: "BIGINT",
    How.EXISTS: "BOOLEAN",
    How.LATEST: "DATE",
    How.EARLIEST: "DATE",
    How.VALUE: "STRING",
}
_DAY = 10
"""Characters of a date."""


class NoFacts(YinuoError):
    """A release has none of the sources that any figure is taken from."""

    code = "CREDIT-E120"
    status = 409

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(
            "这个数据版本里没有一个画像要用的数据源",
            place="content/credit/profile.csv",
            next_step=f"核对画像表的数据源；版本里有：{'、'.join(known) or '无'}",
        )


def build(
    *,
    engine: Engine,
    facts: Mapping[str, str],
    entities: str,
    sources: Mapping[str, SourceDescription],
    figures: Sequence[Figure],
    regime: Regime,
    on: date,
    into: str = "profile",
) -> None:
    """Make the profile a table named `into`: entity, kind, 主体类别, then each figure by its name.

    `facts` maps sources to tables of their facts in the engine, `entities` names that of entities;
    `on` is the day of every window. Counts are whole numbers, sums of money 元 with two places.
    Raises `NoFacts`.
    """
    held = {name: sources[name] for name in facts}
    tables = dict(facts)
    for name, source in held.items():
        if derives(source):
            tables[name] = f"{into}_{_plain(name)}"
            derive(engine, facts[name], regime, tables[name])
    arms = [
        _arm(engine.dialect, held[name], tables[name], figures, on)
        for name in sorted(facts)
        if any(name in figure.sources for figure in figures)
    ]
    if not arms:
        raise NoFacts(sorted(facts))
    engine.define(f"{into}_arms", " UNION ALL ".join(arms))
    engine.define(f"{into}_sums", _summed(engine.dialect, figures, f"{into}_arms"))
    engine.define(into, _told(engine.dialect, figures, held, entities, f"{into}_sums"))


def write(engine: Engine, folder: Path, table: str = "profile") -> None:
    """Write the profile as Parquet files into a new folder."""
    engine.write(f"SELECT * FROM {table}", folder)  # noqa: S608  # our own name


def _plain(name: str) -> str:
    return name.replace("-", "_")


def _arm(
    dialect: Dialect, source: SourceDescription, table: str, figures: Sequence[Figure], on: date
) -> str:
    """What one source gives to each figure, by entity; NULL to those it gives nothing."""
    columns = ", ".join(
        f"{_given(dialect, each, source, on)} AS f{place}" for place, each in enumerate(figures)
    )
    return f"SELECT entity, {columns} FROM {table} GROUP BY entity"  # noqa: S608  # our own names


def _given(dialect: Dialect, figure: Figure, source: SourceDescription, on: date) -> str:
    if source.id not in figure.sources:
        return f"CAST(NULL AS {_kept_as(figure)})"
    wanted = _wanted(dialect, figure, source, on)
    value = dialect.name(figure.field_of(figure.value, source))
    if figure.how is How.COUNT:
        return f"CAST(sum(CASE WHEN {wanted} THEN 1 ELSE 0 END) AS BIGINT)"
    if figure.how is How.EXISTS:
        return f"max(CASE WHEN {wanted} THEN true ELSE false END)"
    chosen = f"CASE WHEN {wanted} THEN {value} END"
    if figure.how is How.SUM:
        return _sum(chosen, is_money=figure.is_money(source))
    if figure.how is How.VALUE:
        day = dialect.name(figure.field_of(figure.dates, source))
        newest = f"CAST({day} AS STRING) || {value}"
        return f"max(CASE WHEN {wanted} AND {value} IS NOT NULL THEN {newest} END)"
    return f"{'max' if figure.how is How.LATEST else 'min'}({chosen})"


def _sum(chosen: str, *, is_money: bool) -> str:
    """Exact in both engines: 分 times a hundredth, never a division."""
    total = f"CAST(sum(CAST({chosen} AS DECIMAL(18, 0))) AS DECIMAL(20, 0))"
    unit = "CAST(0.01 AS DECIMAL(3, 2))" if is_money else "CAST(1 AS DECIMAL(3, 2))"
    return f"CAST({total} * {unit} AS {MONEY})"


def _kept_as(figure: Figure) -> str:
    return MONEY if figure.how is How.SUM else _TYPES[figure.how]


def _wanted(dialect: Dialect, figure: Figure, source: SourceDescription, on: date) -> str:
    asked = [each.sql(dialect.name(each.field), on, dialect) for each in figure.conditions]
    if figure.dates:
        day = dialect.name(figure.field_of(figure.dates, source))
        until = f"{day} <= DATE '{on}'"
        if figure.months:
            asked.append(f"({day} > DATE '{months_later(on, -figure.months)}' AND {until})")
        elif figure.how is How.VALUE:
            asked.append(until)
        else:
            asked.append(f"({day} IS NULL OR {until})")
    return " AND ".join(asked) or "true"


_JOINED = {
    How.COUNT: "CAST(sum({0}) AS BIGINT)",
    How.SUM: f"CAST(sum({{0}}) AS {MONEY})",
    How.EXISTS: "max({0})",
    How.LATEST: "max({0})",
    How.EARLIEST: "min({0})",
    How.VALUE: "max({0})",
}


def _summed(dialect: Dialect, figures: Sequence[Figure], arms: str) -> str:
    del dialect
    columns = ", ".join(
        f"{_JOINED[each.how].format(f'f{place}')} AS f{place}" for place, each in enumerate(figures)
    )
    return f"SELECT entity, {columns} FROM {arms} GROUP BY entity"  # noqa: S608  # our own names


def _told(
    dialect: Dialect,
    figures: Sequence[Figure],
    sources: Mapping[str, SourceDescription],
    entities: str,
    sums: str,
) -> str:
    words = " ".join(f"WHEN '{kind}' THEN '{word}'" for kind, word in KIND_WORDS.items())
    columns = [
        "e.entity AS entity",
        "e.kind AS kind",
        f"CASE e.kind {words} ELSE '{UNKNOWN_KIND}' END AS {dialect.name(KIND)}",
    ]
    for place, figure in enumerate(figures):
        kinds = sorted(covered(figure, sources))
        said = _or_none(figure, f"s.f{place}")
        if kinds:
            listed = ", ".join(f"'{kind}'" for kind in kinds)
            said = f"CASE WHEN e.kind IN ({listed}) THEN {said} END"
        else:
            said = f"CAST(NULL AS {_kept_as(figure)})"
        columns.append(f"{said} AS {dialect.name(figure.name)}")
    return (
        f"SELECT {', '.join(columns)} FROM {entities} AS e "  # noqa: S608  # our own names
        f"LEFT JOIN {sums} AS s ON s.entity = e.entity"
    )


def _or_none(figure: Figure, column: str) -> str:
    """What an entity without such records has."""
    if figure.how is How.COUNT:
        return f"coalesce({column}, 0)"
    if figure.how is How.SUM:
        return f"coalesce({column}, CAST(0 AS {MONEY}))"
    if figure.how is How.EXISTS:
        return f"coalesce({column}, false)"
    if figure.how is How.VALUE:
        return f"coalesce(substr({column}, {_DAY + 1}), '{NOTHING}')"
    return column
