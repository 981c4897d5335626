"""The page of a case for those who work on it, and the forms of its steps."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from tests.cases import desk as cases
from tests.cases.desk import PDF, make_desk, put_accepted_case, put_case
from tests.city import City
from tests.visits import SignIn, body, words
from yinuo.cases.commands import clock as clocks
from yinuo.cases.commands.applicants import NewApplicant
from yinuo.cases.commands.materials import Choice
from yinuo.cases.models import Case, CaseEvent
from yinuo.web import clock

pytestmark = pytest.mark.django_db

MONDAY, WEDNESDAY, FRIDAY = (datetime(2024, 3, day, 1, 30, tzinfo=UTC) for day in (4, 6, 8))


class Now:
    """The instant that the pages take it to be."""

    at = MONDAY


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    held = Now()
    monkeypatch.setattr(clock, "now", lambda: held.at)
    return held


@pytest.fixture
def desk(db: None, settings: Settings, now: Now) -> City:
    settings.YINUO_CITY = "大连市"
    return make_desk()


def send(client: Client, code: str, step: str, typed: Mapping[str, object]) -> str:
    """Fill in a step with the version that its form shows; what the page then says."""
    path = f"/work/cases/{code}/{step}/"
    version = client.get(path).context["form"]["version"].value()
    answer = client.post(path, {"version": version, **typed})
    if answer.status_code == 302:
        return words(client.get(answer.headers["Location"]))
    return words(answer)


def test_a_case_from_receipt_to_delivery(desk: City, sign_in: SignIn, now: Now) -> None:
    code = put_case(desk).code
    clerk, officer = sign_in("clerk"), sign_in("officer")
    shown = words(clerk.get(f"/work/cases/{code}/"))
    assert "2024年3月11日前要告诉申请人是否受理" in shown
    assert "已受理" in send(clerk, code, "accept", {"happened_at": "2024-03-04T09:30"})
    now.at = WEDNESDAY
    shown = words(officer.get(f"/work/cases/{code}/"))
    assert "2024年3月14日前要作出决定" in shown
    decided = {"decision": "approved", "reason": "符合条件", "happened_at": "2024-03-06T09:00"}
    assert "已办结，等待送达" in send(officer, code, "decide", decided)
    now.at = FRIDAY
    assert "已记下送达" in send(clerk, code, "deliver", {"happened_at": "2024-03-08T09:00"})
    assert Case.objects.get().status == "delivered"


def test_who_accepted_is_not_offered_the_decision(desk: City, sign_in: SignIn, now: Now) -> None:
    code = put_case(desk).code
    officer = sign_in("officer")
    send(officer, code, "accept", {"happened_at": "2024-03-04T09:30"})
    now.at = WEDNESDAY
    answer = officer.get(f"/work/cases/{code}/decide/")
    assert answer.status_code == 409
    assert "您现在不能“办结”" in words(answer)


def test_a_stop_moves_both_dates_and_says_so(desk: City, sign_in: SignIn, now: Now) -> None:
    code = put_accepted_case(desk).code
    officer = sign_in("officer")
    now.at = WEDNESDAY
    stop = {
        "ground": "专家评审",
        "happened_at": "2024-03-06T09:00",
        "planned_until": "2024-03-08",
        "notice": "大市监停〔2024〕3 号",
        "reason": "请两名专家",
    }
    assert "计时已暂停" in send(officer, code, "stop", stop)
    now.at = FRIDAY
    event = CaseEvent.objects.get(kind="stop").code
    shown = send(officer, code, "resume", {"stop": event, "happened_at": "2024-03-08T09:00"})
    assert "原到2024年3月14日，现到2024年3月18日" in shown
    assert "专家评审" in shown


def test_a_stop_before_the_start_is_refused_at_its_field(desk: City, sign_in: SignIn) -> None:
    code = put_accepted_case(desk).code
    stop = {
        "ground": "专家评审",
        "happened_at": "2024-03-01T09:00",
        "planned_until": "2024-03-08",
        "notice": "3 号",
        "reason": "请专家",
    }
    client = sign_in("officer")
    path = f"/work/cases/{code}/stop/"
    answer = client.post(path, {"version": Case.objects.get().version, **stop})
    assert answer.status_code == 422
    page = body(answer).decode()
    assert 'id="id_happened_at_error"' in page
    assert "请专家" in page
    assert not CaseEvent.objects.filter(kind="stop").exists()


def test_a_form_about_an_old_version_is_shown_again(desk: City, sign_in: SignIn) -> None:
    code = put_case(desk).code
    client = sign_in("clerk")
    old = Case.objects.get().version
    send(client, code, "ask-correction", {"keys": ["M1"], "said": "没有签名"})
    path = f"/work/cases/{code}/refuse/"
    answer = client.post(path, {"version": old, "reason": "不属于本单位"})
    assert answer.status_code == 409
    shown = words(answer)
    assert "在您填写期间" in shown
    assert "不属于本单位" in shown


def test_who_decides_second_keeps_the_words_and_reads_who_was_first(
    desk: City, sign_in: SignIn, now: Now
) -> None:
    code = put_accepted_case(desk).code
    now.at = WEDNESDAY
    old = Case.objects.get().version
    decided = {"decision": "approved", "reason": "符合条件", "happened_at": "2024-03-06T09:00"}
    assert "已办结" in send(sign_in("officer"), code, "decide", decided)
    second = sign_in("officer2")
    path, mine = f"/work/cases/{code}/decide/", {**decided, "reason": "两项材料都已核对"}
    answer = second.post(path, {"version": old, **mine})
    assert answer.status_code == 409
    shown = words(answer)
    assert "两项材料都已核对" in shown
    assert "最近的变动：2024年3月6日09:00，市市场监管局填报人（监甲）：办结。" in shown
    assert Case.objects.get().version == old + 1


def test_a_form_shown_again_is_taken_the_second_time(desk: City, sign_in: SignIn) -> None:
    code = put_case(desk).code
    client = sign_in("clerk")
    old = Case.objects.get().version
    send(client, code, "ask-correction", {"keys": ["M1"], "said": "没有签名"})
    path, typed = f"/work/cases/{code}/refuse/", {"reason": "不属于本单位"}
    again = client.post(path, {"version": old, **typed}).context["form"]["version"].value()
    assert client.post(path, {"version": again, **typed}).status_code == 302
    assert Case.objects.get().status == "refused"


def test_what_was_typed_for_a_case_that_is_gone_comes_back(desk: City, sign_in: SignIn) -> None:
    typed = {"version": 1, "reason": "不属于本单位的职责", "csrfmiddlewaretoken": "不给看"}
    answer = sign_in("clerk").post("/work/cases/BJ-404/refuse/", typed)
    assert answer.status_code == 404
    shown = words(answer)
    assert "您填写的内容" in shown
    assert "不属于本单位的职责" in shown
    assert "不给看" not in shown


def test_an_extension_is_granted_by_another(desk: City, sign_in: SignIn, now: Now) -> None:
    code = put_accepted_case(desk).code
    now.at = WEDNESDAY
    asked = {"of": "承诺", "amount": "3", "reason": "核查员外出"}
    assert "延期申请已提出" in send(sign_in("officer"), code, "ask-extension", asked)
    supervisor = sign_in("supervisor")
    form = supervisor.get(f"/work/cases/{code}/decide-extension/").context["form"]
    granted = {"request": form["request"].value(), "grant": "yes"}
    assert "延期已批准" in send(supervisor, code, "decide-extension", granted)
    assert Case.objects.get().promised_due == date(2024, 3, 19)


def test_a_wrong_stop_is_struck_out_by_the_office(desk: City, sign_in: SignIn, now: Now) -> None:
    code = put_accepted_case(desk).code
    now.at = WEDNESDAY
    event = clocks.stop(
        case=code,
        ground="现场核查",
        happened_at=WEDNESDAY,
        planned_until=date(2024, 3, 8),
        notice="3 号",
        reason="核查",
        by=desk["officer"],
        at=WEDNESDAY,
    )
    shown = send(sign_in("supervisor"), code, "remove-event", {"event": event, "reason": "记错"})
    assert "已作废" in shown
    assert Case.objects.get().promised_due == date(2024, 3, 14)


def test_what_answers_a_correction_comes_to_the_window(desk: City, sign_in: SignIn) -> None:
    code = put_case(desk, choices={"M1": Choice(kind="give")}).code
    clerk = sign_in("clerk")
    keys = ["M2", "M3", "M4"]
    assert "已一次告知" in send(clerk, code, "ask-correction", {"keys": keys, "said": "还缺三份"})
    path = f"/work/cases/{code}/answer/"
    assert "场所平面图" in words(clerk.get(path))
    given = {f"choice_{key}": "give" for key in keys}
    assert clerk.post(path, given).headers["Location"] == f"/work/cases/{code}/"
    assert Case.objects.get().status == "received"
    assert clerk.get(path).status_code == 409


def test_what_is_missing_is_not_accepted_plainly(desk: City, sign_in: SignIn) -> None:
    given = {key: Choice(kind="give") for key in ("M1", "M3", "M4")}
    code = put_case(desk, choices=given).code
    clerk = sign_in("clerk")
    assert clerk.get(f"/work/cases/{code}/accept/").status_code == 409
    assert "容缺受理" in words(clerk.get(f"/work/cases/{code}/"))


def test_what_may_not_wait_leaves_only_a_correction(desk: City, sign_in: SignIn) -> None:
    code = put_case(desk, choices={"M2": Choice(kind="give")}).code
    clerk = sign_in("clerk")
    for step in ("accept", "accept-gap", "accept-declared"):
        assert clerk.get(f"/work/cases/{code}/{step}/").status_code == 409
    assert clerk.get(f"/work/cases/{code}/ask-correction/").status_code == 200


def test_strangers_see_nothing(desk: City, sign_in: SignIn) -> None:
    code = cases.apply().code
    for path in (f"/work/cases/{code}/", f"/work/cases/{code}/files/M1"):
        assert Client().get(path).headers["Location"].startswith("/signin/")
        for other in ("fire", "clerk"):
            assert sign_in(other).get(path).status_code == 404


def test_a_file_is_saved_and_never_shown(desk: City, sign_in: SignIn) -> None:
    code = cases.apply().code
    answer = sign_in("officer").get(f"/work/cases/{code}/files/M1")
    assert body(answer) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert sign_in("officer").get(f"/work/cases/{code}/files/M5").status_code == 404


def test_a_name_of_sixty_characters_is_shown_whole(desk: City, sign_in: SignIn) -> None:
    long = "海风一号手冲咖啡与烘焙体验馆连锁经营第一分店暨城市会客厅示范点" * 2
    code = put_case(desk, applicant=NewApplicant(kind="firm", name=long[:60])).code
    assert long[:60] in words(sign_in("clerk").get(f"/work/cases/{code}/"))
