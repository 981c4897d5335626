"""Following a case with the 查询码: what it shows, what it hides, and what the applicant can do."""

import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.cases import desk as cases
from tests.cases.desk import PDF, make_desk, put_accepted_case, put_case
from tests.city import City
from tests.visits import words
from yinuo.cases.commands import clock as clocks
from yinuo.cases.commands import correct
from yinuo.cases.models import Case
from yinuo.web import clock

pytestmark = pytest.mark.django_db

TRACK = "/services/track/"
MONDAY, FRIDAY = (datetime(2024, 3, day, 1, 30, tzinfo=UTC) for day in (4, 8))
WRONG = "2222-2222-2222-2222"


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


def follow(track: str) -> Client:
    client = Client()
    answer = client.post(TRACK, {"track": track})
    assert answer.headers["Location"] == TRACK, words(answer)
    return client


def test_without_a_code_it_asks_for_one(desk: City) -> None:
    answer = Client().get(TRACK)
    assert "输入回执上的查询码" in words(answer)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_code_opens_the_case_however_it_is_typed(desk: City) -> None:
    made = put_case(desk)
    shown = words(follow(made.track.lower().replace("-", " ")).get(TRACK))
    assert made.code in shown
    assert "已收件，待受理" in shown


def test_the_code_stands_in_no_page_and_no_address(desk: City) -> None:
    made = put_case(desk)
    client = follow(made.track)
    assert made.track not in client.get(TRACK).content.decode()
    cookie = client.cookies["track"]
    assert cookie["httponly"]
    assert cookie["max-age"] == 30 * 60


def test_every_wrong_code_has_the_same_answer(desk: City) -> None:
    put_case(desk)
    answers = [Client().post(TRACK, {"track": typed}) for typed in (WRONG, "x", "<b>" * 20)]
    assert {answer.status_code for answer in answers} == {404}
    pages = {re.sub(r'value="[^"]{60,}"', "", answer.content.decode()) for answer in answers}
    assert len(pages) == 1
    assert "没有找到这个查询码" in words(answers[0])


def test_after_five_wrong_codes_the_address_waits(desk: City) -> None:
    made = put_case(desk)
    client = Client()
    found = [client.post(TRACK, {"track": WRONG}).status_code for _ in range(6)]
    assert found == [404] * 5 + [429]
    answer = client.post(TRACK, {"track": made.track})
    assert answer.status_code == 429
    assert "暂停查询15分钟" in words(answer)


def test_a_right_code_forgets_the_wrong_ones(desk: City) -> None:
    made = put_case(desk)
    for _ in range(2):
        for _ in range(4):
            Client().post(TRACK, {"track": WRONG})
        client = follow(made.track)
        assert made.code in words(client.get(TRACK))


def test_nobody_follows_with_a_cookie_of_his_own_making(desk: City) -> None:
    made = put_case(desk)
    client = Client()
    client.cookies["track"] = f"{made.track}:1sabcd:notthesignature"
    assert "输入回执上的查询码" in words(client.get(TRACK))


def test_leaving_forgets_the_code(desk: City) -> None:
    client = follow(put_case(desk).track)
    client.post("/services/track/leave/")
    assert "输入回执上的查询码" in words(client.get(TRACK))


def test_both_clocks_in_words(desk: City, now: Now) -> None:
    client = follow(put_accepted_case(desk).track)
    now.at = FRIDAY
    shown = words(client.get(TRACK))
    assert "承诺时限：8个工作日" in shown
    assert "还有5个工作日" in shown
    assert "法定时限：20个工作日" in shown
    assert "还有17个工作日" in shown


def test_a_stop_is_told_with_its_ground(desk: City, now: Now) -> None:
    made = put_accepted_case(desk)
    clocks.stop(
        case=made.code,
        ground="现场核查",
        happened_at=FRIDAY,
        planned_until=datetime(2024, 3, 12, tzinfo=UTC).date(),
        notice="大市监停〔2024〕3 号",
        reason="安排核查员",
        by=desk["officer"],
        at=FRIDAY,
    )
    now.at = FRIDAY
    shown = words(follow(made.track).get(TRACK))
    assert "现场核查" in shown
    assert "本市承诺办法" in shown
    assert "大市监停〔2024〕3号" in shown


def test_a_correction_is_answered_on_the_page(desk: City, now: Now) -> None:
    made = put_case(desk)
    said = "申请书没有签名，请签名后重新上传。"
    correct.ask(case=made.code, keys=["M1"], said=said, by=desk["officer"], at=MONDAY)
    now.at = FRIDAY
    client = follow(made.track)
    assert said in words(client.get(TRACK))
    step = f"{TRACK}answer/"
    assert "申请书" in words(client.get(step))
    assert client.post(step, {"choice_M1": "give"}).status_code == 422
    file = SimpleUploadedFile("签名.pdf", PDF, "application/pdf")
    answer = client.post(step, {"choice_M1": "give", "file_M1": file})
    assert answer.headers["Location"] == TRACK, words(answer)
    assert Case.objects.get().status == "received"
    assert client.get(step).headers["Location"] == TRACK


def test_the_applicant_withdraws(desk: City) -> None:
    client = follow(put_accepted_case(desk).track)
    step = f"{TRACK}withdraw/"
    assert client.post(step, {"reason": ""}).status_code == 422
    assert client.post(step, {"reason": "不开了"}).headers["Location"] == TRACK
    assert "已撤件" in words(client.get(TRACK))
    assert client.get(step).headers["Location"] == TRACK


def test_without_a_code_no_step_opens(desk: City) -> None:
    for step in ("answer", "withdraw"):
        assert Client().get(f"{TRACK}{step}/").headers["Location"] == TRACK
    assert Client().get(f"{TRACK}nothing/").status_code == 404


def test_nothing_of_the_office_is_shown(desk: City) -> None:
    made = put_accepted_case(desk)
    shown = words(follow(made.track).get(TRACK))
    for name in ("窗甲", "监甲", cases.FIRM_CODE):
        assert name not in shown


def test_the_receipt_shows_the_code_and_no_address_holds_it(desk: City) -> None:
    client = Client()
    file = SimpleUploadedFile("申请书.pdf", PDF, "application/pdf")
    client.post(
        f"/services/{cases.ITEM}/apply/form/",
        {
            "kind": "firm",
            "name": cases.FIRM.name,
            "number": cases.FIRM_CODE,
            "contact": "1",
            "about": "开店",
            "once": "a1",
            "choice_M1": "give",
            "file_M1": file,
            "choice_M2": "defer",
            "until_M2": "2024-03-15",
            "promise_M2": "on",
            "choice_M3": "declare",
            "declaration": "on",
            "choice_M4": "held",
            "consent_M4": "on",
            "choice_M5": "none",
        },
    )
    page = client.get("/services/receipt/").content.decode()
    found = re.search(r"data-track><span>([^<]+)<", page)
    assert found is not None
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", found[1])
    assert f"track/?{found[1]}" not in page
    assert Case.objects.get().code in words(client.get(TRACK))
    assert Client().get("/services/receipt/").headers["Location"] == TRACK
