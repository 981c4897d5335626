"""`yinuo rounds`, against the small city."""

import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from tests.city import OFFICE, City
from tests.visits import city, july
from yinuo.project.cli.rounds import rounds
from yinuo.supervision.errors.rounds import UnknownSheet

__all__ = ["city", "july"]

pytestmark = pytest.mark.django_db

OPEN = ["open", "--office", OFFICE, "--as-of", "2024-07-15", "--due", "2024-07-19"]


def run(*words: str) -> Result:
    return CliRunner().invoke(rounds, words, catch_exceptions=False)


def test_a_round_is_previewed_opened_listed_and_shown(city: City) -> None:
    preview = run(*OPEN, "--preview", "--by", "supervisor")
    assert preview.output == ("将向 2 个单位要求报送 6 项承诺，共 7 处要填，其中重复 0 处\n")
    opened = run(*OPEN, "--by", "supervisor")
    assert opened.output == "已开 TD2024-07（月度）：2 个单位，6 项承诺\n"
    (listed,) = json.loads(run("list", "--by", "lushun", "--json").output)
    assert (listed["code"], listed["sheets"], listed["handed_in"]) == ("TD2024-07", 1, 0)
    assert "TD2024-07  报送中  2024年7月调度" in run("list", "--by", "supervisor").output
    shown = run("show", "TD2024-07", "--by", "supervisor").output
    assert "TD2024-07-01  旅顺口区  未填  0／4" in shown
    data = json.loads(run("show", "TD2024-07", "--by", "supervisor", "--json").output)
    assert [sheet["unit"] for sheet in data["sheets"]] == ["210212", "210214"]


def test_a_sheet_is_written_for_its_unit_alone(city: City, tmp_path: Path) -> None:
    run(*OPEN, "--by", "supervisor")
    out = tmp_path / "报送表.xlsx"
    done = run("sheet", "TD2024-07-01", "--by", "lushun", "--out", str(out))
    assert done.exit_code == 0
    book = openpyxl.load_workbook(io.BytesIO(out.read_bytes()))
    assert book["报送表"]["B2"].value == "TD2024-07-01"
    with pytest.raises(UnknownSheet):
        run("sheet", "TD2024-07-01", "--by", "pulandian", "--out", str(out))


def test_an_empty_list_says_so(city: City) -> None:
    assert run("list", "--by", "supervisor").output == "还没有调度期次。\n"
