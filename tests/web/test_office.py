"""The office's pages: break down, sign, name persons, register, the roster of all sources."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.http import HttpResponseBase
from pytest_django import Settings

from tests.city import JULY, LUSHUN, OFFICE, PULANDIAN, City
from tests.protectors import add_protectors
from tests.visits import SignIn, body, words
from yinuo.commitments.commands import signing
from yinuo.commitments.commands.assign import assign
from yinuo.commitments.models import Commitment, Document, Signing

pytestmark = pytest.mark.django_db
BREAKDOWN = "/commitments/LS-001/breakdown/"


def typed(*lines: dict[str, str], **more: str) -> dict[str, str]:
    """A filled form of the break-down: lines from 1."""
    data = {"rows": str(len(lines)), "sign_by": "2024-07-18", "do": "save", "lines": ""}
    for number, line in enumerate(lines, start=1):
        data |= {f"{name}-{number}": value for name, value in line.items()}
    return data | more


def sheet(answer: HttpResponseBase) -> str:
    """Everything in a workbook."""
    with zipfile.ZipFile(io.BytesIO(body(answer))) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def test_the_form_suggests_three_working_days(city: City, sign_in: SignIn) -> None:
    page = body(sign_in("supervisor").get(BREAKDOWN)).decode()
    assert 'name="sign_by" value="2024-07-18"' in page
    assert 'name="unit-3"' in page
    assert 'name="lines"' in page


def test_lines_typed_make_shares(city: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    lines = (
        {"unit": LUSHUN, "figure": "4", "due": "2024-06-15", "cooperating": "普兰店区"},
        {"unit": ""},
        {"unit": PULANDIAN, "title": "普兰店的部分", "area": "全区"},
    )
    answer = client.post(BREAKDOWN, typed(*lines), follow=True)
    assert "已分解为2项，已请各单位在2024年7月18日之前签收。" in words(answer)
    first, second = Commitment.objects.filter(parent="LS-001").order_by("code")
    assert (first.code, first.lead_id, first.value, first.unit) == (
        "LS-001-01",
        LUSHUN,
        "4",
        "项",
    )
    assert (second.title, second.area, second.visibility) == ("普兰店的部分", "全区", "review")
    assert Signing.objects.count() == 3


def test_more_lines_keep_what_was_typed(city: City, sign_in: SignIn) -> None:
    line = {"unit": LUSHUN, "title": "先写一半", "due": "2024-06-15"}
    answer = sign_in("supervisor").post(BREAKDOWN, typed(line, do="add", lines="粘了一半"))
    page = body(answer).decode()
    assert answer.status_code == 200
    assert 'value="先写一半"' in page
    assert 'value="2024-06-15"' in page
    assert f'value="{LUSHUN}" selected' in page
    assert "粘了一半</textarea>" in page
    assert 'name="unit-4"' in page
    assert "请改正" not in page


def test_pasted_lines_are_looked_at_before_they_count(city: City, sign_in: SignIn) -> None:
    pasted = "单位\t内容\t时限\n普兰店区\t查档案\t2024年6月20日"
    answer = sign_in("supervisor").post(BREAKDOWN, typed(do="read", lines=pasted))
    page = body(answer).decode()
    assert f'value="{PULANDIAN}" selected' in page
    assert 'value="查档案"' in page
    assert 'value="2024-06-20"' in page
    assert not Signing.objects.exists()


def test_faults_of_pasted_lines_leave_the_text_alone(city: City, sign_in: SignIn) -> None:
    pasted = "普兰店区\n旅顺区\t\t若干\n旅顺口区\t\t\t年底"
    answer = sign_in("supervisor").post(BREAKDOWN, typed(lines=pasted))
    assert answer.status_code == 422
    shown = words(answer)
    assert "第2行单位：没有叫“旅顺区”的单位，是不是“旅顺口区”？" in shown
    assert "第2行数量：" in shown
    assert "第3行时限：“年底”不是一个日期" in shown
    assert pasted in body(answer).decode()
    assert not Signing.objects.exists()


def test_faults_stand_at_their_lines(city: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    lines = (
        {"unit": LUSHUN, "due": "2024-08-31"},
        {"unit": LUSHUN, "figure": "很多"},
        {"unit": PULANDIAN, "title": "好的一行"},
    )
    answer = client.post(BREAKDOWN, typed(*lines))
    page = body(answer).decode()
    assert answer.status_code == 422
    assert 'id="figure-2-error"' in page
    assert "时限 2024-08-31 晚于上级任务的时限 2024-06-30" not in page
    again = client.post(
        BREAKDOWN, typed(lines[0], {"unit": LUSHUN}, lines[2], sign_by="2024-07-01")
    )
    page = body(again).decode()
    assert again.status_code == 422
    assert 'id="due-1-error">时限 2024-08-31 晚于上级任务的时限 2024-06-30' in page
    assert 'id="unit-2-error">旅顺口区在第 1 行已经有一份' in page
    assert 'value="好的一行"' in page
    assert Commitment.objects.filter(parent="LS-001").count() == 0


def test_what_is_not_open_is_not_broken_down(city: City, sign_in: SignIn) -> None:
    Commitment.objects.filter(code="LS-001").update(status="waived", outcome="waived")
    assert sign_in("supervisor").get(BREAKDOWN).status_code == 409


def ask(city: City, *codes: str) -> None:
    signing.ask_signing(commitments=codes, sign_by=JULY.date(), by=city["supervisor"], at=JULY)


def test_an_officer_signs_several_at_once(city: City, sign_in: SignIn) -> None:
    ask(city, "LS-001", "LS-002", "LS-003")
    client = sign_in("lushun")
    assert "待签收3" in words(client.get("/work/"))
    every = body(client.get("/work/sign/?all=1")).decode()
    assert every.count(" checked") == 3
    chosen = ["LS-001/210212", "LS-002/210212"]
    assert "已签收2项。" in words(client.post("/work/sign/", {"codes": chosen}, follow=True))
    gone = client.post("/work/sign/", {"codes": chosen})
    assert gone.status_code == 422
    assert "LS-001/210212已不在待签收之列" in words(gone)
    assert "请至少选一项" in words(client.post("/work/sign/"))


def test_signing_is_the_one_filled_button(city: City, sign_in: SignIn) -> None:
    ask(city, "LS-001")
    page = body(sign_in("lushun").get("/commitments/LS-001/")).decode()
    assert page.count("button-main") == 1
    assert 'button-main" type="submit">签收' in page


def test_returning_without_a_reason_keeps_the_page(city: City, sign_in: SignIn) -> None:
    ask(city, "LS-001")
    client = sign_in("lushun")
    answer = client.post("/signings/LS-001/210212/return/", {"reason": ""})
    assert answer.status_code == 422
    assert "请填写退回的理由" in words(answer)
    done = client.post(
        "/signings/LS-001/210212/return/", {"reason": "应由普兰店区承担"}, follow=True
    )
    assert "已退回" in words(done)
    again = client.get("/signings/LS-001/210212/return/")
    assert again.status_code == 409
    office = sign_in("supervisor")
    assert "应由普兰店区承担" in words(office.get("/work/"))
    recalled = office.post("/signings/LS-001/210212/recall/", follow=True)
    assert "不再要求旅顺口区签收。" in words(recalled)


def test_a_plan_is_asked_for_by_the_filter_of_the_list(city: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    listed = body(client.get("/commitments/?goal=G-1&kind=measure")).decode()
    assert "/work/ask-signing/?goal=G-1&amp;kind=measure" in listed
    asked = words(client.get("/work/ask-signing/?goal=G-1&kind=measure"))
    assert "将请2项任务的牵头单位和配合单位签收，共2份" in asked
    done = client.post(
        "/work/ask-signing/?goal=G-1&kind=measure", {"sign_by": "2024-07-20"}, follow=True
    )
    assert "已发出2份签收请求" in words(done)
    assert set(Signing.objects.values_list("code", flat=True)) == {
        "LS-002/210212",
        "PL-001/210214",
    }
    assert "没有需要新请签收的单位" in words(client.get("/work/ask-signing/?kind=measure"))


def test_persons_are_named_for_ticked_tasks(city: City, sign_in: SignIn) -> None:
    client = sign_in("lushun")
    assert body(client.get("/work/assign/?code=LS-002")).decode().count(" checked") == 1
    done = client.post(
        "/work/assign/",
        {"codes": ["LS-001", "LS-002"], "leader": "林某 副区长", "liaison": "周某 1234"},
        follow=True,
    )
    assert "已指定2项任务的责任人。" in words(done)
    assert "责任领导：林某副区长" in words(sign_in("supervisor").get("/commitments/LS-001/"))
    nobody = client.post("/work/assign/", {"codes": ["LS-001"]})
    assert "责任领导和联络员至少写一个" in words(nobody)


def task(**changed: str) -> dict[str, str]:
    """A filled form of one directive."""
    plain = {
        "document_title": "关于排查的批示",
        "title": "排查隐患",
        "office": OFFICE,
        "lead": LUSHUN,
        "start_date": "2024-07-15",
        "due": "2024-07-29",
        "sign_by": "2024-07-16",
        "do": "save",
    }
    return plain | changed


def test_the_default_clock_fills_in_the_deadline_with_its_reasons(
    city: City, sign_in: SignIn
) -> None:
    client = sign_in("supervisor")
    page = body(client.get("/work/task/批示件/")).decode()
    assert 'name="due" value="2024-07-29"' in page
    assert "默认时限 10 个工作日" in page
    moved = client.post("/work/task/批示件/", task(start_date="2024-09-12", do="recount", title=""))
    shown = body(moved).decode()
    assert moved.status_code == 200
    assert 'name="due" value="2024-09-27"' in shown
    assert "补班" in shown
    assert 'value="关于排查的批示"' in shown


def test_a_registered_task_is_as_closed_as_its_source(city: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    answer = client.post("/work/task/批示件/", task(figure="不少于 90 处"), follow=True)
    assert "已登记，编号PS2024-001。已请1个单位签收。" in words(answer)
    row = Commitment.objects.get(code="PS2024-001")
    assert (row.visibility, row.operator, row.value, row.unit) == ("closed", "ge", "90", "处")
    assert (row.due_origin, row.due_said) == (
        "inferred",
        "默认时限 10 个工作日，自 2024-07-15 批示起算",
    )
    assert sign_in("").get("/commitments/PS2024-001/").status_code == 404
    assert sign_in("pulandian").get("/commitments/PS2024-001/").status_code == 404


def test_another_date_needs_no_reason_and_is_kept_as_said(city: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    client.post("/work/task/批示件/", task(due="2024-07-22", due_said="一周内"))
    client.post("/work/task/批示件/", task(undated="on", due_said="尽快"))
    client.post("/work/task/方案/", task(due="", start_date=""))
    found = Commitment.objects.filter(code__in=["PS2024-001", "PS2024-002", "FA2024-001"])
    said = {c.code: (str(c.due), c.due_origin, c.due_said) for c in found}
    assert said == {
        "PS2024-001": ("2024-07-22", "text", "一周内"),
        "PS2024-002": ("None", "none", "尽快"),
        "FA2024-001": ("None", "none", ""),
    }


def test_faults_of_a_task_stand_at_their_fields(city: City, sign_in: SignIn) -> None:
    wrong = task(title="", document_title="", figure="若干", cooperating="某局", due="年底")
    answer = sign_in("supervisor").post("/work/task/批示件/", wrong)
    page = body(answer).decode()
    assert answer.status_code == 422
    for field in ("title", "figure", "cooperating", "due"):
        assert f'id="id_{field}_error"' in page
    assert "没有叫“某局”的单位" in page
    assert not Document.objects.filter(kind="批示件").exists()
    unnamed = sign_in("supervisor").post("/work/task/批示件/", task(document_title=""))
    assert "请选一份已登记的文件，或写新文件的名称" in words(unnamed)


def test_a_citys_own_sources_are_used(
    city: City, sign_in: SignIn, settings: Settings, tmp_path: Path
) -> None:
    settings.YINUO_CONTENT = tmp_path
    (tmp_path / "rosters").mkdir()
    table = tmp_path / "rosters" / "sources.csv"
    head = "来源,编号规则,类型,公开类型,默认时限,起算,签收时限,承诺对象,依据,核对\n"
    table.write_text(
        head + "区长信箱,QX{n},交办事项,不予公开,,,2wd,,本市自定,已核对\n", encoding="utf-8"
    )
    client = sign_in("supervisor")
    assert "区长信箱" in words(client.get("/work/task/"))
    assert client.get("/work/task/批示件/").status_code == 404
    client.post("/work/task/区长信箱/", task())
    assert Commitment.objects.filter(code="QX1", kind="order").exists()
    table.write_text(head, encoding="utf-8")
    broken = client.get("/work/task/")
    assert broken.status_code == 500
    assert "任务来源表有1处错误" in words(broken)


def test_the_list_is_filtered_by_source_and_signature(city: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    client.post("/work/task/批示件/", task())
    assert "共1项" in words(client.get("/commitments/?basis=批示件"))
    assert "共1项" in words(client.get("/commitments/?signing=waiting"))
    assert "共7项" in words(client.get("/commitments/?signing=none"))
    outside = body(sign_in("").get("/commitments/?signing=waiting")).decode()
    assert 'name="signing"' not in outside
    assert "批示件" not in outside
    assert "共 5 项" in outside


def test_the_office_sees_all_sources_at_work(city: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    client.post("/work/task/批示件/", task(due="2024-07-01"))
    shown = words(client.get("/work/"))
    assert "批示件11101" in shown
    assert "待签收" in shown


def test_the_roster_has_the_columns_an_office_keeps(city: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    client.post("/work/task/批示件/", task(cooperating="普兰店区", area="沿海街道"))
    assign(
        commitments=["PS2024-001"],
        unit=LUSHUN,
        leader="林某 副区长",
        liaison="周某 1234",
        by=city["lushun"],
        at=JULY,
    )
    found = sheet(client.get("/work/roster.xlsx?basis=批示件"))
    for text in (
        "PS2024-001",
        "关于排查的批示",
        "普兰店区",
        "沿海街道",
        "旅顺口区 林某 副区长",
        "旅顺口区 周某 1234",
        "旅顺口区 待签收；普兰店区 待签收",
    ):
        assert text in found
    whole = sheet(client.get("/work/roster.xlsx"))
    assert whole.count("<row ") == 3 + 8


def test_the_protector_of_the_unit_may_have_its_names_erased(city: City, sign_in: SignIn) -> None:
    add_protectors(city)
    ask(city, "PL-001")
    officer = sign_in("pulandian")
    officer.post("/signings/PL-001/210214/return/", {"reason": "不属本区"})
    officer.post("/work/assign/", {"codes": ["PL-001"], "leader": "林某", "liaison": "周某"})
    protector = sign_in("protect3")
    page = body(protector.get("/commitments/PL-001/")).decode()
    links = re.findall(r'href="(/erasures/text/\?text=[^"]+)"', page)
    assert len(links) >= 3
    shown = "".join(words(protector.get(link)) for link in links)
    assert all(text in shown for text in ("不属本区", "林某", "周某"))
    assert "/erasures/" not in body(sign_in("supervisor").get("/commitments/PL-001/")).decode()
