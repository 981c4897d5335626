"""A random check from the first page to the public one, through the pages."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from tests.city import JULY, LUSHUN, OFFICE, City
from tests.drawn import BALLS, CLOSED_ONES, DONE, declare_kept, draw_one, publish_strata
from tests.handed_in import PHOTO
from tests.visits import SignIn, body, words
from tests.web.routes import Again
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.supervision.draws.recompute import recompute
from yinuo.supervision.models import DrawFile, DrawnItem
from yinuo.web import clock
from yinuo.web.files import store

PERIOD = {"unit": OFFICE, "from_date": "2024-06-01", "until_date": "2024-06-30"}
ANNOUNCED = {
    "title": "二季度抽查",
    "source": "lottery",
    "source_name": "双色球",
    "source_number": "2024083",
    "known_from": "2024-07-18T21:15",
}
THURSDAY = datetime(2024, 7, 18, 14, 0, tzinfo=UTC)


@pytest.fixture
def ready(city: City, settings: Settings) -> City:
    """Promises declared kept, the table in force, and a home whose days are played."""
    settings.YINUO_DEMO_DATE = "2024-07-15"
    publish_strata(city, store())
    declare_kept(city)
    return city


def version_of(page: bytes) -> str:
    found = re.search(rb'name="version" value="(\d+)"', page)
    assert found
    return found[1].decode()


def do(client: Client, step: str, **data: object) -> bytes:
    """One step on CC2024-1, with the version its form carries."""
    path = f"/draws/CC2024-1/?do={step}"
    answer = client.post(path, {**data, "version": version_of(body(client.get(path)))})
    assert answer.status_code == 302, words(answer)
    return body(client.get("/draws/CC2024-1/"))


def test_from_the_frame_to_the_public_page(
    ready: City,
    sign_in: SignIn,
    signer: Signer,
    memory: Memory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = sign_in("supervisor"), sign_in("supervisor2")
    looked = words(first.get("/draws/new/", PERIOD))
    assert "报称已完成的共14项，抽8项" in looked
    assert "最后一天申报：4项" in looked
    assert "其中2项没有公开，抽样框里只写代号" in looked
    made = first.post("/draws/new/", {**PERIOD, **ANNOUNCED})
    assert made.headers["Location"] == "/draws/CC2024-1/"
    assert words(sign_in("").get("/draws/")).count("还没有公开的抽查") == 1
    assert sign_in("lushun").get("/draws/CC2024-1/").status_code == 404

    seal(signer=signer, memory=memory)
    monkeypatch.setattr(clock, "now", lambda: THURSDAY)
    early = {"value": BALLS, "known_at": "2024-07-17T21:15", "where": "福彩官网", "version": 1}
    refused = first.post("/draws/CC2024-1/?do=randomness", early)
    assert refused.status_code == 409
    assert "不是公告的那一期" in words(refused)
    do(first, "randomness", value=BALLS, known_at="2024-07-18T21:15", where="福彩官网")
    page = do(first, "draw")
    assert "2024年7月18日 21:15公布" in page.decode()

    lines = DrawnItem.objects.filter(draw="CC2024-1")
    for item in lines:
        number = int(item.code.rpartition("/")[2])
        path = f"/draws/CC2024-1/{number}/"
        finding = {
            "result": "false" if number == 1 else "true",
            "checked_date": "2024-07-18",
            "note": "现场没有建成" if number == 1 else "与申报一致",
            "version": version_of(body(second.get(path))),
            "evidence": [Again("现场.jpg", PHOTO)] if number == 1 else [],
        }
        assert second.post(path, finding).status_code == 302
    assert DrawFile.objects.get().code == "CC2024-1/1/F1"
    photo = second.get("/draws/CC2024-1/1/files/1")
    assert body(photo) == PHOTO
    assert sign_in("").get("/draws/CC2024-1/1/files/1").status_code == 302

    ended = do(first, "conclude", note="一项不实，已移交").decode()
    assert "约 7.1%，在 7.1% 至" in ended
    assert sign_in("").get("/draws/CC2024-1/").status_code == 404
    do(second, "publish", visibility="public")
    public = words(sign_in("").get("/draws/CC2024-1/"))
    assert "现场没有建成" in public
    assert not any(code in public for code in CLOSED_ONES)
    shown = sum(code in public for code in DONE)
    closed = lines.filter(commitment__in=CLOSED_ONES).count()
    assert shown == 8 - closed
    assert (f"另有{closed}项承诺没有公开" in public) == (closed > 0)

    again = recompute(body(sign_in("").get("/draws/CC2024-1/draw.json")))
    assert again.compared
    assert again.differences == ()
    frame = body(sign_in("").get("/draws/CC2024-1/frame.json"))
    assert recompute(frame, randomness=BALLS).drawn == again.drawn


def test_an_officer_sees_only_the_lines_of_the_unit_once_told(
    ready: City, sign_in: SignIn, signer: Signer, memory: Memory
) -> None:
    code = draw_one(ready, store(), signer, memory, who="supervisor")
    item = DrawnItem.objects.filter(draw=code, unit=LUSHUN).order_by("code")[0]
    number = item.code.rpartition("/")[2]
    officer, office = sign_in("lushun"), sign_in("supervisor")
    assert officer.get(f"/draws/{code}/").status_code == 404
    path = f"/draws/{code}/{number}/?do=visit"
    told = {"visit_date": "2024-07-20", "version": version_of(body(office.get(path)))}
    assert office.post(path, told).status_code == 302
    page = words(officer.get(f"/draws/{code}/"))
    assert item.commitment_id in page
    others = DrawnItem.objects.filter(draw=code).exclude(pk=item.pk)
    assert not any(f"{other.label}·" in page for other in others)
    assert officer.get(f"/draws/{code}/draw.json").status_code == 404
    assert officer.get(f"/draws/{code}/{number}/").status_code == 200
    assert officer.post(f"/draws/{code}/{number}/", {"result": "true"}).status_code == 403
    assert sign_in("pulandian").get(f"/draws/{code}/").status_code == 404


def test_what_is_wrong_stands_at_its_field(ready: City, sign_in: SignIn) -> None:
    office = sign_in("supervisor")
    known = {**ANNOUNCED, "known_from": "2024-07-14T21:15"}
    answer = office.post("/draws/new/", {**PERIOD, **known})
    assert answer.status_code == 422
    assert "要选还没有开出的一期" in words(answer)
    backwards = {**PERIOD, "from_date": "2024-07-01"}
    assert office.get("/draws/new/", backwards).status_code == 409
    assert sign_in("lushun").get("/draws/new/").status_code == 403


def test_the_download_says_nothing_of_findings_before_the_conclusion(
    ready: City, sign_in: SignIn, signer: Signer, memory: Memory
) -> None:
    code = draw_one(ready, store(), signer, memory, who="supervisor")
    found = json.loads(body(sign_in("supervisor").get(f"/draws/{code}/draw.json")))
    assert (len(found["drawn"]), found["findings"]) == (8, [])
    assert JULY + timedelta(days=3) < datetime.fromisoformat(found["known_at"])
