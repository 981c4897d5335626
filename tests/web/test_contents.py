"""规则与内容: what everybody reads of the rules, and how two administrators change them."""

import hashlib
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.city import JULY, City
from tests.published import ask_other_lights, lights, publish_lights, stricter_lights
from tests.visits import SignIn, body, words
from yinuo.content.commands import approve_publication
from yinuo.kernel.filestore import FileStore
from yinuo.web.rulebooks import rule_anchor

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> FileStore:
    settings.YINUO_FILES = tmp_path / "files"
    return FileStore(settings.YINUO_FILES)


@pytest.fixture
def ruled(city: City, store: FileStore) -> City:
    """The city with its lights in force and a stricter version waiting."""
    publish_lights(city, store)
    ask_other_lights(city, store)
    return city


def test_everybody_sees_version_basis_and_two_persons(ruled: City) -> None:
    shown = words(Client().get("/content/"))
    assert "进度灯、时限灯、开工灯等6张表tables/lights.xlsx第1版自2024-03-01起生效" in shown
    assert "参照银川市2025年3月公布的重点项目红黄绿灯规则" in shown
    assert "大连市管理员/大连市管理员" in shown
    assert "王戊" not in shown
    assert "督查室要求从严" not in shown


def test_every_rule_stands_in_the_grid_under_its_own_address(ruled: City) -> None:
    page = body(Client().get("/content/1/")).decode()
    assert f'<tr id="{rule_anchor("进度灯", "4")}">' in page
    assert "<td>[10%..30%]</td><td>黄</td>" in page
    assert 'lang="zh-Hans"' in body(Client().get("/en/content/1/")).decode()


def test_the_file_is_given_back_byte_by_byte(ruled: City) -> None:
    answer = Client().get("/content/1/file")
    assert body(answer) == lights()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="lights-P1.xlsx"'
    assert hashlib.sha256(lights()).hexdigest() in body(Client().get("/content/1/")).decode()


def test_what_is_approved_is_proven_like_any_public_thing(ruled: City) -> None:
    assert Client().get("/log/threads/content:1").status_code == 200
    assert Client().get("/log/threads/content:2").status_code == 404


def test_about_and_duties_lead_there(ruled: City, sign_in: SignIn) -> None:
    assert 'href="/content/"' in body(Client().get("/about/")).decode()
    duties = sign_in("admin2").get("/duties/")
    assert 'href="/work/content/"' in body(duties).decode()
    assert "1件等您决定" in words(sign_in("admin2").get("/duties/"))
    assert "待您决定的规则发布1" in words(sign_in("admin2").get("/work/"))
    assert "待您决定的规则发布" not in words(sign_in("admin").get("/work/"))
    assert "等您决定" not in words(sign_in("auditor").get("/duties/"))


def test_the_second_person_sees_all_sides(ruled: City, sign_in: SignIn) -> None:
    shown = words(sign_in("admin2").get("/work/content/2/"))
    assert "待批准P2" in shown
    assert "“进度灯”：8行，1行的结果会变，7行不变" in shown
    assert "例子24个，24个相符" in shown
    assert "进度灯规则4落后百分点[10%..30%][5%..30%]" in shown
    assert "您的决定" in shown
    assert "撤回申请" in words(sign_in("admin").get("/work/content/2/"))
    watching = words(sign_in("auditor").get("/work/content/2/"))
    assert "等待全市的另一名管理员决定" in watching
    assert "提交决定" not in watching


def test_a_refusal_needs_a_reason_and_stays_inside(ruled: City, sign_in: SignIn) -> None:
    client = sign_in("admin2")
    typed = {"decision": "refuse", "version": 1}
    answer = client.post("/work/content/2/", typed)
    assert answer.status_code == 422
    assert "请写明理由" in words(answer)
    done = client.post("/work/content/2/", {**typed, "reason": "没有依据"}, follow=True)
    assert "P2未批准，生效的版本没有变。" in words(done)
    assert Client().get("/content/2/").status_code == 404
    assert "没有依据" in words(client.get("/work/content/2/"))


def test_who_asked_takes_it_back(ruled: City, sign_in: SignIn) -> None:
    client = sign_in("admin")
    assert client.post("/work/content/2/", {"version": 1}).status_code == 422
    done = client.post("/work/content/2/", {"version": 1, "reason": "笔误"}, follow=True)
    assert "P2已撤回。" in words(done)


def test_who_asked_cannot_approve_by_typing_it(ruled: City, sign_in: SignIn) -> None:
    client = sign_in("admin")
    client.post("/work/content/2/", {"version": 1, "decision": "approve"})
    assert "待批准" in words(sign_in("admin2").get("/work/content/2/"))


def test_decided_meanwhile(ruled: City, sign_in: SignIn, store: FileStore) -> None:
    approve_publication(number=2, store=store, by=ruled["admin2"], at=JULY)
    answer = sign_in("admin2").post("/work/content/2/", {"decision": "approve", "version": 1})
    assert answer.status_code == 409
    assert "这项申请已处理：已批准" in words(answer)


def test_a_coming_version_is_announced(ruled: City, store: FileStore) -> None:
    approve_publication(number=2, store=store, by=ruled["admin2"], at=JULY)
    assert "第2版将于2024-09-01生效" in words(Client().get("/content/"))
    shown = words(Client().get("/content/2/"))
    assert "将于2024-09-01生效" in shown
    assert "督查室要求从严" in shown
    assert body(Client().get("/content/2/file")) == stricter_lights()


def test_a_missing_file_is_named_and_the_rest_is_shown(ruled: City, store: FileStore) -> None:
    digest = hashlib.sha256(lights()).hexdigest()
    store.remove(digest)
    assert "不在文件库中" in words(Client().get("/content/"))
    shown = words(Client().get("/content/1/"))
    assert "请从备份放回这份文件，再运行yinuofilescheck" in shown
    assert digest in shown
    assert Client().get("/content/1/file").status_code == 500


def test_a_missing_file_cannot_be_approved(ruled: City, store: FileStore, sign_in: SignIn) -> None:
    digest = hashlib.sha256(stricter_lights()).hexdigest()
    store.remove(digest)
    client = sign_in("admin2")
    assert digest in words(client.get("/work/content/2/"))
    answer = client.post("/work/content/2/", {"decision": "approve", "version": 1})
    assert answer.status_code == 500
    assert "FILE-E001" in words(answer)


def test_nothing_published_yet(city: City) -> None:
    assert "还没有发布任何规则" in words(Client().get("/content/"))
    assert Client().get("/content/1/").status_code == 404
