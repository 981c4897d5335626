"""Rows of letters read as the letters they are, and what the city knows of its own units."""

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yinuo.cases.models import CreditLetter
from yinuo.commitments.letters.letter import (
    Fulfilment,
    Letter,
    LetterType,
    PromisorKind,
    Publicity,
)
from yinuo.commitments.wording import wording
from yinuo.kernel.content import content_file
from yinuo.kernel.regions import Regions
from yinuo.parties.queries import public_unit_names, public_units

KINDS = {
    "firm": PromisorKind.FIRM,
    "person": PromisorKind.PERSON,
    "trader": PromisorKind.TRADER,
}


@lru_cache(maxsize=4)
def _regions(path: Path, _age: int) -> Regions:
    return Regions.read(path)


def regions() -> Regions:
    """The codes of regions and zones that the city knows."""
    path = content_file("regions", "regions.csv", own=settings.YINUO_CONTENT)
    return _regions(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _codes(path: Path, _age: int) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["unit"]: row["credit_code"] for row in csv.DictReader(file)}


def unit_credit_code(unit: str) -> str:
    """统一社会信用代码 of a unit; empty where the city has not entered it."""
    path = content_file("letters", "unit-codes.csv", own=settings.YINUO_CONTENT)
    return _codes(path, path.stat().st_mtime_ns).get(unit, "")


def region_of(unit: str) -> str:
    """Region code of a unit, or of the nearest unit above that has one; empty for none."""
    units = {each.code: each for each in public_units()}
    at = units.get(unit)
    while at is not None:
        if at.gb_code:
            return at.gb_code
        at = units.get(at.parent or "")
    return ""


def letters_of(rows: Sequence[CreditLetter]) -> list[Letter]:
    """The letters of rows, with their texts; the caller has checked who may read them."""
    names = public_unit_names()
    texts = wording(ref for row in rows for ref in _references(row))
    return [_letter(row, texts, names) for row in rows]


def letter_of(row: CreditLetter) -> Letter:
    """The same of one."""
    return letters_of([row])[0]


def _references(row: CreditLetter) -> tuple[str, ...]:
    return (
        row.promisor_text,
        row.promisor_code_text,
        row.matter_text,
        row.content_text,
        row.liability_text,
        row.unmet_text,
        row.pursued_text,
        row.remark_text,
    )


def _letter(row: CreditLetter, texts: dict[str, str], names: Mapping[str, str]) -> Letter:
    return Letter(
        code=row.code,
        promisor=texts.get(row.promisor_text, ""),
        promisor_kind=KINDS[row.promisor_kind],
        promisor_code=texts.get(row.promisor_code_text, ""),
        type=LetterType(row.type),
        matter=texts.get(row.matter_text, ""),
        content=texts.get(row.content_text, ""),
        liability=texts.get(row.liability_text, ""),
        made_date=row.made_date,
        valid_until=row.valid_until,
        fulfilment=Fulfilment(row.fulfilment) if row.fulfilment else None,
        unmet=texts.get(row.unmet_text, ""),
        pursued=texts.get(row.pursued_text, ""),
        found_date=row.found_date,
        finder=names.get(row.finder_id or "", ""),
        finder_code=row.finder_code,
        accepting_unit=names.get(row.accepting_unit_id, row.accepting_unit_id),
        accepting_code=row.accepting_code,
        publicity=Publicity(row.publicity),
        remark=texts.get(row.remark_text, ""),
    )
