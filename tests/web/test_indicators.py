"""Indicators as everyone sees them: the list, one of them, and what is taken away as a file."""

import csv
import io
import json
import re

import openpyxl
import pytest
from django.test import Client

from tests.city import LUSHUN, City
from tests.measured import (
    CUSTOMS,
    EMPTY,
    GDP,
    HIDDEN_NAME,
    SECRET,
    SHARE,
    VISITORS,
    WAITING_VALUE,
    put_indicators,
)
from tests.visits import SignIn, body, city, july, sign_in, words

__all__ = ["city", "july", "sign_in"]


@pytest.fixture
def measured(city: City) -> City:
    put_indicators(city)
    return city


def page(path: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(path)
    assert answer.status_code == 200
    return words(answer)


def option(path: str) -> dict[str, object]:
    raw = body(Client().get(path)).decode()
    found = re.search(r'<script id="series-option" type="application/json">(.*?)</script>', raw)
    assert found
    loaded: dict[str, object] = json.loads(found[1])
    return loaded


def test_the_list_has_the_newest_figure_and_its_change(measured: City) -> None:
    shown = page("/indicators/")
    assert "共5个指标" in shown
    assert "2,110.7亿元初步" in shown
    assert "+5%" in shown
    assert "暂无数据" in shown


def test_text_and_goal_narrow_the_list(measured: City) -> None:
    assert "共1个指标" in page("/indicators/?text=通关")
    assert "共5个指标" in page("/indicators/?goal=G-1")
    assert "没有符合这些条件的指标" in page("/indicators/?goal=G-2")


def test_without_any_the_list_says_why(city: City) -> None:
    assert "还没有公开的指标" in page("/indicators/")


def test_what_is_not_public_or_not_released_is_nowhere(measured: City) -> None:
    paths = ["/indicators/", f"/indicators/{GDP}/", f"/indicators/{GDP}/figures.csv"]
    said = "".join(body(Client().get(path)).decode() for path in paths)
    assert HIDDEN_NAME not in said
    assert WAITING_VALUE not in said
    assert "5,555.5" not in said
    assert Client().get(f"/indicators/{SECRET}/").status_code == 404
    assert Client().get(f"/indicators/{SECRET}/figures.csv").status_code == 404
    assert Client().get(f"/indicators/{SECRET}/figures.xlsx").status_code == 404


def test_the_office_sees_what_waits_and_that_it_does(measured: City, sign_in: SignIn) -> None:
    shown = page(f"/indicators/{GDP}/", sign_in("supervisor"))
    assert "5,555.5亿元最终待发布" in shown
    assert HIDDEN_NAME in page("/indicators/", sign_in("supervisor"))


def test_one_says_how_things_stand(measured: City) -> None:
    shown = page(f"/indicators/{GDP}/")
    assert "大连市，2024年1—3月为2,110.7亿元（初步）。比上年同期+5%。" in shown
    assert "没有达到计划的2,150亿元，相差39.3亿元。" in shown
    assert "不要与下列名称相近的指标混用：规模以上工业增加值" in shown
    assert "按当年价格" in shown


def test_share_and_compression_come_from_stored_figures(measured: City) -> None:
    shown = page(f"/indicators/{GDP}/")
    assert "占辽宁省" in shown
    assert "30.54%" in shown
    assert "76.96%" in page(f"/indicators/{CUSTOMS}/")


def test_a_revision_is_told_with_both_figures(measured: City) -> None:
    shown = page(f"/indicators/{GDP}/")
    assert "第2版：由8,752.9亿元改为9,044.2亿元，修订来源：普查公报" in shown


def test_another_subject_has_its_own_figures(measured: City) -> None:
    shown = page(f"/indicators/{GDP}/?subject={LUSHUN}")
    assert "旅顺口区，2024年1—3月为77.7亿元" in shown
    assert Client().get(f"/indicators/{GDP}/?subject=nobody").status_code == 404


def test_an_implied_base_and_simulated_figures_are_marked(measured: City) -> None:
    shown = page(f"/indicators/{VISITORS}/")
    assert "推算：455.14÷(1+196.8%)" in shown
    assert "节假日接待游客演示数据" in shown
    assert "演示数据" in json.dumps(option(f"/indicators/{VISITORS}/"), ensure_ascii=False)
    assert "+196.8%基数为推算" in shown


def test_a_missing_month_is_a_gap_and_said_to_be_missing(measured: City) -> None:
    shown = page(f"/indicators/{SHARE}/")
    assert "应有4期，已有3期" in shown
    assert "2024年3月暂无数据" in shown
    drawn = option(f"/indicators/{SHARE}/")["baseOption"]
    assert isinstance(drawn, dict)
    actual = drawn["series"][0]["data"]
    assert [point["value"] for point in actual][:4] == [12.1, 12.4, None, 12.9]


def test_no_figures_no_picture(measured: City) -> None:
    raw = body(Client().get(f"/indicators/{EMPTY}/")).decode()
    assert "还没有一期数据" in raw
    assert "chart-picture" not in raw


def test_the_csv_has_every_vintage_and_the_mark_of_simulated_data(measured: City) -> None:
    answer = Client().get(f"/indicators/{GDP}/figures.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig"))))
    revised = [row["数值"] for row in rows if row["期间"] == "2023年" and row["对象"] == "大连市"]
    assert revised == ["9044.2", "8752.9"]
    assert {row["数据性质"] for row in rows} == {""}
    simulated = body(Client().get(f"/indicators/{VISITORS}/figures.csv")).decode("utf-8-sig")
    assert simulated.count("演示数据") == 2


def test_the_workbook_has_the_same_rows(measured: City) -> None:
    answer = Client().get(f"/indicators/{GDP}/figures.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(body(answer))).active
    values = [row[9] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert {"9044.2", "8752.9", "2110.7"} <= set(values)


def test_english_says_periods_and_figures_in_english(measured: City) -> None:
    raw = body(Client().get(f"/en/indicators/{GDP}/")).decode()
    assert "2023" in raw
    assert "billion yuan" in raw
