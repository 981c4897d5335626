"""Rounds through their pages: one person after another, as they would do it."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.city import JULY, OFFICE, City
from tests.handed_in import PHOTO
from tests.supervision.asked import DUE, LUSHUN_LINES, LUSHUN_SHEET, a_round, filled, only, seen
from tests.visits import SignIn, body, words
from yinuo.commitments.commands import deliver
from yinuo.commitments.queries.detail import detail
from yinuo.supervision.commands import sheets
from yinuo.supervision.rounds.workbook import CODE, NOTE, VALUE

pytestmark = pytest.mark.django_db

SHEET = f"/rounds/sheets/{LUSHUN_SHEET}/"
TODAY = JULY.date()
TYPED = {
    "code": ["LS-001", "LS-002", "LS-003", "LS-009"],
    "value-LS-001": "3",
    "note-LS-001": "完成三项",
    "note-LS-002": "已开展",
    "note-LS-003": "正在推进",
    "note-LS-009": "正在推进",
}


def unanswered(city: City) -> list[str]:
    return [line.commitment for line in seen(city).lines if not line.is_answered]


def test_from_opening_to_closing_on_the_pages(city: City, sign_in: SignIn) -> None:
    office, unit = sign_in("supervisor"), sign_in("lushun")
    choice = "/rounds/new/?codes=LS-001+LS-002+LS-003+LS-009"
    preview = words(office.get(choice))
    assert "将向1个单位要求报送4项承诺，共5处要填。" in preview
    asked = {"sort": "monthly", "due": DUE.isoformat(), "expected": "4", "note": "请附清单"}
    opened = office.post(choice, asked)
    assert (opened.status_code, opened["Location"]) == (302, "/rounds/TD2024-07/")

    page = words(unit.get(SHEET))
    assert "旅顺口区未填：已报0／4行。" in page
    assert "填报要求：请附清单" in page
    photo = SimpleUploadedFile("现场.jpg", PHOTO)
    saved = unit.post(SHEET, {**TYPED, "do": "hand_in", "files-LS-001": photo})
    assert saved.status_code == 302, words(saved)
    assert "待审核：已报4／4行" in words(unit.get(SHEET))
    shown = detail(code="LS-001", viewer=city["lushun"], today=TODAY)
    assert shown.reports[0].value == "3"

    overview = words(office.get("/rounds/TD2024-07/"))
    assert "1个单位：已通过0，待审核1，部分填报0，未填0。" in overview
    done = office.post(f"{SHEET}check/", {"do": "accept", "note": "已核对"})
    assert done.status_code == 302
    assert office.post("/rounds/TD2024-07/release/").status_code == 302
    assert office.post("/rounds/TD2024-07/close/").status_code == 302
    assert "已关闭。1个单位：已通过1" in words(office.get("/rounds/TD2024-07/"))
    refused = unit.post(SHEET, {**TYPED, "do": "save"})
    assert refused.status_code == 409
    told = words(refused)
    assert "TD2024-07期已关闭，不再接收报送" in told
    assert "您刚才填的，没有报送LS-001：3，完成三项" in told


def test_a_wrong_line_stays_as_it_was_typed(city: City, sign_in: SignIn) -> None:
    a_round(city)
    typed = {**TYPED, "value-LS-001": "三", "do": "hand_in"}
    again = sign_in("lushun").post(SHEET, typed)
    assert again.status_code == 422
    html = body(again).decode()
    assert "已报 3 行。" in html
    assert 'name="value-LS-001" value="三"' in html
    assert 'href="#id_value-LS-001">LS-001 累计完成（项）：“三”不是数字（单位：项）</a>' in html
    assert unanswered(city) == ["LS-001"]
    assert seen(city).sheet.label == "部分填报"


def test_a_refused_file_keeps_only_its_own_line_back(city: City, sign_in: SignIn) -> None:
    a_round(city)
    bad = SimpleUploadedFile("现场.jpg", b"MZ\x90\x00not a picture")
    again = sign_in("lushun").post(SHEET, {**TYPED, "do": "save", "files-LS-001": bad})
    assert again.status_code == 422
    assert unanswered(city) == ["LS-001"]


def test_what_is_held_is_only_confirmed(city: City, sign_in: SignIn) -> None:
    from_report = deliver.report(
        commitment="LS-002", as_of_date=TODAY, note="上周已报", by=city["lushun"], at=JULY
    )
    a_round(city, overruled="省里要求同一天的口径")
    unit = sign_in("lushun")
    assert "确认已有的进展（LS-002/R1，截至2024-07-15）" in words(unit.get(SHEET))
    saved = unit.post(SHEET, {"code": ["LS-002"], "confirm-LS-002": "on", "do": "save"})
    assert saved.status_code == 302
    (line,) = [each for each in seen(city).lines if each.commitment == "LS-002"]
    assert line.answer is not None
    assert line.answer.code == from_report
    shown = detail(code="LS-002", viewer=city["lushun"], today=TODAY)
    assert len(shown.reports) == 1


def test_the_office_returns_single_lines(city: City, sign_in: SignIn) -> None:
    a_round(city)
    filled(city)
    sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=JULY)
    office, unit = sign_in("supervisor"), sign_in("lushun")
    assert 'form="check-form"' in body(office.get(SHEET)).decode()
    empty = office.post(f"{SHEET}check/", {"do": "return", "note": ""})
    assert empty.status_code == 422
    assert "请填写理由" in words(empty)
    given = {"do": "return", "note": "", "line-LS-001": "缺清单"}
    assert office.post(f"{SHEET}check/", given).status_code == 302
    page = words(unit.get(f"{SHEET}?show=returned"))
    assert "退回：缺清单" in page
    assert "退回的理由：有1项要补充，理由见各行" in page


def test_sheets_are_accepted_together(city: City, sign_in: SignIn) -> None:
    a_round(city)
    filled(city)
    sheets.hand_in(sheet=LUSHUN_SHEET, by=city["lushun"], at=JULY)
    office = sign_in("supervisor")
    address = "/rounds/TD2024-07/accept/"
    assert "请至少选一张报送表" in words(office.post(address, {}))
    other = office.post(address, {"sheets": "TD2024-07-02"})
    assert "TD2024-07-02已不在待审核之列" in words(other)
    done = office.post(address, {"sheets": LUSHUN_SHEET}, follow=True)
    assert "已通过1张报送表。" in words(done)
    assert seen(city).remark == "报送齐全，已核对"


# ── the workbook ─────────────────────────────────────────────────────────────────────────────────


def downloaded(city: City, sign_in: SignIn) -> openpyxl.Workbook:
    answer = sign_in("lushun").get(f"{SHEET}sheet.xlsx")
    return openpyxl.load_workbook(io.BytesIO(body(answer)))


def place(sheet: "openpyxl.worksheet.worksheet.Worksheet", code: str, name: str) -> str:
    """The address of a cell by the line's code and the column's header."""
    head = next(row for row in sheet.iter_rows(max_row=10) if row[0].value == CODE)
    column = next(cell.column_letter for cell in head if cell.value == name)
    row = next(row[0].row for row in sheet.iter_rows(min_row=head[0].row) if row[0].value == code)
    return f"{column}{row}"


def sent(book: openpyxl.Workbook, sign_in: SignIn, sheet: str = SHEET) -> "tuple[int, str, bytes]":
    """Upload a workbook: status, words, and the annotated one where there is one."""
    buffer = io.BytesIO()
    book.save(buffer)
    client = sign_in("lushun")
    file = SimpleUploadedFile("报送表.xlsx", buffer.getvalue())
    answer = client.post(f"{sheet}upload/", {"file": file})
    context = getattr(answer, "context", None) or {}
    back = client.get(context["annotated"]) if "annotated" in context else None
    return answer.status_code, words(answer), body(back) if back else b""


def test_a_sheet_goes_out_and_comes_back_filled(city: City, sign_in: SignIn) -> None:
    a_round(city)
    book = downloaded(city, sign_in)
    page = book["报送表"]
    assert page[place(page, "LS-001", CODE)].protection.locked
    assert not page[place(page, "LS-001", VALUE)].protection.locked
    assert page[place(page, "LS-002", VALUE)].protection.locked  # asks for no figure
    page[place(page, "LS-001", VALUE)] = 3
    for code in ("LS-001", "LS-002"):
        page[place(page, code, NOTE)] = "已完成"
    assert sent(book, sign_in)[0] == 302
    answers = {line.commitment: line.answer for line in seen(city).lines if line.answer}
    assert {code: (said.value, said.note) for code, said in answers.items()} == {
        "LS-001": ("3", "已完成"),
        "LS-002": ("", "已完成"),
    }
    # Sent in once more, it reports nothing twice.
    assert sent(book, sign_in)[0] == 302
    assert len(detail(code="LS-001", viewer=city["lushun"], today=TODAY).reports) == 1


def test_every_wrong_cell_is_named_and_the_rest_is_taken(city: City, sign_in: SignIn) -> None:
    a_round(city)
    book = downloaded(city, sign_in)
    page = book["报送表"]
    value, note = place(page, "LS-001", VALUE), place(page, "LS-002", NOTE)
    page[value], page[place(page, "LS-001", NOTE)] = "=1+2", "完成三项"
    page[note] = "已开展"
    page[place(page, "LS-003", NOTE)] = "正在推进"
    last = page.max_row
    page[f"A{last + 1}"], page[f"K{last + 1}"] = "PL-001", "代填"
    page[f"A{last + 2}"], page[f"K{last + 2}"] = "LS-003", "又一行"
    page[f"K{last + 3}"] = "没有编号"
    status, told, back = sent(book, sign_in)
    assert status == 422
    assert f"报送表!{value}ROUND-E021" in told
    assert "单元格是公式，算出的数不能当作填报" in told
    assert f"报送表!A{last + 1}ROUND-E025" in told
    assert "这张报送表没有要PL-001" in told
    row = place(page, "LS-003", NOTE).removeprefix("K")
    assert f"LS-003在第{row}、{last + 2}行重复" in told
    assert "没有编号，不知道是哪一项" in told
    answered = [line.commitment for line in seen(city).lines if line.is_answered]
    assert answered == ["LS-002"]
    marked = openpyxl.load_workbook(io.BytesIO(back))
    assert marked.sheetnames[0] == "检查结果"
    cell = marked["报送表"][value]
    assert cell.fill.start_color.rgb == "FFFFC7CE"
    assert "单元格是公式" in cell.comment.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (-3, "是负数：累计完成数（项）不能小于0"),
        ("三", "不是数字"),
        (True, "不是数字"),
    ],
)
def test_figures_that_are_none_are_refused(
    city: City, sign_in: SignIn, typed: object, said: str
) -> None:
    a_round(city)
    book = downloaded(city, sign_in)
    page = book["报送表"]
    page[place(page, "LS-001", VALUE)], page[place(page, "LS-001", NOTE)] = typed, "完成"
    status, told, _ = sent(book, sign_in)
    assert (status, said in told) == (422, True), told


def test_another_sheet_is_refused_as_a_whole(city: City, sign_in: SignIn) -> None:
    a_round(city, wanted=only("LS-001"))
    book = downloaded(city, sign_in)
    a_round(city, wanted=only("LS-002"))
    status, told, _ = sent(book, sign_in, "/rounds/sheets/TD2024-07B-01/")
    assert status == 422
    assert f"这是报送表{LUSHUN_SHEET}的工作簿，不是TD2024-07B-01的" in told


def test_what_is_no_workbook_is_refused(city: City, sign_in: SignIn) -> None:
    a_round(city)
    file = SimpleUploadedFile("报送表.xlsx", b"%PDF-1.4 not a workbook")
    answer = sign_in("lushun").post(f"{SHEET}upload/", {"file": file})
    assert answer.status_code == 422
    assert "没有保存" in words(answer)


def test_the_annotated_workbook_is_nobody_elses(city: City, sign_in: SignIn) -> None:
    a_round(city)
    answer = sign_in("lushun").get(f"{SHEET}annotated.xlsx?file=abc:def:ghi")
    assert answer.status_code == 404


def test_burden_page_shows_what_was_asked(city: City, sign_in: SignIn) -> None:
    a_round(city)
    a_round(city, wanted=only("LS-001"), overruled="另一口径")
    page = words(sign_in("supervisor").get("/rounds/burden/"))
    assert "各期共要求2个单位填9处，其中2处是重复要的" in page
    assert OFFICE not in page
    own = words(sign_in("pulandian").get("/rounds/burden/"))
    assert "共要求1个单位填2处" in own
    assert len(LUSHUN_LINES) == 4
