"""Utilities: told without an application, answering once, connecting once, confirmed."""

from datetime import date, timedelta

import pytest

from tests.cases.construction.site import (
    MONDAY,
    PROJECT,
    accept,
    decide,
    make_site,
    put_project,
    run_stages,
    start,
)
from tests.city import City
from yinuo.cases.commands import building, utilities
from yinuo.cases.commands.building import NewReuse
from yinuo.cases.commands.joining import count_silence
from yinuo.cases.construction.links import LinkKey, LinkVisit, code_in
from yinuo.cases.errors.construction import (
    ForgedUtilityLink,
    UnknownBuildingTrack,
    UnknownUtilityNotice,
    UtilityDone,
)
from yinuo.cases.models import Case, CaseMaterial, Joint, JointSilence, Reuse, UtilityNotice
from yinuo.commitments.errors import Invalid
from yinuo.commitments.models import Commitment
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db
KEY = LinkKey.of("a secret")
LATER = MONDAY + timedelta(days=24)
CONNECT = date(2024, 4, 18)


@pytest.fixture
def city() -> City:
    """A city."""
    return make_site()


@pytest.fixture
def track(city: City) -> str:
    """A project with its building permit, so that the utilities were told; its 查询码."""
    receipt = put_project(city)
    run_stages(city, ["1", "2", "3"], at=MONDAY)
    return receipt.track


def _link(utility: str) -> LinkVisit:
    row = UtilityNotice.objects.get(utility=utility)
    return LinkVisit(KEY.token(row.code, row.nonce), KEY)


def test_only_what_the_table_lists_is_shared(track: str) -> None:
    del track
    shared = {one.utility: set(one.shared) for one in UtilityNotice.objects.all()}
    assert shared["network"] == {"项目名称", "建设地点", "建筑面积"}
    assert "用地面积" in shared["water"]
    assert not any("轴承有限公司" in str(one.shared) for one in UtilityNotice.objects.all())


def test_answer_is_a_promise_kept_once_the_developer_confirms(track: str) -> None:
    link = _link("gas")
    code = utilities.answer(plan="自北侧引入", connect_date=CONNECT, link=link, at=LATER)
    promise = Commitment.objects.get(pk=code)
    assert (promise.kind, promise.lead_id, promise.due) == ("connection", None, CONNECT)
    assert promise.lead_said == "海风燃气公司（演示）"
    assert promise.visibility == "closed"
    with pytest.raises(UtilityDone):
        utilities.answer(plan="再来", connect_date=CONNECT, link=link, at=LATER)
    with pytest.raises(UtilityDone):
        utilities.confirm(track=track, notice=f"{PROJECT}/Ugas", at=LATER)
    done = LATER + timedelta(days=20)
    utilities.connect(connected_date=date(2024, 4, 17), note="通气", link=link, at=done)
    with pytest.raises(UtilityDone, match="只接入一次"):
        utilities.connect(connected_date=date(2024, 4, 17), note="通气", link=link, at=done)
    utilities.deny(track=track, notice=f"{PROJECT}/Ugas", note="没有气", at=done)
    assert Commitment.objects.get(pk=code).status == "open"
    later = done + timedelta(days=10)
    utilities.connect(connected_date=date(2024, 4, 26), note="通气", link=link, at=later)
    utilities.confirm(track=track, notice=f"{PROJECT}/Ugas", at=later)
    kept = Commitment.objects.get(pk=code)
    assert (kept.status, kept.outcome) == ("kept", "kept_late")
    with pytest.raises(UtilityDone):
        utilities.deny(track=track, notice=f"{PROJECT}/Ugas", note="没有气", at=later)
    assert replay().faults == []


def test_a_unit_answers_by_duty_and_nobody_else(city: City, track: str) -> None:
    del track
    notice = f"{PROJECT}/Uwater"
    with pytest.raises(NotAllowed):
        utilities.answer(
            plan="自东侧", connect_date=CONNECT, notice=notice, by=city["lead"], at=LATER
        )
    with pytest.raises(UnknownUtilityNotice):
        utilities.answer(
            plan="自东侧", connect_date=CONNECT, notice=f"{PROJECT}/Unone", by=city["sw"], at=LATER
        )
    code = utilities.answer(
        plan="自东侧", connect_date=CONNECT, notice=notice, by=city["sw"], at=LATER
    )
    assert Commitment.objects.get(pk=code).lead_id == "GC-SW"


def test_wrong_links_and_codes_open_nothing(track: str) -> None:
    del track
    good = _link("heat")
    other = LinkKey.of("another secret")
    for token in (
        "",
        "????",
        good.token[:-1],
        other.token(f"{PROJECT}/Uheat", "0" * 64),
        KEY.token(f"{PROJECT}/Uheat", ""),
    ):
        with pytest.raises(ForgedUtilityLink):
            utilities.open_link(link=LinkVisit(token, KEY), at=LATER)
    with pytest.raises(UnknownBuildingTrack):
        utilities.confirm(track="", notice=f"{PROJECT}/Uheat", at=LATER)
    assert code_in("\0") == ""


def test_answer_needs_plan_and_day_to_come(track: str) -> None:
    del track
    with pytest.raises(Invalid) as refused:
        utilities.answer(plan=" ", connect_date=date(2024, 1, 1), link=_link("gas"), at=LATER)
    assert {field for field, _ in refused.value.faults} == {"plan", "connect_date"}


def test_result_used_again_stands_in_for_the_document(city: City) -> None:
    put_project(city)
    new = NewReuse(kind="QP-DZ", number="QP-7", source="开发区管委会", made_date=date(2023, 7, 1))
    building.reuse(project=PROJECT, new=new, by=city["lead"], at=MONDAY)
    with pytest.raises(Invalid, match="已经登记"):
        building.reuse(project=PROJECT, new=new, by=city["lead"], at=MONDAY)
    assert Reuse.objects.get().valid_until == date(2028, 7, 1)
    run_stages(city, ["1"], at=MONDAY)
    begun = start(city, "2", at=MONDAY + timedelta(days=7))
    used = begun.branches[0]
    material = CaseMaterial.objects.get(case=used.code, key="M2")
    assert (material.state, Reuse.objects.get().case_id) == ("held", used.code)
    accept(city, used.code, at=MONDAY + timedelta(days=7))
    assert Case.objects.get(pk=used.code).status == "accepted"
    assert replay().faults == []


def test_silence_counts_only_as_a_typed_event_with_its_law(city: City) -> None:
    put_project(city)
    begun = start(city, "1")
    for branch in begun.branches:
        accept(city, branch.code, at=MONDAY)
    decide(city, begun.branches[0].code, at=MONDAY + timedelta(days=1))
    assert count_silence(at=MONDAY + timedelta(days=60)) == 0
    Joint.objects.filter(pk=begun.code).update(
        join="no_objection", object_by=date(2024, 3, 11), silence_basis="演示条例第九条"
    )
    assert count_silence(at=MONDAY + timedelta(days=7)) == 0
    assert Joint.objects.get().outcome == ""
    assert count_silence(at=MONDAY + timedelta(days=8)) == 1
    assert count_silence(at=MONDAY + timedelta(days=8)) == 0
    said = JointSilence.objects.get()
    assert (said.case_id, said.basis) == (begun.branches[1].code, "演示条例第九条")
    assert Joint.objects.get().outcome == "approved"
    assert Case.objects.get(pk=said.case_id).status == "accepted"
