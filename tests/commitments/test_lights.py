"""The light of a commitment: what it follows from, who counts it, and that no pass misses one."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tests.commitments.conftest import DUE, City, at
from tests.published import lights, put_in_force, stricter_lights
from yinuo.commitments.commands import judge, light, publish
from yinuo.commitments.commands.curve import set_curve
from yinuo.commitments.commands.deliver import deliver, report
from yinuo.commitments.commands.light import is_due, relight, relight_all
from yinuo.commitments.curve import Curve, Point, Shape, Step
from yinuo.commitments.life import Visibility
from yinuo.commitments.light_rows import lights_of
from yinuo.commitments.lights.deciding import Colour, Deciding, TableUnfit
from yinuo.commitments.lights.facts import Facts, Promise, Quantity, Reported, facts
from yinuo.commitments.lights.table import InForce, in_force
from yinuo.commitments.lights.words import LightMark, light_mark
from yinuo.commitments.models import Commitment, Light, LightTally
from yinuo.commitments.queries.lights import light_counts, light_facts, light_page
from yinuo.kernel.amounts import Operator
from yinuo.kernel.filestore import FileStore
from yinuo.parties.viewer import ANYONE, Viewer
from yinuo.rules.workbook.read import check_bytes

JULY = date(2024, 7, 15)
SERIES = Curve(
    Shape.PERCENT,
    (Point("2024-03-31", "25"), Point("2024-06-30", "50"), Point("2024-09-30", "75")),
)


@pytest.fixture
def table() -> InForce:
    return InForce(None, Deciding(check_bytes(lights(), file="lights.xlsx").sound(), JULY))


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> FileStore:
    settings.YINUO_FILES = tmp_path / "files"
    return FileStore(settings.YINUO_FILES)


def administrators(city: City) -> tuple[Viewer, Viewer]:
    """Two persons who may publish."""
    return city.admin, replace(city.auditor, administrator_of=city.admin.administrator_of)


@pytest.fixture
def city(city: City, store: FileStore) -> City:
    """The same departments, with the shipped lights in force all year."""
    by = administrators(city)
    put_in_force(lights(), start=date(2024, 1, 1), store=store, by=by, at=at("2024-03-02"))
    return city


def promise(**given: Any) -> Promise:
    plain: dict[str, Any] = {"due": DUE, "curve": SERIES}
    return Promise(**(plain | given))


def lit(table: InForce, day: date = JULY, **given: Any) -> LightMark | None:
    return light_mark(facts(promise(**given), day), table.deciding)


def told(as_of: str, value: str) -> Reported:
    return Reported(date.fromisoformat(as_of), value)


# ── facts ────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_is_compared_with_the_plan_of_its_own_day() -> None:
    found = facts(promise(reports=(told("2024-06-30", "37.5"),)), JULY)
    assert (found.planned, found.reached) == (Fraction(1, 2), Fraction(3, 8))
    assert (found.behind, found.as_of) == (Decimal("12.5"), date(2024, 6, 30))


def test_the_last_report_counts_and_none_from_the_future() -> None:
    reports = (told("2024-03-31", "5"), told("2024-06-30", "50"), told("2024-07-31", "10"))
    assert facts(promise(reports=reports), JULY).behind == 0


def test_a_report_stands_until_two_points_have_passed_after_it() -> None:
    reports = (told("2024-05-31", "40"),)
    assert facts(promise(reports=reports), date(2024, 9, 29)).behind is not None
    late = facts(promise(reports=reports), date(2024, 9, 30))
    assert (late.has_plan, late.behind, late.unreported) == (True, None, True)
    assert late.as_of == date(2024, 5, 31)


def test_without_any_report_the_fact_is_missing_from_the_first_point_on() -> None:
    before = facts(promise(), date(2024, 3, 30))
    assert (before.has_plan, before.unreported) == (False, False)
    assert facts(promise(), date(2024, 3, 31)).unreported


def test_amounts_are_compared_as_shares_of_what_was_promised() -> None:
    quantity = Quantity(Operator.AT_LEAST, "600", "", "")
    curve = Curve(Shape.VALUE, (Point("2024-06-30", "300"), Point("2024-12-31", "600")))
    found = facts(
        promise(quantity=quantity, curve=curve, reports=(told("2024-06-30", "210"),)), JULY
    )
    assert found.behind == 15


def test_a_falling_target_is_behind_when_it_is_too_high() -> None:
    quantity = Quantity(Operator.AT_MOST, "40", "100", "")
    curve = Curve(Shape.VALUE, (Point("2024-06-30", "70"), Point("2024-12-31", "40")))
    found = facts(
        promise(quantity=quantity, curve=curve, reports=(told("2024-06-30", "82"),)), JULY
    )
    assert found.behind == 20


def test_a_limit_from_above_without_a_baseline_cannot_be_compared() -> None:
    quantity = Quantity(Operator.AT_MOST, "40", "", "")
    found = facts(promise(quantity=quantity, reports=(told("2024-06-30", "82"),)), JULY)
    assert (found.has_plan, found.behind, found.unreported) == (True, None, False)


def test_milestones_count_with_their_weights_from_their_deadlines_on() -> None:
    steps = (
        Step(date(2024, 5, 31), Fraction(30), date(2024, 6, 2)),
        Step(date(2024, 7, 1), Fraction(50), None),
        Step(None, Fraction(20), None),
    )
    lumpy = Curve(Shape.MILESTONES, ())
    found = facts(promise(curve=lumpy, steps=steps), JULY)
    assert (found.planned, found.reached) == (Fraction(4, 5), Fraction(3, 10))
    assert found.behind == 50
    early = facts(promise(curve=lumpy, steps=steps), date(2024, 5, 30))
    assert early.has_plan
    assert early.behind == 0


# ── the shipped table ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "colour", "word", "reason"),
    [
        ("60", Colour.GREEN, "正常", "比序时进度快 10 个百分点"),
        ("50", Colour.GREEN, "正常", "达到序时进度"),
        (
            "40.01",
            Colour.GREEN,
            "正常",
            "比序时进度慢 9.99 个百分点（> 0、< 10 为绿灯）",
        ),
        ("40", Colour.YELLOW, "进度滞后", "比序时进度慢 10 个百分点（10–30 为黄灯）"),
        ("37.5", Colour.YELLOW, "进度滞后", "比序时进度慢 12.5 个百分点（10–30 为黄灯）"),
        ("20", Colour.YELLOW, "进度滞后", "比序时进度慢 30 个百分点（10–30 为黄灯）"),
        ("19.99", Colour.RED, "严重滞后", "比序时进度慢 30.01 个百分点（> 30 为红灯）"),
    ],
)
def test_behind_the_plan(
    table: InForce, value: str, colour: Colour, word: str, reason: str
) -> None:
    mark = lit(table, reports=(told("2024-06-30", value),))
    assert mark is not None
    assert (mark.colour, mark.word, mark.reason) == (colour, word, reason)


@pytest.mark.parametrize(
    ("days", "colour", "word", "reason"),
    [
        (16, Colour.GREEN, "正常", "还有 16 天"),
        (15, Colour.YELLOW, "即将到期", "还有 15 天（0–15 天为黄灯）"),
        (0, Colour.YELLOW, "即将到期", "今天到期（0–15 天为黄灯）"),
        (-1, Colour.RED, "逾期", "已逾期 1 天"),
    ],
)
def test_the_deadline_alone(
    table: InForce, days: int, colour: Colour, word: str, reason: str
) -> None:
    mark = lit(table, curve=None, due=JULY + timedelta(days=days))
    assert mark is not None
    assert (mark.colour, mark.word, mark.reason) == (colour, word, reason)


def test_undated_without_a_plan_there_is_no_light(table: InForce) -> None:
    assert lit(table, curve=None, due=None) is None


def test_unreported_is_undetermined_and_never_green(table: InForce) -> None:
    mark = lit(table)
    assert mark is not None
    assert mark.colour is Colour.UNDETERMINED
    assert mark.reason == "还不知道：落后百分点（未报送）"


def test_overdue_is_red_whatever_was_not_reported(table: InForce) -> None:
    mark = lit(table, due=date(2024, 7, 1))
    assert mark is not None
    assert (mark.colour, mark.word) == (Colour.RED, "逾期")


def test_of_a_registered_project_what_nobody_told_leaves_the_light_open(table: InForce) -> None:
    mark = lit(table, is_staged=True, curve=None)
    assert mark is not None
    assert mark.colour is Colour.UNDETERMINED
    assert "未开工月数" in mark.reason
    assert lit(table, is_staged=True, curve=None, due=None) is None


def test_one_and_many_agree(table: InForce) -> None:
    some = [
        Facts(due=due, is_project=project, has_plan=plan, behind=behind)
        for due in (None, JULY - timedelta(days=1), JULY, DUE)
        for project in (False, True)
        for plan in (False, True)
        for behind in (None, Decimal(0), Decimal("9.99"), Decimal(10), Decimal("30.01"))
    ]
    assert table.deciding.many(some) == [table.deciding.one(each) for each in some]
    assert table.deciding.many([]) == []


@pytest.mark.django_db
def test_on_a_day_without_a_table_in_force_nothing_has_a_light(city: City) -> None:
    row, before = city.promise("P"), date(2023, 12, 31)
    relight_all(on=JULY)
    assert relight_all(on=before).lights == {}
    assert lights_of([row], before) == {}
    shown = light_page(commitment="P", viewer=ANYONE, today=before)
    assert shown is not None
    assert (shown.mark, shown.published) == (None, None)
    with pytest.raises(TableUnfit, match="2023-12-31 没有得出"):
        in_force(before).deciding.check("lights.xlsx")


# ── stored lights ────────────────────────────────────────────────────────────────────────────────


def plan(city: City, code: str, text: str) -> None:
    set_curve(commitment=code, text=text, by=city.officer, at=at("2024-03-10"))


def tell(city: City, code: str, value: str, day: str = "2024-06-30") -> None:
    report(
        commitment=code,
        as_of_date=date.fromisoformat(day),
        value=value,
        note="在建",
        by=city.officer,
        at=at("2024-07-10"),
    )


def stored() -> dict[str, tuple[str, str]]:
    return {row.pk: (row.colour, row.cause) for row in Light.objects.all()}


def counted() -> dict[tuple[str, str], int]:
    cells = LightTally.objects.filter(total__gt=0)
    return {(c.owner, c.colour): c.total for c in cells}


@pytest.mark.django_db
def test_a_pass_lights_what_is_open_and_nothing_else(city: City) -> None:
    city.promise("DATED")
    city.promise("UNDATED", due=None)
    city.promise("OVER", due=date(2024, 7, 14))
    city.promise("CLOSED", due=date(2024, 7, 20), visibility=Visibility.CLOSED)
    city.promise("KEPT")
    deliver(
        commitment="KEPT",
        delivered_date=date(2024, 5, 1),
        note="做完了",
        by=city.officer,
        at=at("2024-05-02"),
    )
    assert is_due(JULY)
    found = relight_all(on=JULY)
    assert (found.looked_at, found.lights) == (4, {"red": 1, "yellow": 1, "green": 1})
    assert stored() == {
        "DATED": ("green", "时限灯"),
        "OVER": ("red", "时限灯"),
        "CLOSED": ("yellow", "时限灯"),
    }
    assert counted() == {("", "green"): 1, ("", "red"): 1, ("DC", "yellow"): 1}
    assert not is_due(JULY)
    assert is_due(JULY + timedelta(days=1))


@pytest.mark.django_db
def test_each_sees_the_lights_of_what_each_may_see(city: City) -> None:
    city.promise("OVER", due=date(2024, 7, 14), heading="G")
    city.promise("CLOSED", due=date(2024, 7, 20), visibility=Visibility.CLOSED)
    relight_all(on=JULY)
    public = light_counts(viewer=ANYONE)
    assert public.as_of == JULY
    assert public.by_heading == {"G": {Colour.RED: 1}}
    for viewer in (city.supervisor, city.officer, city.auditor):
        counts = light_counts(viewer=viewer)
        assert counts.by_heading == {"G": {Colour.RED: 1}, "": {Colour.YELLOW: 1}}
        assert counts.total[Colour.YELLOW] == 1
    assert light_counts(viewer=city.neighbour).by_heading == {"G": {Colour.RED: 1}}
    assert light_counts(viewer=city.officer, heading="G").by_heading == {"G": {Colour.RED: 1}}


@pytest.mark.django_db
def test_a_day_passes(city: City) -> None:
    city.promise("P", due=JULY)
    relight_all(on=JULY)
    assert stored()["P"][0] == "yellow"
    relight_all(on=JULY + timedelta(days=1))
    row = Light.objects.get(pk="P")
    assert (row.colour, row.on_date) == ("red", JULY + timedelta(days=1))
    relight_all(on=JULY + timedelta(days=9))
    assert Light.objects.get(pk="P").on_date == JULY + timedelta(days=1)
    assert counted() == {("", "red"): 1}


@pytest.mark.django_db
def test_a_change_moves_the_light_and_its_count(city: City) -> None:
    city.promise("P")
    plan(city, "P", "2024-06-30 50%；2024-12-31 100%")
    relight(["P"])
    assert not stored(), "before the first pass there is nothing to keep in step"
    relight_all(on=JULY)
    assert stored()["P"] == ("undetermined", "进度灯")
    tell(city, "P", "37.5")
    relight(["P"])
    assert stored()["P"] == ("yellow", "进度灯")
    publish.publish(
        commitments=["P"], visibility=Visibility.CLOSED, by=city.second, at=at("2024-07-11")
    )
    relight(["P"])
    assert counted() == {("DC", "yellow"): 1}
    judge.waive(commitment="P", note="依据废止", by=city.supervisor, at=at("2024-07-12"))
    relight(["P"])
    assert (stored(), counted()) == ({}, {})


@pytest.mark.django_db
def test_a_milestone_moves_the_light_of_the_whole(city: City) -> None:
    city.promise("P")
    city.promise("P-M", parent="P", kind="milestone", due=date(2024, 7, 1))
    plan(city, "P", "P-M 100")
    relight_all(on=JULY)
    assert stored()["P"] == ("red", "进度灯")
    deliver(
        commitment="P-M",
        delivered_date=date(2024, 7, 10),
        note="主体封顶",
        by=city.officer,
        at=at("2024-07-11"),
    )
    relight(["P-M"])
    assert stored() == {"P": ("green", "进度灯")}


@pytest.mark.django_db
def test_batches_leave_nobody_out(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(light, "BATCH", 2)
    monkeypatch.setattr(light, "MANY", 2)
    for number in range(5):
        city.promise(f"P-{number}")
    seen: list[tuple[int, int]] = []
    assert (
        relight_all(on=JULY, progress=lambda done, total: seen.append((done, total))).looked_at == 5
    )
    assert seen == [(2, 5), (4, 5), (5, 5)]
    Commitment.objects.filter(code__in=["P-0", "P-1", "P-2"]).update(status="withdrawn")
    relight_all(on=JULY)
    assert (set(stored()), counted()) == ({"P-3", "P-4"}, {("", "green"): 2})


@pytest.mark.django_db
def test_another_table_makes_another_pass_due(city: City, store: FileStore) -> None:
    city.promise("P")
    relight_all(on=JULY)
    assert not is_due(JULY)
    by = administrators(city)
    put_in_force(stricter_lights(), start=JULY, store=store, by=by, at=at("2024-07-14"))
    assert is_due(JULY)
    before = Light.objects.get(pk="P").table
    relight_all(on=JULY)
    row = Light.objects.get(pk="P")
    assert (row.table != before, row.on_date) == (True, JULY)


# ── what pages are told ──────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_page_works_it_out_before_anything_is_stored(city: City) -> None:
    city.promise("P")
    plan(city, "P", "2024-06-30 50%；2024-12-31 100%")
    tell(city, "P", "20")
    shown = light_page(commitment="P", viewer=ANYONE, today=JULY)
    assert shown is not None
    assert shown.mark is not None
    assert (shown.mark.word, shown.since) == ("进度滞后", None)
    assert (shown.planned, shown.reached) == ("50%", "20%")
    assert [(lamp.name, lamp.word) for lamp in shown.lamps][:3] == [
        ("进度灯", "黄灯"),
        ("时限灯", "绿灯"),
        ("开工灯", "不适用"),
    ]
    assert any("要求 [10%..30%]" in line for line in shown.lamps[0].sentences)
    assert shown.curve is not None
    assert [(p.text, p.behind) for p in shown.curve.reported] == [("20%", "慢 30")]
    assert (shown.may_set, shown.may_replace) == (False, False)
    relight_all(on=JULY)
    again = light_page(commitment="P", viewer=city.officer, today=JULY)
    assert again is not None
    assert (again.since, again.may_replace) == (JULY, True)


@pytest.mark.django_db
def test_closed_and_ended_ones_show_no_light(city: City) -> None:
    city.promise("P", visibility=Visibility.CLOSED)
    assert light_page(commitment="P", viewer=ANYONE, today=JULY) is None
    judge.waive(commitment="P", note="依据废止", by=city.supervisor, at=at("2024-07-12"))
    ended = light_page(commitment="P", viewer=city.officer, today=JULY)
    assert ended is not None
    assert (ended.mark, ended.lamps, ended.may_set) == (None, (), False)
    assert lights_of(Commitment.objects.all(), JULY) == {}


@pytest.mark.django_db
def test_lines_of_a_list_have_their_lights(city: City) -> None:
    rows = [city.promise("A"), city.promise("B", due=None), city.promise("C", due=JULY)]
    found = lights_of(rows, JULY)
    assert {code: mark.word for code, mark in found.items()} == {"A": "正常", "C": "即将到期"}


@pytest.mark.django_db
def test_the_facts_of_all_that_is_open_as_a_table(city: City) -> None:
    city.promise("A")
    city.promise("B", due=None, kind="project")
    city.promise("Z", visibility=Visibility.CLOSED)
    plan(city, "A", "2024-06-30 50%；2024-12-31 100%")
    tell(city, "A", "20")
    found = light_facts(viewer=ANYONE, today=JULY).to_pylist()
    assert found == [
        {"编号": "A", "有序时进度": True, "落后百分点": 30, "完成时限": DUE, "是项目": False},
        {"编号": "B", "有序时进度": False, "落后百分点": None, "完成时限": None, "是项目": False},
    ]
    assert light_facts(viewer=city.supervisor, today=JULY).num_rows == 3
