"""The pages of projects: list, map, curve, batches, one project."""

import io

import openpyxl
import pytest

from tests.city import LUSHUN, City
from tests.project_register import (
    BATCH,
    BRIDGE,
    FARM,
    HIDDEN,
    LONG_NAME,
    PARK,
    SECRET_PROJECT,
    put_projects,
)
from tests.visits import SignIn, body, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(city: City) -> City:
    put_projects(city)
    return city


def test_the_list_says_how_things_stand(register: City, sign_in: SignIn) -> None:
    page = words(sign_in("").get("/projects/"))
    assert "登记项目3个，其中在建2个（已核实1个）" in page
    assert "有今年投资计划的2个，计划投资3亿元，已完成多少还未报齐（已报1／应报2）" in page
    assert LONG_NAME in page
    assert SECRET_PROJECT not in page


def test_insiders_see_what_is_closed_and_what_was_only_reported(
    register: City, sign_in: SignIn
) -> None:
    page = words(sign_in("lushun").get("/projects/"))
    assert "登记项目4个" in page
    assert SECRET_PROJECT in page
    assert "1.5亿元" in page
    assert "1.5亿元" not in words(sign_in("").get("/projects/"))


def test_filters_narrow_the_list_and_each_shows_what_it_would_list(
    register: City, sign_in: SignIn
) -> None:
    client = sign_in("")
    page = words(client.get("/projects/", {"unit": LUSHUN}))
    assert "登记项目1个" in page
    assert "普兰店区（1）" in page  # the other units, as if none were chosen
    assert "C制造业（1）" in page
    assert "E建筑业" not in page
    assert "登记项目1个" in words(client.get("/projects/", {"industry": "48"}))
    assert "登记项目2个" in words(client.get("/projects/", {"state": "building"}))
    assert "登记项目1个" in words(client.get("/projects/", {"text": "新能源 有限公司"}))
    assert "登记项目1个" in words(client.get("/projects/", {"batch": BATCH}))
    assert "没有符合这些条件的项目" in words(client.get("/projects/", {"region": "nowhere"}))


def test_the_largest_come_first_and_those_of_unknown_size_last(
    register: City, sign_in: SignIn
) -> None:
    page = body(sign_in("").get("/projects/", {"sort": "size"})).decode()
    assert page.index(PARK) < page.index(BRIDGE) < page.index(FARM)


def test_a_project_that_is_not_seen_is_not_there(register: City, sign_in: SignIn) -> None:
    assert sign_in("").get(f"/projects/{HIDDEN}/").status_code == 404
    assert sign_in("pulandian").get(f"/projects/{HIDDEN}/").status_code == 404
    assert sign_in("lushun").get(f"/projects/{HIDDEN}/").status_code == 200
    assert sign_in("auditor").get(f"/projects/{HIDDEN}/").status_code == 200


def test_the_page_of_one_project(register: City, sign_in: SignIn) -> None:
    page = words(sign_in("").get(f"/projects/{PARK}/"))
    assert "新能源产业园" in page
    assert "在建2024年2月27日开工，下一步竣工，计划在2024年12月31日。" in page
    assert "2024-210212-38-01-000001" in page
    assert "演示数据" in page
    assert "建筑工程施工许可证2024-001" in page
    assert "东经121.2610°" in page
    assert "承诺XM2024" not in page
    assert "45%" not in page  # reported, and not confirmed
    assert "45%" in words(sign_in("lushun").get(f"/projects/{PARK}/"))


def test_a_project_of_which_nothing_is_known(register: City, sign_in: SignIn) -> None:
    page = words(sign_in("").get(f"/projects/{FARM}/"))
    assert "阶段未报送各阶段都没有写明时限。" in page
    assert "未明确责任单位" in page
    assert "暂无数据" in page


def test_what_is_late_is_said(register: City, sign_in: SignIn) -> None:
    page = words(sign_in("").get(f"/projects/{BRIDGE}/"))
    assert "2024年6月2日开工，还没有核实，竣工计划在2024年7月1日，已逾期14天" in page


def test_the_map_counts_by_region(register: City, sign_in: SignIn) -> None:
    client = sign_in("")
    page = words(client.get("/projects/map/"))
    assert "旅顺口区1个" in page
    assert "图上1个项目" in page
    assert "另有2个不知道坐标" in page
    totals = words(client.get("/projects/map/", {"show": "total"}))
    assert "旅顺口区5亿元" in totals
    assert "另有1个没有填地区" in totals


def test_the_curve_of_a_selection_has_no_partial_sums(register: City, sign_in: SignIn) -> None:
    page = words(sign_in("").get("/projects/curve/", {"unit": LUSHUN}))
    assert "1个有今年计划的项目" in page
    assert "2024-05暂无数据1亿元" in page
    both = words(sign_in("").get("/projects/curve/"))
    assert "2个有今年计划的项目" in both
    assert "1亿元" not in both.split("数据表")[1].split("来源")[0]


def test_a_batch_stands_against_what_was_announced(register: City, sign_in: SignIn) -> None:
    client = sign_in("")
    assert "1/33" in words(client.get("/projects/batches/"))
    page = words(client.get(f"/projects/batches/{BATCH}/"))
    assert "登记1／公布33个。" in page
    assert "公布的总投资106亿元" in page
    assert "登记的总投资5亿元" in page
    assert client.get("/projects/batches/none/").status_code == 404


def test_the_list_as_a_workbook(register: City, sign_in: SignIn) -> None:
    data = body(sign_in("").get("/projects.xlsx"))
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[3:]] == [PARK, BRIDGE, FARM]
    assert rows[3][12] == "500000000"


def test_the_register_to_be_altered_is_for_those_who_keep_it(
    register: City, sign_in: SignIn
) -> None:
    data = body(sign_in("supervisor").get("/work/projects/register.xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["项目"]
    assert PARK in {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert sign_in("lushun").get("/work/projects/register.xlsx").status_code == 403


def test_public_pages_in_english(register: City, sign_in: SignIn) -> None:
    client = sign_in("")
    for path in ("", "map/", "curve/", "batches/", f"batches/{BATCH}/", f"{PARK}/", f"{FARM}/"):
        answer = client.get(f"/en/projects/{path}")
        assert answer.status_code == 200, path


def test_a_damaged_cursor_is_told(register: City, sign_in: SignIn) -> None:
    answer = sign_in("").get("/projects/", {"after": "nothing"})
    assert answer.status_code == 400
    assert "翻页位置无效" in words(answer)


def test_without_any_project_the_pages_say_so(city: City, sign_in: SignIn) -> None:
    client = sign_in("")
    assert "还没有公开的项目" in words(client.get("/projects/"))
    assert "还没有公开的项目" in words(client.get("/projects/map/"))
    assert "这些项目都没有今年的投资计划" in words(client.get("/projects/curve/"))
    assert "还没有公开的批次" in words(client.get("/projects/batches/"))
