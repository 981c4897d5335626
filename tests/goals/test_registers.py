"""The registers of Dalian 2024: their workbooks, and their figures against facts.csv."""

import io
import zipfile
from decimal import Decimal

import pytest

from tools.dalian_2024 import FOLDER, Facts, table
from tools.dalian_registers import WORKBOOKS

SYSTEMS = {"projects", "investment", "industry", "innovation", "tourism", "talent", "port"}


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_is_what_the_tables_make(name: str) -> None:
    committed = _parts((FOLDER / name).read_bytes())
    assert committed == _parts(WORKBOOKS[name]()), "run: python -m tools.dalian_registers"


def test_published_figures_are_those_of_the_facts() -> None:
    facts = Facts().by_number
    for row in table("figures.csv"):
        if not row["fact"]:
            assert row["implied"] or row["source"], row
            continue
        fact = facts[row["fact"]]
        assert (row["value"], row["unit"]) == (fact["value"], fact["unit"]), row
        assert not row["implied"], row


def test_bases_known_only_by_inversion_are_worked_out_right() -> None:
    stated = {
        (r["indicator"], r["period"], r["measure"]): Decimal(r["value"])
        for r in table("figures.csv")
        if not r["implied"]
    }
    for code in ("DL-LY-YK", "DL-LY-SR"):
        value = stated[code, "2024春节假期前5日", ""]
        rate = stated[code, "2024春节假期前5日", "同比"]
        (base,) = [r for r in table("figures.csv") if r["indicator"] == code and r["implied"]]
        assert abs(value / Decimal(base["value"]) - 1 - rate / 100) < Decimal("0.0002")
        assert base["how"]


def test_every_figure_of_these_systems_has_a_place() -> None:
    """A promised quantity is followed by an indicator; each row names facts that there are."""
    facts = Facts()
    tables = ("indicators.csv", "figures.csv", "projects.csv", "leads.csv", "delegations.csv")
    named = {name: {row["fact"] for row in table(name) if row["fact"]} for name in tables}
    assert all(numbers <= facts.by_number.keys() for numbers in named.values())
    followed = named["indicators.csv"]
    owed = {
        fact["no"]
        for fact in facts.of("promise")
        if fact["system"] in SYSTEMS and fact["kind"] == "target"
    }
    assert owed <= followed
    projects = {
        fact["no"] for fact in facts.rows if fact["system"] in SYSTEMS and fact["kind"] == "project"
    }
    assert projects <= named["projects.csv"]
    agreements = {fact["no"] for fact in facts.rows if fact["kind"] == "agreement"}
    assert agreements <= named["leads.csv"]
