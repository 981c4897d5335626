"""The link in a message: what it opens, to whom, once; and what it never does."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from tests.city import JULY, LUSHUN_SECRET, City
from tests.handed_in import PHOTO
from tests.notices.sending import ISSUED, SECRET, Services, reachable, seal_all
from tests.supervision.asked import LUSHUN_SHEET, a_round, only, seen
from tests.supervision.orders import issued, publish_tables
from tests.visits import SignIn, body, words
from tests.web.routes import Again
from yinuo.commitments.commands import signing
from yinuo.commitments.queries.detail import detail
from yinuo.commitments.queries.evidence import evidence_of
from yinuo.commitments.queries.signing import signing as one_signing
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.notices.commands import links
from yinuo.notices.commands.tell import Telling, tell
from yinuo.notices.models import Link, Message
from yinuo.supervision.queries.order import order as one_order
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.views import go as view
from yinuo.web.views import notices as notices_view

pytestmark = pytest.mark.django_db
DEAD = "链接已失效"
TASK = replace(ISSUED, urgent=True, title="请签收：解决历史遗留办证难")


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Services:
    made = Services()
    for module in (view, notices_view):
        monkeypatch.setattr(module, "outlets", lambda: made.outlets)
        monkeypatch.setattr(module, "secret", lambda: SECRET)
    return made


Send = Callable[[Telling], str]


@pytest.fixture
def send(city: City, services: Services, signer: Signer, memory: Memory) -> Send:
    """Tells, and gives the path of the link that arrived by text message."""
    reachable(city, services)
    signing.ask_signing(commitments=["LS-001"], sign_by=JULY.date(), by=city["supervisor"], at=JULY)

    def run(telling: Telling) -> str:
        Message.objects.update(settled=True)  # what was told before does not go along
        tell(tellings=[telling], at=JULY)
        seal_all(signer, memory)
        services.turn(JULY)
        url = next(one.url for one in reversed(services.sms.letters) if "/go/" in one.url)
        assert url.startswith("https://yinuo.example/go/")
        return url.removeprefix("https://yinuo.example")

    return run


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def the_code(services: Services, when: datetime = JULY) -> str:
    services.send(when)
    letters = services.mail.letters + services.sms.letters
    return next(one.parameters["code"] for one in reversed(letters) if one.template == "code")


def let_in(client: Client, path: str, services: Services) -> HttpResponseBase:
    client.post(path, {"do": "send"})
    return client.post(path, {"do": "code", "code": the_code(services)})


def test_opening_shows_title_and_day_and_changes_nothing(city: City, send: Send) -> None:
    path = send(TASK)
    before = list(Link.objects.values()), list(Message.objects.values())
    for _preview in range(3):
        answer = Client().get(path)
        assert Client().head(path).status_code == 200
    assert (list(Link.objects.values()), list(Message.objects.values())) == before
    page = words(answer)
    assert "请签收：解决历史遗留办证难" in page
    assert "2024年7月20日前办理" in page
    assert "获取验证码" in page
    assert "林甲" not in page
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_signed_for_on_a_phone_in_three_taps(city: City, send: Send, services: Services) -> None:
    path, phone = send(TASK), Client()
    page = words(let_in(phone, path, services))
    assert "您在以林甲的名义办理" in page
    done = phone.post(path, {"do": "sign"})
    assert "已签收" in words(done)
    found = one_signing(code="LS-001/210212", viewer=city["lushun"], today=JULY.date())
    assert found is not None
    assert (found.status, found.answered_by) == ("signed", "林甲")
    assert Message.objects.get().read_at == JULY
    assert phone.session.get("_auth_user_id") is None


def test_a_figure_a_sentence_and_a_photo(
    city: City, send: Send, services: Services, settings: Settings, tmp_path: Path
) -> None:
    settings.YINUO_FILES = tmp_path / "files"
    path, phone = send(TASK), Client()
    let_in(phone, path, services)
    sent = {"do": "hand_in", "value": "3", "note": "完成三项", "evidence": Again("现场.jpg", PHOTO)}
    assert "进展已报送" in words(phone.post(path, sent))
    shown = detail(code="LS-001", viewer=city["lushun"], today=JULY.date())
    assert (shown.reports[0].value, shown.reports[0].note) == ("3", "完成三项")
    (photo,) = evidence_of(commitment="LS-001", viewer=city["lushun"]).files["report:LS-001/R1"]
    assert photo.name == "现场.jpg"


def test_what_was_typed_wrongly_does_not_use_the_link_up(
    city: City, send: Send, services: Services
) -> None:
    path, phone = send(TASK), Client()
    let_in(phone, path, services)
    wrong = phone.post(path, {"do": "hand_in", "value": "三", "note": "完成三项"})
    assert wrong.status_code == 422
    assert "完成三项" in words(wrong)
    assert phone.post(path, {"do": "sign"}).status_code == 200


def test_a_stranger_brings_no_file(
    city: City, send: Send, settings: Settings, tmp_path: Path
) -> None:
    settings.YINUO_FILES = tmp_path / "files"
    path = send(TASK)
    sent = {"do": "hand_in", "value": "3", "note": "乱填", "evidence": Again("x.jpg", PHOTO)}
    assert "获取验证码" in words(Client().post(path, sent))
    assert not (tmp_path / "files").exists()
    assert detail(code="LS-001", viewer=city["lushun"], today=JULY.date()).reports == ()


def test_it_works_once(city: City, send: Send, services: Services) -> None:
    path, phone = send(TASK), Client()
    let_in(phone, path, services)
    phone.post(path, {"do": "sign"})
    for again in (phone.get(path), phone.post(path, {"do": "hand_in", "value": "3", "note": "x"})):
        assert again.status_code == 404
        assert DEAD in words(again)


def test_it_is_dead_after_two_days(
    city: City, send: Send, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = send(TASK)
    at(monkeypatch, JULY + timedelta(hours=48) - timedelta(seconds=1))
    assert Client().get(path).status_code == 200
    at(monkeypatch, JULY + timedelta(hours=48))
    assert Client().get(path).status_code == 404


def test_every_dead_link_answers_alike(
    city: City, send: Send, services: Services, sign_in: SignIn
) -> None:
    path, phone = send(TASK), Client()
    other = sign_in("pulandian").get(path)
    unknown = Client().get("/go/" + "A" * 43 + "/")
    let_in(phone, path, services)
    phone.post(path, {"do": "sign"})
    used = Client().get(path)
    assert {a.status_code for a in (other, unknown, used)} == {404}
    assert main_part(unknown) == main_part(used) == main_part(other)
    assert DEAD in words(other)


def main_part(answer: HttpResponseBase) -> str:
    found = re.search("<main.*</main>", body(answer).decode(), re.DOTALL)
    assert found is not None
    return found[0]


def test_a_session_of_the_same_person_needs_no_code(
    city: City, send: Send, sign_in: SignIn
) -> None:
    path = send(TASK)
    client = sign_in("lushun")
    assert "获取验证码" not in words(client.get(path))
    assert "已签收" in words(client.post(path, {"do": "sign"}))


def test_a_session_of_somebody_else_opens_nothing(
    city: City, send: Send, services: Services, sign_in: SignIn
) -> None:
    path = send(TASK)
    client = sign_in("pulandian")
    for data in ({"do": "send"}, {"do": "sign"}, {"do": "code", "code": "000000"}):
        assert client.post(path, data).status_code == 404
    assert Link.objects.get().codes == 0


def test_a_pass_of_one_link_opens_no_other(
    city: City, send: Send, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = send(TASK)
    phone = Client()
    let_in(phone, first, services)
    cookie = phone.cookies["go"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (first, True, "Strict")
    at(monkeypatch, JULY + timedelta(minutes=11))
    tell(tellings=[replace(TASK, title="另一项")], at=JULY)
    services.turn(JULY + timedelta(minutes=11))
    second = services.sms.letters[-1].url.removeprefix("https://yinuo.example")
    assert second != first
    thief = Client()
    thief.cookies = SimpleCookie({"go": cookie.value})
    assert "获取验证码" in words(thief.get(second))


def test_a_pass_ends(
    city: City, send: Send, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, phone = send(TASK), Client()
    let_in(phone, path, services)
    at(monkeypatch, JULY + timedelta(minutes=links.PASS_MINUTES))
    assert "获取验证码" in words(phone.post(path, {"do": "sign"}))


def wrong_code(right: str) -> str:
    return f"{(int(right) + 1) % 1_000_000:06d}"


def test_a_code_can_be_guessed_five_times(city: City, send: Send, services: Services) -> None:
    path, phone = send(TASK), Client()
    phone.post(path, {"do": "send"})
    code = the_code(services)
    said = [
        words(phone.post(path, {"do": "code", "code": wrong_code(code)}))
        for _ in range(links.TRIES)
    ]
    assert ["还可以试4次" in said[0], "不能再试" in said[-1]] == [True, True]
    assert "不能再试" in words(phone.post(path, {"do": "code", "code": code}))


def test_at_most_five_codes_for_a_link(
    city: City, send: Send, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, phone = send(TASK), Client()
    for number in range(links.MOST_CODES):
        at(monkeypatch, JULY + timedelta(minutes=2 * number))
        assert phone.post(path, {"do": "send"}).status_code == 200
    at(monkeypatch, JULY + timedelta(minutes=30))
    refused = phone.post(path, {"do": "send"})
    assert refused.status_code == 409
    assert "验证码已发完" in words(refused)
    assert Link.objects.get().codes == links.MOST_CODES


def test_codes_are_not_asked_for_in_a_row(city: City, send: Send, services: Services) -> None:
    path, phone = send(TASK), Client()
    phone.post(path, {"do": "send"})
    assert "一分钟后再试" in words(phone.post(path, {"do": "send"}))


def test_a_code_ends_after_five_minutes_and_works_once(
    city: City, send: Send, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, phone = send(TASK), Client()
    phone.post(path, {"do": "send"})
    code = the_code(services)
    at(monkeypatch, JULY + timedelta(minutes=5))
    assert "验证码不对或已过期" in words(phone.post(path, {"do": "code", "code": code}))
    assert "go" not in phone.cookies
    phone.post(path, {"do": "send"})
    code = the_code(services, JULY + timedelta(minutes=5))
    phone.post(path, {"do": "code", "code": code})
    assert "go" in phone.cookies
    assert "go" not in Client().post(path, {"do": "code", "code": code}).cookies


def test_the_code_comes_by_another_way_than_the_link(
    city: City, send: Send, services: Services
) -> None:
    path = send(TASK)
    services.mail.letters.clear()
    Link.objects.get().message.digest.deliveries.filter(adapter="邮件").delete()  # type: ignore[union-attr]
    Client().post(path, {"do": "send"})
    services.send(JULY)
    assert [letter.template for letter in services.mail.letters] == ["code"]


def test_a_signed_in_person_reads_the_code_on_the_other_screen(
    city: City, send: Send, services: Services, sign_in: SignIn
) -> None:
    path = send(TASK)
    Client().post(path, {"do": "send"})
    code = the_code(services)
    assert code in words(sign_in("lushun").get("/notices/"))
    assert code not in words(sign_in("pulandian").get("/notices/"))


def test_the_database_alone_opens_nothing(city: City, send: Send, services: Services) -> None:
    path = send(TASK)
    Client().post(path, {"do": "send"})
    code, stored = the_code(services), repr(list(Link.objects.values()))
    assert path.split("/")[2] not in stored
    assert code not in stored


def test_what_a_person_may_no_longer_see_is_not_shown(
    city: City, send: Send, services: Services
) -> None:
    """A link gives no more than its person has."""
    closed = replace(TASK, about="commitment:LS-009", title="请签收一项任务")
    path = send(closed)
    page = words(Client().get(path))
    assert LUSHUN_SECRET not in page


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> FileStore:
    settings.YINUO_FILES = tmp_path / "files"
    return store()


def test_an_order_is_signed_for_and_replied_to_by_two_links(
    city: City, services: Services, signer: Signer, memory: Memory, files: FileStore
) -> None:
    reachable(city, services)
    publish_tables(city, files)
    order = issued(city, "LS-001")
    Message.objects.update(urgent=True)
    seal_all(signer, memory)
    services.turn(JULY)
    path, phone = services.sms.letters[-1].url.removeprefix("https://yinuo.example"), Client()
    page = words(let_in(phone, path, services))
    assert "签收" in page
    assert "已签收" in words(phone.post(path, {"do": "sign"}))
    later = JULY + timedelta(minutes=11)
    about = f"order:{order}"
    remind = replace(TASK, topic="order.remind", page="order", args=(order,), about=about)
    tell(tellings=[remind], at=JULY)
    seal_all(signer, memory)
    services.turn(later)
    path, phone = services.sms.letters[-1].url.removeprefix("https://yinuo.example"), Client()
    let_in(phone, path, services)
    sent = {"do": "hand_in", "note": "已整改", "evidence": Again("现场.jpg", PHOTO)}
    assert "已回复，现在等待审核" in words(phone.post(path, sent))
    shown = one_order(code=order, viewer=city["lushun"], today=JULY.date())
    assert shown.last_said == "已整改"


def test_a_task_for_the_signed_in_site_says_so(city: City, send: Send, services: Services) -> None:
    path, phone = send(replace(TASK, about="race:2024", page="notices", args=())), Client()
    assert "这项任务要在登录后办理" in words(let_in(phone, path, services))


def test_a_closed_account_has_no_links_any_more(city: City, send: Send) -> None:
    path = send(TASK)
    get_user_model().objects.filter(username="lushun").update(is_active=False)
    assert Client().get(path).status_code == 404


def test_forms_carry_a_token_against_forged_requests(city: City, send: Send) -> None:
    path = send(TASK)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"do": "send"}).status_code == 403
    assert Link.objects.get().codes == 0


def test_a_link_stands_in_no_log(city: City, send: Send, caplog: pytest.LogCaptureFixture) -> None:
    path = send(TASK)
    Client().post(path, {"do": "code", "code": "1"})
    (said,) = [record for record in caplog.records if "/go/" in record.getMessage()]
    for handler in logging.getLogger().handlers:
        handler.filter(said)
    assert said.getMessage() == "Unprocessable Entity: /go/…/"


LATE = replace(
    ISSUED,
    topic="round.reminder",
    title="已逾期 1 天，还没有提交：2024年7月调度",
    page="round_sheet",
    args=(LUSHUN_SHEET,),
    about=f"commitment:{LUSHUN_SHEET}",
    urgent=True,
)


def test_a_sheet_of_a_round_line_by_line(city: City, send: Send, services: Services) -> None:
    a_round(city)
    path, phone = send(LATE), Client()
    page = words(let_in(phone, path, services))
    assert "各行可以分几次保存，提交以后链接失效" in page
    assert "已报0／4行" in page
    wrong = {
        "do": "save",
        "code": ["LS-001", "LS-002"],
        "value-LS-001": "三",
        "note-LS-002": "已开展",
    }
    again = phone.post(path, wrong)
    assert again.status_code == 422
    assert "已报1行" in words(again)
    assert 'value="三"' in body(again).decode()
    right = {
        "do": "hand_in",
        "code": ["LS-001", "LS-003", "LS-009"],
        "value-LS-001": "3",
        "note-LS-001": "完成三项",
        "note-LS-003": "正在推进",
        "note-LS-009": "正在推进",
    }
    done = words(phone.post(path, right))
    assert "报送表已提交：报送4项" in done
    assert seen(city).sheet.status == "delivered"
    assert DEAD in words(phone.get(path))


def test_a_sheet_with_missing_lines_needs_a_word(
    city: City, send: Send, services: Services
) -> None:
    a_round(city)
    path, phone = send(LATE), Client()
    let_in(phone, path, services)
    refused = phone.post(path, {"do": "hand_in", "code": []})
    assert refused.status_code in (409, 422)
    assert "已报0／4行" in words(refused)
    said = {"do": "hand_in", "code": [], "note": "系统停用，下周补报"}
    assert "未报送4项" in words(phone.post(path, said))


def test_a_sheet_of_another_unit_opens_nothing(city: City, send: Send, services: Services) -> None:
    a_round(city, wanted=only("PL-001"))
    path, phone = (
        send(replace(LATE, args=("TD2024-07-01",), about="commitment:TD2024-07-01")),
        Client(),
    )
    page = words(let_in(phone, path, services))
    assert "各行可以分几次保存" not in page
    assert "登录，到我的工作中办理" in page
