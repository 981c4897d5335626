"""Lights on the board, the list, the download and over the API; the picture of a plan."""

from datetime import date, timedelta
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.city import JULY, City
from tests.published import publish_lights
from tests.visits import SignIn, body, words
from yinuo.commitments.commands.curve import set_curve
from yinuo.commitments.commands.deliver import report
from yinuo.commitments.commands.light import is_due, relight, relight_all
from yinuo.commitments.curve import Shape, Step
from yinuo.commitments.lights.table import _compiled
from yinuo.commitments.queries.lights import CurveView, PlannedPoint, ReportedPoint
from yinuo.content.queries import public_book, public_in_force, public_missing
from yinuo.kernel.filestore import FileStore
from yinuo.web.curves import drawing

TODAY = JULY.date()


@pytest.fixture
def city(city: City, settings: Settings, tmp_path: Path) -> City:
    """The small city with the shipped lights in force."""
    settings.YINUO_FILES = tmp_path / "files"
    publish_lights(city, FileStore(settings.YINUO_FILES))
    return city


@pytest.fixture
def lit(city: City) -> City:
    """LS-001 is overdue, LS-003 behind its plan, LS-002 and PL-001 are fine; a pass was made."""
    lushun = city["lushun"]
    set_curve(commitment="LS-003", text="2024-06-30 50%；2024-12-31 100%", by=lushun, at=JULY)
    day = date(2024, 6, 30)
    report(commitment="LS-003", as_of_date=day, value="30", note="在建", by=lushun, at=JULY)
    relight_all(on=TODAY)
    return city


@pytest.mark.django_db
def test_while_the_published_file_is_lost_pages_go_on_and_health_names_it(
    lit: City, client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    store = FileStore(settings.YINUO_FILES)
    version = public_in_force("tables/lights.xlsx", on=TODAY)
    assert version is not None
    kept = store.path(version.sha256)
    aside = kept.rename(kept.with_suffix(".aside"))
    _compiled.cache_clear()
    public_book.cache_clear()
    assert "进度滞后" not in words(client.get("/commitments/LS-003/"))
    assert client.get("/commitments/").status_code == 200
    assert "no lights: " in caplog.text
    told = client.get("/health")
    assert (told.status_code, told.json()["lost_content"]) == (503, ["tables/lights.xlsx"])
    assert not is_due(TODAY)
    relight(["LS-003"])
    aside.rename(kept)
    assert public_missing(on=TODAY, store=store) == ()
    assert is_due(TODAY), "what changed meanwhile is lit again"
    assert "进度滞后" in words(client.get("/commitments/LS-003/"))


@pytest.mark.django_db
def test_the_board_counts_lights_and_leads_to_them(lit: City, client: Client) -> None:
    page = client.get("/")
    assert "红黄绿灯■红灯1▲黄灯1●绿灯2" in words(page)
    assert "按2024年7月15日评定" in words(page)
    text = body(page).decode()
    assert 'href="/commitments/?light=yellow"' in text
    assert 'href="/commitments/?goal=G-1&amp;light=red"' in text
    assert 'class="seg-light-green" x="2" y="0" width="2"' in text


@pytest.mark.django_db
def test_before_the_first_pass_the_board_says_nothing_of_lights(city: City, client: Client) -> None:
    assert "红黄绿灯" not in words(client.get("/"))


@pytest.mark.django_db
def test_a_list_is_filtered_by_light(lit: City, client: Client, sign_in: SignIn) -> None:
    yellow = words(client.get("/commitments/?light=yellow"))
    assert "共1项" in yellow
    assert "LS-003" in yellow
    assert "▲进度滞后" in yellow
    assert "LS-001" not in yellow
    green = words(client.get("/commitments/?light=green&goal=G-1"))
    assert "共2项" in green
    for more in ("unit=210212", "kind=goal", "text=营商", "state=open"):
        found = words(client.get(f"/commitments/?light=yellow&{more}"))
        assert "LS-003" in found, more
        assert "共1项" in found, more
    assert "LS-009" not in words(client.get("/commitments/?light=green"))
    assert "LS-009" in words(sign_in("supervisor").get("/commitments/?light=green"))
    assert "LS-009" in words(sign_in("lushun").get("/commitments/?light=green"))
    assert "共5项" in words(client.get("/commitments/?light=purple"))


@pytest.mark.django_db
def test_pages_of_a_filtered_list_follow_one_another(
    lit: City, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yinuo.commitments.queries.listing.PAGE", 1)
    first = client.get("/commitments/?light=green")
    assert "LS-002" in words(first)
    assert "PL-001" not in words(first)
    second = words(client.get("/commitments/?light=green&after=2024-12-31~LS-002"))
    assert "PL-001" in second
    assert "旅游“顺心”服务" not in second


@pytest.mark.django_db
def test_a_line_shows_its_light_and_leads_to_the_reason(lit: City, client: Client) -> None:
    text = body(client.get("/commitments/")).decode()
    assert 'href="/commitments/LS-003/#light"' in text
    assert 'title="比序时进度慢 20 个百分点（10–30 为黄灯）"' in text


@pytest.mark.django_db
def test_lines_without_a_plan_cost_one_question_more(lit: City, client: Client) -> None:
    client.get("/commitments/?state=kept")
    with CaptureQueriesContext(connection) as asked:
        client.get("/commitments/?kind=pledge")
    about = [q["sql"] for q in asked.captured_queries if "plancurve" in q["sql"].lower()]
    assert len(about) == 1


@pytest.mark.django_db
def test_a_download_carries_light_reason_and_version(lit: City, client: Client) -> None:
    answer = client.get("/commitments.xlsx?light=yellow")
    sheet = openpyxl.load_workbook(BytesIO(body(answer))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in rows if "编号" in row)
    (line,) = [dict(zip(head, row, strict=True)) for row in rows if row[0] == "LS-003"]
    assert (line["灯"], line["灯的理由"]) == (
        "进度滞后",
        "比序时进度慢 20 个百分点（10–30 为黄灯）",
    )
    assert line["规则表版本"].endswith("@2024-01-01")


@pytest.mark.django_db
def test_the_api_carries_it_too(lit: City, client: Client) -> None:
    found = client.get("/api/v1/commitments?light=yellow").json()
    assert [item["code"] for item in found["items"]] == ["LS-003"]
    light = found["items"][0]["light"]
    assert (light["colour"], light["word"]) == ("yellow", "进度滞后")
    assert client.get("/api/v1/commitments/LS-003").json()["light"] == light
    assert client.get("/api/v1/commitments/NO-001").json()["light"] is None
    assert client.get("/api/v1/commitments?light=purple").status_code == 422


@pytest.mark.django_db
def test_the_page_draws_plan_and_reports(lit: City, client: Client) -> None:
    text = body(client.get("/commitments/LS-003/")).decode()
    assert '<polyline class="curve-plan" points="0,150 1000,0"/>' in text
    assert '<line class="curve-dot" x1="0" y1="210" x2="0" y2="210"/>' in text
    shown = words(client.get("/commitments/LS-003/"))
    assert "2024-06-3050%2024-12-31100%" in shown
    assert "2024-06-3030%慢20" in shown


@pytest.mark.django_db
def test_the_form_shows_what_stands_and_who_may_use_it(lit: City, sign_in: SignIn) -> None:
    officer = sign_in("lushun")
    assert "申请调整序时进度" in words(officer.get("/commitments/LS-003/"))
    form = body(officer.get("/commitments/LS-003/change/?kind=replanned")).decode()
    assert "2024-06-30 50%\n2024-12-31 100%</textarea>" in form
    assert "写明序时进度" in words(officer.get("/commitments/LS-002/"))
    assert officer.get("/commitments/LS-003/plan/").status_code == 409
    assert "完成比例（%）" in words(officer.get("/commitments/LS-003/report/"))


# ── the picture ──────────────────────────────────────────────────────────────────────────────────


def planned(day: date, share: Fraction | None, done: date | None = None) -> PlannedPoint:
    return PlannedPoint(day, share, "", "", done)


def test_milestones_are_drawn_as_steps() -> None:
    first, second = date(2024, 1, 1), date(2024, 1, 11)
    steps = (Step(first, Fraction(1), second), Step(second, Fraction(1), None))
    view = CurveView(
        Shape.MILESTONES,
        (planned(first, Fraction(1, 2), second), planned(second, Fraction(1))),
        (),
        steps,
    )
    drawn = drawing(view, date(2024, 1, 21))
    assert drawn is not None
    assert drawn.planned == "0,150 1000,150 1000,0"
    assert [(dot.x, dot.y) for dot in drawn.dots] == [(1000, 150)]
    assert drawn.today is None


def test_more_than_the_whole_fits_into_the_picture() -> None:
    day = date(2024, 1, 1)
    view = CurveView(
        Shape.PERCENT,
        (planned(day, Fraction(1, 2)), planned(day + timedelta(days=10), Fraction(1))),
        (ReportedPoint(day + timedelta(days=5), Fraction(3, 2), Fraction(3, 4), "", ""),),
    )
    drawn = drawing(view, day + timedelta(days=5))
    assert drawn is not None
    assert (drawn.top, drawn.promised, drawn.today) == ("150%", 100, 500)
    assert drawn.dots[0].y == 0


def test_of_one_day_there_is_nothing_to_draw() -> None:
    view = CurveView(Shape.PERCENT, (planned(date(2024, 1, 1), Fraction(1)),), ())
    assert drawing(view, TODAY) is None
