"""The profile of one entity from its document: the twin of `build`, with the records behind it.

A property test holds the two against each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from yinuo.credit.profile.build import KIND, KIND_WORDS, UNKNOWN_KIND
from yinuo.credit.profile.figures import (
    ENDS_ON,
    LEVEL,
    NOTHING,
    Figure,
    How,
    covered,
    derives,
)
from yinuo.credit.profile.terms import Regime, term
from yinuo.credit.regimes.months import months_later
from yinuo.lake.records.description import SourceDescription, Type

Known: TypeAlias = int | Decimal | bool | date | str | None
_FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of one entity."""

    figure: Figure
    value: Known
    """None where nothing can be known, and for a date without a record."""
    records: tuple[str, ...]
    """Ids of the records that were counted."""


def profile_of(
    document: Mapping[str, Any],
    *,
    sources: Mapping[str, SourceDescription],
    figures: Sequence[Figure],
    regime: Regime,
    on: date,
) -> tuple[Told, ...]:
    """Every figure of an entity, as of a day.

    `document` is that of `serving.reading.Serving`; `sources` are those of its release. A figure
    is not known where a source keeps more records of the entity than the document shows.
    """
    kind = str(document["kind"])
    records = {
        name: _records(rows["rows"], sources[name], regime)
        for name, rows in document["facts"].items()
        if name in sources
    }
    cut = {name for name, rows in document["facts"].items() if rows["count"] > len(rows["rows"])}
    found = []
    for figure in figures:
        if kind not in covered(figure, sources) or cut & set(figure.sources):
            found.append(Told(figure, None, ()))
            continue
        chosen = [
            (sources[name], record)
            for name in figure.sources
            for record in records.get(name, ())
            if _is_wanted(figure, sources[name], record, on)
        ]
        ids = tuple(str(record["record"]) for _, record in chosen)
        found.append(Told(figure, _value(figure, chosen), ids))
    return tuple(found)


def given(told: Sequence[Told], kind: str) -> dict[str, Known]:
    """The figures as decision tables take them."""
    word = KIND_WORDS.get(kind, UNKNOWN_KIND)
    return {KIND: word} | {each.figure.name: each.value for each in told}


Record: TypeAlias = Mapping[str, Any]


def _records(
    rows: Sequence[Mapping[str, Any]], source: SourceDescription, regime: Regime
) -> list[Record]:
    """The records with dates as dates, and of penalties what the rules say of them."""
    dates = [each.name for each in source.fields if each.type is Type.DATE]
    found: list[Record] = []
    for row in rows:
        record = dict(row)
        for name in dates:
            if isinstance(text := record.get(name), str):
                record[name] = date.fromisoformat(text)
        if derives(source):
            record[LEVEL], record[ENDS_ON] = term(
                regime, record.get("class") or "", record.get("fine"), record.get("decided_on")
            )
        found.append(record)
    return found


def _is_wanted(figure: Figure, source: SourceDescription, record: Record, on: date) -> bool:
    if not all(each.holds(record, on) for each in figure.conditions):
        return False
    if not figure.dates:
        return True
    day = record.get(figure.field_of(figure.dates, source))
    if day is None:
        return not figure.months and figure.how is not How.VALUE
    return day <= on and (not figure.months or day > months_later(on, -figure.months))


def _value(figure: Figure, chosen: Sequence[tuple[SourceDescription, Record]]) -> Known:
    if figure.how is How.COUNT:
        return len(chosen)
    if figure.how is How.EXISTS:
        return bool(chosen)
    values = [
        (source, record, value)
        for source, record in chosen
        if (value := record.get(figure.field_of(figure.value, source))) is not None
    ]
    if figure.how is How.SUM:
        total = sum(
            (v * _FEN if figure.is_money(s) else Decimal(v) for s, _, v in values), Decimal()
        )
        return total.quantize(_FEN)
    if figure.how is How.VALUE:
        dated = [(r[figure.field_of(figure.dates, s)], v) for s, r, v in values]
        return str(max(dated)[1]) if dated else NOTHING
    days = [value for _, _, value in values]
    return (max if figure.how is How.LATEST else min)(days, default=None)
