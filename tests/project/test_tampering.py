"""Change one value in any recorded column, past the commands: replay names row and column."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models, transaction
from pytest_django import Settings

from yinuo.kernel.filestore import FileStore
from yinuo.ledger.memory import Memory
from yinuo.ledger.recorded import Recorded, recorded_fields, recorded_models
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.project import demo

pytestmark = [pytest.mark.django_db, pytest.mark.engine("sqlite")]
DAY = timedelta(days=1)
NOT_IN_THE_DEMO = {
    *("contest", "contest_file", "cooperation", "draw_file", "erasure", "race_exemption"),
    *("forgone", "project_exemption", "recovery", "roster", "succession"),
    *("case_extension", "feed_case", "item_file", "joint_silence", "problem_group", "reuse"),
    *(
        "answer_key",
        "award",
        "bulk_letters",
        "clawback",
        "exchange_package",
        "payout_batch",
        "payout_line",
        "policy",
        "policy_version",
        "screening",
    ),
    *("credit_batch", "credit_consent", "credit_deletion", "credit_forgetting"),
    *("credit_reads", "credit_release"),
    *("credit_objection", "credit_repair", "credit_report"),
    *("credit_subject", "deferred_payment", "join_judgement", "quarantine_decision"),
    *("spgl_aside", "spgl_batch", "subscription", "task_force", "task_force_unit"),
}
"""Kinds of row of which nothing happens in the simulated year."""


def another(value: Any, field: "models.Field[Any, Any]") -> Any:
    """A value of the same type that is not this one."""
    if value is None:
        return "2001-02-03" if "Date" in field.get_internal_type() else 1
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime | date):
        return (value + DAY).isoformat(sep=" ") if isinstance(value, datetime) else value + DAY
    # Far enough to be no other row's number.
    return value + 1_000_003 if isinstance(value, int) else f"{value}x"


def tamper(row: Recorded, field: "models.Field[Any, Any]") -> None:
    """Write straight to the table, as somebody with the database would."""
    value = another(getattr(row, field.attname), field)
    if isinstance(field, models.JSONField):
        value = '{"planted": 1}'
    table, key = row._meta.db_table, row._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {table} SET "{field.column}" = %s WHERE "{key}" = %s',  # noqa: S608
            [value, row.pk],
        )
        assert cursor.rowcount == 1


@pytest.fixture
def loose_tables(
    db: None, signer: Signer, memory: Memory, settings: Settings, tmp_path: Path
) -> None:
    """A whole demo whose tables take any value, as if the constraints had been dropped first."""
    settings.YINUO_FILES = tmp_path / "files"
    settings.YINUO_DEMO_DATE = demo.DEMO_DATE
    store = FileStore(settings.YINUO_FILES)
    demo.load(key=signer.verifier, store=store)
    demo.seal_all(signer, memory)
    demo.finish(store)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")


def plant() -> set[tuple[str, str]]:
    """Change every recorded column of one row of every model; returns what was changed."""
    planted = set()
    for model in recorded_models().values():
        row = model._base_manager.order_by("-pk").first()
        if row is None:
            continue
        for field in model._meta.concrete_fields:
            if field.attname in recorded_fields(model) and not field.primary_key:
                tamper(row, field)
                planted.add((row.subject, field.attname))
    return planted


@pytest.mark.slow
def test_every_recorded_column_is_guarded(loose_tables: None) -> None:
    known = recorded_models().items()
    empty = {name for name, model in known if not model._base_manager.exists()}
    assert empty <= NOT_IN_THE_DEMO
    with transaction.atomic():
        planted = plant()
        faults = replay().faults
        # Some planted keys lead nowhere; the database would mind at the end of the test.
        transaction.set_rollback(True)
    found = {(fault.place, fault.what.split()[1]) for fault in faults if "列" in fault.what}
    assert planted <= found
    assert {subject.split(":")[0] for subject, _column in planted} == {
        name for name, _model in known if name not in empty
    }
    assert replay().faults == []
