"""What people do about projects through the pages: report, confirm, declare, publish, alter."""

from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.city import OFFICE, City
from tests.project_register import (
    BRIDGE,
    FARM,
    HIDDEN,
    PARK,
    project_row,
    put_projects,
    put_rows,
    stage_row,
)
from tests.published import publish_lights
from tests.visits import SignIn, body, words
from yinuo.goals.models import Batch, Project, ProjectFigure, ProjectStage
from yinuo.goals.projects.stages import Stage
from yinuo.kernel.filestore import FileStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(city: City) -> City:
    put_projects(city)
    return city


def test_a_figure_is_reported_confirmed_and_then_public(register: City, sign_in: SignIn) -> None:
    officer, supervisor, anyone = (sign_in(who) for who in ("lushun", "supervisor", ""))
    page = words(officer.get(f"/projects/{PARK}/report/"))
    assert "上次：截至2024年6月30日，已报送，待核实" in page
    typed = {"as_of": "2024-07-10", "invested_year": "16,000", "progress": "50%", "note": "加快"}
    answer = officer.post(f"/projects/{PARK}/report/", typed)
    assert answer.headers["Location"] == f"/projects/{PARK}/"
    assert "进度已报送" in words(officer.get(f"/projects/{PARK}/"))
    assert "1.6亿元" not in words(anyone.get(f"/projects/{PARK}/"))

    waiting = words(supervisor.get("/work/projects/confirm/"))
    assert "核实项目进度2" in waiting
    older, newer = f"{PARK}/F2", f"{PARK}/F3"
    both = {f"confirm-{newer}": "on", f"return-{newer}": "不实"}
    refused = supervisor.post("/work/projects/confirm/", both)
    assert refused.status_code == 422
    assert "要么核实，要么退回" in words(refused)
    chosen = {f"confirm-{newer}": "on", f"return-{older}": "与合同不符"}
    assert supervisor.post("/work/projects/confirm/", chosen).status_code == 302
    assert "已核实1条，退回1条。" in words(supervisor.get("/work/projects/confirm/"))
    page = words(anyone.get(f"/projects/{PARK}/"))
    assert "1.6亿元" in page
    assert "核实进度" in page
    assert "与合同不符" not in page
    assert "与合同不符" in words(officer.get(f"/projects/{PARK}/"))


def test_many_figures_at_once_keep_what_was_typed(register: City, sign_in: SignIn) -> None:
    officer = sign_in("lushun")
    typed = {
        "as_of": "2024-07-10",
        f"invested_year-{PARK}": "17000",
        f"progress-{HIDDEN}": "130",
        f"note-{HIDDEN}": "等待图纸",
    }
    answer = officer.post("/work/projects/report/", typed)
    page = body(answer).decode()
    assert answer.status_code == 422
    assert "形象进度 130% 不在 0% 到 100% 之间" in page
    assert "等待图纸" in page
    assert 'value="17000"' not in page
    found = ProjectFigure.objects.filter(as_of_date="2024-07-10")
    assert list(found.values_list("project", "invested_year")) == [(PARK, 17_000_000_000)]
    wrong = officer.post("/work/projects/report/", {"as_of": "2024-07-10", f"paid-{PARK}": "一千"})
    assert wrong.status_code == 422
    assert "“一千”不是数字" in words(wrong)
    assert sign_in("auditor").get("/work/projects/report/").status_code == 403


def test_a_stage_is_declared_and_confirmed_by_another(register: City, sign_in: SignIn) -> None:
    officer, supervisor = sign_in("pulandian"), sign_in("supervisor")
    future = {"stage": "completed", "reached": "2024-08-01", "note": "竣工验收"}
    refused = officer.post(f"/projects/{BRIDGE}/reached/", future)
    assert refused.status_code == 422
    assert "还没有到" in words(refused)
    done = officer.post(f"/projects/{BRIDGE}/reached/", {**future, "reached": "2024-07-12"})
    assert done.status_code == 302
    assert "已竣工2024年7月12日竣工，还没有核实" in words(sign_in("").get(f"/projects/{BRIDGE}/"))
    judged = {"stage": "completed", "decision": "confirm", "note": "看过验收报告"}
    assert officer.post(f"/projects/{BRIDGE}/confirm-stage/", judged).status_code == 403
    answer = supervisor.post(f"/projects/{BRIDGE}/confirm-stage/", judged)
    assert answer.status_code == 302
    assert ProjectStage.objects.get(pk=f"{BRIDGE}/completed").confirmed_by != ""
    assert "2024年7月12日竣工。" in words(sign_in("").get(f"/projects/{BRIDGE}/"))


def test_a_promised_stage_is_delivered_on_its_own_page(register: City, sign_in: SignIn) -> None:
    officer = sign_in("lushun")
    page = body(officer.get(f"/projects/{PARK}/reached/")).decode()
    assert f"/commitments/{PARK}-completed/deliver/" in page
    assert 'value="completed"' not in page
    page = body(officer.get(f"/projects/{PARK}/")).decode()
    assert f"/commitments/{PARK}-completed/move/" in page


def test_a_closed_project_is_opened_by_a_second_person(register: City, sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    assert "公开前保密审查" in words(supervisor.get(f"/projects/{HIDDEN}/"))
    opened = supervisor.post(f"/projects/{HIDDEN}/publish/", {"visibility": "public"})
    assert opened.status_code == 302
    assert sign_in("").get(f"/projects/{HIDDEN}/").status_code == 200
    assert "登记项目4个" in words(sign_in("").get("/projects/"))


def test_register_data_are_altered_and_the_former_stay(register: City, sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    row = Project.objects.get(pk=FARM)
    typed = {
        "name": "海洋牧场示范区",
        "industry": "A04",
        "longitude": "38.9",
        "latitude": "121.6",
        "total_investment": "3000",
        "version": row.version,
    }
    refused = supervisor.post(f"/projects/{FARM}/edit/", typed)
    assert refused.status_code == 422
    assert "经度和纬度是不是写反了" in words(refused)
    done = supervisor.post(
        f"/projects/{FARM}/edit/", {**typed, "longitude": "121.6", "latitude": "38.9"}
    )
    assert done.status_code == 302
    page = words(sign_in("").get(f"/projects/{FARM}/"))
    assert "海洋牧场示范区" in page
    assert "3,000万元" in page
    assert "项目名称海洋牧场" in page
    stale = supervisor.post(f"/projects/{FARM}/edit/", {**typed, "longitude": "", "latitude": ""})
    assert stale.status_code == 409
    assert sign_in("lushun").get(f"/projects/{FARM}/edit/").status_code == 403


def test_a_good_reason_takes_a_light_away_for_a_time(
    register: City, sign_in: SignIn, settings: Settings, tmp_path: Path
) -> None:
    settings.YINUO_FILES = tmp_path / "files"
    publish_lights(register, FileStore(settings.YINUO_FILES))
    late = stage_row(FARM, Stage.STARTED, planned_date=date(2024, 4, 1))
    put_rows([late], verb="project_stage.registered")
    office, path = sign_in("supervisor"), f"/projects/{FARM}/exempt/"
    assert "认定正当理由" in words(office.get(f"/projects/{FARM}/"))
    typed = {
        "dimension": "开工灯",
        "reason": "用地批复未下达",
        "from_date": "2024-07-01",
        "until_date": "2024-06-30",
    }
    refused = office.post(path, typed)
    assert refused.status_code == 422
    assert "止于的日期早于起始日期" in words(refused)
    assert "用地批复未下达" in words(refused)
    assert office.post(path, {**typed, "until_date": "2024-09-30"}).status_code == 302
    page = words(sign_in("").get(f"/projects/{FARM}/"))
    assert "督查人认定有正当理由" in page
    assert "用地批复未下达" in page
    assert sign_in("admin").get(path).status_code == 403


def test_a_batch_is_opened_with_its_projects(register: City, sign_in: SignIn) -> None:
    waiting = "XM2024-0010"
    put_rows(
        [
            Batch(code="PC2024-2", title="二季度集中开工", office_id=OFFICE, document_id="DOC-1"),
            project_row(waiting, name="港口扩建", batch_id="PC2024-2", visibility="review"),
            project_row("XM2024-0011", name="冷链", batch_id="PC2024-2", visibility="review"),
        ]
    )
    office, path = sign_in("supervisor"), "/projects/batches/PC2024-2/"
    assert sign_in("").get(path).status_code == 404
    assert "公开前保密审查" not in words(sign_in("auditor").get(path))
    page = words(office.get(path))
    assert "公开前保密审查" in page
    assert "港口扩建（XM2024-0010）" in page
    assert "二季度集中开工" in words(office.get("/work/"))

    assert office.post(path, {"projects": [waiting]}).status_code == 422
    strange = office.post(path, {"visibility": "public", "projects": [HIDDEN]})
    assert "现在不待您审查" in words(strange)
    done = office.post(path, {"visibility": "public", "projects": [waiting]}, follow=True)
    assert "公开类型已定为主动公开，连同1个项目。" in words(done)
    public = words(sign_in("").get(path))
    assert "港口扩建" in public
    assert "冷链" not in public
    assert "冷链（XM2024-0011）" in words(office.get(path))
    nothing = office.post(path, {"visibility": "closed", "projects": []})
    assert "这一批已审查过" in words(nothing)
    office.post(path, {"visibility": "closed", "projects": ["XM2024-0011"]})
    assert Project.objects.get(pk="XM2024-0011").visibility == "closed"
    assert Batch.objects.get(pk="PC2024-2").visibility == "public"
    assert sign_in("").get(path).status_code == 200
    late = office.post(path, {"visibility": "public"}, follow=True)
    assert "已没有待您审查的内容，可能已由他人审查" in words(late)
    assert Project.objects.get(pk="XM2024-0011").visibility == "closed"
    assert sign_in("lushun").post(path, {"visibility": "public"}).status_code == 403
