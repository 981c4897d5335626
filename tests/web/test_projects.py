"""The pages of projects: list, map, curve, batches, one project."""

import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from pytest_django import Settings

from tests.city import JULY, LUSHUN, PULANDIAN, City
from tests.project_register import (
    BATCH,
    BRIDGE,
    FARM,
    HIDDEN,
    LONG_NAME,
    PARK,
    SECRET_PROJECT,
    YI,
    figure_row,
    put_projects,
    put_rows,
    stage_row,
)
from tests.published import publish_lights
from tests.visits import SignIn, body, words
from yinuo.commitments.lights.deciding import Colour
from yinuo.goals.commands.lighting import light_projects
from yinuo.goals.projects.stages import Stage
from yinuo.goals.queries import project_lit
from yinuo.goals.queries.project_lights import project_lights, whole_lights
from yinuo.goals.register import table
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.viewer import ANYONE

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


# ── lights ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def lit(register: City, settings: Settings, tmp_path: Path) -> City:
    settings.YINUO_FILES = tmp_path / "files"
    publish_lights(register, FileStore(settings.YINUO_FILES))
    return register


def codes_lit(client: Client, colour: str, **more: str) -> list[str]:
    page = body(client.get("/projects/", {"light": colour, **more})).decode()
    return [code for code in (PARK, BRIDGE, FARM, HIDDEN) if f"/projects/{code}/" in page]


def test_the_list_is_filtered_by_light_and_follows_what_changes(lit: City, sign_in: SignIn) -> None:
    client, office = sign_in(""), sign_in("supervisor")
    by_colour = {colour: codes_lit(client, colour) for colour in Colour}
    lights = project_lights(codes=[PARK, BRIDGE, FARM, HIDDEN], viewer=ANYONE, today=JULY.date())
    for colour, codes in by_colour.items():
        assert codes == sorted(c for c, each in lights.items() if each.whole.colour == colour)
    assert sum(map(len, by_colour.values())) == len(lights) == 3
    assert any(HIDDEN in codes_lit(office, colour) for colour in Colour)

    started = stage_row(FARM, Stage.STARTED, planned_date=date(2024, 4, 1))
    assert FARM not in by_colour[Colour.RED]
    put_rows([started], verb="project_stage.registered")
    assert FARM in codes_lit(client, Colour.RED)
    assert FARM not in codes_lit(client, Colour.RED, unit=LUSHUN)
    assert "没有符合这些条件的项目" in words(
        client.get("/projects/", {"light": "green", "unit": "nobody"})
    )


def test_a_light_is_only_asked_for_once(
    lit: City,
    sign_in: SignIn,
    signer: Signer,
    memory: Memory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = sign_in("")
    seal(signer=signer, memory=memory)
    codes_lit(client, Colour.RED)
    asked: list[str] = []

    def noted(*, codes: Sequence[str], **kw: Any) -> Any:
        asked.extend(codes)
        return whole_lights(codes=codes, **kw)

    monkeypatch.setattr(project_lit, "whole_lights", noted)
    codes_lit(client, Colour.YELLOW)
    assert asked == []
    put_rows([figure_row(BRIDGE, 9, date(2024, 7, 1), paid=YI)], verb="project_figure.reported")
    codes_lit(client, Colour.YELLOW)
    assert asked == [BRIDGE]


def test_the_lights_of_the_day_are_kept_for_who_asks_first(
    lit: City,
    sign_in: SignIn,
    signer: Signer,
    memory: Memory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seal(signer=signer, memory=memory)
    seers = sign_in(""), sign_in("supervisor")
    worked_out = [[codes_lit(one, colour) for colour in Colour] for one in seers]
    assert light_projects(today=JULY.date()) == 4 * 2
    assert light_projects(today=JULY.date()) == 0
    asked: list[str] = []

    def noted(*, codes: Sequence[str], **kw: Any) -> Any:
        asked.extend(codes)
        return whole_lights(codes=codes, **kw)

    monkeypatch.setattr(project_lit, "whole_lights", noted)
    table._held.clear()  # as in a worker that has just started
    assert [[codes_lit(one, colour) for colour in Colour] for one in seers] == worked_out
    assert asked == []
    started = stage_row(FARM, Stage.STARTED, planned_date=date(2024, 4, 1))
    put_rows([started], verb="project_stage.registered")
    table._held.clear()  # as in a worker that has just started
    assert FARM in codes_lit(seers[0], Colour.RED)
    assert asked == [FARM]
    assert light_projects(today=JULY.date()) == 2


def test_a_light_that_is_remembered_speaks_the_language_of_the_page(
    lit: City, sign_in: SignIn, signer: Signer, memory: Memory
) -> None:
    seal(signer=signer, memory=memory)
    client = sign_in("")
    for _ in range(2):
        assert "灯未定" in words(client.get(f"/projects/{BRIDGE}/"))
        english = words(client.get(f"/en/projects/{BRIDGE}/"))
        assert "灯未定" not in english
        assert "Undetermined" in english


def test_without_a_published_table_no_light_is_offered(register: City, sign_in: SignIn) -> None:
    page = body(sign_in("").get("/projects/")).decode()
    assert "light=red" not in page
    assert codes_lit(sign_in(""), Colour.RED) == []


def test_an_undetermined_payment_says_what_is_missing(lit: City, sign_in: SignIn) -> None:
    page = words(sign_in("").get(f"/projects/{BRIDGE}/"))
    assert "没有付款数据：填报进度时要写按合同应付和已付" in page


# ── the city's own map ───────────────────────────────────────────────────────────────────────────


def square(east: float, north: float, side: float = 0.4) -> list[list[list[float]]]:
    return [
        [
            [east, north],
            [east + side, north],
            [east + side, north + side],
            [east, north + side],
            [east, north],
        ]
    ]


def feature(unit: str, name: str, coordinates: Any, kind: str = "Polygon") -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"unit": unit, "name": name},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


THREE = [
    feature(LUSHUN, "旅顺口区", square(121.0, 38.7)),
    feature(PULANDIAN, "普兰店区", square(121.4, 39.1)),
    feature("NOBODY", "无人区", [square(121.9, 38.7), square(122.4, 38.9, 0.1)], "MultiPolygon"),
]


@pytest.fixture
def own_map(settings: Settings, tmp_path: Path) -> Path:
    settings.YINUO_CONTENT = tmp_path
    path = tmp_path / "maps" / "city.geojson"
    path.parent.mkdir()
    return path


def test_the_citys_own_districts_are_drawn_instead_of_tiles(
    register: City, sign_in: SignIn, own_map: Path
) -> None:
    client = sign_in("")
    assert client.get("/projects/map/city.geojson").status_code == 404
    own_map.write_text(json.dumps({"type": "FeatureCollection", "features": THREE}))
    page = body(client.get("/projects/map/")).decode()
    assert page.count('class="outline ') == 3
    assert f'href="/projects/?region={LUSHUN}"' in page
    assert "无人区" in page
    assert "tile-name" not in page
    found = json.loads(body(client.get("/projects/map/city.geojson")))
    assert len(found["features"]) == 3
    own_map.write_text(json.dumps({"type": "FeatureCollection", "features": THREE[1:]}))
    page = body(client.get("/projects/map/")).decode()
    assert page.count('class="outline ') == 2
    assert page.count("tile-name") == 1


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("{", "不是 JSON"),
        ("[]", "不是有内容的 FeatureCollection"),
        ([], "不是有内容的 FeatureCollection"),
        ([feature("", "无", square(121, 38))], "第 1 个 Feature"),
        ([*THREE, feature(LUSHUN, "又一个", square(121, 38))], f"单位 {LUSHUN} 出现两次"),
        ([feature("A", "甲", [[121, 38]], "Point")], "geometry 是 Point"),
        ([feature("A", "甲", square(41_000_000, 4_300_000))], "像是投影坐标"),
        ([feature("A", "甲", [[[121, 38], [122, 39]]])], "一圈边界只有 2 个点"),
        ([feature("A", "甲", [["x", "y"]])], "不是经纬度的点"),
        ([feature("A", "甲", [])], "没有边界"),
    ],
)
def test_a_bad_map_is_refused_and_tiles_stand_instead(
    register: City, sign_in: SignIn, own_map: Path, data: Any, what: str
) -> None:
    text = data if isinstance(data, str) else json.dumps({"features": data})
    own_map.write_text(text)
    page = words(sign_in("supervisor").get("/projects/map/"))
    assert what.replace(" ", "") in page
    assert "PROJECT-E210" in page
    assert "旅顺口区" in page
    public = body(sign_in("").get("/projects/map/")).decode()
    assert "本市的地图文件暂时不能用" in public
    assert str(own_map) not in public
    assert "tile-name" in public
    assert sign_in("").get("/projects/map/city.geojson").status_code == 500
