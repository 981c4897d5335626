"""The pages of items as people open them: anyone, the office, a second person."""

import io
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pytest_django import Settings

from tests.cases.desk import ITEM, MONDAY, OFFICE, PDF, item, open_desk
from tests.city import City
from tests.kernel.media import samples
from tests.visits import SignIn, body, sign_in, words
from yinuo.cases.commands.items import draft_items, publish_version
from yinuo.cases.items.definition import Medium
from yinuo.cases.items.exchange import check_json
from yinuo.cases.items.workbook import check_workbook, write_workbook
from yinuo.web import clock
from yinuo.web.files import store

__all__ = ["sign_in"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> City:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    settings.YINUO_CITY = "大连市"
    return open_desk()


@pytest.fixture
def client() -> Client:
    return Client()


def draft(desk: City, **changes: Any) -> str:
    made = draft_items(definitions=[item(**changes)], office=OFFICE, by=desk["admin"], at=MONDAY)
    return made.drafts[0]


def put(desk: City, *, on: date = date(2024, 3, 4), **changes: Any) -> str:
    code = draft(desk, **changes)
    publish_version(item_version=code, valid_from=on, by=desk["supervisor"], at=MONDAY)
    return code


def test_an_empty_catalogue_says_so(desk: City, client: Client) -> None:
    assert "还没有发布服务事项" in words(client.get("/services/"))


def test_the_sentence_is_counted(desk: City, client: Client) -> None:
    put(desk)
    assert "1项服务，承诺时限均在法定时限的40%以内" in words(client.get("/services/"))
    put(desk, code="SC-902", promised_limit="9wd")
    page = words(client.get("/services/"))
    assert "均在" not in page
    assert "2项服务，其中1项的承诺时限" in page
    assert "可比的2／2项" in page


def test_filters_and_pages_in_the_address(
    desk: City, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(desk)
    put(desk, code="SC-902", name="企业设立登记", kind="行政确认")
    assert "企业设立登记" not in words(client.get("/services/?kind=行政许可"))
    assert "没有符合这些条件的事项" in words(client.get("/services/?text=月球"))
    monkeypatch.setattr("yinuo.cases.queries.items.PAGE", 1)
    assert "after=SC-901" in client.get("/services/?kind=").content.decode()
    assert "企业设立登记" in words(client.get("/services/?after=SC-901"))
    assert client.get(f"/services/?after={'x' * 50}").status_code == 400


def test_one_item_as_it_stands_today(desk: City, client: Client) -> None:
    put(desk)
    page = words(client.get(f"/services/{ITEM}/"))
    for said in (
        "法定时限20个工作日",
        "承诺时限8个工作日",
        "法定的40%",
        "可以先受理，受理后10个工作日内补",
        "可以用承诺书代替",
        "不用带经您同意，从",
        "只暂停承诺时限，法定时限照算",
        "不收费。",
        "投诉0411-00000020",
        "扫码看第1版",
    ):
        assert said in page, said
    english = client.get(f"/en/services/{ITEM}/")
    assert english.status_code == 200
    assert '<span lang="zh-Hans">' in english.content.decode()
    assert client.get("/services/NO-1/").status_code == 404
    assert client.get("/services/track/").status_code != 404, "the words of other parts stay theirs"


def test_a_version_that_was_announced_says_so(desk: City, client: Client) -> None:
    put(desk, on=date(2024, 3, 4))
    put(desk, on=date(2024, 3, 11), area="全省通办")
    announced = words(client.get(f"/services/{ITEM}/v/2/"))
    assert "第2版，2024年3月11日起才生效" in announced
    assert "看现行的第1版" in announced


def test_the_qr_of_a_retired_version(
    desk: City, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(desk)
    put(desk, on=date(2024, 3, 11), area="全省通办")
    monkeypatch.setattr(clock, "today", lambda: date(2024, 3, 12))
    page = words(client.get(f"/services/{ITEM}/v/1/"))
    assert "这是第1版，2024年3月11日起已停用" in page
    assert "看现行的第2版" in page
    assert "通办范围" in page
    assert "在线申请" not in page
    svg = client.get(f"/services/{ITEM}/v/1/qr.svg")
    assert svg.headers["Content-Type"] == "image/svg+xml"
    assert svg.content.startswith(b"<svg xmlns=")
    assert client.get(f"/en/services/{ITEM}/v/1/qr.svg").content == svg.content
    assert client.get(f"/services/{ITEM}/v/9/").status_code == 404


def test_the_card_and_the_data(desk: City, client: Client) -> None:
    put(desk)
    card = words(client.get(f"/services/{ITEM}/card/"))
    assert "要带什么材料" in card
    assert f"/services/{ITEM}/v/1/" in card
    data = json.loads(body(client.get(f"/services/{ITEM}.json")))
    assert data["items"][0]["task_name"] == item().name
    checked = check_json(body(client.get("/services.json")), file="services.json")
    assert checked.sound() == (item(),)
    book = body(client.get("/services.xlsx"))
    assert check_workbook(book, file="services.xlsx").sound() == (item(),)


def kept_medium(data: bytes, name: str, kind: str, media_type: str) -> Medium:
    digest = store().put(io.BytesIO(data))
    return Medium(name=name, kind=kind, sha256=digest, media_type=media_type, size=len(data))


def test_slides_are_saved_with_their_size_and_run_nothing(desk: City, client: Client) -> None:
    slides = kept_medium(PDF, "怎样办.pdf", "slides", "application/pdf")
    put(desk, media=(*item().media, slides))
    said = words(client.get(f"/services/{ITEM}/"))
    assert f"下载怎样办.pdfPDF·{len(PDF)}字节" in said
    sent = client.get(f"/services/{ITEM}/files/{slides.sha256}")
    assert sent.status_code == 200
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert body(sent) == PDF
    assert client.get(f"/services/{ITEM}/files/{'1' * 64}").status_code == 404
    card = words(client.get(f"/services/{ITEM}/card/"))
    assert "看一看怎样办怎样办.pdf" in card


def test_a_film_plays_in_parts_and_only_when_asked(desk: City, client: Client) -> None:
    data = samples.film()
    film = kept_medium(data, "怎样办.mp4", "video", "video/mp4")
    put(desk, media=(*item().media, film))
    answer = client.get(f"/services/{ITEM}/")
    page = body(answer).decode()
    assert "media-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "<video" in page
    assert "autoplay" not in page
    assert 'preload="none"' in page
    address = f"/services/{ITEM}/files/{film.sha256}"
    assert f'href="{address}" download' in page
    part = client.get(address, headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.headers["Content-Range"]) == (206, f"bytes 2-5/{len(data)}")
    assert body(part) == data[2:6]
    beyond = client.get(address, headers={"Range": f"bytes={len(data)}-"})
    assert beyond.status_code == 416
    whole = client.get(address)
    assert whole.headers["Content-Type"] == "video/mp4"
    assert body(whole) == data


def test_a_link_leads_elsewhere_and_says_so(desk: City, client: Client) -> None:
    link = "https://video.example.cn/sc-901"
    put(desk, media=(*item().media, Medium(name="看一看", kind="video", link=link)))
    page = body(client.get(f"/services/{ITEM}/")).decode()
    assert f'href="{link}" rel="noopener noreferrer"' in page
    assert "<video" not in page


def test_a_workbook_is_taken_in_with_its_files(desk: City, sign_in: SignIn) -> None:
    office = sign_in("admin")
    bare = item(media=(), materials=tuple(replace(m, sample="") for m in item().materials))
    named = replace(bare, media=(Medium(name="怎样办.pdf", kind="slides"),))
    missing = words(office.post("/work/services/new/", upload(named)))
    assert "附件“怎样办.pdf”没有文件，也没有链接" in missing
    film = SimpleUploadedFile("怎样办.pdf", samples.film())
    wrong = office.post("/work/services/new/", upload(named, really="on", attachments=film))
    assert (wrong.status_code, "不是PDF或演示文稿" in words(wrong)) == (422, True)
    slides = SimpleUploadedFile("怎样办.pdf", PDF)
    kept = office.post("/work/services/new/", upload(named, really="on", attachments=slides))
    assert kept.status_code == 302, words(kept)
    (medium,) = office.get(f"/work/services/{ITEM}/v/1/").context["item"].media
    assert (medium.media_type, medium.size) == ("application/pdf", len(PDF))
    assert store().size(medium.sha256) == len(PDF)


def test_a_workbook_is_checked_kept_and_published(desk: City, sign_in: SignIn) -> None:
    office, second = sign_in("admin"), sign_in("supervisor")
    assert "还没有" not in words(office.get("/work/services/"))
    bare = item(media=(), materials=tuple(replace(m, sample="") for m in item().materials))
    missing = words(office.post("/work/services/new/", upload(item())))
    assert "文件库中没有" in missing
    wrong = replace(bare, promised_limit="30wd")
    answer = office.post("/work/services/new/", upload(wrong))
    assert answer.status_code == 422
    assert "承诺30个工作日，法定20个工作日：承诺长于法定" in words(answer)
    looked = office.post("/work/services/new/", upload(bare))
    assert "没有错误：1个事项" in words(looked)
    kept = office.post("/work/services/new/", upload(bare, really="on", reason="新设"))
    assert kept.status_code == 302
    own = words(office.get(f"/work/services/{ITEM}/v/1/"))
    assert "您起草的版本由目录管理单位的另一名督查人发布" in own
    page = second.get(f"/work/services/{ITEM}/v/1/")
    assert "新设" in words(page)
    version = page.context["it"].version
    early = {"version": version, "valid_from": "2024-03-01", "publish": "1"}
    assert "会重叠，或改动过去" in words(second.post(f"/work/services/{ITEM}/v/1/", early))
    done = second.post(f"/work/services/{ITEM}/v/1/", {**early, "valid_from": "2024-03-04"})
    assert done.status_code == 302
    assert "承诺时限8个工作日" in words(Client().get(f"/services/{ITEM}/"))


def upload(one: Any, **more: Any) -> dict[str, Any]:
    book = io.BytesIO(write_workbook([one], made_at=MONDAY))
    book.name = "items.xlsx"
    return {"office": OFFICE, "book": book, **more}


def test_odd_uploads(desk: City, sign_in: SignIn) -> None:
    office = sign_in("admin")
    nothing = io.BytesIO(b"not a workbook")
    nothing.name = "a.xlsx"
    answer = office.post("/work/services/new/", {"office": OFFICE, "book": nothing})
    assert "没有保存" in words(answer)
    assert "请选择文件" in words(office.post("/work/services/new/", {"office": OFFICE}))
    empty = body(office.get("/work/services/template.xlsx"))
    assert "材料" in load_workbook(io.BytesIO(empty)).sheetnames


def test_a_draft_is_dropped(desk: City, sign_in: SignIn) -> None:
    draft(desk)
    office = sign_in("admin")
    page = office.get(f"/work/services/{ITEM}/v/1/")
    data = {"version": page.context["it"].version, "drop": "1"}
    assert office.post(f"/work/services/{ITEM}/v/1/", data).status_code == 302
    assert office.get(f"/work/services/{ITEM}/v/1/").status_code == 404


def test_an_item_ends(desk: City, sign_in: SignIn) -> None:
    put(desk)
    second = sign_in("supervisor")
    assert "停用这个事项" in words(second.get(f"/services/{ITEM}/"))
    assert sign_in("admin").get(f"/work/services/{ITEM}/end/").status_code == 403
    data = {"valid_to": "2024-03-04", "reason": "法律取消"}
    assert second.post(f"/work/services/{ITEM}/end/", {"reason": ""}).status_code != 302
    assert second.post(f"/work/services/{ITEM}/end/", data).status_code == 302
    assert Client().get(f"/services/{ITEM}/").status_code == 404
    assert "这个事项现在不办理" in words(Client().get(f"/services/{ITEM}/v/1/"))


@pytest.mark.parametrize("path", ["/work/services/", "/work/services/new/"])
def test_the_office_is_closed(desk: City, client: Client, sign_in: SignIn, path: str) -> None:
    assert client.get(path).status_code == 302
    assert sign_in("clerk").get(path).status_code == 403


def test_a_draft_exists_for_nobody_else(desk: City, sign_in: SignIn) -> None:
    draft(desk)
    assert sign_in("clerk").get(f"/work/services/{ITEM}/v/1/").status_code == 404
    assert Client().get(f"/services/{ITEM}/v/1/").status_code == 404
