"""The pages of 调度会数据: taken, looked at, released, downloaded."""

import io
import re
import zipfile

import openpyxl
import pypdf
import pytest
from docx import Document

from tests.city import LUSHUN_SECRET, OFFICE, PULANDIAN_SECRET, City
from tests.published import publish_lights
from tests.supervision.doubtful import falling_doubt, plant
from tests.supervision.meetings import content_of, release, take
from tests.supervision.orders import put_orders
from tests.visits import SignIn, body, words
from yinuo.supervision.queries.snapshots import snapshot
from yinuo.supervision.snapshots.content import Annex
from yinuo.web.files import store
from yinuo.web.snapshot_workbook import workbook

pytestmark = pytest.mark.django_db
TYPED = {"office": OFFICE, "meeting": "7 月重点工作调度会", "as_of": "2024-07-15"}


@pytest.fixture
def taken(city: City) -> City:
    """One snapshot, by the shipped lights."""
    publish_lights(city, store())
    take(city)
    return city


def test_a_supervisor_takes_one_and_sees_it(city: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    answer = client.post("/snapshots/", TYPED)
    assert answer.status_code == 302, words(answer)
    assert answer["Location"] == "/snapshots/SN2024-07/"
    page = words(client.get("/snapshots/SN2024-07/"))
    assert "7月重点工作调度会" in page
    assert "共7项：已兑现0项，逾期1项" in page


def test_faults_stand_at_their_fields(city: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    answer = client.post("/snapshots/", {**TYPED, "meeting": " ", "as_of": "2024-07-16"})
    assert answer.status_code == 422
    assert "请填写会议名称" in words(answer)
    answer = client.post("/snapshots/", {**TYPED, "as_of": "2024-07-16"})
    assert answer.status_code == 422
    assert "截至日期不能晚于今天" in words(answer)


def test_every_figure_has_its_number_on_the_board(taken: City, sign_in: SignIn) -> None:
    page = body(sign_in("supervisor").get("/snapshots/SN2024-07/")).decode()
    assert 'id="total/overdue" title="SN2024-07/total/overdue"' in page
    assert 'id="unit.210212/overdue">1<' in page
    assert "style=" not in page


def test_a_map_shows_each_unit_with_its_lights(taken: City, sign_in: SignIn) -> None:
    page = body(sign_in("supervisor").get("/snapshots/SN2024-07/")).decode()
    tile = re.search(r'<li class="tile tile-c1 tile-r5 tile-red">.*?</li>', page, re.DOTALL)
    assert tile
    assert "旅顺口区" in tile[0]
    assert "红灯" in tile[0]


def test_others_see_nothing_before_it_is_released(taken: City, sign_in: SignIn) -> None:
    for path in ("", "bulletin.docx", "bulletin.pdf", "figures.xlsx"):
        assert sign_in("lushun").get(f"/snapshots/SN2024-07/{path}").status_code == 404
    assert "SN2024-07" not in words(sign_in("lushun").get("/snapshots/"))


def test_released_it_shows_each_unit_its_own_closed_items_only(
    taken: City, sign_in: SignIn
) -> None:
    release(taken, "SN2024-07")
    for name in ("", "bulletin.docx", "figures.xlsx"):
        answer = sign_in("lushun").get(f"/snapshots/SN2024-07/{name}")
        assert answer.status_code == 200
        assert PULANDIAN_SECRET.encode() not in unpacked(body(answer))
    own = body(sign_in("lushun").get("/snapshots/SN2024-07/figures.xlsx"))
    assert LUSHUN_SECRET.encode() in unpacked(own)
    page = words(sign_in("lushun").get("/snapshots/SN2024-07/"))
    assert "另有1项未公开的事项不在清单里" in page


def unpacked(data: bytes) -> bytes:
    """All that a file holds, whether it is packed or a page."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_the_public_is_asked_to_sign_in(taken: City, sign_in: SignIn) -> None:
    release(taken, "SN2024-07")
    assert sign_in("").get("/snapshots/SN2024-07/").status_code == 302


def test_released_once_with_a_number(taken: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    answer = client.post("/snapshots/SN2024-07/release/", {"series": "大政督"})
    assert answer.status_code == 302, words(answer)
    assert "大政督〔2024〕1号" in words(client.get("/snapshots/SN2024-07/"))
    again = client.post("/snapshots/SN2024-07/release/", {"series": "大政督"})
    assert again.status_code == 409
    assert "已经发放" in words(again)


def test_a_series_of_other_letters_is_refused(taken: City, sign_in: SignIn) -> None:
    answer = sign_in("supervisor").post("/snapshots/SN2024-07/release/", {"series": "DZD 1"})
    assert answer.status_code == 400
    assert "机关代字只用汉字" in words(answer)


def test_word_pdf_and_excel_tell_the_same(taken: City, sign_in: SignIn) -> None:
    release(taken, "SN2024-07", series="大政督")
    client = sign_in("supervisor")
    docx = Document(io.BytesIO(body(client.get("/snapshots/SN2024-07/bulletin.docx"))))
    text = "\n".join(paragraph.text for paragraph in docx.paragraphs)
    assert "大政督〔2024〕1号" in text
    assert "共 7 项：已兑现 0 项，逾期 1 项" in text
    assert "数据编号：SN2024-07/total" in text
    pdf = pypdf.PdfReader(io.BytesIO(body(client.get("/snapshots/SN2024-07/bulletin.pdf"))))
    printed = re.sub(r"\s", "", "".join(page.extract_text() for page in pdf.pages))
    assert "共7项：已兑现0项，逾期1项" in printed
    assert "演示数据" in printed
    book = openpyxl.load_workbook(io.BytesIO(body(client.get("/snapshots/SN2024-07/figures.xlsx"))))
    numbers = {row[0]: row[2] for row in book["数据编号"].iter_rows(min_row=4, values_only=True)}
    assert numbers["SN2024-07/total/total"] == 7
    assert numbers["SN2024-07/unit.210212/overdue"] == 1
    assert "演示数据" in str(book["总体"]["A1"].value)


def test_what_other_parts_tell_stands_beside(city: City, sign_in: SignIn) -> None:
    put_orders(city, store())
    plant(falling_doubt("LS-001"))
    take(city)
    release(city, "SN2024-07")
    office = words(sign_in("supervisor").get("/snapshots/SN2024-07/"))
    assert "督导单位步骤未销号其中逾期未回复已销号" in office
    assert "疑点是请人核对的提示，不是结论" in office
    unit = words(sign_in("lushun").get("/snapshots/SN2024-07/"))
    assert "其中逾期未回复" in unit
    assert "疑点" not in unit
    book = openpyxl.load_workbook(
        io.BytesIO(body(sign_in("supervisor").get("/snapshots/SN2024-07/figures.xlsx")))
    )
    assert {"附1 督导", "附2 疑点"} <= set(book.sheetnames)
    docx = Document(io.BytesIO(body(sign_in("lushun").get("/snapshots/SN2024-07/bulletin.docx"))))
    headings = [p.text for p in docx.paragraphs if p.style and p.style.name == "公文一级标题"]
    assert "五、督导" in headings
    assert not any("疑点" in text for text in headings)


def test_groups_of_one_name_get_sheets_of_their_own() -> None:
    annex = Annex(key="a", title="赛马：[区/县]" + "长" * 40, columns=("单位",), rows=[("甲",)])
    data = workbook(content_of([], annexes=[annex, annex]), meeting="会")
    names = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert [name[:8] for name in names if name.startswith("附")] == [
        "附1 赛马： 区",
        "附2 赛马： 区",
    ]


def test_a_lost_file_is_named(taken: City, sign_in: SignIn) -> None:
    shown = snapshot(code="SN2024-07", store=store(), viewer=taken["supervisor"])
    store().remove(shown.view.sha256)
    client = sign_in("supervisor")
    answer = client.get("/snapshots/SN2024-07/")
    assert answer.status_code == 500
    assert "不在文件库中" in words(answer)
