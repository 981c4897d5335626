"""The register of leads: who may, what counts, what is refused, and that replay is clean."""

from dataclasses import replace
from datetime import date

import pytest

from tests.city import JULY, LUSHUN, MARCH, OFFICE, PULANDIAN, City
from tests.goals.leads.register import (
    APRIL,
    ASKED,
    CREDIT_CODE,
    EVENT,
    FIRMS,
    MAY,
    PLANT,
    TRIP,
    agreement,
    payment,
    put_registration,
    registration,
    trip,
)
from yinuo.commitments.commands.signing import sign
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Commitment, Signing
from yinuo.goals.commands.lead_landing import confirm_fact, refuse_fact, report_fact, undertake
from yinuo.goals.commands.leads import (
    correct_lead,
    note_contact,
    publish_delegation,
    publish_lead,
    register_delegation,
    register_lead,
    set_standing,
)
from yinuo.goals.errors.leads import (
    AlreadyUndertaken,
    BetweenFirms,
    CodeTaken,
    FactDecided,
    GivenUp,
    NotSigned,
    NoUnit,
    UnknownFact,
    UnknownLead,
)
from yinuo.goals.leads.stages import FactKind, Stage, Standing
from yinuo.goals.models import Lead, LeadContact, LeadFact
from yinuo.goals.queries.lead_detail import delegation as delegation_query
from yinuo.goals.queries.lead_detail import lead as lead_query
from yinuo.goals.queries.leads import Wanted, leads
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE, NotAllowed

TODAY = JULY.date()


def faults_of(error: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return dict(error.value.faults)


def test_a_register_is_numbered_and_starts_closed(registered: City) -> None:
    rows = Lead.objects.order_by("code")
    assert [row.code for row in rows] == [PLANT, ASKED, EVENT, FIRMS]
    assert {row.visibility for row in rows} == {Visibility.CLOSED}
    assert rows[0].intended_fen == 2 * 10**10
    assert (rows[1].intended_value, rows[1].intended_unit, rows[1].intended_fen) == (
        "300",
        "万美元",
        None,
    )


def test_the_ledger_holds_no_words_of_a_contact(registered: City) -> None:
    bodies = b"".join(bytes(e.body) for e in Entry.objects.filter(verb="lead_contact.noted"))
    assert "某先生".encode() not in bodies
    assert "用地需求".encode() not in bodies


def test_an_officer_enters_for_the_own_unit_only(registered: City) -> None:
    mine = agreement(title="另一份协议", firm="丙公司")
    assert register_lead(new=mine, by=registered["lushun"], at=MARCH) == "XS2024-0005"
    with pytest.raises(NotAllowed):
        register_lead(new=mine, by=registered["pulandian"], at=MARCH)
    with pytest.raises(NotAllowed):
        register_delegation(new=trip(), by=registered["lushun"], at=MARCH)


def test_the_same_title_and_firm_is_asked_about(registered: City) -> None:
    twin = agreement()
    with pytest.raises(Invalid) as error:
        register_lead(new=twin, by=registered["lushun"], at=MARCH)
    assert PLANT in faults_of(error)["again"]
    assert register_lead(new=twin, by=registered["lushun"], at=MARCH, again=True) == "XS2024-0005"


def test_a_code_is_given_once(registered: City) -> None:
    with pytest.raises(CodeTaken):
        register_delegation(new=trip(code=TRIP), by=registered["supervisor"], at=MARCH)


@pytest.mark.parametrize(
    ("field", "change", "what"),
    [
        ("title", {"title": " "}, "请写名称"),
        ("firm", {"firm": ""}, "请写企业名称"),
        ("signed_date", {"signed_date": date(2024, 12, 1)}, "还没有到"),
        ("signed_date", {"signed_date": None, "agreement": ""}, "来源是签约的"),
        ("visited_date", {"origin": "visit"}, "来源是拜访的"),
        ("signed_date", {"visited_date": date(2024, 2, 28)}, "早于拜访"),
        ("industry", {"industry": "A34"}, "属于门类"),
        ("industry", {"industry": "98"}, "没有大类"),
        ("intended_unit", {"intended_unit": "亿"}, "不是金额单位"),
        ("intended_unit", {"intended_unit": ""}, "也要有单位"),
        ("intended_value", {"intended_value": "一点五"}, "不是数字"),
        ("intended_value", {"intended_value": "-3"}, "应大于 0"),
        ("intended_value", {"intended_value": "20000"}, "请核对单位"),
        ("unit", {"unit": "999999"}, "没有代码为 999999 的单位"),
        ("delegation", {"delegation": "TZ2024-09"}, "没有编号为"),
        ("partner", {"between_firms": True}, "另一方企业"),
        ("firm", {"firm": "长" * 161}, "最多 160 字"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    registered: City, field: str, change: dict[str, object], what: str
) -> None:
    with pytest.raises(Invalid) as error:
        register_lead(new=agreement(**change), by=registered["supervisor"], at=MARCH, again=True)
    assert what in faults_of(error)[field]
    assert Lead.objects.count() == 4


def test_all_faults_are_told_at_once(registered: City) -> None:
    with pytest.raises(Invalid) as error:
        register_lead(
            new=agreement(title="", firm="", industry="98"), by=registered["supervisor"], at=MARCH
        )
    assert {"title", "firm", "industry"} <= set(faults_of(error))


def test_a_correction_is_recorded_and_the_origin_stays(registered: City) -> None:
    officer = registered["lushun"]
    new = agreement(delegation=TRIP, country="新加坡", note="补充")
    assert correct_lead(lead=PLANT, new=new, by=officer, at=APRIL)
    assert not correct_lead(lead=PLANT, new=new, by=officer, at=APRIL)
    assert Lead.objects.get(pk=PLANT).version == 2
    with pytest.raises(Invalid) as error:
        correct_lead(lead=PLANT, new=replace(new, origin="visit"), by=officer, at=APRIL)
    assert "漏斗" in faults_of(error)["origin"]
    with pytest.raises(StaleVersion):
        correct_lead(lead=PLANT, new=replace(new, country="韩国"), by=officer, at=APRIL, version=1)


def test_a_contact_names_a_day_that_has_come(registered: City) -> None:
    with pytest.raises(Invalid) as error:
        note_contact(
            lead=PLANT,
            day=date(2024, 4, 11),
            who="",
            said="谈",
            next_date=date(2024, 4, 1),
            by=registered["lushun"],
            at=APRIL,
        )
    assert set(faults_of(error)) == {"day", "who", "next_step", "next_date"}
    assert LeadContact.objects.count() == 1


def test_what_is_reported_counts_once_another_person_confirmed_it(registered: City) -> None:
    officer, office, second = (registered[who] for who in ("lushun", "supervisor", "supervisor2"))
    fact = report_fact(lead=PLANT, new=registration(), by=officer, at=APRIL)
    assert lead_query(code=PLANT, viewer=officer, today=TODAY).state == "已签约"
    with pytest.raises(NotAllowed):
        confirm_fact(fact=fact, by=officer, at=APRIL)
    confirm_fact(fact=fact, by=office, at=APRIL)
    shown = lead_query(code=PLANT, viewer=officer, today=TODAY)
    assert shown.state == "已注册"
    assert shown.facts[0].what.endswith(f"（{CREDIT_CODE}）")
    with pytest.raises(FactDecided):
        refuse_fact(fact=fact, why="重复", by=second, at=APRIL)
    own = report_fact(lead=PLANT, new=payment(), by=office, at=MAY)
    with pytest.raises(NotAllowed, match="不能确认自己"):
        confirm_fact(fact=own, by=office, at=MAY)
    confirm_fact(fact=own, by=second, at=MAY)
    assert lead_query(code=PLANT, viewer=officer, today=TODAY).state == "已到资"


def test_what_was_refused_stays_and_counts_for_nobody(registered: City) -> None:
    fact = report_fact(lead=PLANT, new=registration(), by=registered["lushun"], at=APRIL)
    with pytest.raises(Invalid):
        refuse_fact(fact=fact, why=" ", by=registered["supervisor"], at=APRIL)
    refuse_fact(fact=fact, why="执照是另一家", by=registered["supervisor"], at=APRIL)
    shown = lead_query(code=PLANT, viewer=registered["lushun"], today=TODAY)
    assert (shown.state, shown.facts[0].answer) == ("已签约", "执照是另一家")
    assert not shown.way[1].waiting


@pytest.mark.parametrize(
    ("change", "field", "what"),
    [
        ({"credit_code": "91350100M000100Y44"}, "credit_code", "校验码对不上"),
        ({"credit_code": ""}, "credit_code", "请写统一社会信用代码"),
        ({"firm": ""}, "firm", "请写注册的企业名称"),
        ({"day": date(2024, 8, 1)}, "day", "还没有到"),
        ({"evidence": ""}, "evidence", "凭什么认定"),
        ({"value": "3", "unit": "万元"}, "value", "只有资金到位"),
    ],
)
def test_a_registration_is_checked(
    registered: City, change: dict[str, object], field: str, what: str
) -> None:
    with pytest.raises(Invalid) as error:
        report_fact(lead=PLANT, new=registration(**change), by=registered["lushun"], at=JULY)
    assert what in faults_of(error)[field]
    assert not LeadFact.objects.exists()


def test_wan_typed_as_yi_is_asked_about(registered: City) -> None:
    officer = registered["lushun"]
    slip = payment(value="5000", unit="亿元")
    with pytest.raises(Invalid) as error:
        report_fact(lead=PLANT, new=slip, by=officer, at=JULY)
    assert "请核对单位" in faults_of(error)["sure"]
    report_fact(lead=PLANT, new=replace(slip, sure=True), by=officer, at=JULY)
    assert LeadFact.objects.get().fen == 5000 * 10**10


def test_payments_of_different_currencies_are_never_added(registered: City) -> None:
    officer, office = registered["lushun"], registered["supervisor"]
    for new in (payment(), payment(value="1000"), payment(value="20", unit="万美元")):
        fact = report_fact(lead=PLANT, new=new, by=officer, at=JULY)
        confirm_fact(fact=fact, by=office, at=JULY)
    (paid,) = [s for s in lead_query(code=PLANT, viewer=office, today=TODAY).way if s.under][-1:]
    assert paid.under == "6,000 万元、20 万美元"


def test_a_signed_lead_is_undertaken_and_signed_for(registered: City) -> None:
    office = registered["supervisor"]
    code = undertake(
        lead=PLANT,
        title="冷链装备制造基地开工",
        due=date(2024, 6, 30),
        sign_by=date(2024, 3, 8),
        by=office,
        at=MARCH,
    )
    made = Commitment.objects.get(pk=code)
    assert (made.kind, made.lead_id, made.creditor_unit_id) == ("lead", LUSHUN, OFFICE)
    assert made.visibility == Visibility.CLOSED
    assert Signing.objects.get(commitment=code).unit_id == LUSHUN
    sign(signings=[f"{code}/{LUSHUN}"], by=registered["lushun"], at=MARCH)
    shown = lead_query(code=PLANT, viewer=registered["lushun"], today=TODAY)
    assert shown.undertaken is not None
    assert shown.undertaken.due == date(2024, 6, 30)
    with pytest.raises(AlreadyUndertaken):
        undertake(lead=PLANT, title="再来", due=None, sign_by=date(2024, 3, 8), by=office, at=MARCH)
    with pytest.raises(Invalid) as error:
        correct_lead(lead=PLANT, new=agreement(unit=PULANDIAN), by=office, at=APRIL)
    assert "申请移交" in faults_of(error)["unit"]


def test_firms_among_themselves_owe_no_authority_anything(registered: City) -> None:
    office = registered["supervisor"]
    terms = {"title": "配套用地", "due": None, "sign_by": date(2024, 3, 8), "by": office}
    with pytest.raises(NoUnit):
        undertake(lead=FIRMS, at=MARCH, **terms)  # type: ignore[arg-type]
    row = lead_query(code=FIRMS, viewer=office, today=TODAY).said
    correct_lead(lead=FIRMS, new=replace(row, unit=LUSHUN), by=office, at=MARCH)
    with pytest.raises(BetweenFirms):
        undertake(lead=FIRMS, at=MARCH, **terms)  # type: ignore[arg-type]
    code = undertake(lead=FIRMS, at=MARCH, undertaking="供地 200 亩", **terms)  # type: ignore[arg-type]
    assert Commitment.objects.get(pk=code).note == "供地 200 亩"


def test_nothing_is_landed_before_it_is_signed(registered: City) -> None:
    with pytest.raises(NotSigned):
        undertake(
            lead=ASKED,
            title="落地",
            due=None,
            sign_by=date(2024, 3, 8),
            by=registered["supervisor"],
            at=MARCH,
        )
    with pytest.raises(NotSigned):
        report_fact(lead=ASKED, new=registration(), by=registered["pulandian"], at=APRIL)
    with pytest.raises(NotSigned):
        report_fact(lead=EVENT, new=registration(), by=registered["supervisor"], at=APRIL)


def test_giving_up_needs_a_reason_and_can_be_undone(registered: City) -> None:
    officer = registered["lushun"]
    with pytest.raises(Invalid):
        set_standing(lead=PLANT, standing=Standing.SHELVED, reason="", by=officer, at=APRIL)
    set_standing(lead=PLANT, standing=Standing.SHELVED, reason="等用地", by=officer, at=APRIL)
    assert lead_query(code=PLANT, viewer=officer, today=TODAY).state == "搁置"
    with pytest.raises(GivenUp):
        report_fact(lead=PLANT, new=registration(), by=officer, at=APRIL)
    set_standing(lead=PLANT, standing=Standing.ACTIVE, reason="用地已定", by=officer, at=MAY)
    assert report_fact(lead=PLANT, new=registration(), by=officer, at=MAY) == f"{PLANT}/R1"


def test_who_has_no_duty_learns_of_nothing(registered: City) -> None:
    fact = put_registration(registered)
    elsewhere = registered["pulandian"]
    for viewer in (ANYONE, elsewhere):
        with pytest.raises(UnknownLead):
            lead_query(code=PLANT, viewer=viewer, today=TODAY)
    with pytest.raises(UnknownFact):
        confirm_fact(fact=fact, by=elsewhere, at=APRIL)
    assert leads(viewer=ANYONE, today=TODAY).total == 0
    seen = leads(viewer=elsewhere, today=TODAY)
    assert [row.code for row in seen.rows] == [ASKED]
    assert {option.value for option in seen.options["unit"]} == {PULANDIAN}
    assert leads(viewer=registered["auditor"], today=TODAY).total == 4


def test_a_trip_counts_only_what_its_reader_sees(registered: City) -> None:
    office = delegation_query(code=TRIP, viewer=registered["supervisor"], today=TODAY)
    stated = {each.label: (each.registered, each.stated) for each in office.stated}
    assert stated["协议和备忘录"] == (1, 40)
    assert stated["企业"] == (1, 15)
    assert stated["说明会"] == (1, 6)
    officer = delegation_query(code=TRIP, viewer=registered["pulandian"], today=TODAY)
    assert {each.label: each.registered for each in officer.stated}["协议和备忘录"] == 0
    assert not officer.whole


def test_opening_takes_a_second_person_row_by_row(registered: City) -> None:
    first, second = registered["supervisor"], registered["supervisor2"]
    put_registration(registered)
    report_fact(lead=PLANT, new=payment(), by=registered["lushun"], at=MAY)
    with pytest.raises(NotAllowed, match="登记人不能审查"):
        publish_lead(lead=PLANT, visibility=Visibility.PUBLIC, by=first, at=MAY)
    with pytest.raises(Invalid, match="先审查团组"):
        publish_lead(lead=PLANT, visibility=Visibility.PUBLIC, by=second, at=MAY)
    publish_delegation(delegation=TRIP, visibility=Visibility.PUBLIC, by=second, at=MAY)
    publish_lead(lead=PLANT, visibility=Visibility.PUBLIC, by=second, at=MAY)
    shown = lead_query(code=PLANT, viewer=ANYONE, today=TODAY)
    assert (shown.contacts, shown.story, shown.steps) == ((), (), ())
    assert [fact.label for fact in shown.facts] == ["注册企业"]
    assert not any(step.waiting for step in shown.way)
    assert [row.code for row in leads(viewer=ANYONE, today=TODAY).rows] == [PLANT]
    with pytest.raises(Invalid, match="先收回"):
        publish_delegation(delegation=TRIP, visibility=Visibility.CLOSED, by=second, at=MAY)


def test_quiet_ones_stand_longest_first(registered: City) -> None:
    found = leads(viewer=registered["supervisor"], today=TODAY)
    assert [(row.code, row.quiet.days) for row in found.quiet if row.quiet] == [
        (ASKED, 144),
        (FIRMS, 137),
        (PLANT, 136),
    ]
    note_contact(lead=PLANT, day=TODAY, who="企业", said="已选址", by=registered["lushun"], at=JULY)
    again = leads(viewer=registered["supervisor"], today=TODAY, wanted=Wanted(quiet=True))
    assert [row.code for row in again.rows] == [FIRMS, ASKED]


def test_two_funnels_and_no_sum_of_them(registered: City) -> None:
    put_registration(registered)
    found = leads(viewer=registered["supervisor"], today=TODAY, split="unit")
    counts = {f.origin: [(s.stage, s.count, s.share) for s in f.steps] for f in found.funnels}
    assert counts["visit"][:2] == [("visited", 1, ""), ("signed", 0, "0")]
    assert counts["agreement"][:2] == [("signed", 2, ""), ("registered", 1, "50")]
    assert found.events == 1
    by_unit = {row.label: [s.count for s in row.steps] for row in found.groups["agreement"]}
    assert by_unit["旅顺口区"] == [1, 1, 0, 0]
    days = {s.stage: (s.days, s.timed) for s in found.funnels[1].steps}
    assert days[Stage.REGISTERED] == ("42", 1)


def test_every_number_opens_its_list(registered: City) -> None:
    put_registration(registered)
    office = registered["supervisor"]
    found = leads(viewer=office, today=TODAY)
    for view in found.funnels:
        for step in view.steps:
            opened = leads(
                viewer=office, today=TODAY, wanted=Wanted(origin=view.origin, stage=step.stage)
            )
            assert opened.total == step.count
    for name, options in found.options.items():
        for option in options:
            opened = leads(viewer=office, today=TODAY, wanted=Wanted(**{name: option.value}))  # type: ignore[arg-type]
            assert opened.total == option.count


def test_replay_of_the_whole_register_is_clean(registered: City) -> None:
    fact = report_fact(lead=PLANT, new=registration(), by=registered["lushun"], at=APRIL)
    confirm_fact(fact=fact, by=registered["supervisor"], at=APRIL)
    refused = report_fact(lead=PLANT, new=payment(), by=registered["lushun"], at=MAY)
    refuse_fact(fact=refused, why="没有进账单", by=registered["supervisor"], at=MAY)
    set_standing(
        lead=PLANT, standing=Standing.ENDED, reason="企业放弃", by=registered["lushun"], at=MAY
    )
    assert replay().faults == []
    assert FactKind.PAID in set(LeadFact.objects.values_list("kind", flat=True))
