"""Rounds: opening, reporting line by line, handing in, checking, closing."""

from datetime import date, timedelta

import pytest

from tests.city import JULY, LUSHUN, OFFICE, PULANDIAN, City
from tests.supervision.asked import (
    DUE,
    LATER,
    LUSHUN_LINES,
    LUSHUN_SHEET,
    PULANDIAN_SHEET,
    a_round,
    filled,
    only,
    seen,
)
from yinuo.commitments.commands import deliver
from yinuo.commitments.errors import ThroughSheet
from yinuo.commitments.queries.detail import detail
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed
from yinuo.supervision.commands import rounds as commands
from yinuo.supervision.commands import sheets
from yinuo.supervision.commands.sheets import Given, fill
from yinuo.supervision.errors.rounds import (
    HandedIn,
    NotAsked,
    RoundClosed,
    RoundInvalid,
    StillToJudge,
    Unfinished,
    UnknownRound,
    UnknownSheet,
)
from yinuo.supervision.queries.rounds import round_page, rounds, to_do
from yinuo.supervision.rounds.life import RoundSort
from yinuo.web.files import store

pytestmark = pytest.mark.django_db

TODAY = JULY.date()


def refused(city: City, given: Given, *, who: str = "lushun", sheet: str = LUSHUN_SHEET) -> str:
    """Why a line is not taken."""
    done = fill(sheet=sheet, given=[given], store=store(), by=city[who], at=JULY)
    return "；".join(what for each in done.refused.values() for _, what in each.faults)


def test_a_round_gives_each_unit_one_sheet(city: City) -> None:
    done = a_round(city)
    assert (done.code, done.sheets, done.lines) == ("TD2024-07", 2, 6)
    page = round_page(code="TD2024-07", viewer=city["supervisor"], today=TODAY)
    assert [(s.unit, s.lines, s.label) for s in page.sheets] == [
        (LUSHUN, 4, "未填"),
        (PULANDIAN, 2, "未填"),
    ]
    assert page.burden.fields == 7  # one of the six promises has a figure
    told = detail(code=LUSHUN_SHEET, viewer=city["lushun"], today=TODAY)
    assert (told.row.kind, told.row.due, told.row.visibility) == ("report", DUE, "closed")
    assert told.actions == ("ask_move", "ask_change")


def test_from_opening_to_closing(city: City) -> None:
    a_round(city, wanted=only("LS-001", "LS-002", "LS-003", "LS-009"))
    filled(city)
    handed = sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=JULY)
    assert (handed.answered, handed.missing) == (4, 0)
    sheets.accept(sheets=[LUSHUN_SHEET], note="已核对", by=city["supervisor"], at=JULY)
    commands.release(round_code="TD2024-07", by=city["supervisor"], at=JULY)
    assert commands.close(round_code="TD2024-07", by=city["supervisor"], at=JULY) == 0
    page = round_page(code="TD2024-07", viewer=city["supervisor"], today=TODAY)
    assert (page.line.label, page.accepted, page.late) == ("已关闭", 1, 0)
    report = detail(code="LS-001", viewer=city["lushun"], today=TODAY).reports[0]
    assert (report.value, report.as_of_date, report.note) == ("3", TODAY, "完成三项")
    assert replay().faults == []


def test_a_wrong_line_leaves_the_others(city: City) -> None:
    a_round(city)
    done = fill(
        sheet=LUSHUN_SHEET,
        given=[
            Given(commitment="LS-001", value="三", note="完成三项"),
            Given(commitment="LS-002", note=""),
            Given(commitment="LS-003", note="正在推进"),
        ],
        store=store(),
        by=city["lushun"],
        at=JULY,
    )
    assert done.taken == ["LS-003"]
    assert done.refused["LS-001"].faults == (("value", "“三”不是数字（单位：项）"),)
    assert done.refused["LS-002"].faults == (("note", "请填写进展说明"),)


def test_a_figure_below_zero_is_refused(city: City) -> None:
    a_round(city)
    line = Given(commitment="LS-001", value="-3", note="完成三项")
    assert refused(city, line) == "“-3”是负数：累计完成数（项）不能小于 0"


def test_what_was_not_asked_is_refused_by_name(city: City) -> None:
    a_round(city)
    said = refused(city, Given(commitment="PL-001", note="代填"))
    assert said == f"报送表 {LUSHUN_SHEET} 没有要 PL-001，它在报送表 {PULANDIAN_SHEET} 里"
    assert refused(city, Given(commitment="NO-001", note="代填")).endswith("没有要 NO-001")


def test_another_unit_sees_no_sheet(city: City) -> None:
    a_round(city)
    with pytest.raises(UnknownSheet):
        seen(city, "pulandian")
    with pytest.raises(UnknownSheet):
        fill(sheet=LUSHUN_SHEET, given=LUSHUN_LINES, store=store(), by=city["pulandian"], at=JULY)


def test_the_office_does_not_fill_in_for_a_unit(city: City) -> None:
    a_round(city)
    with pytest.raises(UnknownSheet):
        fill(sheet=LUSHUN_SHEET, given=LUSHUN_LINES, store=store(), by=city["supervisor"], at=JULY)


@pytest.mark.parametrize("who", ["lushun", "admin", "auditor"])
def test_only_a_supervisor_of_the_office_opens_a_round(city: City, who: str) -> None:
    with pytest.raises(NotAllowed):
        commands.open_round(
            wanted=only("LS-001"),
            sort=RoundSort.MONTHLY,
            as_of=TODAY,
            due=DUE,
            by=city[who],
            at=JULY,
        )


def test_a_unit_that_is_not_asked_does_not_know_the_round(city: City) -> None:
    a_round(city, wanted=only("LS-001"))
    assert rounds(viewer=city["pulandian"], today=TODAY) == ()
    with pytest.raises(UnknownRound):
        round_page(code="TD2024-07", viewer=city["pulandian"], today=TODAY)
    with pytest.raises(UnknownRound):
        commands.close(round_code="TD2024-07", by=city["pulandian"], at=JULY)


def test_units_see_each_other_once_it_is_released(city: City) -> None:
    a_round(city)

    def units() -> list[str]:
        page = round_page(code="TD2024-07", viewer=city["lushun"], today=TODAY)
        return [sheet.unit for sheet in page.sheets]

    assert units() == [LUSHUN]
    commands.release(round_code="TD2024-07", by=city["supervisor"], at=JULY)
    assert units() == [LUSHUN, PULANDIAN]


def test_the_sheet_is_the_only_way_to_report(city: City) -> None:
    a_round(city)
    with pytest.raises(ThroughSheet):
        deliver.deliver(
            commitment=LUSHUN_SHEET, delivered_date=TODAY, note="完成", by=city["lushun"], at=JULY
        )
    with pytest.raises(ThroughSheet):
        deliver.report(
            commitment=LUSHUN_SHEET, as_of_date=TODAY, note="完成", by=city["lushun"], at=JULY
        )


def test_missing_lines_need_a_reason(city: City) -> None:
    a_round(city)
    filled(city, LUSHUN_LINES[0])
    with pytest.raises(Unfinished) as told:
        sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=JULY)
    assert told.value.missing == ("LS-002", "LS-003", "LS-009")
    handed = sheets.hand_in(
        sheet=LUSHUN_SHEET, note="三项的数据由省里下发，还没有到", by=city["lushun"], at=JULY
    )
    assert (handed.answered, handed.missing) == (1, 3)
    assert seen(city).remark == "报送 1 项，未报送 3 项\n三项的数据由省里下发，还没有到"


def test_after_handing_in_nothing_changes_until_it_is_returned(city: City) -> None:
    a_round(city)
    filled(city)
    sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=JULY)
    with pytest.raises(HandedIn):
        filled(city)
    sheets.give_back(
        sheet=LUSHUN_SHEET,
        reason="",
        lines={"LS-001": "缺第三项的办证清单"},
        by=city["supervisor"],
        at=JULY,
    )
    page = seen(city)
    (line,) = [line for line in page.lines if line.status == "returned"]
    assert (line.commitment, line.reason) == ("LS-001", "缺第三项的办证清单")
    assert (page.sheet.label, page.remark) == ("已退回补充", "有 1 项要补充，理由见各行")
    assert [each.what for each in to_do(viewer=city["lushun"], today=TODAY)] == ["补报"]
    with pytest.raises(Unfinished):
        sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=JULY)
    filled(city, Given(commitment="LS-001", value="3", note="完成三项，清单附后"))
    sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=LATER)
    assert seen(city, "supervisor").sheet.late_days == 4
    assert replay().faults == []


def test_a_returned_line_needs_its_reason(city: City) -> None:
    a_round(city)
    filled(city)
    sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=JULY)
    with pytest.raises(RoundInvalid) as told:
        sheets.give_back(
            sheet=LUSHUN_SHEET, reason="", lines={"LS-001": " "}, by=city["supervisor"], at=JULY
        )
    assert told.value.faults == (("line-LS-001", "请写明 LS-001 为什么退回"),)


def test_a_closed_round_takes_nothing(city: City) -> None:
    a_round(city)
    with pytest.raises(RoundInvalid, match="过后才能关闭"):
        commands.close(round_code="TD2024-07", by=city["supervisor"], at=JULY)
    assert commands.close(round_code="TD2024-07", by=city["supervisor"], at=LATER) == 2
    with pytest.raises(RoundClosed) as told:
        fill(sheet=LUSHUN_SHEET, given=LUSHUN_LINES, store=store(), by=city["lushun"], at=LATER)
    assert told.value.what == "TD2024-07 期已关闭，不再接收报送"
    with pytest.raises(RoundClosed):
        sheets.hand_in(sheet=LUSHUN_SHEET, note="补报", by=city["lushun"], at=LATER)


def test_a_round_is_not_closed_over_sheets_that_wait(city: City) -> None:
    a_round(city)
    filled(city)
    sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=JULY)
    with pytest.raises(StillToJudge, match="1 张"):
        commands.close(round_code="TD2024-07", by=city["supervisor"], at=LATER)


def test_reopening_takes_two_persons(city: City) -> None:
    a_round(city)
    commands.close(round_code="TD2024-07", by=city["supervisor"], at=LATER)
    commands.ask_reopening(
        round_code="TD2024-07", reason="系统停机一天", by=city["supervisor"], at=LATER
    )
    with pytest.raises(NotAllowed, match="不能自己决定"):
        commands.decide_reopening(
            round_code="TD2024-07", approve=True, by=city["supervisor"], at=LATER
        )
    assert "决定" in [t.what for t in to_do(viewer=city["supervisor2"], today=LATER.date())]
    commands.decide_reopening(
        round_code="TD2024-07", approve=True, by=city["supervisor2"], at=LATER
    )
    filled(city, at=LATER)
    sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=LATER)
    page = round_page(code="TD2024-07", viewer=city["supervisor"], today=LATER.date())
    assert (page.line.label, page.reopened_count, page.reopening_reason) == (
        "报送中",
        1,
        "系统停机一天",
    )
    assert replay().faults == []


def test_who_has_not_reported_is_reminded_once_a_day(city: City) -> None:
    a_round(city)
    filled(city)
    sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=JULY)
    two_before = JULY + timedelta(days=2)
    assert commands.remind(at=two_before) == 1  # 普兰店区 has one officer
    assert commands.remind(at=two_before) == 0
    assert commands.remind(at=two_before + timedelta(days=1)) == 0
    assert commands.remind(at=two_before + timedelta(days=2)) == 1


def test_the_inbox_orders_nothing_twice(city: City) -> None:
    a_round(city)
    (todo,) = to_do(viewer=city["lushun"], today=TODAY)
    assert (todo.what, todo.due, todo.args) == ("报送", DUE, (LUSHUN_SHEET,))
    filled(city)
    sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=JULY)
    assert to_do(viewer=city["lushun"], today=TODAY) == ()
    (check,) = to_do(viewer=city["supervisor"], today=TODAY)
    assert (check.what, check.under) == ("审核", "TD2024-07 · 1 张报送表等待审核")


def test_a_second_round_of_the_month_gets_a_letter(city: City) -> None:
    assert a_round(city, wanted=only("LS-001")).code == "TD2024-07"
    assert a_round(city, wanted=only("LS-002")).code == "TD2024-07B"


def test_codes_of_a_choice_that_fit_nothing_are_named(city: City) -> None:
    with pytest.raises(RoundInvalid) as told:
        a_round(city, wanted=only("LS-001", "XX-1"), due=date(2024, 7, 1))
    assert [field for field, _ in told.value.faults] == ["due", "as_of_date", "codes"]


def test_a_line_of_another_round_is_not_asked(city: City) -> None:
    a_round(city, wanted=only("LS-001"))
    with pytest.raises(NotAsked):
        sheets.report_line(
            sheet=LUSHUN_SHEET,
            given=Given(commitment="LS-002", note="已开展"),
            store=store(),
            by=city["lushun"],
            at=JULY,
        )


def test_the_office_has_its_own_name_for_what_it_asks(city: City) -> None:
    a_round(city, title="迎检专项调度", note="请附清单")
    page = seen(city)
    assert (page.round.title, page.note) == ("迎检专项调度", "请附清单")
    assert page.round.office == OFFICE
