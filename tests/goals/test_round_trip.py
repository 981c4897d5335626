"""What is written reads back the same, and what is exported imports unchanged."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.city import MARCH, OFFICE, City, open_accounts
from tests.goals.strategies import plans
from tests.goals.workbooks import checked, plan, workbook
from yinuo.commitments.commands.change import approve, ask
from yinuo.commitments.life import ChangeKind
from yinuo.goals.commands.plan_import import take_in
from yinuo.goals.plan import PlanContent
from yinuo.goals.queries.plans import export, preview
from yinuo.goals.workbook.write import write
from yinuo.ledger.models import Entry

pytestmark = pytest.mark.slow


@given(plans())
@settings(max_examples=40)
def test_a_workbook_reads_back_as_it_was_written(content: PlanContent) -> None:
    found = checked(write(content, made_at=MARCH))
    assert found.errors == ()
    assert found.plan is not None
    assert found.plan.content == content


def _exported(city: City) -> bytes:
    exported = export(plan="P", viewer=city["admin"])
    return write(exported.content, told=exported.told, demo=True, made_at=MARCH)


def _assert_changes_nothing(city: City, data: bytes) -> None:
    found = checked(data, "导出.xlsx")
    assert found.errors == ()
    seen = preview(file=found, viewer=city["admin"])
    assert (seen.refused, seen.held, seen.asks, seen.absent) == ((), (), (), ())
    before = Entry.objects.count()
    assert not take_in(file=found, by=city["admin"], at=MARCH).wrote
    assert Entry.objects.count() == before


def _move(city: City, code: str, day: date, *, approved: bool) -> None:
    change = ask(
        commitment=code,
        kind=ChangeKind.MOVED,
        new={"due": day.isoformat()},
        reason="汛期停工",
        by=city["admin"],
        at=MARCH,
    )
    if approved:
        approve(change=change, reason="同意", by=city["supervisor"], at=MARCH)


@pytest.mark.django_db
@pytest.mark.stored
def test_an_export_imports_unchanged() -> None:
    city = open_accounts()

    @given(plans(), st.lists(st.booleans(), max_size=8))
    @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    def run(content: PlanContent, decisions: list[bool]) -> None:
        with transaction.atomic():
            take_in(file=checked(workbook(content)), by=city["admin"], at=MARCH)
            for row, approved in zip(content.commitments, decisions, strict=False):
                # The supervisor of the office never judges what the office itself owes.
                if row.due != date(2030, 1, 31) and row.lead != OFFICE:
                    _move(city, row.code, date(2030, 1, 31), approved=approved)
            _assert_changes_nothing(city, _exported(city))
            transaction.set_rollback(True)

    run()


@pytest.mark.django_db
@pytest.mark.stored
def test_an_export_after_an_approved_move_shows_both_dates_and_imports_unchanged() -> None:
    city = open_accounts()
    take_in(file=checked(workbook()), by=city["admin"], at=MARCH)
    _move(city, "P-001", date(2025, 6, 30), approved=True)
    exported = export(plan="P", viewer=city["admin"])
    first = exported.content.commitments[0]
    assert first.due == date(2025, 6, 30)
    assert exported.told["P-001"] == {
        "lead_name": "旅顺口区",
        "due_original": date(2024, 12, 31),
        "moved_count": 1,
        "status": "进行中",
        "outcome": None,
    }
    assert exported.content.observations == plan().observations
    _assert_changes_nothing(city, _exported(city))
