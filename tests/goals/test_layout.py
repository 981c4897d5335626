"""The layout names every field once, within what the tables of the database hold."""

from dataclasses import fields, is_dataclass

import pytest
from django.db.models import CharField, Model

from yinuo.commitments.commands.register import NewCommitment, NewDocument, NewObservation
from yinuo.commitments.models import Commitment, Document, Observation
from yinuo.goals.models import Goal, Plan
from yinuo.goals.plan import NewGoal, PlanContent
from yinuo.goals.workbook import layout
from yinuo.goals.workbook.basics import DOCUMENTS, GOALS, PLAN, UNITS
from yinuo.goals.workbook.columns import OPERATORS, ORIGINS, Form, Sheet
from yinuo.goals.workbook.findings import Rule
from yinuo.goals.workbook.promises import COMMITMENTS, OBSERVATIONS
from yinuo.ledger.recorded import Recorded
from yinuo.parties.commands import NewUnit
from yinuo.parties.models import Unit

BESIDE = {"creditor_unit"}
"""Comes from the sheet 计划 for every promise."""
RECORDS = [
    (DOCUMENTS, NewDocument, Document),
    (UNITS, NewUnit, Unit),
    (GOALS, NewGoal, Goal),
    (COMMITMENTS, NewCommitment, Commitment),
    (OBSERVATIONS, NewObservation, Observation),
]


@pytest.mark.parametrize(("sheet", "record", "model"), RECORDS)
def test_every_field_has_its_column(sheet: Sheet, record: type, model: type[Model]) -> None:
    assert issubclass(model, Recorded)
    named = [column.field for column in sheet.columns if not column.informative]
    assert sorted(named) == sorted({f.name for f in fields(record)} - BESIDE)


def test_the_plan_sheet_names_what_is_no_table() -> None:
    named = {column.field for column in PLAN.columns}
    tables = {"documents", "units", "goals", "commitments", "observations"}
    assert named == {f.name for f in fields(PlanContent)} - tables


@pytest.mark.parametrize(("sheet", "record", "model"), [*RECORDS, (PLAN, PlanContent, Plan)])
def test_texts_fit_the_database(sheet: Sheet, record: type, model: type[Model]) -> None:
    assert is_dataclass(record)
    stored = {field.name: field for field in model._meta.concrete_fields}
    for column in sheet.columns:
        name = "parent_code" if (model, column.field) == (Observation, "parent") else column.field
        field = stored.get(name)
        if column.form in (Form.LINE, Form.CODE) and not column.informative:
            assert isinstance(field, CharField)
            assert column.longest == field.max_length, column.header
        if column.form == Form.TEXT:
            assert column.longest > 0


def test_headers_are_unique_and_explained() -> None:
    for sheet in layout.SHEETS:
        headers = [column.header for column in (*sheet.columns, layout.SIMULATED)]
        assert len(set(headers)) == len(headers)
        assert all(column.hint for column in sheet.columns)
        assert all(name in {s.name for s in layout.SHEETS} for c in sheet.columns for name in c.to)


def test_words_are_those_of_the_commitment() -> None:
    assert {label: value for value, label in Commitment.Operator.choices} == OPERATORS
    assert {label: value for value, label in Commitment.Origin.choices} == ORIGINS


def test_codes_of_rules_are_unique() -> None:
    codes = [rule.code for rule in Rule]
    assert len(set(codes)) == len(codes)
    assert {rule.blocks for rule in Rule if "-N" in rule.code} == {False}
