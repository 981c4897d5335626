"""指标数据: a file in, its questions, the second person, and the promise that moves."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.city import JULY, MARCH, City
from tests.goals.indicators.figures import (
    book,
    enter_and_release,
    figure,
    indicator,
    open_indicators,
    publish_limits,
)
from tests.visits import SignIn, body, city, july, sign_in, words
from yinuo.commitments.queries.detail import detail
from yinuo.goals.commands.indicators import bind, define
from yinuo.goals.indicators.periods import read_period
from yinuo.goals.queries.indicators import indicator as indicator_query
from yinuo.goals.queries.series import series
from yinuo.parties.viewer import ANYONE
from yinuo.web.files import store

__all__ = ["city", "july", "sign_in"]

pytestmark = pytest.mark.django_db
WORK = "/work/indicators/"


@pytest.fixture
def measured(city: City) -> City:
    publish_limits(city, store())
    open_indicators(city, indicator("JOBS", kind="cumulative"))
    return city


def upload(client: object, data: bytes, name: str = "六月.xlsx") -> str:
    """Where the check of an uploaded file stands."""
    answer = client.post(WORK, {"file": SimpleUploadedFile(name, data)})  # type: ignore[attr-defined]
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_a_file_is_checked_asked_about_taken_in_and_released(
    measured: City, sign_in: SignIn
) -> None:
    bind(
        commitment="LS-002",
        indicator="JOBS",
        subject="210200",
        period=read_period("2024"),
        by=measured["supervisor"],
        at=MARCH,
    )
    enter_and_release(measured, store(), figure("JOBS", "2024年1—4月", "100"))
    rows = [
        figure("JOBS", "2024年1—5月", "1200000"),
        figure("JOBS", "2024年1—3月", "约"),
        figure("JOBS", "2024年1—2月", "50"),
    ]
    client = sign_in("admin2")
    path = upload(client, book(*rows))
    page = words(client.get(path))
    assert "大得多" in page
    assert "改为120再收" in page
    assert "INDICATOR-E044" in page
    assert "约" in body(client.get(f"{path}aside.csv")).decode("utf-8-sig")
    refused = client.post(path, {"take": "1"})
    assert refused.status_code == 409
    assert "INDICATOR-E015" in words(refused)
    assert client.post(path, {"q1": "change"}).status_code == 302
    assert client.post(path, {"q1": "change", "take": "1"}).headers["Location"] == WORK
    loads = words(client.get(WORK))
    assert "六月.xlsx" in loads
    assert "待发布" in loads
    assert series(indicator="JOBS", viewer=ANYONE).points[-1].actual == "100"
    release = {"decision": "release", "version": 1}
    assert client.post(f"{WORK}loads/SL2/", release).status_code == 403
    office = sign_in("supervisor")
    assert "120" in words(office.get(f"{WORK}loads/SL2/"))
    done = office.post(f"{WORK}loads/SL2/", release, follow=True)
    assert "1项承诺的进展随之更新" in words(done)
    assert series(indicator="JOBS", viewer=ANYONE).points[-1].actual == "120"
    assert "行,指标" in body(office.get(f"{WORK}loads/SL2/aside.csv")).decode("utf-8-sig")
    shown = words(sign_in("").get("/commitments/LS-002/"))
    assert "随指标更新" in shown
    assert "指标“指标JOBS”" in shown
    (report, *_) = detail(code="LS-002", viewer=ANYONE, today=JULY.date()).reports
    assert report.source == "figure:JOBS/1"
    assert report.note.startswith("指标“指标 JOBS”")


def test_one_typed_figure_goes_the_same_way(measured: City, sign_in: SignIn) -> None:
    enter_and_release(measured, store(), figure("JOBS", "2024年1—4月", "100"))
    client = sign_in("admin2")
    typed = {**figure("JOBS", "2024年1—4月", "101"), "series": "实际", "measure": "数值"}
    answer = client.post(f"{WORK}enter/", {**typed, "standing": "修订", "source": "电话更正"})
    path = answer.headers["Location"]
    assert "修订1" in words(client.get(path))
    assert client.post(path, {"take": "1"}).status_code == 302
    lacking = client.post(f"{WORK}enter/", {"indicator": "JOBS"})
    assert lacking.status_code == 422


def test_a_load_is_refused_only_with_a_reason(measured: City, sign_in: SignIn) -> None:
    client = sign_in("admin2")
    path = upload(client, book(figure("JOBS", "2024年1—4月", "100")))
    client.post(path, {"take": "1"})
    office = sign_in("supervisor")
    silent = office.post(f"{WORK}loads/SL1/", {"decision": "refuse", "version": 1})
    assert silent.status_code == 422
    answer = office.post(
        f"{WORK}loads/SL1/", {"decision": "refuse", "note": "口径不对", "version": 1}, follow=True
    )
    assert "未发布" in words(answer)
    assert series(indicator="JOBS", viewer=ANYONE).points == ()


def test_an_indicator_is_defined_described_and_opened_by_another(
    measured: City, sign_in: SignIn
) -> None:
    client = sign_in("admin2")
    form = {
        "code": "NEW-1",
        "name": "新的指标",
        "unit": "%",
        "definition": "全市",
        "kind": "ratio",
        "frequency": "year",
        "direction": "up",
        "source": "统计局",
        "office": "DL-DCS",
        "near_names": "旧的指标，别的",
        "wider": "大连口岸＜辽宁省",
    }
    wrong = client.post(f"{WORK}define/", {**form, "additive": "on", "code": "有 空格"})
    assert wrong.status_code == 422
    assert client.post(f"{WORK}define/", form).status_code == 302
    assert client.post(f"{WORK}define/", form).status_code == 422
    again = client.post(f"{WORK}define/?code=NEW-1", {**form, "definition": "改写"})
    assert again.status_code == 302
    it = indicator_query(code="NEW-1", viewer=measured["admin"])
    assert (it.definition, [n.name for n in it.near_names]) == ("改写", ["旧的指标", "别的"])
    office = sign_in("supervisor")
    assert "新的指标" in words(office.get(f"{WORK}publishing/"))
    opened = office.post(f"{WORK}publishing/", {"codes": "NEW-1", "visibility": "public"})
    assert opened.status_code == 302
    assert indicator_query(code="NEW-1", viewer=ANYONE).public


def test_a_promise_is_tied_and_untied_on_its_page(measured: City, sign_in: SignIn) -> None:
    office = sign_in("supervisor")
    path = f"{WORK}bind/LS-002/"
    unclear = office.post(path, {"indicator": "JOBS", "subject": "大连市", "period": "何时"})
    assert unclear.status_code == 422
    tied = office.post(path, {"indicator": "JOBS", "subject": "大连市", "period": "2024"})
    assert tied.status_code == 302
    assert "暂无数据" in words(office.get("/commitments/LS-002/"))
    assert "解除连接" in words(office.get(path))
    assert office.post(path, {"unbind": "1"}).status_code == 302
    assert "随指标更新" not in words(sign_in("").get("/commitments/LS-002/"))


def test_another_persons_file_does_not_exist(measured: City, sign_in: SignIn) -> None:
    path = upload(sign_in("admin2"), book(figure("JOBS", "2024年1—4月", "100")))
    assert sign_in("admin").get(path).status_code == 404
    assert sign_in("admin2").post(f"{path}drop/").status_code == 302
    assert sign_in("admin2").get(path).status_code == 404


def test_what_is_no_workbook_is_told_on_the_page(measured: City, sign_in: SignIn) -> None:
    path = upload(sign_in("admin2"), b"%PDF-1.7", "a.pdf")
    answer = sign_in("admin2").get(path)
    assert answer.status_code == 400
    assert "INDICATOR-E022" in words(answer)


def test_the_template_holds_what_is_there(measured: City, sign_in: SignIn) -> None:
    define(indicators=[indicator("OTHER")], by=measured["admin"], at=JULY)
    answer = sign_in("admin2").get(f"{WORK}figures.xlsx?full")
    assert body(answer).startswith(b"PK")
