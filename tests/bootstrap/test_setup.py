import json
from pathlib import Path

import pytest

import hatch_build
from bootstrap.environment import OPTIONAL, without
from bootstrap.pip import explain
from bootstrap.places import ROOT, TEST_LOCK


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("NewConnectionError(…): Name or service not known", "无法连接 Python 软件源"),
        (
            "Max retries exceeded\nERROR: No matching distribution found for click==8.5.1",
            "无法连接 Python 软件源",
        ),
        ("ERROR: No matching distribution found for click==8.5.1", "软件源里没有锁定的版本"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "哈希不符"),
        ("OSError: [Errno 28] No space left on device", "磁盘已满"),
        ("  hatch_build.FrontEndMissing: npm 未能取得前端依赖\n", "npm 未能取得前端依赖"),
    ],
)
def test_a_failed_install_names_its_cause_and_what_to_do(output: str, said: str) -> None:
    failure = explain(output)
    assert said in failure.what
    assert failure.next_step


def test_an_unknown_failure_shows_the_last_lines() -> None:
    failure = explain("\n".join(f"line {number}" for number in range(100)))
    assert "line 99" in failure.what
    assert "line 1\n" not in failure.what


def test_optional_packages_can_be_left_out_of_the_lock() -> None:
    text = TEST_LOCK.read_text("utf-8")
    part = without(text, OPTIONAL)
    assert all(f"\n{name}==" in text for name in OPTIONAL)
    assert not any(f"\n{name}==" in part for name in OPTIONAL)
    assert part.count(" \\\n    --hash") < text.count(" \\\n    --hash")
    assert "\npytest==" in part


def test_the_front_end_is_stale_once_the_lock_changes(tmp_path: Path) -> None:
    lock = tmp_path / "package-lock.json"
    lock.write_text("{}", encoding="utf-8")
    assert not hatch_build.is_current(tmp_path)
    stamp = tmp_path / hatch_build.VENDOR / hatch_build.STAMP
    stamp.parent.mkdir(parents=True)
    stamp.write_text(hatch_build.lock_digest(tmp_path), encoding="ascii")
    assert hatch_build.is_current(tmp_path)
    lock.write_text('{"packages": {}}', encoding="utf-8")
    assert not hatch_build.is_current(tmp_path)


def test_every_front_end_package_comes_with_its_licence() -> None:
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    licensed = {package for package, pattern, _ in hatch_build.FILES if "licen" in pattern.lower()}
    assert licensed == set(wanted)
