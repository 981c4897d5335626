from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from tests.commitments.conftest import City, at, city  # noqa: F401  # the fixture
from yinuo.commitments.commands.register import NewDocument
from yinuo.commitments.commands.task import NewTask, Registered, register_task
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Commitment, Document, Signing
from yinuo.commitments.numbering import Numbering
from yinuo.commitments.queries.sources import document_kinds, documents, source_counts
from yinuo.commitments.sources import Source
from yinuo.kernel.limits import DayType, Limit
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE, NotAllowed

WHEN = at("2024-06-03")
TODAY = WHEN.date()
SOURCE = Source(
    name="批示件",
    numbering=Numbering("PS{year}-{n:03}"),
    kind="order",
    visibility=Visibility.CLOSED,
    limit=Limit(number=10, day_type=DayType.WORKING_DAY, start_event="批示"),
    sign_by=Limit(number=1, day_type=DayType.WORKING_DAY),
    creditor="",
    basis="本市自定",
    checked="默认值",
)
TASK = NewTask(
    title="排查隐患",
    new_document=NewDocument(code="", title="关于隐患的批示", kind="", number="批〔2024〕1号"),
    lead="A",
    cooperating=("B",),
    due=date(2024, 6, 17),
    due_origin="inferred",
    due_said="默认时限 10 个工作日",
)
WORKERS = 10


def put(who: object, **changed: object) -> Registered:
    source = changed.pop("source", SOURCE)
    return register_task(
        task=replace(TASK, **changed),  # type: ignore[arg-type]
        source=source,  # type: ignore[arg-type]
        office="DC",
        sign_by=date(2024, 6, 4),
        by=who,  # type: ignore[arg-type]
        at=WHEN,
    )


@pytest.mark.django_db
def test_a_task_gets_number_document_and_signatures(city: City) -> None:  # noqa: F811
    made = put(city.supervisor)
    assert (made.code, made.asked) == ("PS2024-001", 2)
    row = Commitment.objects.get(code="PS2024-001")
    assert (row.kind, row.visibility, row.creditor, row.lead_id) == (
        "order",
        Visibility.CLOSED,
        "督查室",
        "A",
    )
    assert (row.due, row.due_original, row.due_origin) == (
        date(2024, 6, 17),
        date(2024, 6, 17),
        "inferred",
    )
    document = Document.objects.get(pk=row.document_id)
    assert (document.code, document.kind, document.title) == (
        "WJ2024-0001",
        "批示件",
        "关于隐患的批示",
    )
    assert set(Signing.objects.values_list("unit", "part")) == {
        ("A", "lead"),
        ("B", "cooperating"),
    }
    assert replay().faults == []


@pytest.mark.django_db
def test_a_second_task_may_rest_on_the_same_document(city: City) -> None:  # noqa: F811
    put(city.supervisor)
    known = documents(kind="批示件", viewer=city.supervisor)
    assert [(d.code, d.words) for d in known] == [
        ("WJ2024-0001", "关于隐患的批示（批〔2024〕1号）")
    ]
    assert put(city.admin, document="WJ2024-0001", new_document=None).code == "PS2024-002"
    assert Document.objects.filter(kind="批示件").count() == 1


@pytest.mark.django_db
def test_a_document_nobody_showed_the_viewer_does_not_exist(city: City) -> None:  # noqa: F811
    put(city.supervisor)
    assert documents(kind="批示件", viewer=ANYONE) == ()
    assert document_kinds(viewer=ANYONE) == ()
    outsider = replace(city.supervisor, supervisor_of=frozenset({"B"}))
    assert documents(kind="批示件", viewer=outsider) == ()
    with pytest.raises(Invalid, match="没有这份文件"):
        register_task(
            task=replace(TASK, document="WJ2024-0001"),
            source=SOURCE,
            office="B",
            sign_by=date(2024, 6, 4),
            by=outsider,
            at=WHEN,
        )


@pytest.mark.django_db
def test_without_a_unit_nobody_is_asked(city: City) -> None:  # noqa: F811
    made = put(city.supervisor, lead=None, cooperating=())
    assert made.asked == 0
    assert Commitment.objects.get(code=made.code).lead_origin == "none"


@pytest.mark.django_db
def test_every_fault_is_told_at_its_field(city: City) -> None:  # noqa: F811
    with pytest.raises(Invalid) as caught:
        put(
            city.supervisor,
            title=" ",
            new_document=None,
            lead="X",
            cooperating=("B", "B", "Y"),
            value="5",
            place="长" * 81,
        )
    assert [field for field, _what in caught.value.faults] == [
        "title",
        "place",
        "lead",
        "cooperating",
        "cooperating",
        "document_title",
        "value",
    ]
    assert not Commitment.objects.exists()


@pytest.mark.django_db
def test_only_the_office_registers(city: City) -> None:  # noqa: F811
    for who in (city.officer, city.auditor):
        with pytest.raises(NotAllowed):
            put(who)


@pytest.mark.django_db
def test_tasks_are_counted_by_source(city: City) -> None:  # noqa: F811
    city.promise("P")
    put(city.supervisor)
    found = {one.source: one for one in source_counts(viewer=city.supervisor, today=TODAY)}
    assert (found["批示件"].total, found["批示件"].unsigned, found["方案"].unsigned) == (1, 1, 0)
    late = source_counts(viewer=city.supervisor, today=date(2024, 7, 1))
    assert {one.source: one.overdue for one in late} == {"批示件": 1, "方案": 0}
    assert source_counts(viewer=city.officer, today=TODAY) == ()


def _in_own_connection(work: Callable[[], str]) -> str:
    try:
        return work()
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_at_once_never_share_a_number(transactional_db: None, city: City) -> None:  # noqa: F811
    each = 3

    def register_some(_worker: int) -> list[str]:
        return [
            _in_own_connection(lambda: put(city.supervisor, cooperating=()).code)
            for _ in range(each)
        ]

    with ThreadPoolExecutor(WORKERS) as pool:
        made = [code for codes in pool.map(register_some, range(WORKERS)) for code in codes]
    assert len(set(made)) == WORKERS * each
    assert set(made) == {f"PS2024-{n:03}" for n in range(1, WORKERS * each + 1)}
    assert len(set(Document.objects.values_list("code", flat=True))) == WORKERS * each + 1
    assert replay().faults == []
