"""A promise moves with its series, and its history says which vintage moved it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from tests.city import CITY, GOAL, JULY, LUSHUN, MARCH, OFFICE, City, make_city, promise
from tests.goals.indicators.figures import (
    book,
    enter,
    enter_and_release,
    figure,
    indicator,
    open_indicators,
    publish_limits,
)
from yinuo.commitments.commands.deliver import deliver
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.errors import Invalid, UnknownCommitment
from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.detail import ReportView, detail
from yinuo.commitments.queries.timeline import timeline
from yinuo.goals.commands import recount as recounting
from yinuo.goals.commands.figures import release
from yinuo.goals.commands.indicators import bind, define, unbind
from yinuo.goals.commands.recount import recount
from yinuo.goals.counting import Count
from yinuo.goals.errors.indicators import AlreadyBound
from yinuo.goals.indicators.periods import read_period
from yinuo.goals.queries import registers
from yinuo.goals.queries.bound_indicators import bound_indicator
from yinuo.goals.queries.indicators import indicator as indicator_query
from yinuo.goals.queries.series import series
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE
from yinuo.web.files import store as file_store

pytestmark = pytest.mark.django_db
YEAR = read_period("2024")
TARGET = promise(
    "JOB-1",
    kind="target",
    title="高校毕业生岗位",
    operator="ge",
    value="7",
    unit="万个",
    heading=GOAL,
    due=date(2024, 12, 31),
)


@pytest.fixture
def city() -> City:
    made = make_city()
    publish_limits(made, file_store())
    some = Registration(commitments=[TARGET])
    register(registration=some, office=OFFICE, by=made["admin"], at=MARCH)
    publish(commitments=["JOB-1"], visibility=Visibility.PUBLIC, by=made["supervisor"], at=MARCH)
    return made


@pytest.fixture
def store() -> FileStore:
    return file_store()


def tie(city: City, code: str = "JOBS") -> None:
    bind(
        commitment="JOB-1",
        indicator=code,
        subject=CITY,
        period=YEAR,
        by=city["supervisor"],
        at=MARCH,
    )


def moved(commitment: str = "JOB-1") -> list[ReportView]:
    shown = detail(code=commitment, viewer=ANYONE, today=date(2025, 1, 1))
    return [report for report in shown.reports if report.source]


def reports() -> list[tuple[date, str, str]]:
    found = moved()
    return [(each.as_of_date, each.value, each.source) for each in found]


def test_a_released_figure_reports_and_says_which_vintage(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS", kind="cumulative"))
    tie(city)
    data = book(figure("JOBS", "2024年1—5月", "31000"))
    (code,) = enter(data, city["admin"], store).loads
    assert reports() == []
    (made,) = release(load=code, by=city["supervisor2"], at=JULY)
    assert made == "JOB-1/R1"
    assert reports() == [(date(2024, 5, 31), "3.1", "figure:JOBS/1")]
    enter_and_release(city, store, figure("JOBS", "2024年1—5月", "31500", standing="修订"))
    assert reports()[0] == (date(2024, 5, 31), "3.15", "figure:JOBS/2")
    shown = detail(code="JOB-1", viewer=ANYONE, today=JULY.date())
    assert shown.row.status == "open"
    assert shown.reports[0].value == "3.15"
    line = next(x for x in timeline(code="JOB-1", viewer=ANYONE) if "series" in x.verb)
    assert line.label == "随指标更新进展"
    assert "第 2 版（修订）" in line.why
    assert "上一版 31000" in line.why
    assert "督查人" in line.who
    assert replay().faults == []


def test_an_older_month_or_another_year_moves_nothing(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS", kind="cumulative"))
    tie(city)
    enter_and_release(city, store, figure("JOBS", "2024年1—6月", "40000"))
    enter_and_release(city, store, figure("JOBS", "2024年1—5月", "31000"))
    enter_and_release(city, store, figure("JOBS", "2023", "60000"))
    enter_and_release(city, store, figure("JOBS", "2024年1—6月", "9", subject=LUSHUN))
    assert [value for _, value, _ in reports()] == ["4"]


def test_current_months_are_added_up_or_the_report_says_what_is_missing(
    city: City, store: FileStore
) -> None:
    open_indicators(city, indicator("JOBS"))
    tie(city)
    enter_and_release(
        city, store, figure("JOBS", "2024-01", "10000"), figure("JOBS", "2024-03", "20000")
    )
    (report,) = moved()
    assert report.value == ""
    assert "已报 2 / 应报 3" in report.note
    enter_and_release(city, store, figure("JOBS", "2024-02", "5000"))
    assert reports()[0][1] == "3.5"


def test_nothing_moves_once_it_is_delivered_or_untied(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS", kind="cumulative"))
    tie(city)
    unbind(commitment="JOB-1", by=city["supervisor"], at=MARCH)
    enter_and_release(city, store, figure("JOBS", "2024年1—5月", "31000"))
    assert reports() == []
    tie(city)
    deliver(
        commitment="JOB-1",
        delivered_date=date(2024, 7, 1),
        note="已完成",
        by=city["lushun"],
        at=JULY,
    )
    enter_and_release(city, store, figure("JOBS", "2024年1—6月", "70000"))
    assert reports() == []
    assert replay().faults == []


def test_a_promise_is_tied_to_one_series_of_its_own_unit_by_its_office(city: City) -> None:
    open_indicators(city, indicator("JOBS"), indicator("MONEY", unit="亿元"))
    with pytest.raises(Invalid, match="换算"):
        tie(city, "MONEY")
    with pytest.raises(Invalid, match="别的单位督查"):
        bind(
            commitment="JOB-1",
            indicator="JOBS",
            subject=CITY,
            period=YEAR,
            by=city["lushun"],
            at=MARCH,
        )
    tie(city)
    with pytest.raises(AlreadyBound):
        tie(city)


def test_the_pages_of_both_name_one_another(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS", kind="cumulative"))
    tie(city)
    enter_and_release(city, store, figure("JOBS", "2024年1—5月", "31000"))
    found = bound_indicator(commitment="JOB-1", viewer=ANYONE)
    assert found is not None
    assert found.latest is not None
    assert (found.code, found.latest.actual) == ("JOBS", "31000")
    (target,) = indicator_query(code="JOBS", viewer=ANYONE).targets
    assert (target.commitment, target.period) == ("JOB-1", "2024年")


def test_a_binding_tells_nobody_of_a_closed_promise(city: City) -> None:
    open_indicators(city, indicator("JOBS"))
    bind(
        commitment="LS-009",
        indicator="JOBS",
        subject=CITY,
        period=YEAR,
        by=city["supervisor"],
        at=MARCH,
    )
    assert indicator_query(code="JOBS", viewer=ANYONE).targets == ()
    with pytest.raises(UnknownCommitment):
        moved("LS-009")


# ── counted from a register ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Starts:
    """Projects by the day of their start."""

    days: Mapping[str, date]

    def __call__(self, *, first: date, last: date, unit: str | None) -> str:
        del unit
        return str(sum(first <= day <= last for day in self.days.values()))


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> dict[str, date]:
    days: dict[str, date] = {}
    count = Count("开工的项目", "个", confirmed=Starts(days), reported=Starts(days))
    for module in (registers, recounting):
        monkeypatch.setattr(module, "REGISTERS", {"projects.started": count})
    return days


def test_a_counted_indicator_moves_its_target_when_the_register_does(
    city: City, starts: dict[str, date]
) -> None:
    open_indicators(
        city, indicator("JOBS", kind="cumulative", counted="projects.started", name="开工")
    )
    tie(city)
    june = datetime(2024, 6, 20, 2, 0, tzinfo=UTC)
    assert len(recount(at=june)) == 1
    assert recount(at=june) == ()
    starts["P1"] = date(2024, 6, 18)
    (code,) = recount(at=june, by=city["supervisor"], names=["projects.started"])
    found = series(indicator="JOBS", viewer=ANYONE).points
    assert [(p.key, p.actual, p.vintage) for p in found[-2:]] == [
        ("2024-01~05", "0", 1),
        ("2024-01~06", "1", 2),
    ]
    assert reports()[0] == (date(2024, 6, 20), "0.0001", "figure:JOBS/2")
    assert code in moved()[0].note
    assert replay().faults == []


def test_a_count_with_parts_missing_stays_missing(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*, first: date, last: date, unit: str | None) -> str:
        del first, last, unit
        return ""

    count = Count("投资", "亿元", confirmed=nothing, reported=nothing)
    monkeypatch.setattr(recounting, "REGISTERS", {"projects.invested": count})
    define(
        indicators=[indicator("INV", unit="亿元", kind="cumulative", counted="projects.invested")],
        by=city["admin"],
        at=MARCH,
    )
    assert recount(at=JULY) == ()
