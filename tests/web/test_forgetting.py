"""A person is forgotten in credit data through the pages: two protectors, then an officer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.city import PASSWORD
from tests.visits import SignIn, body, words
from tests.web.credit_city import CENTRE, CITY, FEBRUARY, NOW, Lake, make_lake, prepare, publish
from tests.web.credit_city import land as land_file
from tests.web.credit_city import written as write_file
from yinuo.credit.commands import forgetting as forgetting_commands
from yinuo.credit.commands.forgetting import carry_out_forgetting
from yinuo.credit.models import CreditForgetting, ForgettingRun
from yinuo.kernel.resident_id import check_character
from yinuo.lake.releases.lock import held
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.notices.commands.leasing import LEASE
from yinuo.notices.commands.schedule import Done, run_due
from yinuo.notices.models import Job
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    open_account,
    register_units,
)
from yinuo.parties.models import Account
from yinuo.parties.queries import public_viewer_named
from yinuo.supervision.todo import ToDo
from yinuo.web import clock, forgetting_todos
from yinuo.web.credit import means

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HEADINGS = ("LSH", "ZJHM", "XINGMING", "GRZH", "DWMC", "JCNY", "GRJCJS", "JCE", "GRZHZT")
MORE = (("protector2", CITY), ("protector3", CENTRE), ("elsewhere", "DL-SJJ"))


def numbered(number: int) -> str:
    body = f"21029019600101{number:03}"
    return body + check_character(body)


PERSON, OTHER = numbered(7), numbered(8)


def payment(number: int, who: str, name: str) -> dict[str, str]:
    return {
        "LSH": f"F{number:06}",
        "ZJHM": who,
        "XINGMING": name,
        "GRZH": f"G{number:04}",
        "JCNY": "2024-01-01",
        "GRJCJS": "5000",
        "JCE": "600",
        "GRZHZT": "01",
    }


@dataclass(frozen=True)
class Site:
    """The lake in which the person stands, and people signed in."""

    lake: Lake
    batch: str
    sign_in: SignIn

    def client(self, who: str) -> Client:
        return self.sign_in(who)

    def ask(self, who: str = "protector", number: str = PERSON) -> HttpResponseBase:
        typed = {"number": number, "ground": "unlawful"}
        return self.client(who).post(reverse("forgetting_ask"), typed, follow=True)

    def decide(self, who: str, decision: str, reason: str = "") -> HttpResponseBase:
        typed = {"do": "decide", "decide-decision": decision, "decide-reason": reason}
        return self.client(who).post(page(), typed, follow=True)

    def carry_out(self, who: str, number: str = PERSON, **more: str) -> HttpResponseBase:
        typed = {"do": "carry_out", "carry_out-number": number, "carry_out-sure": "on"} | more
        return self.client(who).post(page(), typed, follow=True)

    def work(self, at: datetime = NOW) -> Done:
        """A turn of the worker."""
        return run_due(at=at, long=True)

    def todos(self, who: str) -> list[str]:
        viewer = public_viewer_named(who)
        assert viewer is not None
        found: tuple[ToDo, ...] = forgetting_todos.of_forgettings(viewer=viewer, today=NOW.date())
        return [line.what for line in found]


def page() -> str:
    return reverse("forgetting", args=[CreditForgetting.objects.get().code])


def in_the_lake(number: str) -> bool:
    paths = means().lake.rglob("*.parquet")
    return any(number in str(pq.read_table(path).to_pylist()) for path in paths)


@pytest.fixture
def site(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn
) -> Site:
    prepare(tmp_path, settings)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    lake = make_lake(tmp_path)
    for who, unit in MORE:
        open_account(username=who, name=f"护{who[-1]}", password=PASSWORD, by=OPERATOR, at=FEBRUARY)
        number = ask_duty(
            username=who, role="protector", unit=unit, by=lake.city["admin"], at=FEBRUARY
        )
        approve_duty(duty=number, by=lake.city["admin2"], at=FEBRUARY)
    fund = NewUnit(code="DL-GJJ", name="市公积金中心", kind="department", gb_code="", parent=CITY)
    register_units(units=[fund], by=OPERATOR, at=FEBRUARY)
    rows = [payment(1, PERSON, "试甲"), payment(2, PERSON, "试甲"), payment(3, OTHER, "试乙")]
    path = write_file(tmp_path / "公积金.csv", HEADINGS, rows, "utf-8")
    landed = land_file(lake.city, "housing-fund", path, who="steward")
    publish(lake.city)
    return Site(lake, landed.batch, sign_in)


def test_two_protectors_and_an_officer_forget_a_person(site: Site) -> None:
    asked = site.ask()
    assert "还没有删除任何内容" in words(asked)
    assert "您的决定" not in words(asked)
    assert "批准，交信用中心执行" in words(site.client("protector2").get(page()))
    assert "等信用中心的经办人执行" in words(site.decide("protector2", "approve"))
    assert in_the_lake(PERSON)
    ordered = words(site.carry_out("steward"))
    assert "状态排队等待执行" in ordered
    assert "永久删除" not in ordered
    assert in_the_lake(PERSON)
    assert site.carry_out("steward2").status_code == 403
    assert site.work() == Done(1, 0)
    done = words(site.client("steward").get(page()))
    assert "状态已删除" in done
    assert "执行人信甲" in done
    assert f"{site.batch}记录2行" in done
    assert "删除了什么演示数据" in done
    batch = f'href="{reverse("credit_batch", args=[site.batch])}"'
    assert batch.encode() in body(site.client("auditor").get(page()))
    assert batch.encode() not in body(site.client("protector").get(page()))
    assert "住房公积金缴存2条" in done
    assert "通知它删除或停止报送" in done
    assert not in_the_lake(PERSON)
    assert in_the_lake(OTHER)
    assert replay().faults == []


def test_no_page_and_no_entry_says_who_it_is(site: Site) -> None:
    site.ask()
    site.decide("protector2", "approve")
    pages = [site.client(who).get(page()) for who in ("protector", "steward", "auditor")]
    site.carry_out("steward")
    assert PERSON not in str(list(ForgettingRun.objects.values()) + list(Job.objects.values()))
    pages += [site.client("steward").get(page())]
    site.work()
    pages += [site.client("auditor").get(at) for at in (page(), reverse("forgettings"))]
    for answer in pages:
        assert answer.status_code == 200
        assert PERSON.encode() not in body(answer)
        assert "试甲" not in words(answer)
    assert PERSON not in page()
    assert all(PERSON.encode() not in bytes(entry.body) for entry in Entry.objects.all())


def test_a_refusal_gives_its_reason_and_changes_nothing(site: Site) -> None:
    site.ask()
    silent = site.decide("protector3", "refuse")
    assert silent.status_code == 422
    assert "不予删除应当说明理由" in words(silent)
    told = words(site.decide("protector3", "refuse", "保存期限没有届满"))
    assert "不予删除的理由保存期限没有届满" in told
    assert "可以依法向人民法院提起诉讼" in told
    assert in_the_lake(PERSON)
    assert site.carry_out("steward").status_code == 403


def test_whoever_asked_does_not_decide_and_nobody_carries_out_too_early(site: Site) -> None:
    site.ask()
    assert site.decide("protector", "approve").status_code == 403
    assert site.carry_out("steward").status_code == 403
    assert "等待决定" in words(site.client("steward").get(page()))
    assert CreditForgetting.objects.get().state == "asked"
    again = site.ask("protector2")
    assert again.status_code == 409
    assert "已有申请在办" in words(again)


def test_another_number_deletes_nothing(site: Site) -> None:
    site.ask()
    site.decide("protector2", "approve")
    other = site.carry_out("steward", OTHER)
    assert other.status_code == 409
    assert "不是申请时的那一个" in words(other)
    unsure = site.carry_out("steward", PERSON, **{"carry_out-sure": ""})
    assert unsure.status_code == 422
    assert "请确认" in words(unsure)
    assert in_the_lake(PERSON)
    assert in_the_lake(OTHER)


def test_what_is_typed_wrong_is_said_and_asked_again(site: Site) -> None:
    wrong = site.ask(number=PERSON[:-1] + ("0" if PERSON[-1] != "0" else "1"))
    assert wrong.status_code == 422
    assert "CREDIT-E178" in words(wrong)
    empty = site.client("protector").post(reverse("forgetting_ask"), {})
    assert empty.status_code == 422
    assert "请填写公民身份号码" in words(empty)
    assert "请选择依据" in words(empty)
    assert not CreditForgetting.objects.exists()


def approved(site: Site) -> str:
    """A request that is ready to be carried out; its code."""
    site.ask()
    site.decide("protector2", "approve")
    return CreditForgetting.objects.get().code


def test_what_failed_says_why_and_is_ordered_anew(site: Site, settings: Settings) -> None:
    code = approved(site)
    site.carry_out("steward")
    account = Account.objects.filter(username="steward")
    account.update(is_active=False)
    assert site.work() == Done(1, 0)
    account.update(is_active=True)
    failed = words(site.client("steward").get(page()))
    assert "状态没有做完" in failed
    assert "没有做完的原因PARTY-E001只有信用中心的经办人" in failed
    assert in_the_lake(PERSON)
    assert ForgettingRun.objects.get().sealed == ""
    assert site.todos("steward2") == ["执行依法删除"]
    assert site.work(NOW + timedelta(days=1)) == Done(0, 0)
    assert "状态排队等待执行" in words(site.carry_out("steward2"))
    assert site.work() == Done(1, 0)
    assert not in_the_lake(PERSON)
    assert not ForgettingRun.objects.exists()
    assert CreditForgetting.objects.get(pk=code).state == "carried_out"


def test_a_lake_in_use_is_waited_for(site: Site) -> None:
    approved(site)
    site.carry_out("steward")
    with held(means().lake, "归集", NOW):
        assert site.work() == Done(0, 1)
    waits = words(site.client("steward").get(page()))
    assert "状态排队等待执行" in waits
    assert "还在等的原因数据湖正被使用" in waits
    assert site.work(NOW + timedelta(minutes=2)) == Done(1, 0)
    assert not in_the_lake(PERSON)


def test_what_a_crash_cut_short_goes_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        """The worker is gone: nothing of it catches this."""

    def dies(**_: object) -> None:
        raise Killed

    approved(site)
    site.carry_out("steward")
    with monkeypatch.context() as patched:
        # After the files, before the release: the worst moment.
        patched.setattr(forgetting_commands, "publish_without", dies)
        with pytest.raises(Killed):
            site.work()
    shown = words(site.client("steward").get(page()))
    assert "状态正在删除" in shown
    assert "之后会自动接着做完" in shown
    assert site.work(NOW + LEASE - timedelta(seconds=1)) == Done(0, 0)
    assert site.work(NOW + LEASE) == Done(1, 0)
    assert not in_the_lake(PERSON)
    assert CreditForgetting.objects.get().state == "carried_out"


def test_a_number_that_another_key_sealed_is_asked_for_again(
    site: Site, settings: Settings
) -> None:
    approved(site)
    site.carry_out("steward")
    settings.SECRET_KEY = "another"
    assert site.work() == Done(1, 0)
    run = ForgettingRun.objects.get()
    assert (run.state, run.sealed) == ("failed", "")
    assert "密钥换过" in run.reason
    assert in_the_lake(PERSON)


def test_the_command_line_may_be_quicker_than_the_worker(site: Site) -> None:
    code = approved(site)
    site.carry_out("steward")
    by = site.lake.city["steward2"]
    carry_out_forgetting(code=code, number=PERSON, means=means(), by=by, at=NOW)
    assert not ForgettingRun.objects.exists()
    assert site.work() == Done(1, 0)
    assert CreditForgetting.objects.get().done_by == by.actor


def test_others_see_and_do_nothing(site: Site) -> None:
    site.ask()
    for who in ("market", "stranger", "supervisor", "admin", "elsewhere"):
        for path in (reverse("forgettings"), page(), reverse("forgetting_ask")):
            assert site.client(who).get(path).status_code == 403
        assert site.ask(who, OTHER).status_code == 403
        assert site.decide(who, "approve").status_code == 403
    for who in ("auditor", "steward"):
        assert site.client(who).get(page()).status_code == 200
        assert site.client(who).get(reverse("forgetting_ask")).status_code == 403
        assert site.decide(who, "approve").status_code == 403
    assert CreditForgetting.objects.get().state == "asked"
    assert site.client("auditor").get(page() + "0/").status_code == 404


def test_it_waits_in_the_inbox_of_whoever_may_do_the_next_step(site: Site) -> None:
    site.ask()
    assert site.todos("protector") == site.todos("steward") == site.todos("market") == []
    assert site.todos("protector2") == site.todos("protector3") == ["决定是否依法删除"]
    site.decide("protector2", "approve")
    assert site.todos("protector2") == site.todos("auditor") == []
    assert site.todos("steward") == ["执行依法删除"]
    site.carry_out("steward")
    assert site.todos("steward") == []
    site.work()
    assert site.todos("steward") == []
