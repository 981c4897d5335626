"""序时进度: how it is written, who writes it, and who lets it be replaced."""

from datetime import date

import pytest
from django.utils.translation import override

from tests.commitments.conftest import DUE, City, at
from yinuo.commitments.commands import change, publish
from yinuo.commitments.commands.curve import CurveSet, set_curve
from yinuo.commitments.commands.deliver import deliver, report
from yinuo.commitments.curve import (
    Curve,
    Point,
    Shape,
    curve_text,
    planned_amount,
    read_curve,
)
from yinuo.commitments.differences import value_text
from yinuo.commitments.errors import ChangeOutdated, Invalid, WrongState
from yinuo.commitments.life import ChangeKind, Visibility
from yinuo.commitments.models import PlanCurve
from yinuo.commitments.queries.changes import changes_of
from yinuo.commitments.queries.detail import detail
from yinuo.commitments.queries.timeline import timeline
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE, NotAllowed

HALVES = "2024-06-30 50%；2024-12-31 100%"
DAY = date(2024, 6, 30)


def read(text: str, **given: object) -> tuple[Curve | None, list[tuple[int, str]]]:
    plain: dict[str, object] = {"unit": None, "children": {}, "due": None}
    curve, faults = read_curve(text, **(plain | given))  # type: ignore[arg-type]
    return curve, [(fault.line, fault.what) for fault in faults]


@pytest.mark.parametrize(
    "text",
    [
        "2024-06-30 50%\n2024-12-31 100%",
        "2024-06-30\t50%\r\n2024-12-31\t100%\r\n",
        "2024/6/30  50 %\n\n2024年12月31日：100％",
        "２０２４年６月３０日　５０％；2024.12.31　100.0%",
        "2024 年 6 月 30 日 50%；20241231 100%",
    ],
)
def test_two_columns_are_read_however_they_were_pasted(text: str) -> None:
    curve, faults = read(text)
    assert not faults
    assert curve is not None
    assert curve_text(curve) == HALVES


def test_points_stand_apart_as_the_language_sets_them() -> None:
    assert value_text("curve", HALVES, {}) == HALVES
    with override("en"):
        assert value_text("curve", HALVES, {}) == "2024-06-30 50%; 2024-12-31 100%"


def test_amounts_in_the_unit_of_the_promise() -> None:
    curve, faults = read("2024-06-30 1,200 个\n2024-12-31 3800", unit="个")
    assert not faults
    assert curve == Curve(Shape.VALUE, (Point("2024-06-30", "1200"), Point("2024-12-31", "3800")))
    assert curve_text(curve) == "2024-06-30 1,200；2024-12-31 3,800"
    assert read(curve_text(curve), unit="个")[0] == curve


def test_of_a_promised_percentage_the_sign_is_its_unit() -> None:
    curve, _ = read("2024-06-30 12%；2024-12-31 14%", unit="%")
    assert curve is not None
    assert curve.shape is Shape.VALUE


def test_milestones_by_code_and_weight() -> None:
    curve, faults = read("M-1 30%；M-2 70", children={"M-1": DAY, "M-2": DUE})
    assert not faults
    assert curve == Curve(Shape.MILESTONES, (Point("M-1", "30"), Point("M-2", "70")))


@pytest.mark.parametrize(
    ("text", "given", "line", "what"),
    [
        ("", {}, 1, "至少写一行"),
        ("2024-06-30", {}, 1, "两列"),
        ("五月底 50%", {}, 1, "不是 2024-03-31 这样的日期"),
        ("2024-02-30 50%", {}, 1, "不是 2024-03-31 这样的日期"),
        ("2024-06-30 50", {}, 1, "要写百分号"),
        ("2024-06-30 120%", {}, 1, "不在 0% 到 100% 之间"),
        ("2024-06-30 50%\n2024-06-30 60%", {}, 2, "要晚于上一行"),
        ("2024-06-30 50%\n2024-12-31 40%", {}, 2, "不能小于上一行的 50%"),
        ("2024-06-30 50%\n2025-01-31 100%", {"due": DUE}, 2, "晚于完成时限 2024-12-31"),
        ("2024-06-30 50%\n2024-12-31 9", {"unit": "个"}, 2, "同一种写法"),
        ("2024-06-30 5 公里", {"unit": "个"}, 1, "不是数字"),
        ("M-9 30", {"children": {"M-1": DAY}}, 1, "里程碑（有：M-1）"),
        ("M-1 0", {"children": {"M-1": DAY}}, 1, "权重要大于 0"),
        ("M-1 30", {"children": {"M-1": None}}, 1, "未定时限"),
        ("M-1 30；M-1 70", {"children": {"M-1": DAY}}, 2, "写了两次"),
    ],
)
def test_a_faulty_line_says_what_is_wrong(
    text: str, given: dict[str, object], line: int, what: str
) -> None:
    curve, faults = read(text, **given)
    assert curve is None
    assert [n for n, said in faults if what in said] == [line], faults


def test_every_faulty_line_is_told_at_once() -> None:
    _, faults = read("五月底 50%\n2024-06-30 60%\n2024-07-31 七成")
    assert [n for n, _ in faults] == [1, 3]


def test_nothing_is_planned_before_the_first_point_and_level_after_the_last() -> None:
    points = (Point("2024-06-30", "50"), Point("2024-12-31", "100"))
    assert planned_amount(points, date(2024, 6, 29)) is None
    assert planned_amount(points, DAY) == 50
    assert planned_amount(points, date(2024, 9, 30)) == 75
    assert planned_amount(points, date(2026, 1, 1)) == 100


# ── who writes it ────────────────────────────────────────────────────────────────────────────────


def plan(city: City, code: str = "P", text: str = HALVES) -> Curve:
    return set_curve(commitment=code, text=text, by=city.officer, at=at("2024-03-10"))


@pytest.mark.django_db
def test_the_unit_that_owes_writes_it_once(city: City) -> None:
    city.promise("P")
    plan(city)
    shown = detail(code="P", viewer=ANYONE, today=DAY)
    assert shown.curve == HALVES
    line = shown.timeline[0]
    assert (line.label, line.differences[0].new) == ("写明序时进度", HALVES)
    with pytest.raises(CurveSet, match="不能直接改写"):
        plan(city)
    assert not replay().faults


@pytest.mark.django_db
def test_nobody_else_writes_it(city: City) -> None:
    city.promise("P")
    for viewer in (city.neighbour, city.supervisor, city.admin):
        with pytest.raises(NotAllowed):
            set_curve(commitment="P", text=HALVES, by=viewer, at=at("2024-03-10"))
    with pytest.raises(Invalid) as caught:
        plan(city, text="2024-06-30 五成\n2025-06-30 100%")
    assert [what[:6] for _, what in caught.value.faults] == ["第 1 行："]
    assert not PlanCurve.objects.exists()


@pytest.mark.django_db
def test_what_is_over_gets_no_plan(city: City) -> None:
    city.promise("P")
    done = date(2024, 5, 1)
    deliver(
        commitment="P", delivered_date=done, note="做完了", by=city.officer, at=at("2024-05-02")
    )
    with pytest.raises(WrongState):
        plan(city)


def ask(city: City, text: str) -> str:
    return change.ask(
        commitment="P",
        kind=ChangeKind.REPLANNED,
        new={"curve": text},
        reason="招标流标",
        by=city.officer,
        at=at("2024-05-01"),
    )


@pytest.mark.django_db
def test_it_is_replaced_only_with_a_reason_and_by_somebody_else(city: City) -> None:
    city.promise("P")
    with pytest.raises(Invalid, match="直接写明"):
        ask(city, HALVES)
    plan(city)
    with pytest.raises(Invalid, match="与现在的序时进度相同"):
        ask(city, "2024/6/30 50%；2024/12/31 100%")
    code = ask(city, "2024/6/30 40%；2024/12/31 100%")
    (view,) = changes_of(commitment="P", viewer=ANYONE)
    assert view.label == "调整序时进度"
    assert [(d.old, d.new) for d in view.differences] == [
        (HALVES, "2024-06-30 40%；2024-12-31 100%")
    ]
    assert detail(code="P", viewer=ANYONE, today=DAY).curve == HALVES
    for viewer in (city.officer, city.torn):
        with pytest.raises(NotAllowed):
            change.approve(change=code, reason="同意", by=viewer, at=at("2024-05-02"))
    change.approve(change=code, reason="同意", by=city.supervisor, at=at("2024-05-02"))
    shown = detail(code="P", viewer=ANYONE, today=DAY)
    assert shown.curve == "2024-06-30 40%；2024-12-31 100%"
    assert shown.row.moved_count == 0
    labels = [line.label for line in timeline(code="P", viewer=ANYONE)]
    assert labels[:3] == ["序时进度已调整", "改写序时进度", "批准变更：调整序时进度"]
    assert not replay().faults


@pytest.mark.django_db
def test_a_request_about_a_plan_that_changed_meanwhile_is_outdated(city: City) -> None:
    city.promise("P")
    plan(city)
    code = ask(city, "2024-12-31 100%")
    PlanCurve.objects.update(points=[["2024-12-31", "90"]])
    with pytest.raises(ChangeOutdated):
        change.approve(change=code, reason="同意", by=city.supervisor, at=at("2024-05-02"))


@pytest.mark.django_db
def test_the_plan_of_what_is_public_names_nothing_closed(city: City) -> None:
    city.promise("P", visibility=Visibility.CLOSED)
    city.promise("P-M1", parent="P", kind="milestone", visibility=Visibility.CLOSED, due=DAY)
    plan(city, text="P-M1 100")
    with pytest.raises(Invalid, match="还没有公开的里程碑"):
        publish.publish(
            commitments=["P"], visibility=Visibility.PUBLIC, by=city.second, at=at("2024-04-01")
        )
    city.promise("Q")
    city.promise("Q-M1", parent="Q", kind="milestone", visibility=Visibility.CLOSED, due=DAY)
    with pytest.raises(Invalid, match="不是 2024-03-31 这样的日期"):
        plan(city, "Q", "Q-M1 100")


@pytest.mark.django_db
def test_a_percentage_is_reported_where_the_plan_is_one(city: City) -> None:
    city.promise("P")
    fields = {"commitment": "P", "as_of_date": DAY, "note": "在建", "by": city.officer}
    with pytest.raises(Invalid, match="没有数量指标"):
        report(value="40", at=at("2024-07-01"), **fields)  # type: ignore[arg-type]
    plan(city)
    with pytest.raises(Invalid, match="不在 0% 到 100% 之间"):
        report(value="140", at=at("2024-07-01"), **fields)  # type: ignore[arg-type]
    report(value="40%", at=at("2024-07-01"), **fields)  # type: ignore[arg-type]
    report(value="", at=at("2024-07-01"), **fields)  # type: ignore[arg-type]
    shown = detail(code="P", viewer=ANYONE, today=DAY)
    assert [(r.value, r.unit) for r in shown.reports] == [("", "%"), ("40", "%")]
