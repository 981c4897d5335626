"""Whatever happens, in whatever order it is sealed and projected: the counts are the rows' own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.commitments.conftest import PEOPLE, START, City, city  # noqa: F401  # the fixture
from yinuo.commitments import projected
from yinuo.commitments.commands.project import project, project_all, start_over
from yinuo.commitments.models import Commitment, Cooperation, Searchable, Tally
from yinuo.commitments.permission import visible
from yinuo.commitments.queries.board import Standing, standings
from yinuo.commitments.queries.counted import LEAST, Counted, delays, public_by_others
from yinuo.commitments.queries.listing import (
    STATES,
    Filter,
    every,
    page,
    state_counts,
    units_listed,
)
from yinuo.commitments.registry import Promisor, all_kinds
from yinuo.commitments.searchtext import words
from yinuo.commitments.searchwords import COLUMNS, tokens_of
from yinuo.commitments.tallying import COUNTS, add, is_before
from yinuo.commitments.tallying import Tally as Cells
from yinuo.ledger.commands.recording import By, record
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.recorded import state_of
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.viewer import ANYONE, Viewer

MANY = 2_000
DAYS = [
    date.fromisoformat(day)
    for day in (
        "2024-05-31",
        "2024-06-01",
        "2024-06-30",
        "2024-07-14",
        "2024-07-15",
        "2024-07-16",
        "2025-01-01",
    )
]
BY = By("operator:test")
OTHERS = [kind.name for kind in all_kinds() if kind.promisor is Promisor.OTHERS]
BY_CITY = ~Q(kind__in=OTHERS)
ENDS = (
    ("open", ""),
    ("delivered", ""),
    ("kept", "kept_on_time"),
    ("kept", "kept_late"),
    ("broken", "broken"),
    ("waived", "waived"),
    ("withdrawn", ""),
)


@dataclass(frozen=True)
class Put:
    """Register or change one commitment."""

    number: int
    lead: str | None
    office: str
    kind: str
    heading: str
    visibility: str
    end: tuple[str, str]
    due: date | None
    original: date | None
    moved: int
    helper: str

    def run(self) -> None:
        row = Commitment.objects.filter(code=f"P-{self.number}").first()
        new = row is None
        row = row or Commitment(code=f"P-{self.number}", creditor="公众", document_id="D")
        row.title = f"旅顺{'建设' if self.number % 2 else '整治'}第{self.number}项"
        # Only the city's promises are owed by a unit.
        row.lead_id = None if self.kind in OTHERS else self.lead
        row.creditor_unit_id = self.office
        row.kind, row.heading, row.visibility = self.kind, self.heading, self.visibility
        row.status, row.outcome = self.end
        row.due, row.due_original = self.due, self.original
        row.moved_count = self.moved
        row.delivered_date = DAYS[0] if self.end[0] in ("delivered", "kept") else None
        record(row, verb="commitment.registered" if new else "commitment.moved", by=BY, at=START)
        code = f"{row.code}/{self.helper}"
        if self.helper and not Cooperation.objects.filter(code=code).exists():
            helper = Cooperation(code=code, commitment=row, unit_id=self.helper)
            record(helper, verb="cooperation.registered", by=BY, at=START)


@st.composite
def puts(draw: st.DrawFn) -> Put:
    due = draw(st.one_of(st.none(), st.sampled_from(DAYS)))
    return Put(
        number=draw(st.integers(1, 9)),
        lead=draw(st.sampled_from(["A", "B", None])),
        office=draw(st.sampled_from(["DC", "B", "C"])),
        kind=draw(st.sampled_from(["measure", "pledge", "deferral", "deferral"])),
        heading=draw(st.sampled_from(["", "G-1"])),
        visibility=draw(st.sampled_from(["public", "review", "closed"])),
        end=draw(st.sampled_from(ENDS)),
        due=due,
        original=due and draw(st.sampled_from(DAYS)),
        moved=draw(st.integers(0, 2)),
        helper=draw(st.sampled_from(["", "", "A", "B"])),
    )


steps = st.lists(
    st.one_of(puts(), puts(), puts(), st.just("seal"), st.integers(1, 5)), min_size=4, max_size=20
)
"""A commitment put, the log sealed, or so many entries projected."""


def rows_counted(viewer: Viewer, today: date) -> dict[str, Standing]:
    """The counts as every row of the city's gives them: the definition."""
    late = Q(status="open", due__lt=today)
    fallen = Q(due_original__lt=today)
    found = (
        Commitment.objects.filter(visible(viewer), BY_CITY)
        .values("heading")
        .order_by("heading")
        .annotate(
            total=Count("pk"),
            kept=Count("pk", filter=Q(status="kept")),
            overdue=Count("pk", filter=late),
            waiting=Count("pk", filter=Q(status="delivered")),
            open=Count("pk", filter=Q(status="open") & (Q(due=None) | Q(due__gte=today))),
            broken=Count("pk", filter=Q(status="broken")),
            ended=Count("pk", filter=Q(status__in=["waived", "withdrawn"])),
            moved=Count("pk", filter=Q(moved_count__gt=0)),
            undated=Count("pk", filter=Q(due=None)),
            unowned=Count("pk", filter=Q(lead=None)),
            fell_due=Count("pk", filter=fallen),
            on_time=Count("pk", filter=fallen & Q(outcome="kept_on_time")),
        )
    )
    rows: list[dict[str, Any]] = [dict(row) for row in found]
    return {row.pop("heading"): Standing(**row) for row in rows}


def states_counted(viewer: Viewer, today: date, *which: Q, **filters: Any) -> dict[str, int]:
    rows = Commitment.objects.filter(visible(viewer), *which, **filters)
    conditions = {
        "open": Q(status="open") & (Q(due=None) | Q(due__gte=today)),
        "overdue": Q(status="open", due__lt=today),
        "waiting": Q(status="delivered"),
        "kept": Q(status="kept"),
        "broken": Q(status="broken"),
        "ended": Q(status__in=["waived", "withdrawn"]),
        "moved": Q(moved_count__gt=0),
        "undated": Q(due=None),
        "unowned": Q(lead=None),
        "review": Q(visibility="review"),
    }
    return {state: rows.filter(condition).count() for state, condition in conditions.items()}


def delays_counted(viewer: Viewer, **filters: str) -> dict[int, int]:
    found: dict[int, int] = {}
    rows = Commitment.objects.filter(visible(viewer), BY_CITY, **filters)
    for row in rows.filter(moved_count__gt=0, due__isnull=False):
        days = (row.due - row.due_original).days  # type: ignore[operator]  # both are set
        found[days] = found.get(days, 0) + 1
    return found


def check_counts(viewer: Viewer, today: date) -> None:
    """Everything that is counted, against the rows themselves."""
    assert standings(viewer=viewer, today=today) == rows_counted(viewer, today)
    others = Filter(promisor=Promisor.OTHERS)
    by_others = Q(kind__in=OTHERS)
    for wanted, which in (
        (Filter(), BY_CITY),
        (others, by_others),
        (Filter(kind="pledge"), Q(kind="pledge")),
        (Filter(kind="deferral"), Q(kind="deferral")),
        (Filter(heading="G-1"), BY_CITY & Q(heading="G-1")),
        (replace(others, heading="G-1"), by_others & Q(heading="G-1")),
        (Filter(unit="A"), BY_CITY & Q(lead="A")),
        (replace(others, unit="A"), by_others & Q(lead="A")),
        (Filter(unit="B", kind="pledge"), Q(lead="B", kind="pledge")),
    ):
        expected = states_counted(viewer, today, which)
        assert state_counts(viewer=viewer, wanted=wanted, today=today) == expected, wanted
        listed = {row.code for row in every(viewer=viewer, wanted=wanted, today=today)}
        seen = Commitment.objects.filter(visible(viewer), which)
        assert listed == set(seen.values_list("code", flat=True)), wanted
    assert set(units_listed(viewer=viewer)) == set(
        Commitment.objects.filter(visible(viewer), BY_CITY, lead__isnull=False).values_list(
            "lead", flat=True
        )
    )
    assert delays(viewer=viewer) == delays_counted(viewer)
    for unit in ("A", "B"):
        assert delays(viewer=viewer, unit=unit) == delays_counted(viewer, lead=unit)


def check_others(today: date) -> None:
    """What firms and people promised, told to everybody: closed ones from `LEAST` of a kind on."""
    expected: dict[str, Counted] = {}
    for kind in OTHERS:
        for_all = Q(visibility="public")
        rows = Commitment.objects.filter(kind=kind)
        if rows.exclude(for_all).count() < LEAST:
            rows = rows.filter(for_all)
        if rows.exists():
            expected[kind] = Counted(
                total=rows.count(),
                kept=rows.filter(status="kept").count(),
                waiting=rows.filter(status="delivered").count(),
                open=rows.filter(status="open").count(),
                broken=rows.filter(status="broken").count(),
                ended=rows.filter(status__in=["waived", "withdrawn"]).count(),
                moved=rows.filter(moved_count__gt=0).count(),
                undated=rows.filter(due=None).count(),
                unowned=rows.filter(lead=None).count(),
                review=rows.filter(visibility="review").count(),
                overdue=rows.filter(status="open", due__lt=today).count(),
            )
    assert public_by_others(today=today) == expected


def check_search(viewer: Viewer, today: date) -> None:
    """Everything that is found, against the tokens of every row."""
    seen = Commitment.objects.filter(visible(viewer))
    for text in ("旅顺", "jianshe", "zz", "甲部门", "p-3"):
        for promisor, which in (
            (Promisor.CITY, BY_CITY),
            (Promisor.OTHERS, Q(kind__in=OTHERS)),
        ):
            wanted = Filter(text=text, promisor=promisor)
            listed = page(viewer=viewer, wanted=wanted, today=today)
            found = set(looked_through(seen.filter(which), text))
            assert {row.code for row in listed.rows} == found, wanted
            assert listed.total == len(listed.rows)


def looked_through(seen: Any, text: str) -> Iterator[str]:
    named = {"A": "甲部门", "B": "乙部门"}
    for row in seen.values(*COLUMNS):
        held = tokens_of(row)
        in_code = row["code"].lower().startswith(text) and any(c.isdigit() for c in text)
        if in_code or all(w.among(held) for w in words(text)) or named.get(row["lead_id"]) == text:
            yield row["code"]


@pytest.mark.slow
@pytest.mark.django_db
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=steps,
    today=st.sampled_from(DAYS),
    most=st.sampled_from([0, 3, MANY]),
    who=st.lists(st.sampled_from(sorted(PEOPLE)), min_size=2, max_size=2, unique=True),
)
def test_counts_and_search_are_what_the_rows_say(
    city: City,  # noqa: F811
    signer: Signer,
    memory: Memory,
    *,
    steps: list[Put | str | int],
    today: date,
    most: int,
    who: list[str],
) -> None:
    remembered = memory.path.read_text(encoding="utf-8")
    try:
        with pytest.MonkeyPatch.context() as patch, transaction.atomic():
            patch.setattr(projected, "MOST", most)
            for step in steps:
                if isinstance(step, Put):
                    step.run()
                elif isinstance(step, str):
                    seal(signer=signer, memory=memory)
                else:
                    project(batch=step)
            check_others(today)
            for viewer in (ANYONE, *(city.people[name] for name in who)):
                check_counts(viewer, today)
                if most == MANY:
                    # Further behind, search takes only the characters typed.
                    check_search(viewer, today)
            seal(signer=signer, memory=memory)
            project_all(batch=3)
            incremental = stored()
            start_over()
            project_all()
            assert stored() == incremental == counted_at_once()
            transaction.set_rollback(True)
    finally:
        memory.path.write_text(remembered, encoding="utf-8")


def stored() -> tuple[dict[tuple[str, ...], list[int]], dict[str, str]]:
    """All that is projected, empty cells left out."""
    names = ("dimension", "value", "owner", "period")
    cells = {row[:4]: list(row[4:]) for row in Tally.objects.values_list(*names, *COUNTS)}
    words_kept = dict(Searchable.objects.values_list("commitment_id", "words"))
    return {cell: counts for cell, counts in cells.items() if any(counts)}, words_kept


def counted_at_once() -> tuple[dict[tuple[str, ...], list[int]], dict[str, str]]:
    """The same from the rows alone."""
    cells: Cells = {}
    add(cells, [state_of(row) for row in Commitment.objects.all()])
    held = {row["code"]: tokens_of(row) for row in Commitment.objects.values(*COLUMNS)}
    plain: dict[tuple[str, ...], list[int]] = {tuple(c): counts for c, counts in cells.items()}
    return plain, {code: " ".join(sorted(tokens)) for code, tokens in held.items()}


def test_every_day_is_in_one_period_only() -> None:
    for today in DAYS:
        for day in DAYS:
            periods = [f"m{day.isoformat()[:7]}", f"d{day.isoformat()}"]
            assert sum(is_before(period, today) for period in periods) == int(day < today)


def test_every_state_is_counted() -> None:
    assert {*STATES} <= {*COUNTS, "overdue"}
