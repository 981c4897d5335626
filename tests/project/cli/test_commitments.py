"""`yinuo commitments project`: what is sealed is counted; starting over changes no number."""

import os
from pathlib import Path

import pytest

from tests.installation import Installation, demonstrated, installed


@pytest.mark.slow
@pytest.mark.stored
def test_a_demo_is_counted_and_can_be_counted_anew(tmp_path: Path) -> None:
    with demonstrated(tmp_path) as city:
        done = city.json("commitments", "project")
        assert done["entries"] == 0
        size = city.json("ledger", "seal")["size"]
        assert done["place"] == size
        anew = city.json("commitments", "project", "--rebuild")
        assert anew == {"entries": size, "place": size}


@pytest.mark.slow
@pytest.mark.stored
def test_only_what_is_sealed_is_taken_in(tmp_path: Path) -> None:
    with installed(tmp_path) as city:
        assert city.json("commitments", "project") == {"entries": 0, "place": 0}
        size = city.json("ledger", "seal")["size"]
        done = city.run("commitments", "project")
        assert done.stdout == f"汇总 {size} 条存证记录，到第 {size} 条\n"


def test_without_a_home_it_says_what_to_do(tmp_path: Path) -> None:
    env = {**os.environ, "YINUO_HOME": str(tmp_path)}
    done = Installation(tmp_path, env).run("commitments", "project")
    assert done.returncode == 1
    assert "yinuo init" in done.stderr


@pytest.mark.slow
@pytest.mark.stored
def test_lights_are_worked_out_for_any_day(tmp_path: Path) -> None:
    with demonstrated(tmp_path) as city:
        now = city.json("commitments", "lights")
        assert now["on"] == "2025-01-20"
        assert set(now["lights"]) == {"red", "yellow", "green"}
        before = city.run("commitments", "lights", "--on", "2024-11-01")
        assert before.stdout.startswith(f"按 2024-11-01 评定 {now['looked_at']} 项进行中的承诺：")
        assert "红灯" not in before.stdout
        assert city.json("commitments", "lights") == now
