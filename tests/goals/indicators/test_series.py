"""Series as they are read: vintages, comparisons, missing periods, who sees what."""

from datetime import date
from time import process_time

import pytest

from tests.city import CITY, JULY, LUSHUN, MARCH, PULANDIAN, City, make_city
from tests.goals.indicators.figures import (
    HOLIDAY,
    book,
    checked,
    enter,
    enter_and_release,
    figure,
    indicator,
    open_indicators,
    publish_limits,
)
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.goals.commands.figures import imply, refuse, release, take_in
from yinuo.goals.commands.indicators import define, publish
from yinuo.goals.errors.indicators import (
    DefinedOtherwise,
    FiguresRefused,
    FileFaulty,
    LoadDecided,
    NothingStated,
    QuestionsOpen,
    UnknownIndicator,
)
from yinuo.goals.indicators.words import Measure
from yinuo.goals.indicators.writing import binding_row, figure_row, indicator_row
from yinuo.goals.queries.figure_checks import template_rows
from yinuo.goals.queries.indicators import (
    indicator as indicator_query,
)
from yinuo.goals.queries.indicators import (
    indicators,
    subjects,
)
from yinuo.goals.queries.loads import load, to_do, to_release
from yinuo.goals.queries.series import parts, series
from yinuo.goals.queries.vintages import vintages
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.replay import replay
from yinuo.parties.commands import OPERATOR, NewUnit, register_units
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import ANYONE, NotAllowed
from yinuo.web.files import store as file_store

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    made = make_city()
    publish_limits(made, file_store())
    return made


@pytest.fixture
def store() -> FileStore:
    return file_store()


def test_a_revision_is_another_vintage_and_the_latest_holds(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS"))
    enter_and_release(city, store, figure("JOBS", "2024-01", "100"))
    enter_and_release(city, store, figure("JOBS", "2024-01", "104", standing="修订"))
    (point,) = series(indicator="JOBS", viewer=ANYONE).points
    assert (point.actual, point.vintage, point.vintages, point.standing) == ("104", 2, 2, "修订")
    found = vintages(indicator="JOBS", subject=CITY, period="2024-01", viewer=ANYONE)
    assert [(v.vintage, v.value) for v in found] == [(2, "104"), (1, "100")]
    assert replay().faults == []


def test_nothing_is_public_before_a_second_person_released_it(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS"))
    taken = enter(book(figure("JOBS", "2024-01", "100")), city["admin"], store)
    assert series(indicator="JOBS", viewer=ANYONE).points == ()
    (inside,) = series(indicator="JOBS", viewer=city["supervisor"]).points
    assert (inside.actual, inside.released) == ("100", False)
    (waiting,) = to_release(viewer=city["supervisor"])
    assert waiting.code == taken.loads[0]
    assert [line.what for line in to_do(viewer=city["supervisor"], today=JULY.date())] == ["发布"]
    with pytest.raises(NotAllowed):
        release(load=waiting.code, by=city["auditor"], at=JULY)
    release(load=waiting.code, by=city["supervisor"], at=JULY)
    assert series(indicator="JOBS", viewer=ANYONE).points[0].actual == "100"
    with pytest.raises(LoadDecided):
        release(load=waiting.code, by=city["supervisor2"], at=JULY)


def test_an_indicator_under_review_does_not_exist_for_the_public(city: City) -> None:
    define(indicators=[indicator("JOBS")], by=city["admin"], at=MARCH)
    with pytest.raises(UnknownIndicator):
        indicator_query(code="JOBS", viewer=ANYONE)
    assert indicators(viewer=ANYONE).rows == ()
    assert indicator_query(code="JOBS", viewer=city["auditor"]).public is False


def test_a_refused_load_never_holds_and_leaves_its_number(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS"))
    enter_and_release(city, store, figure("JOBS", "2024-01", "100"))
    data = book(figure("JOBS", "2024-01", "999", standing="修订"))
    (wrong,) = enter(data, city["admin"], store).loads
    refuse(load=wrong, note="数不对", by=city["supervisor"], at=JULY)
    (point,) = series(indicator="JOBS", viewer=city["admin"]).points
    assert (point.actual, point.vintage) == ("100", 1)
    enter_and_release(city, store, figure("JOBS", "2024-01", "104", standing="修订"))
    (point,) = series(indicator="JOBS", viewer=ANYONE).points
    assert (point.actual, point.vintage, point.vintages) == ("104", 3, 2)
    assert load(code=wrong, viewer=city["supervisor"]).row.decision == "数不对"


def test_who_entered_a_load_cannot_release_it(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS"))
    data = book(figure("JOBS", "2024-01", "100"))
    (code,) = enter(data, city["admin"], store).loads
    with pytest.raises(NotAllowed):
        release(load=code, by=city["admin"], at=JULY)
    with pytest.raises(NotAllowed):
        publish(indicators=["JOBS"], visibility=Visibility.CLOSED, by=city["admin"], at=JULY)


def test_an_officer_gives_figures_of_the_own_unit_alone(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS"))
    rows = [figure("JOBS", "2024-01", "7", subject=unit) for unit in (LUSHUN, PULANDIAN)]
    taken = enter(book(*rows), city["lushun"], store)
    assert (taken.added, taken.aside) == (1, 1)
    assert [s.key for s in subjects(indicator="JOBS", viewer=city["lushun"])] == [LUSHUN]
    define(indicators=[indicator("OTHER")], by=city["admin"], at=JULY)
    with pytest.raises(UnknownIndicator):
        indicator_query(code="OTHER", viewer=city["lushun"])


def test_missing_months_are_missing_and_nothing_is_added_over_them(
    city: City, store: FileStore
) -> None:
    open_indicators(city, indicator("JOBS"))
    rows = [figure("JOBS", f"2024-0{month}", "10") for month in (1, 2, 4)]
    enter_and_release(city, store, *rows)
    found = series(indicator="JOBS", viewer=ANYONE)
    assert [(p.key, p.actual, p.missing) for p in found.points] == [
        ("2024-01", "10", False),
        ("2024-02", "10", False),
        ("2024-03", None, True),
        ("2024-04", "10", False),
    ]
    assert (found.present, found.expected) == (3, 4)
    sums = [p.cumulative for p in found.points]
    assert [s.value if s else "" for s in sums] == ["10", "20", None, None]
    assert sums[3] is not None
    assert sums[3].said == "已报 3 / 应报 4"


def test_planned_and_actual_stand_side_by_side(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS"))
    rows = [figure("JOBS", "2024-01", "100", series="计划"), figure("JOBS", "2024-01", "90")]
    enter_and_release(city, store, *rows)
    enter_and_release(city, store, figure("JOBS", "2024-12", "500", series="计划"))
    first, last = series(indicator="JOBS", viewer=ANYONE).points
    assert (first.planned, first.actual) == ("100", "90")
    assert (last.planned, last.actual, last.missing) == ("500", None, False)


def test_the_holiday_of_the_plan_has_its_growth_stated_implied_and_checked(
    city: City, store: FileStore
) -> None:
    open_indicators(city, indicator("VISITS", unit="万人次", frequency="named"))
    rows = [
        figure("VISITS", value="455.14", unit="万人次", **HOLIDAY),
        figure("VISITS", value="196.8", unit="%", measure="同比", **HOLIDAY),
    ]
    enter_and_release(city, store, *rows)
    (point,) = series(indicator="VISITS", viewer=ANYONE).points
    assert point.year_on_year is not None
    assert (point.year_on_year.value, point.year_on_year.stated) == (None, "196.8")
    first, last = date(2023, 1, 21), date(2023, 1, 25)
    code = imply(
        indicator="VISITS",
        subject=CITY,
        period="2024:春节假期前5日",
        measure=Measure.YEAR_ON_YEAR,
        by=city["admin"],
        at=JULY,
        first=first,
        last=last,
    )
    release(load=code, by=city["supervisor"], at=JULY)
    before, now = series(indicator="VISITS", viewer=ANYONE).points
    assert (before.actual, before.implied) == ("153.35", True)
    assert before.how.startswith("455.14 ÷ (1 + 196.8%)")
    assert now.year_on_year is not None
    assert (now.year_on_year.value, now.year_on_year.agrees) == ("196.8", True)
    assert now.year_on_year.implied
    with pytest.raises(NothingStated, match="已推算"):
        imply(
            indicator="VISITS",
            subject=CITY,
            period="2024:春节假期前5日",
            measure=Measure.YEAR_ON_YEAR,
            by=city["admin"],
            at=JULY,
            first=first,
            last=last,
        )


def test_a_holiday_of_other_length_is_not_compared(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("VISITS", frequency="named"))
    other = {"period": "2023春节假期前5日", "first": "2023-01-21", "last": "2023-01-24"}
    rows = [figure("VISITS", value="5", **HOLIDAY), figure("VISITS", value="4", **other)]
    enter_and_release(city, store, *rows)
    grown = series(indicator="VISITS", viewer=ANYONE).points[1].year_on_year
    assert grown is not None
    assert (grown.value, grown.why) == (None, "天数不同（5 天与 4 天），不比")


def test_the_port_has_its_shares_stated_and_computed(city: City, store: FileStore) -> None:
    wider = {"大连口岸": ["辽宁省", "东北三省"]}
    port = indicator("VALUE", unit="亿元", frequency="year", kind="cumulative", wider=wider)
    open_indicators(city, port)
    rows = [
        figure("VALUE", "2023", "9471.2", unit="亿元", subject="大连口岸"),
        *(
            figure(
                *("VALUE", "2023", stated),
                unit="%",
                subject="大连口岸",
                measure="占比",
                against=of,
            )
            for of, stated in (("辽宁省", "85.7"), ("东北三省", "66.8"))
        ),
    ]
    enter_and_release(city, store, *rows)
    for of in ("辽宁省", "东北三省"):
        code = imply(
            indicator="VALUE",
            subject="大连口岸",
            period="2023",
            measure=Measure.SHARE,
            against=of,
            by=city["admin"],
            at=JULY,
        )
        release(load=code, by=city["supervisor"], at=JULY)
    (point,) = series(indicator="VALUE", viewer=ANYONE).points
    assert [(s.of, s.compared.value, s.compared.agrees) for s in point.shares] == [
        ("辽宁省", "85.7", True),
        ("东北三省", "66.8", True),
    ]
    keys = [s.key for s in subjects(indicator="VALUE", viewer=ANYONE)]
    assert keys[0] == "大连口岸"
    assert series(indicator="VALUE", viewer=ANYONE, subject="辽宁省").points[0].implied


def test_a_compression_that_names_no_value_stands_alone(city: City, store: FileStore) -> None:
    # 31.68 小时 is the import alone, the stated 12 % is of import and export together.
    both = indicator("CLEAR", unit="小时", frequency="year", near_names=("海关作业时间",))
    open_indicators(city, both)
    row = figure("CLEAR", "2023", "12", unit="%", measure="压缩", against="2022")
    enter_and_release(city, store, row)
    (point,) = series(indicator="CLEAR", viewer=ANYONE).points
    assert point.actual is None
    assert point.compression is not None
    assert (point.compression.value, point.compression.stated) == (None, "12")
    with pytest.raises(NothingStated, match="数值"):
        imply(
            indicator="CLEAR",
            subject=CITY,
            period="2023",
            measure=Measure.COMPRESSION,
            by=city["admin"],
            at=JULY,
        )


def test_compression_is_counted_from_the_base_year(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("CLEAR", unit="小时", frequency="year", base_year=2017))
    rows = [("2017", "137.5"), ("2020", "57.37")]
    enter_and_release(city, store, *(figure("CLEAR", y, v, unit="小时") for y, v in rows))
    point = series(indicator="CLEAR", viewer=ANYONE).points[-1]
    assert point.compression is not None
    assert (point.compression.value, point.compression.base) == ("58.28", "2017年 137.5 小时")


def test_a_series_as_it_was_known_on_a_day(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS"))
    old = figure("JOBS", "2024-01", "100", published="2024-02-05")
    enter_and_release(city, store, old)
    new = figure("JOBS", "2024-01", "104", published="2024-06-05", standing="修订")
    enter_and_release(city, store, new)
    then = series(indicator="JOBS", viewer=ANYONE, as_of=date(2024, 5, 1))
    assert [p.actual for p in then.points] == ["100"]


def test_parts_are_added_only_where_all_are_there_and_zones_never(
    city: City, store: FileStore
) -> None:
    zone = NewUnit(code="DL-ZONE", name="高新区", kind="zone", parent=CITY)
    register_units(units=[zone], by=OPERATOR, at=MARCH)
    open_indicators(city, indicator("JOBS", additive=True), indicator("OTHER"))
    admin = public_viewer_named("admin")
    assert admin is not None
    rows = [figure("JOBS", "2024-01", "3", subject=unit) for unit in (LUSHUN, "DL-ZONE")]
    (first,) = enter(book(*rows), admin, store).loads
    release(load=first, by=city["supervisor"], at=JULY)
    found = parts(indicator="JOBS", unit=CITY, period="2024-01", viewer=ANYONE)
    assert found.total is not None
    assert (found.total.value, found.total.said) == (None, "已报 1 / 应报 2")
    assert [z.value for z in found.zones] == ["3"]
    row = figure("JOBS", "2024-01", "4", subject=PULANDIAN)
    enter_and_release(city, store, row)
    found = parts(indicator="JOBS", unit=CITY, period="2024-01", viewer=ANYONE)
    assert found.total is not None
    assert found.total.value == "7"
    assert parts(indicator="OTHER", unit=CITY, period="2024-01", viewer=ANYONE).total is None


def test_what_figures_rest_on_is_never_defined_otherwise(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS"))
    define(indicators=[indicator("JOBS", definition="改写")], by=city["admin"], at=JULY)
    enter_and_release(city, store, figure("JOBS", "2024-01", "100"))
    with pytest.raises(DefinedOtherwise, match="计量单位"):
        define(indicators=[indicator("JOBS", unit="万个")], by=city["admin"], at=JULY)
    with pytest.raises(NotAllowed):
        define(indicators=[indicator("X")], by=city["supervisor"], at=JULY)
    with pytest.raises(Invalid, match="没有台账"):
        define(indicators=[indicator("X", counted="nothing")], by=city["admin"], at=JULY)


def test_a_book_gives_back_what_was_taken_in_and_changes_nothing(
    city: City, store: FileStore
) -> None:
    data = book(
        figure("VISITS", value="455.14", unit="万人次", **HOLIDAY),
        indicators=[
            {
                **indicator_row(indicator("VISITS", unit="万人次", frequency="named")),
                "near_names": "旅游人数",
            }
        ],
        bindings=[
            {
                "commitment": "LS-002",
                "indicator": "VISITS",
                "subject": "大连市",
                "period": "2024",
            }
        ],
    )
    taken = enter(data, city["admin"], store)
    assert (taken.defined, taken.added, taken.bound) == (1, 1, 1)
    defined, figures, bindings = template_rows(viewer=city["admin"])
    again = book(
        *({**figure_row(f), "unit": "万人次"} for f in figures),
        indicators=[indicator_row(each) for each in defined],
        bindings=[binding_row(each) for each in bindings],
    )
    found = checked(again, city["admin"])
    assert (found.errors, found.new, found.changed, found.bindings) == ((), (), (), ())
    settled = found.figures.settled({})
    assert (settled.figures, settled.unchanged) == ((), 1)
    assert enter(again, city["admin"], store).loads == ()


def test_faults_of_definitions_and_bindings_stop_the_file(city: City, store: FileStore) -> None:
    data = book(
        figure("A", "2024-01", "1"),
        indicators=[{"code": "A", "name": "甲", "unit": "个", "frequency": "month"}],
        bindings=[{"commitment": "NONE", "indicator": "B", "subject": "x", "period": "何时"}],
    )
    found = checked(data, city["admin"])
    assert [f.code for f in found.errors] == [
        *("INDICATOR-E040", "INDICATOR-E040"),
        *("INDICATOR-E048", "INDICATOR-E050"),
    ]
    with pytest.raises(FileFaulty) as refused:
        enter(data, city["admin"], store)
    assert refused.value.findings == found.errors


def test_questions_must_be_answered(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("SHARE", unit="%", kind="ratio"))
    data = book(figure("SHARE", "2024-01", "0.14", unit="%"))
    found = checked(data, city["admin"])
    with pytest.raises(QuestionsOpen):
        take_in(check=found, data=data, answers={}, store=store, by=city["admin"], at=JULY)
    taken = enter(data, city["admin"], store, answers={1: "change"})
    (point,) = series(indicator="SHARE", viewer=city["admin"]).points
    assert (taken.added, point.actual) == (1, "14")


def test_a_file_of_nothing_sound_writes_nothing(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS"))
    with pytest.raises(FiguresRefused):
        enter(book(figure("JOBS", "何时", "1")), city["admin"], store)


def test_twenty_years_of_months_stay_quick(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS"))
    rows = [
        figure("JOBS", f"{year}-{month:02}", str(100 + month), subject=unit)
        for unit in (CITY, LUSHUN, PULANDIAN)
        for year in (2021, 2022, 2023)
        for month in range(1, 13)
    ]
    enter_and_release(city, store, *rows)
    started = process_time()
    found = series(indicator="JOBS", viewer=ANYONE)
    assert len(found.points) == 36
    assert process_time() - started < 1
    (row,) = indicators(viewer=ANYONE).rows
    assert (row.value, row.subject_name) == ("112", "大连市")
    assert replay().faults == []
