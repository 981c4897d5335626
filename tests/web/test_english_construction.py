"""What a developer sees of a building project, in English: whole, and with the same effect."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cases.construction.site import MONDAY, make_site, put_project, run_stages, start
from tests.english import said
from tests.handed_in import PDF
from yinuo.cases.commands import utilities
from yinuo.cases.construction.links import LinkVisit
from yinuo.cases.models import Joint, UtilityNotice
from yinuo.web import clock
from yinuo.web.views.utilities import link_key

pytestmark = pytest.mark.django_db

PROJECT = "/en/services/construction/project/"
LATER = MONDAY + timedelta(days=24)


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages take it to be some weeks later."""
    monkeypatch.setattr(clock, "now", lambda: LATER)


def _follow(track: str) -> Client:
    pages = Client()
    assert pages.post(PROJECT, {"track": track}).headers["Location"] == PROJECT
    return pages


def _read(pages: Client, path: str, status: int = 200) -> str:
    answer = pages.get(path)
    assert answer.status_code == status, path
    return _english(answer.content)


def _english(content: bytes) -> str:
    page = said(content)
    assert page.languages == ["en"]
    assert page.han == []
    return content.decode()


def test_the_code_is_asked_for_and_a_wrong_one_refused() -> None:
    assert "Tracking code" in _read(Client(), PROJECT)
    wrong = Client().post(PROJECT, {"track": "AAAA-AAAA-AAAA-AAAA"})
    assert wrong.status_code == 404
    assert _english(wrong.content)


def test_every_state_of_a_project_is_told() -> None:
    city = make_site()
    receipt = put_project(city)
    pages = _follow(receipt.track)
    assert "Apply for stage" in _read(pages, PROJECT)
    start(city, "1")
    running = _read(pages, PROJECT)
    assert "in progress" in running
    assert "acceptance, or word of what is missing" in running
    assert "How the time is counted" in running


def test_utilities_are_confirmed_and_denied() -> None:
    city = make_site()
    receipt = put_project(city)
    run_stages(city, ["1", "2", "3"], at=MONDAY)
    row = UtilityNotice.objects.get(utility="gas")
    visit = LinkVisit(token=link_key().token(row.code, row.nonce), key=link_key())
    day = (LATER + timedelta(days=9)).date()
    utilities.answer(
        notice=row.code, plan="自北侧市政管引入", connect_date=day, link=visit, by=None, at=LATER
    )
    utilities.connect(
        notice=row.code, connected_date=LATER.date(), note="已通气", link=visit, by=None, at=LATER
    )
    pages = _follow(receipt.track)
    assert "connected, awaiting the developer" in _read(pages, PROJECT)
    confirm = f"{PROJECT}connected/"
    missing = pages.post(confirm, {"notice": row.code, "do": "deny", "note": ""})
    assert missing.status_code == 422
    assert "Please say what is not connected" in _english(missing.content)
    done = pages.post(confirm, {"notice": row.code, "do": "confirm"}, follow=True)
    assert "Connection confirmed." in _english(done.content)


def test_a_stage_is_applied_for() -> None:
    receipt = put_project(make_site())
    pages = _follow(receipt.track)
    path = f"{PROJECT}stages/1/"
    asked = _read(pages, path)
    assert "The same document is asked for once." in asked
    names = [part.split('"')[0] for part in asked.split('name="file_')[1:]]
    refused = pages.post(path, {"once": "one"})
    assert refused.status_code == 422
    assert "Choose a file" in _english(refused.content)
    files = {f"file_{name}": SimpleUploadedFile("a.pdf", PDF) for name in names}
    sent = pages.post(path, {"once": "one", **files})
    assert sent.headers["Location"] == f"{PROJECT}receipt/"
    assert Joint.objects.get().code in _read(pages, f"{PROJECT}receipt/")


def test_a_utility_answers_by_its_link() -> None:
    city = make_site()
    put_project(city)
    run_stages(city, ["1", "2", "3"], at=MONDAY)
    row = UtilityNotice.objects.get(utility="gas")
    page = f"/en/go/utility/{link_key().token(row.code, row.nonce)}/"
    pages = Client()
    assert "The developer has not applied to you" in _read(pages, page)
    wrong = pages.post(page, {"plan": "from the north main", "connect_date": "next week"})
    assert wrong.status_code == 422
    assert "please write it as 2025-06-30" in _english(wrong.content)
    early = pages.post(page, {"plan": "from the north main", "connect_date": "2024-01-01"})
    assert early.status_code == 422
    assert _english(early.content)
    answer = pages.post(page, {"plan": "from the north main", "connect_date": "2024-05-10"})
    assert "This is a promise to the developer." in _english(answer.content)
    _read(pages, "/en/go/utility/x/", status=404)
