"""The register of leads through its pages, and who learns nothing of it."""

import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from django.test import Client

from tests.city import JULY, LUSHUN, OFFICE, City
from tests.goals.leads.register import (
    ASKED,
    CREDIT_CODE,
    EVENT,
    MAY,
    PLANT,
    SECRET,
    TRIP,
    payment,
    put_registration,
    registration,
)
from tests.visits import SignIn, body, words
from tests.watching import steps_told
from tests.web.routes import Again
from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Commitment
from yinuo.goals.commands.lead_landing import report_fact
from yinuo.goals.commands.lead_reminders import remind
from yinuo.goals.commands.leads import publish_delegation, publish_lead
from yinuo.goals.errors.leads import LeadsRefused, UnknownLead
from yinuo.goals.models import Lead, LeadContact, LeadFact
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.published import public_openings
from yinuo.ledger.tlog.note import Signer
from yinuo.notices.models import Message, Unreached
from yinuo.project.cli import leads as command_line


def version_of(page: bytes) -> str:
    found = re.search(rb'name="version" value="(\d+)"', page)
    assert found
    return found[1].decode()


def do(client: Client, step: str, code: str = PLANT, **data: object) -> str:
    """One step on a lead, with the version its form carries; the words of the page after it."""
    path = f"/leads/{code}/?do={step}"
    answer = client.post(path, {**data, "version": version_of(body(client.get(path)))})
    assert answer.status_code == 302, words(answer)
    return words(client.get(f"/leads/{code}/"))


def test_from_the_register_to_a_confirmed_registration(registered: City, sign_in: SignIn) -> None:
    office, officer, second = sign_in("supervisor"), sign_in("lushun"), sign_in("supervisor2")
    page = words(office.get("/leads/"))
    assert "您能看到的线索4条" in page
    assert "没有动静的" in page
    terms = {"title": "6月底前开工", "due": "2024-06-30", "sign_by": "2024-07-20", "due_said": ""}
    page = do(office, "undertake", **terms)
    assert "已登记为承诺QY2024-001" in page
    assert Commitment.objects.get(pk="QY2024-001").kind == "lead"
    fact = {
        "kind": "registered",
        "day": "2024-07-10",
        "firm": "北辰装备（大连）有限公司",
        "credit_code": CREDIT_CODE,
        "evidence": "营业执照",
    }
    page = do(officer, "fact", **fact)
    assert "已填报，待确认" in page
    path = f"/leads/{PLANT}/facts/1/"
    assert officer.get(path).status_code == 403
    assert sign_in("pulandian").get(path).status_code == 404
    answer = second.post(
        path, {"decision": "confirm", "version": version_of(body(second.get(path)))}
    )
    assert answer.status_code == 302
    assert LeadFact.objects.get().status == "confirmed"
    page = do(officer, "contact", day="2024-07-15", who="项目经理", said="已选址")
    assert "已注册" in page
    assert LeadContact.objects.count() == 2
    page = do(officer, "standing", standing="shelved", reason="等用地指标")
    assert "搁置：等用地指标" in page


def test_a_form_keeps_what_was_typed_and_says_what_is_wrong(
    registered: City, sign_in: SignIn
) -> None:
    officer = sign_in("lushun")
    answer = officer.post(f"/leads/{PLANT}/?do=fact", {"kind": "paid", "version": "1"})
    assert answer.status_code == 422
    typed = {
        "kind": "paid",
        "day": "2024-07-01",
        "value": "５，０００",
        "unit": "亿元",
        "evidence": "进账单",
        "version": "1",
    }
    answer = officer.post(f"/leads/{PLANT}/?do=fact", typed)
    assert answer.status_code == 422
    assert "请核对单位" in words(answer)
    assert "进账单".encode() in body(answer)
    assert officer.post(f"/leads/{PLANT}/?do=fact", {**typed, "sure": "on"}).status_code == 302


def test_a_lead_is_entered_and_corrected_through_forms(registered: City, sign_in: SignIn) -> None:
    officer = sign_in("lushun")
    assert officer.get("/leads/new/").status_code == 200
    typed = {
        "origin": "agreement",
        "title": "海产品加工厂",
        "office": OFFICE,
        "unit": LUSHUN,
        "firm": "海盛公司",
        "foreign": "no",
        "industry": "13",
        "signed_date": "2024-07-01",
        "agreement": "memorandum",
        "intended_value": "1.5",
        "intended_unit": "亿元",
    }
    answer = officer.post("/leads/new/", typed)
    assert answer.headers["Location"] == "/leads/XS2024-0005/", words(answer)
    row = Lead.objects.get(pk="XS2024-0005")
    assert (row.industry, row.foreign, row.confirmed_by) == ("C13", False, "")
    twin = officer.post("/leads/new/", typed)
    assert "已经登记过同名同企业" in words(twin)
    path = "/leads/XS2024-0005/edit/"
    page = body(officer.get(path))
    fixed = {**typed, "country": "中国", "version": version_of(page)}
    assert officer.post(path, fixed).status_code == 302
    assert Lead.objects.get(pk="XS2024-0005").country == "中国"
    assert sign_in("pulandian").get(path).status_code == 404
    page_of_office = do(sign_in("supervisor"), "confirm", code="XS2024-0005")
    assert "登记已核对" in page_of_office


def test_a_trip_is_entered_and_shows_both_numbers(registered: City, sign_in: SignIn) -> None:
    office = sign_in("supervisor")
    page = words(office.get(f"/leads/delegations/{TRIP}/"))
    assert "协议和备忘录1个40个" in page
    typed = {
        "office": OFFICE,
        "title": "赴韩团组",
        "first_date": "2024-05-01",
        "last_date": "2024-05-03",
        "stated_firms": "3",
        "source": "市报",
    }
    answer = office.post("/leads/delegations/new/", typed)
    assert answer.headers["Location"] == "/leads/delegations/TZ2024-02/", words(answer)
    wrong = office.post("/leads/delegations/new/", {**typed, "last_date": "2024-04-01"})
    assert "早于第一天" in words(wrong)


def test_a_review_that_comes_too_late_says_who_was_first(registered: City, sign_in: SignIn) -> None:
    office, path = sign_in("supervisor2"), f"/leads/delegations/{TRIP}/"
    seen = version_of(body(office.get(path)))
    publish_delegation(
        delegation=TRIP, visibility=Visibility.PUBLIC, by=registered["supervisor2"], at=JULY
    )
    late = office.post(path, {"visibility": "public", "version": seen})
    assert late.status_code == 409
    page = words(late)
    assert "在您填写期间，内容已有变动" in page
    assert "最近的变动：2024年7月15日" in page
    assert "郑丁" in page
    again = {"visibility": "closed", "version": version_of(body(late))}
    assert office.post(path, again).status_code == 302


KINDS = ("lead", "lead_fact", "lead_contact", "lead_landing")
SEEN_BY_NOBODY = (
    "/leads/",
    f"/leads/{PLANT}/",
    f"/leads/delegations/{TRIP}/",
    f"/leads/{PLANT}/edit/",
    f"/leads/{PLANT}/facts/1/",
    "/leads.xlsx",
    "/api/v1/leads",
    f"/api/v1/leads/{PLANT}",
    "/",
    f"/commitments/?text={SECRET}",
    "/commitments/",
    "/observations/",
    "/changes/",
    "/ledger/",
    f"/log/threads/lead:{PLANT}",
    f"/log/threads/lead_fact:{PLANT}/R1",
    f"/log/threads/lead_contact:{PLANT}/C1",
    f"/log/threads/delegation:{TRIP}",
    "/work/",
    "/notices/",
)


@pytest.mark.parametrize("username", ["", "pulandian"])
def test_nothing_of_a_lead_reaches_who_has_no_duty_for_it(
    registered: City, sign_in: SignIn, username: str
) -> None:
    put_registration(registered)
    report_fact(lead=PLANT, new=payment(), by=registered["lushun"], at=MAY)
    remind(at=JULY)
    client = sign_in(username)
    for path in SEEN_BY_NOBODY:
        answer = client.get(path)
        found = b"".join(answer)
        marks = [PLANT, "北辰装备", "冷链装备", "某先生"]
        if not username:
            marks += [SECRET, TRIP, ASKED]
        if answer.status_code != 302:  # the way to the sign-in page repeats the address asked for
            told = [mark for mark in marks if mark not in path and mark.encode() in found]
            assert told == [], path


def test_the_published_log_opens_nothing_of_a_closed_lead(
    registered: City, signer: Signer, memory: Memory
) -> None:
    put_registration(registered)
    seal(signer=signer, memory=memory)
    opened = public_openings(index=0) or b""
    assert SECRET.encode() not in opened
    assert not any(f"{kind}:{PLANT}".encode() in opened for kind in KINDS)
    assert TRIP.encode() not in opened
    second = registered["supervisor2"]
    publish_delegation(delegation=TRIP, visibility=Visibility.PUBLIC, by=second, at=MAY)
    publish_lead(lead=PLANT, visibility=Visibility.PUBLIC, by=second, at=MAY)
    seal(signer=signer, memory=memory)
    opened = public_openings(index=0) or b""
    assert f"lead:{PLANT}".encode() in opened
    assert "某先生".encode() not in opened
    assert ASKED.encode() not in opened


def test_an_opened_lead_is_on_a_page_for_all(registered: City, sign_in: SignIn) -> None:
    second = registered["supervisor2"]
    publish_delegation(delegation=TRIP, visibility=Visibility.PUBLIC, by=second, at=MAY)
    publish_lead(lead=PLANT, visibility=Visibility.PUBLIC, by=second, at=MAY)
    page = words(sign_in("").get(f"/leads/{PLANT}/"))
    assert "冷链装备制造基地" in page
    assert "某先生" not in page
    assert "接触记录" not in page
    assert PLANT in words(sign_in("").get("/leads/"))
    assert ASKED not in words(sign_in("").get("/leads/"))


def test_the_officer_is_told_once_of_one_silence(registered: City) -> None:
    assert remind(at=JULY) == 4
    told = Message.objects.filter(topic="lead.quiet").order_by("about", "account")
    assert [(m.about, m.page, m.args) for m in told] == [
        (f"lead:{PLANT}", "lead", [PLANT]),
        (f"lead:{ASKED}", "lead", [ASKED]),
        ("lead:XS2024-0004", "lead", ["XS2024-0004"]),
        ("lead:XS2024-0004", "lead", ["XS2024-0004"]),
    ]
    assert remind(at=JULY) == 0
    assert not Unreached.objects.exists()


def test_the_register_splits_by_everything_it_offers(registered: City, sign_in: SignIn) -> None:
    office = sign_in("supervisor")
    for split in ("delegation", "section", "unit", "month"):
        page = words(office.get("/leads/", {"split": split}))
        assert "签约，按" in page
    assert words(office.get("/leads/", {"split": "bad", "unit": "x\0y"})).count("没有符合这些条件")
    assert "说明会" in words(office.get("/leads/", {"origin": "event"}))
    assert EVENT in words(office.get("/leads/", {"text": "机遇"}))


def test_the_api_reads_what_the_pages_show(registered: City, sign_in: SignIn) -> None:
    found = sign_in("lushun").get("/api/v1/leads").json()
    assert [item["code"] for item in found["items"]] == [PLANT]
    one = sign_in("lushun").get(f"/api/v1/leads/{PLANT}").json()
    assert one["way"][0] == {
        "stage": "签约",
        "day": "2024-02-26",
        "said": "",
        "reached": True,
        "waiting": False,
    }
    assert sign_in("").get("/api/v1/leads").json()["items"] == []
    first = sign_in("supervisor").get("/api/v1/leads?limit=3").json()
    assert (len(first["items"]), first["total"]) == (3, 4)
    rest = sign_in("supervisor").get(first["next"]).json()
    assert [item["code"] for item in rest["items"]] == [PLANT]


def test_a_stale_form_changes_nothing(registered: City, sign_in: SignIn) -> None:
    office = sign_in("supervisor")
    do(sign_in("lushun"), "standing", standing="shelved", reason="等用地")
    stale = {"standing": "ended", "reason": "不谈了", "version": "1"}
    assert office.post(f"/leads/{PLANT}/?do=standing", stale).status_code == 409
    assert Lead.objects.get(pk=PLANT).standing == "shelved"


def test_a_stale_form_comes_back_with_its_words_and_is_taken_the_second_time(
    registered: City, sign_in: SignIn
) -> None:
    first, second = sign_in("supervisor"), sign_in("supervisor2")
    path = f"/leads/{PLANT}/?do=standing"
    typed = {"standing": "shelved", "reason": "用地没有着落，等年底再谈"}
    typed["version"] = version_of(body(second.get(path)))
    do(first, "standing", standing="shelved", reason="先放一放")
    do(first, "standing", standing="active", reason="又有消息")
    answer = second.post(path, typed)
    assert answer.status_code == 409
    shown = words(answer)
    assert "用地没有着落，等年底再谈" in shown
    assert "恢复跟进。" in shown
    assert second.post(path, {**typed, "version": version_of(body(answer))}).status_code == 302
    assert Lead.objects.get(pk=PLANT).standing == "shelved"


def test_the_inbox_holds_next_steps_and_what_waits(registered: City, sign_in: SignIn) -> None:
    report_fact(lead=PLANT, new=registration(), by=registered["lushun"], at=MAY)
    assert "现场选址" in words(sign_in("lushun").get("/work/"))
    office = words(sign_in("supervisor").get("/work/"))
    assert "确认注册企业" in office
    assert "现场选址" not in words(sign_in("pulandian").get("/work/"))


def test_the_page_of_the_promise_leads_back(registered: City, sign_in: SignIn) -> None:
    terms = {"title": "6月底前开工", "due": "2024-06-30", "sign_by": "2024-07-20", "due_said": ""}
    do(sign_in("supervisor"), "undertake", **terms)
    assert PLANT in words(sign_in("lushun").get("/commitments/QY2024-001/"))
    assert sign_in("pulandian").get("/commitments/QY2024-001/").status_code == 404


def test_a_workbook_goes_out_and_comes_back_through_the_pages(
    registered: City, sign_in: SignIn
) -> None:
    office = sign_in("supervisor")
    sheet = body(office.get("/leads.xlsx"))
    again = Again("线索.xlsx", sheet)
    looked = words(office.post("/leads/import/", {"office": OFFICE, "book": again}))
    assert "和已登记的一致" in looked
    broken = Again("坏.xlsx", b"no workbook")
    answer = office.post("/leads/import/", {"office": OFFICE, "book": broken})
    assert answer.status_code == 422
    assert "什么也没有导入" in words(answer)
    own = body(sign_in("lushun").get("/leads.xlsx"))
    assert len(own) < len(sheet)
    assert body(office.get("/leads.xlsx?template=1"))[:2] == b"PK"


def test_a_faulty_workbook_comes_back_with_the_faults_in_its_cells(
    registered: City, sign_in: SignIn
) -> None:
    office = sign_in("supervisor")
    book = openpyxl.load_workbook(io.BytesIO(body(office.get("/leads.xlsx"))))
    sheet = book["线索"]
    heads = {cell.value: cell.column for row in sheet.iter_rows() for cell in row if cell.value}
    row = next(r[0].row for r in sheet.iter_rows() if r[0].value == PLANT)
    wrong = sheet.cell(row, heads["签约日期"], "去年")
    made = io.BytesIO()
    book.save(made)
    typed = {"office": OFFICE, "book": Again("线索.xlsx", made.getvalue()), "annotated": "1"}
    before = Lead.objects.get(pk=PLANT).version
    answer = office.post("/leads/import/", {**typed, "really": "on"})
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    back = openpyxl.load_workbook(io.BytesIO(body(answer)))
    assert back.worksheets[0].title == "检查结果"
    faulty = back["线索"][wrong.coordinate]
    assert faulty.comment is not None
    assert "日期" in faulty.comment.text
    assert faulty.fill.fgColor.rgb == "FFFFC7CE"
    assert Lead.objects.get(pk=PLANT).version == before
    none = {**typed, "book": Again("坏.xlsx", b"no workbook")}
    assert "什么也没有导入" in words(office.post("/leads/import/", none))


def test_the_command_line_lists_counts_and_takes_in(
    registered: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_line, "_ready", lambda: None)
    monkeypatch.setattr(command_line, "today", JULY.date)
    monkeypatch.setattr(command_line, "now", lambda: JULY)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(command_line.leads, list(arguments))

    assert "共 4 条" in run("list", "--by", "supervisor").stdout
    assert "共 1 条" in run("list", "--by", "lushun").stdout
    assert "用地需求已收到" in run("show", PLANT, "--by", "lushun").stdout
    assert isinstance(run("show", PLANT, "--by", "pulandian").exception, UnknownLead)
    assert "3 条没有动静" in run("quiet", "--by", "supervisor").stdout
    assert "签约  2 条" in run("funnel", "--split", "unit", "--by", "supervisor").stdout
    path = str(tmp_path / "leads.xlsx")
    assert run("export", path, "--office", OFFICE, "--by", "supervisor").exit_code == 0
    back = ("import", path, "--office", OFFICE, "--by", "admin")
    assert "6 行没有变化" in run(*back, "--dry-run").stdout
    assert json.loads(run(*back, "--json").stdout)["taken"] is None
    told = steps_told(monkeypatch)
    book = openpyxl.load_workbook(path)
    sheet = book["线索"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, columns["名称"]).value = "另一个名称"
    book.save(path)
    assert "修改 1 行" in run(*back, "--yes").stdout
    assert told == ["登记线索"]
    (tmp_path / "bad.xlsx").write_bytes(b"no")
    bad = run("import", str(tmp_path / "bad.xlsx"), "--office", OFFICE, "--by", "admin")
    assert isinstance(bad.exception, LeadsRefused)
