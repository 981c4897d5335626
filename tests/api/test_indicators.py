"""Series as an engineer reads them over HTTP."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from tests.city import LUSHUN, City
from tests.measured import (
    CUSTOMS,
    GDP,
    HIDDEN_NAME,
    SECRET,
    SHARE,
    VISITORS,
    WAITING_VALUE,
    put_indicators,
)
from tests.visits import SignIn, july, sign_in
from tests.visits import city as small_city

__all__ = ["july", "sign_in", "small_city"]


@pytest.fixture
def anyone(small_city: City) -> Client:
    put_indicators(small_city)
    return Client()


def read(client: Client, path: str, **parameters: str | int) -> Any:
    answer = client.get(f"/api/v1/indicators{path}", parameters)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def test_the_list_has_the_latest_figure(anyone: Client) -> None:
    found = read(anyone, "")
    assert found["total"] == 5
    gdp = next(item for item in found["items"] if item["code"] == GDP)
    assert (gdp["period"], gdp["value"], gdp["standing"]) == ("2024年1—3月", "2110.7", "初步")
    assert (gdp["year_on_year"]["value"], gdp["year_on_year"]["agrees"]) == ("5", True)
    assert [item["code"] for item in found["items"] if item["value"] is None] == ["ZB-KK"]


def test_pages_follow_each_other(anyone: Client) -> None:
    seen, address = [], "/api/v1/indicators?limit=2"
    while address:
        page = anyone.get(address).json()
        seen += [item["code"] for item in page["items"]]
        address = page["next"]
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 5


def test_one_says_what_it_is_and_of_whom_there_are_figures(anyone: Client) -> None:
    found = read(anyone, f"/{CUSTOMS}")
    assert (found["direction"], found["kind"], found["base_year"]) == ("down", "current", 2017)
    assert found["near_names"] == [{"code": "", "name": "海关作业时间"}]
    assert [one["name"] for one in read(anyone, f"/{GDP}")["subjects"]] == [
        *("大连市", "旅顺口区", "辽宁省"),
    ]


def test_a_series_has_gaps_shares_and_comparisons(anyone: Client) -> None:
    found = read(anyone, f"/{GDP}/series")
    assert (found["expected"], found["present"]) == (5, 3)
    last = found["points"][-1]
    assert (last["period"], last["actual"], last["planned"]) == ("2024-01~03", "2110.7", "2150")
    assert last["shares"][0]["compared"]["value"] == "30.54"
    assert [point["period"] for point in found["points"] if point["missing"]] == [
        *("2023-01~06", "2023-01~09"),
    ]
    assert {tuple(point["vintages"]) for point in found["points"]} == {()}
    assert read(anyone, f"/{CUSTOMS}/series")["points"][-1]["compression"]["value"] == "76.96"


def test_every_vintage_comes_when_asked_for(anyone: Client) -> None:
    points = read(anyone, f"/{GDP}/series", vintages="true")["points"]
    year = next(point for point in points if point["period"] == "2023")
    assert [(each["vintage"], each["value"]) for each in year["vintages"]] == [
        *((2, "9044.2"), (1, "8752.9")),
    ]
    quarter = points[-1]["vintages"]
    assert {each["measure"] for each in quarter} == {"数值", "同比"}


def test_another_subject(anyone: Client) -> None:
    found = read(anyone, f"/{GDP}/series", subject=LUSHUN)
    assert found["subject_name"] == "旅顺口区"
    assert [point["actual"] for point in found["points"]] == ["77.7"]


def test_what_was_known_on_a_day(anyone: Client) -> None:
    assert read(anyone, f"/{GDP}/series", as_of="2024-04-01")["points"] == []
    assert read(anyone, f"/{GDP}/series", as_of="2024-04-18")["points"] != []


def test_implied_and_simulated_are_told(anyone: Client) -> None:
    found = read(anyone, f"/{VISITORS}/series")
    base, last = found["points"]
    assert found["simulated"]
    assert (base["implied"], base["how"]) == (True, "455.14 ÷ (1 + 196.8%)")
    assert (last["simulated"], last["year_on_year"]["implied"]) == (True, True)


def test_csv_is_the_same_as_a_table(anyone: Client) -> None:
    answer = anyone.get(f"/api/v1/indicators/{SHARE}/series", {"format": "csv"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="{SHARE}.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["actual"] for row in rows] == ["12.1", "12.4", "", "12.9", "", ""]
    assert [row["missing"] for row in rows][2] == "True"


def test_what_is_closed_or_waits_is_not_there(anyone: Client, sign_in: SignIn) -> None:
    for path in (SECRET, f"{SECRET}/series", f"{GDP}/series?subject=nobody"):
        answer = anyone.get(f"/api/v1/indicators/{path}")
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] in {"INDICATOR-E010", "INDICATOR-E011"}
    paths = ["", f"/{GDP}", f"/{GDP}/series?vintages=true", f"/{GDP}/series?format=csv"]
    said = "".join(anyone.get(f"/api/v1/indicators{path}").content.decode() for path in paths)
    assert HIDDEN_NAME not in said
    assert WAITING_VALUE not in said
    office = sign_in("supervisor")
    assert read(office, f"/{SECRET}")["name"] == HIDDEN_NAME
    assert read(office, f"/{GDP}/series")["points"][-1]["actual"] == WAITING_VALUE


@pytest.mark.parametrize(
    ("parameter", "value"), [("format", "xml"), ("as_of", "2024-02-31"), ("vintages", "perhaps")]
)
def test_a_bad_parameter_is_named(anyone: Client, parameter: str, value: str) -> None:
    answer = anyone.get(f"/api/v1/indicators/{GDP}/series", {parameter: value})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == parameter


def test_csv_is_described_beside_json(anyone: Client) -> None:
    described = anyone.get("/api/v1/openapi.json").json()
    answer = described["paths"]["/api/v1/indicators/{code}/series"]["get"]["responses"]["200"]
    assert set(answer["content"]) == {"application/json", "text/csv"}
