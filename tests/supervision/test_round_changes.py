"""What a round does when promises and units change under it."""

from dataclasses import replace
from datetime import date

import pytest

from tests.city import JULY, LUSHUN, OFFICE, PULANDIAN, City, promise
from tests.supervision.asked import (
    ALL,
    LATER,
    LUSHUN_SHEET,
    PULANDIAN_SHEET,
    a_round,
    filled,
    only,
    seen,
)
from yinuo.commitments.commands import change, deliver
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.commands.succession import carry_out
from yinuo.commitments.life import ChangeKind
from yinuo.ledger.replay import replay
from yinuo.parties.commands import ask_succession
from yinuo.supervision.commands import rounds, sheets
from yinuo.supervision.commands.sheets import Given, fill
from yinuo.supervision.errors.rounds import (
    ChoiceChanged,
    NothingToAsk,
    RoundInvalid,
    WrongRoundState,
)
from yinuo.supervision.queries.rounds import round_page, sheet_page, to_do
from yinuo.web.files import store

pytestmark = pytest.mark.django_db

TODAY = JULY.date()


def changed(city: City, code: str, kind: ChangeKind, new: dict[str, str]) -> None:
    """A change asked by the first supervisor and approved by the second."""
    asked = change.ask(
        commitment=code, kind=kind, new=new, reason="依据文件", by=city["supervisor"], at=JULY
    )
    change.approve(change=asked, reason="同意", by=city["supervisor2"], at=JULY)


def refused(city: City, given: Given, *, who: str = "lushun", sheet: str = LUSHUN_SHEET) -> str:
    done = fill(sheet=sheet, given=[given], store=store(), by=city[who], at=JULY)
    return "；".join(what for each in done.refused.values() for _, what in each.faults)


def test_a_merged_promise_is_reported_in_the_other(city: City) -> None:
    a_round(city)
    changed(city, "LS-003", ChangeKind.MERGED, {"merged_into_id": "LS-002"})
    said = refused(city, Given(commitment="LS-003", note="正在推进"))
    assert said == "LS-003 已并入 LS-002，不再单独报送"
    (line,) = [each for each in seen(city).lines if each.commitment == "LS-003"]
    assert (line.obstacle, line.may_fill) == ("已并入 LS-002，不必在这里报", False)
    filled(
        city,
        Given(commitment="LS-001", value="3", note="完成三项"),
        Given(commitment="LS-002", note="已开展"),
        Given(commitment="LS-009", note="正在推进"),
    )
    assert sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=JULY).missing == 0


def test_a_transferred_promise_is_answered_by_its_new_unit(city: City) -> None:
    a_round(city)
    changed(city, "LS-003", ChangeKind.TRANSFERRED, {"lead_id": PULANDIAN})
    given = Given(commitment="LS-003", note="正在推进")
    assert refused(city, given) == "LS-003 已移交普兰店区，由普兰店区报送"
    assert [each.under for each in to_do(viewer=city["pulandian"], today=TODAY)][-1] == (
        "TD2024-07 · 移交过来的 1 项"
    )
    page = sheet_page(code=LUSHUN_SHEET, viewer=city["pulandian"], today=TODAY)
    assert [(line.commitment, line.may_fill) for line in page.lines] == [("LS-003", True)]
    assert (page.answers, page.may_hand_in) == (False, False)
    # The new unit reports although the old one has handed its own part in.
    filled(
        city,
        Given(commitment="LS-001", value="3", note="完成三项"),
        Given(commitment="LS-002", note="已开展"),
        Given(commitment="LS-009", note="正在推进"),
    )
    assert sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=JULY).missing == 0
    assert refused(city, given, who="pulandian") == ""


def test_a_successor_takes_the_whole_sheet_over(city: City) -> None:
    a_round(city)
    number = ask_succession(
        units=[PULANDIAN],
        successor=LUSHUN,
        effective_date=date(2024, 7, 1),
        basis_title="区划调整的通知",
        by=city["admin"],
        at=JULY,
    )
    carry_out(number=number, by=city["admin2"], at=JULY)
    page = round_page(code="TD2024-07", viewer=city["supervisor"], today=TODAY)
    (sheet,) = [each for each in page.sheets if each.code == PULANDIAN_SHEET]
    assert (sheet.unit, sheet.asked_name, sheet.label) == (LUSHUN, "普兰店区", "未填")
    titles = [each.args for each in to_do(viewer=city["lushun"], today=TODAY)]
    assert titles == [(LUSHUN_SHEET,), (PULANDIAN_SHEET,)]
    assert refused(city, Given(commitment="PL-001", note="接着办"), sheet=PULANDIAN_SHEET) == ""
    assert replay().faults == []


def test_what_was_delivered_meanwhile_needs_no_report(city: City) -> None:
    a_round(city, wanted=only("LS-002", "LS-003"))
    deliver.deliver(
        commitment="LS-002", delivered_date=TODAY, note="已完成", by=city["lushun"], at=JULY
    )
    said = refused(city, Given(commitment="LS-002", note="已完成"))
    assert said == "LS-002 现在“已申请销号，待核实”，不再报送进展"
    filled(city, Given(commitment="LS-003", note="正在推进"))
    assert sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=JULY).missing == 0


def test_an_extension_is_the_ordinary_change(city: City) -> None:
    a_round(city)
    asked = change.ask(
        commitment=LUSHUN_SHEET,
        kind=ChangeKind.MOVED,
        new={"due": "2024-07-30"},
        reason="数据由省里下发",
        by=city["lushun"],
        at=JULY,
    )
    change.approve(change=asked, reason="同意", by=city["supervisor"], at=JULY)
    page = round_page(code="TD2024-07", viewer=city["supervisor"], today=LATER.date())
    late = {sheet.code: sheet.late_days for sheet in page.sheets}
    assert late == {LUSHUN_SHEET: 0, PULANDIAN_SHEET: 4}


def test_a_percentage_may_fall_but_a_count_is_not_negative(city: City) -> None:
    growth = promise("LS-020", operator="ge", value="5", unit="%", title="增速")
    register(
        registration=Registration(commitments=[growth]), office=OFFICE, by=city["admin"], at=JULY
    )
    a_round(city, wanted=only("LS-020"))
    assert refused(city, Given(commitment="LS-020", value="-1.5", note="下降")) == ""


def test_a_report_before_the_day_asked_for_is_of_today(city: City) -> None:
    a_round(city, wanted=only("LS-002"), as_of=date(2024, 7, 31), due=date(2024, 8, 5))
    filled(city, Given(commitment="LS-002", note="已开展"))
    (line,) = seen(city).lines
    assert line.answer is not None
    assert line.answer.as_of_date == TODAY


def test_a_choice_that_changed_after_the_preview_is_refused(city: City) -> None:
    with pytest.raises(ChoiceChanged, match="预览时是 5 项承诺，现在是 6 项"):
        a_round(city, expected=5)
    with pytest.raises(NothingToAsk):
        a_round(city, wanted=replace(ALL, kind="order"))


def test_nobody_decides_on_a_reopening_nobody_asked_for(city: City) -> None:
    a_round(city)
    with pytest.raises(WrongRoundState):
        rounds.decide_reopening(
            round_code="TD2024-07", approve=True, by=city["supervisor"], at=JULY
        )
    with pytest.raises(WrongRoundState, match="不能申请重新打开"):
        rounds.ask_reopening(round_code="TD2024-07", reason="补报", by=city["supervisor"], at=JULY)
    rounds.close(round_code="TD2024-07", by=city["supervisor"], at=LATER)
    with pytest.raises(RoundInvalid, match="请填写重新打开的理由"):
        rounds.ask_reopening(round_code="TD2024-07", reason=" ", by=city["supervisor"], at=LATER)


def test_a_refused_reopening_leaves_it_closed(city: City) -> None:
    a_round(city)
    rounds.close(round_code="TD2024-07", by=city["supervisor"], at=LATER)
    rounds.ask_reopening(round_code="TD2024-07", reason="补报", by=city["supervisor"], at=LATER)
    rounds.decide_reopening(round_code="TD2024-07", approve=False, by=city["supervisor2"], at=LATER)
    page = round_page(code="TD2024-07", viewer=city["supervisor"], today=LATER.date())
    assert (page.line.label, page.reopening_by, page.reopened_count) == ("已关闭", "", 0)
