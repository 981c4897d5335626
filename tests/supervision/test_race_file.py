"""The file of a race: the same to the byte, and every alteration named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.supervision.race_scheme import DISTRICTS, HEAD, group, rate, unit
from yinuo.supervision.race.file import RaceFileUnreadable, made, read, recompute
from yinuo.supervision.race.scheme import GAIN, KEPT, MOVES, PROGRESS, REPORTED
from yinuo.supervision.race.scoring import Before, Input, Unit

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "race" / "small.json"


def _unit(code: str, kept: int, reported: int, moves: int, *, plan: str, before: str) -> Unit:
    return unit(
        code,
        rate(kept, 20, KEPT, waiting=1),
        Input(indicator=PROGRESS, numerator=plan, denominator="8"),
        Input(
            indicator=GAIN,
            numerator=plan,
            denominator="8",
            before_numerator=before,
            before_denominator="8",
        ),
        rate(reported, 12, REPORTED),
        rate(moves, 25, MOVES),
    )


def small() -> bytes:
    """Five districts: two within the tolerance, one silent, one exempt, one merged."""
    silent = unit(
        "D4",
        rate(18, 20),
        Input(indicator=PROGRESS, numerator="2", denominator="2", missing=6),
        Input(indicator=GAIN, numerator="2", denominator="2", missing=6),
        rate(6, 12, REPORTED),
        rate(0, 25, MOVES),
    )
    units = [
        _unit("D1", 19, 12, 1, plan="7.6", before="7.2"),
        _unit("D2", 19, 11, 2, plan="7.733333", before="7.2"),
        _unit("D3", 12, 12, 6, plan="6.5", before="5"),
        silent,
        unit("D5", rate(2, 2), rate(3, 12, REPORTED, exempt="X2024Q2-1"), rate(0, 2, MOVES)),
        unit("D6", rate(20, 20), absent="已于 2024-05-01 撤并"),
        unit("Z9", rate(20, 20), name=""),
    ]
    before = {
        "D1": Before(DISTRICTS, 90_00, 1),
        "D2": Before(DISTRICTS, 91_50, 1),
        "D3": Before(DISTRICTS, 30_00, 5),
    }
    return made(HEAD, {DISTRICTS: group()}, units, before).written()


def test_the_small_race_is_what_it_was() -> None:
    assert json.loads(small()) == json.loads(GOLDEN.read_bytes())
    assert small() == GOLDEN.read_bytes()


def test_a_download_comes_out_the_same() -> None:
    found = recompute(GOLDEN.read_bytes(), name="small.json")
    assert found.same
    assert [each.unit for each in found.units] == ["D1", "D2", "D3", "D4", "D5", "D6", "Z9"]


def _result(data: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in data["results"] if each["unit"] == code)
    return found


def _raise_score(data: dict[str, Any]) -> None:
    _result(data, "D3")["score"] += 1


def _alter_input(data: dict[str, Any]) -> None:
    data["units"][2]["inputs"][0]["numerator"] = "20"


def _give_award(data: dict[str, Any]) -> None:
    _result(data, "D4")["awards"] = ["突出贡献"]


def _leave_out(data: dict[str, Any]) -> None:
    data["results"] = [each for each in data["results"] if each["unit"] != "D3"]


@pytest.mark.parametrize(
    ("alter", "unit", "what"),
    [
        (_raise_score, "D3", "得分"),
        (_alter_input, "D3", "得分"),
        (_give_award, "D4", "奖励"),
        (_leave_out, "D3", "单位"),
    ],
)
def test_what_was_altered_is_named(
    alter: Callable[[dict[str, Any]], None], unit: str, what: str
) -> None:
    data = json.loads(GOLDEN.read_bytes())
    alter(data)
    found = recompute(json.dumps(data).encode())
    wrong = {each.unit: [d[0] for d in each.differences] for each in found.units if not each.same}
    assert not found.same
    assert what in wrong[unit]
    assert found.sha256 != recompute(GOLDEN.read_bytes()).sha256


def test_changed_weights_are_seen_in_every_unit_they_touch() -> None:
    data = json.loads(GOLDEN.read_bytes())
    data["groups"][0]["terms"][0]["weight"] = "10"
    wrong = [each.unit for each in recompute(json.dumps(data).encode()).units if not each.same]
    assert wrong == ["D1", "D2", "D3", "D4"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"format":"yinuo.race/1"}',
        b'{"format":"yinuo.race/2"}',
        b"[" * 100_000,
    ],
)
def test_what_holds_no_race_is_refused(data: bytes) -> None:
    with pytest.raises(RaceFileUnreadable):
        recompute(data, name="x.json")


@pytest.mark.parametrize(
    ("place", "value"),
    [("numerator", "abc"), ("numerator", None), ("denominator", "1/0"), ("missing", "viele")],
)
def test_figures_that_are_none_are_refused(place: str, value: object) -> None:
    data = json.loads(GOLDEN.read_bytes())
    data["units"][0]["inputs"][0][place] = value
    with pytest.raises(RaceFileUnreadable):
        recompute(json.dumps(data).encode())


def test_a_unit_given_twice_is_refused() -> None:
    data = json.loads(GOLDEN.read_bytes())
    data["units"].append(data["units"][0])
    with pytest.raises(RaceFileUnreadable, match="两次"):
        read(json.dumps(data).encode())
