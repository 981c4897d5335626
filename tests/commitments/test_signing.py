from datetime import date

import pytest

from tests.commitments.conftest import City, at
from yinuo.commitments.commands import change, signing
from yinuo.commitments.commands.signing import (
    NobodyToSign,
    SigningDecided,
    UnknownSigning,
    ask_signing,
)
from yinuo.commitments.errors import Invalid, UnknownCommitment, WrongState
from yinuo.commitments.life import ChangeKind, Visibility
from yinuo.commitments.models import Signing
from yinuo.commitments.queries.listing import Filter, page
from yinuo.commitments.queries.office import office
from yinuo.commitments.queries.signing import askable, to_sign, unsigned
from yinuo.commitments.queries.signing import signing as one_signing
from yinuo.commitments.signatures import SIGNATURE_STEPS, SignatureStatus
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE, NotAllowed

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 5)


def asked(city: City, code: str = "P", **terms: object) -> str:
    """A promise of department A for which A was asked to sign; gives the code of the request."""
    city.promise(code, **terms)
    ask_signing(commitments=[code], sign_by=DAY, by=city.supervisor, at=at("2024-06-03"))
    return f"{code}/A"


def test_the_model_and_the_table_know_the_same_states() -> None:
    assert set(Signing.Status.values) == {s.value for s in SignatureStatus}
    targets = {step.target for step in SIGNATURE_STEPS}
    assert targets == set(SignatureStatus)


def test_lead_and_cooperating_units_are_asked(city: City) -> None:
    city.promise("P", cooperating=("B",))
    done = ask_signing(commitments=["P"], sign_by=DAY, by=city.supervisor, at=at("2024-06-03"))
    assert (done.requests, done.already) == (2, 0)
    parts = dict(Signing.objects.values_list("unit", "part"))
    assert parts == {"A": "lead", "B": "cooperating"}


def test_asking_twice_asks_nobody_anew(city: City) -> None:
    asked(city)
    city.promise("Q", cooperating=("B",))
    both = ask_signing(commitments=["P", "Q"], sign_by=DAY, by=city.second, at=at("2024-06-03"))
    assert (both.requests, both.already) == (2, 1)
    with pytest.raises(NobodyToSign, match="已请过的 3 个"):
        ask_signing(commitments=["P", "Q"], sign_by=DAY, by=city.second, at=at("2024-06-03"))


def test_only_the_office_asks_and_only_for_what_it_sees(city: City) -> None:
    city.promise("P")
    for who in (city.officer, city.neighbour, city.auditor):
        with pytest.raises((NotAllowed, UnknownCommitment)):
            ask_signing(commitments=["P"], sign_by=DAY, by=who, at=at("2024-06-03"))
    done = ask_signing(commitments=["P"], sign_by=DAY, by=city.admin, at=at("2024-06-03"))
    assert done.requests == 1
    assert Entry.objects.filter(verb="signing.asked").get().capacity == "administrator:DC"


def test_a_last_day_before_today_is_refused(city: City) -> None:
    city.promise("P")
    with pytest.raises(Invalid, match="早于今天"):
        ask_signing(commitments=["P"], sign_by=DAY, by=city.supervisor, at=at("2024-06-06"))
    assert not Signing.objects.exists()


def test_one_signs_in_time_and_the_other_late(city: City) -> None:
    code = asked(city, cooperating=("B",))
    assert signing.sign(signings=[code], by=city.officer, at=at("2024-06-05")).late == 0
    assert signing.sign(signings=["P/B"], by=city.neighbour, at=at("2024-06-07")).late == 1
    shown = office(code="P", viewer=city.supervisor, today=date(2024, 6, 30))
    assert shown
    assert [(v.unit, v.late, v.late_days) for v in shown.signings] == [
        ("A", False, 0),
        ("B", True, 2),
    ]
    assert replay().faults == []


def test_only_the_unit_itself_signs(city: City) -> None:
    code = asked(city)
    for who, wrong in (
        (city.supervisor, NotAllowed),
        (city.neighbour, UnknownSigning),
        (city.auditor, NotAllowed),
    ):
        with pytest.raises(wrong):
            signing.sign(signings=[code], by=who, at=at("2024-06-04"))


def test_many_are_signed_together_or_none(city: City) -> None:
    codes = [asked(city, "P"), asked(city, "Q")]
    with pytest.raises(UnknownSigning):
        signing.sign(signings=[*codes, "R/A"], by=city.officer, at=at("2024-06-04"))
    assert set(Signing.objects.values_list("status", flat=True)) == {"waiting"}
    assert signing.sign(signings=codes, by=city.officer, at=at("2024-06-04")).count == 2


def test_returning_needs_a_reason_and_keeps_it(city: City) -> None:
    code = asked(city)
    with pytest.raises(Invalid, match="请填写退回的理由"):
        signing.give_back(signing=code, reason=" ", by=city.officer, at=at("2024-06-04"))
    signing.give_back(signing=code, reason="不属本单位职责", by=city.officer, at=at("2024-06-04"))
    view = one_signing(code=code, viewer=city.supervisor, today=DAY)
    assert view
    assert (view.status, view.reason, view.may_ask_again) == ("returned", "不属本单位职责", True)
    assert [v.code for v in unsigned(viewer=city.supervisor, today=DAY)] == [code]
    assert to_sign(viewer=city.officer, today=DAY) == ()
    with pytest.raises(SigningDecided, match="已退回"):
        signing.sign(signings=[code], by=city.officer, at=at("2024-06-04"))


def test_the_office_asks_again_by_a_new_day(city: City) -> None:
    code = asked(city)
    signing.give_back(signing=code, reason="不属本单位", by=city.officer, at=at("2024-06-04"))
    later = date(2024, 6, 20)
    signing.ask_again(signing=code, sign_by=later, by=city.supervisor, at=at("2024-06-06"))
    row = Signing.objects.get()
    assert (row.status, row.sign_by, row.answered_by, row.reason_text) == ("waiting", later, "", "")
    signing.sign(signings=[code], by=city.officer, at=at("2024-06-10"))
    assert replay().faults == []


def test_the_office_recalls(city: City) -> None:
    code = asked(city)
    signing.recall(signing=code, by=city.supervisor, at=at("2024-06-04"))
    with pytest.raises(SigningDecided, match="不再要求"):
        signing.sign(signings=[code], by=city.officer, at=at("2024-06-04"))
    with pytest.raises(SigningDecided):
        signing.recall(signing=code, by=city.supervisor, at=at("2024-06-04"))
    again = ask_signing(commitments=["P"], sign_by=DAY, by=city.supervisor, at=at("2024-06-04"))
    assert again.requests == 1
    assert replay().faults == []


def transfer(city: City, code: str = "P") -> None:
    when = at("2024-06-04")
    change_code = change.ask(
        commitment=code,
        kind=ChangeKind.TRANSFERRED,
        new={"lead_id": "B"},
        reason="职责在乙部门",
        by=city.supervisor,
        at=when,
    )
    change.approve(change=change_code, reason="同意", by=city.second, at=when)


def test_a_transfer_asks_the_old_unit_no_longer(city: City) -> None:
    code = asked(city)
    transfer(city)
    assert Signing.objects.get().status == "recalled"
    with pytest.raises(WrongState, match="已不是责任单位"):
        signing.ask_again(signing=code, sign_by=DAY, by=city.supervisor, at=at("2024-06-04"))
    done = ask_signing(commitments=["P"], sign_by=DAY, by=city.supervisor, at=at("2024-06-04"))
    assert done.requests == 1
    assert [v.code for v in to_sign(viewer=city.neighbour, today=DAY)] == ["P/B"]
    assert replay().faults == []


def test_what_the_old_unit_signed_stays_on_record(city: City) -> None:
    code = asked(city)
    signing.sign(signings=[code], by=city.officer, at=at("2024-06-04"))
    transfer(city)
    shown = office(code="P", viewer=city.supervisor, today=DAY)
    assert shown
    assert [(v.status, v.gone) for v in shown.signings] == [("signed", True)]
    assert shown.may_ask


def test_nothing_is_signed_under_a_task_that_ended(city: City) -> None:
    code = asked(city)
    when = at("2024-06-04")
    ended = change.ask(
        commitment="P", kind=ChangeKind.WITHDRAWN, new={}, reason="废止", by=city.officer, at=when
    )
    change.approve(change=ended, reason="同意", by=city.second, at=when)
    assert to_sign(viewer=city.officer, today=DAY) == ()
    with pytest.raises(WrongState, match="任务终止"):
        signing.sign(signings=[code], by=city.officer, at=when)


def test_who_stands_outside_sees_nothing_of_it(city: City) -> None:
    code = asked(city)
    for viewer in (ANYONE, city.neighbour):
        assert office(code="P", viewer=viewer, today=DAY) is None
        assert one_signing(code=code, viewer=viewer, today=DAY) is None


def test_lists_are_filtered_by_signatures_for_insiders_only(city: City) -> None:
    asked(city, "P")
    asked(city, "Q")
    city.promise("R")
    signing.sign(signings=["Q/A"], by=city.officer, at=at("2024-06-04"))

    def listed(state: str, viewer: object = city.supervisor) -> list[str]:
        found = page(viewer=viewer, wanted=Filter(signing=state), today=DAY)  # type: ignore[arg-type]
        return [row.code for row in found.rows]

    assert (listed("waiting"), listed("signed"), listed("none")) == (["P"], ["Q"], ["R"])
    assert listed("waiting", ANYONE) == ["P", "Q", "R"]
    assert listed("waiting", city.neighbour) == []


def test_everything_under_a_filter_is_asked_at_once(city: City) -> None:
    city.promise("P", heading="G1", cooperating=("B",))
    city.promise("Q", heading="G1")
    city.promise("R", heading="G2")
    city.promise("S", heading="G1", lead=None, lead_origin="none")
    found = askable(viewer=city.supervisor, wanted=Filter(heading="G1"))
    assert (found.commitments, found.requests, found.already) == (("P", "Q"), 3, 0)
    ask_signing(commitments=["Q"], sign_by=DAY, by=city.supervisor, at=at("2024-06-03"))
    left = askable(viewer=city.supervisor, wanted=Filter(heading="G1"))
    assert (left.commitments, left.requests, left.already) == (("P",), 2, 1)
    assert askable(viewer=city.officer, wanted=Filter()).commitments == ()


def test_too_many_tasks_are_counted_and_not_looked_at(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yinuo.commitments.queries.signing.MOST_LOOKED_AT", 1)
    city.promise("P")
    city.promise("Q")
    found = askable(viewer=city.supervisor, wanted=Filter())
    assert (found.commitments, found.too_many) == ((), 2)
    assert askable(viewer=city.supervisor, wanted=Filter(), code="P").requests == 1


def test_a_closed_task_is_asked_for_as_well(city: City) -> None:
    code = asked(city, visibility=Visibility.CLOSED)
    assert [v.code for v in to_sign(viewer=city.officer, today=DAY)] == [code]


def test_who_helped_and_now_leads_is_asked_again(city: City) -> None:
    city.promise("P", cooperating=("B",))
    ask_signing(commitments=["P"], sign_by=DAY, by=city.supervisor, at=at("2024-06-03"))
    signing.sign(signings=["P/B"], by=city.neighbour, at=at("2024-06-03"))
    transfer(city)
    view = one_signing(code="P/B", viewer=city.supervisor, today=DAY)
    assert view
    assert (view.part, view.may_ask_again) == ("配合单位", True)
    signing.ask_again(signing="P/B", sign_by=DAY, by=city.supervisor, at=at("2024-06-04"))
    assert Signing.objects.get(code="P/B").part == "lead"
    assert replay().faults == []
