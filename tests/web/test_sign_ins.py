"""Who signed in and who tried: seen by those who answer for the city, one's own by everybody."""

from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.test import Client
from pytest_django import Settings

from tests.city import PASSWORD, City
from tests.visits import SignIn, words
from yinuo.kernel.proxies import networks
from yinuo.notices.registry import Due, Later, recurring
from yinuo.parties.commands import SIGN_INS_KEPT
from yinuo.parties.sign_ins import MOST

pytestmark = pytest.mark.django_db
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
PAGE = "/duties/sign-ins/"


@pytest.fixture
def proxy(settings: Settings) -> None:
    settings.YINUO_PROXIES = networks("127.0.0.1")


def browser(address: str) -> Client:
    return Client(headers={"x-forwarded-for": address, "user-agent": CHROME})


def tried(username: str, password: str = PASSWORD, address: str = "203.0.113.7") -> Client:
    client = browser(address)
    client.post("/signin/", {"username": username, "password": password})
    return client


@pytest.mark.usefixtures("proxy")
def test_a_day_at_the_door(city: City, sign_in: SignIn) -> None:
    tried("lushun").post("/signout/")
    tried("lushun", "not-it-at-all", "203.0.113.9")
    tried("my-own-password-1!", "oh", "203.0.113.9")
    page = words(sign_in("auditor").get(PAGE))
    for said in ("203.0.113.7", "203.0.113.9", "Chrome·Windows", "退出2", "没有这个用户名"):
        assert said in page
    assert "my-own-password" not in page
    page = words(sign_in("auditor").get(PAGE, {"outcome": "wrong", "who": "lushun"}))
    assert "203.0.113.9" in page
    assert "203.0.113.7" not in page


def test_five_wrong_ones_end_in_a_pause_that_is_seen(city: City, sign_in: SignIn) -> None:
    for _ in range(5):
        tried("lushun", "not-it-at-all")
    page = words(sign_in("admin2").get(PAGE, {"who": "lushun"}))
    assert "不对4" in page
    assert "暂停登录1" in page


def test_wrong_codes_are_seen_and_named(city: City, sign_in: SignIn) -> None:
    AccessFailureLog.objects.create(
        username="查询码", ip_address="203.0.113.9", user_agent="curl/8"
    )
    page = words(sign_in("auditor").get(PAGE))
    assert "查询码2" in page  # the day follows
    assert "curl/8" in page


def test_one_sees_ones_own_where_the_password_is(city: City, sign_in: SignIn) -> None:
    tried("pulandian", "not-it-at-all", "203.0.113.9")
    page = words(tried("lushun").get("/password/"))
    assert "我最近的登录" in page
    assert "已登录" in page
    assert "203.0.113.9" not in page


def test_older_ones_are_a_page_further(city: City, sign_in: SignIn) -> None:
    rows = [
        AccessLog(username="lushun", ip_address=f"203.0.113.{n}", user_agent="a browser")
        for n in range(MOST + 3)
    ]
    AccessLog.objects.bulk_create(rows)
    start = datetime(2024, 6, 1, tzinfo=UTC)
    for n, row in enumerate(AccessLog.objects.order_by("pk")):
        AccessLog.objects.filter(pk=row.pk).update(attempt_time=start + timedelta(minutes=n))
    client = sign_in("auditor")
    AccessLog.objects.filter(username="auditor").delete()
    first = client.get(PAGE)
    assert len(first.context["found"].rows) == MOST
    older = first.context["found"].older
    second = client.get(PAGE, {"before": older.isoformat()})
    found = [row.address for page in (first, second) for row in page.context["found"].rows]
    assert found == [f"203.0.113.{n}" for n in reversed(range(MOST + 3))]
    assert second.context["found"].older is None
    assert client.get(PAGE, {"before": "yesterday"}).status_code == 200


def test_nobody_by_that_name(city: City, sign_in: SignIn) -> None:
    assert "没有用户名nobody的记录" in words(sign_in("auditor").get(PAGE, {"who": "nobody"}))


def test_they_are_forgotten_after_two_hundred_days(city: City) -> None:
    now = datetime(2024, 7, 15, 4, 0, tzinfo=UTC)
    for model in (AccessLog, AccessFailureLog):
        for age in (SIGN_INS_KEPT - timedelta(hours=1), SIGN_INS_KEPT + timedelta(hours=1)):
            row = model.objects.create(username="lushun", ip_address="203.0.113.7")
            model.objects.filter(pk=row.pk).update(attempt_time=now - age)
    (job,) = (kind for kind in recurring() if kind.name == "sign-ins.forget")
    assert isinstance(job.run, Later)
    job.run.found()(Due(at=now, due_at=now, args={}))
    assert (AccessLog.objects.count(), AccessFailureLog.objects.count()) == (1, 1)
