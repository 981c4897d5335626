"""A developer applies for a stage online, by the 查询码 of the project."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cases.construction.site import MONDAY, PROJECT, make_site, put_project, run_stages, start
from tests.handed_in import PDF
from yinuo.cases.commands.building import NewReuse, reuse
from yinuo.cases.models import Applicant, Case, CaseMaterial, Joint, Reuse
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.web import clock

pytestmark = pytest.mark.django_db
PAGE = "/services/construction/project/stages/{}/"
LATER = MONDAY + timedelta(days=24)


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages take it to be some weeks later."""
    monkeypatch.setattr(clock, "now", lambda: LATER)


def _following(track: str) -> Client:
    pages = Client()
    assert pages.post("/services/construction/project/", {"track": track}).status_code == 302
    return pages


def _files(pages: Client, stage: str) -> dict[str, Any]:
    """A file for each document that the page asks for, and the mark of the form."""
    said = pages.get(PAGE.format(stage)).content.decode()
    once = re.search(r'name="once" value="(\w+)"', said)
    assert once is not None
    names = re.findall(r'name="(file_\d+)"', said)
    files = {name: SimpleUploadedFile(f"{name}.pdf", PDF) for name in names}
    return {"once": once[1], **files}


def _post(pages: Client, stage: str, **changes: Any) -> Any:
    sent = {**_files(pages, stage), **changes}
    sent = {name: value for name, value in sent.items() if value is not None}
    return pages.post(PAGE.format(stage), sent)


def test_applied_once_for_all_departments_with_files_and_a_receipt() -> None:
    city = make_site()
    pages = _following(put_project(city).track)
    page = pages.get("/services/construction/project/").content.decode()
    assert PAGE.format("1") in page
    assert "土地出让合同" in page
    answer = _post(pages, "1")
    assert answer.status_code == 302, answer.content.decode()
    joint = Joint.objects.get()
    cases = Case.objects.filter(joint=joint).order_by("code")
    assert [(one.channel, one.window_id, one.status) for one in cases] == [
        ("online", None, "received"),
        ("online", None, "received"),
    ]
    assert (
        CaseMaterial.objects.filter(case__joint=joint, state="given").exclude(sha256="").count()
        == 4
    )
    assert Applicant.objects.count() == 1
    started = Entry.objects.get(subject=joint.subject, version=1)
    assert started.capacity == "applicant"
    receipt = pages.get(answer.headers["Location"]).content.decode()
    assert all(one.code in receipt for one in cases)
    assert len(set(re.findall(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", receipt))) == 2
    assert replay().faults == []


def test_the_same_form_twice_makes_one_joint_case() -> None:
    city = make_site()
    pages = _following(put_project(city).track)
    sent = _files(pages, "1")
    first = pages.post(PAGE.format("1"), sent)
    for value in sent.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    second = pages.post(PAGE.format("1"), sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Joint.objects.count() == 1


def test_a_document_that_several_items_want_is_asked_for_once() -> None:
    city = make_site()
    receipt = put_project(city)
    run_stages(city, ["1"], at=MONDAY)
    pages = _following(receipt.track)
    page = pages.get(PAGE.format("2")).content.decode()
    assert page.count(">设计方案") == 1
    assert "用于建设工程设计方案审查、建设工程规划许可" in page
    assert _post(pages, "2").status_code == 302
    files = CaseMaterial.objects.filter(name="设计方案").values_list("sha256", flat=True)
    assert len(files) == 2
    assert len(set(files)) == 1


def test_a_result_used_again_is_not_asked_for() -> None:
    city = make_site()
    receipt = put_project(city)
    run_stages(city, ["1"], at=MONDAY)
    new = NewReuse(
        kind="QP-DZ", number="DZ-1", source="区域评估", made_date=MONDAY.date(), valid_until=None
    )
    reuse(project=PROJECT, new=new, by=city["clerk"], at=LATER)
    pages = _following(receipt.track)
    page = pages.get(PAGE.format("2")).content.decode()
    assert "不用再交" in page
    assert "DZ-1" in page
    assert _post(pages, "2").status_code == 302
    assert Reuse.objects.get().case is not None
    assert CaseMaterial.objects.filter(state="held").count() == 1


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (None, "请选择文件"),
        (SimpleUploadedFile("a.pdf", b"MZ\x90\x00 not a pdf"), "a.pdf"),
    ],
)
def test_a_missing_or_odd_file_is_told_at_its_document(file: object, says: str) -> None:
    city = make_site()
    pages = _following(put_project(city).track)
    answer = _post(pages, "1", file_1=file)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert 'href="#id_file_1"' in page
    assert not Joint.objects.exists()


def test_a_stage_that_runs_or_cannot_begin_says_why() -> None:
    city = make_site()
    receipt = put_project(city)
    pages = _following(receipt.track)
    early = pages.get(PAGE.format("2"))
    assert early.status_code == 409
    assert "前置事项还没有办结通过" in early.content.decode()
    sent = _files(pages, "1")
    start(city, "1")
    late = pages.post(PAGE.format("1"), sent)
    assert late.status_code == 409
    assert "已经在办" in late.content.decode()
    assert Joint.objects.count() == 1
    assert pages.get(PAGE.format("9")).status_code == 404


def test_without_the_code_of_the_project_nothing_opens() -> None:
    city = make_site()
    put_project(city)
    stranger = Client()
    for path in (PAGE.format("1"), "/services/construction/project/receipt/"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            "/services/construction/project/",
        )
    sent = {"file_0": SimpleUploadedFile("a.pdf", PDF)}
    assert stranger.post(PAGE.format("1"), sent).status_code == 302
    assert not Joint.objects.exists()
