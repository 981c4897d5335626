"""`yinuo content` as an office types it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from tests.city import JULY, City, open_accounts
from tests.content.workbooks import subsidy
from tests.published import NAME as LIGHTS
from tests.published import lights, publish_lights, stricter_lights
from tests.rules.builders import HEAD, sheet
from yinuo.content.errors import ContentRefused
from yinuo.kernel.filestore import FileStore
from yinuo.parties.viewer import ANYONE, NotAllowed, Viewer
from yinuo.project.cli import content as module
from yinuo.project.cli.content import AnotherFile, NewName, NothingBefore, StartUnreadable, content
from yinuo.project.effects import Facts
from yinuo.web import clock

pytestmark = pytest.mark.django_db
START = ("--valid-from", "2024-09-01", "--reason", "依据通知", "--yes")


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> FileStore:
    settings.YINUO_FILES = tmp_path / "files"
    settings.YINUO_CONTENT = tmp_path / "own"
    return FileStore(settings.YINUO_FILES)


@pytest.fixture
def people(db: None, store: FileStore, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(clock, "now", lambda: JULY)
    monkeypatch.setattr(module, "now", lambda: JULY)
    return open_accounts()


@pytest.fixture
def city(people: City, store: FileStore) -> City:
    publish_lights(people, store)
    return people


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(content, list(arguments), input=stdin)


def told(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def written(path: Path, data: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def test_list_names_what_is_in_force_and_what_is_not_published(city: City) -> None:
    shown = run("list").output
    assert "tables/lights.xlsx\n  生效    第 1 版（P1），自 2024-03-01" in shown
    assert "admin 申请、admin2 批准" in shown
    assert "tables/minor-violation-waiver.xlsx\n  没有生效的版本" in shown
    assert "随软件发布的文件没有发布过，与生效的版本不同" in shown


def test_list_tells_of_the_citys_own_file_and_leaves_it_alone(
    city: City, settings: Settings
) -> None:
    own = settings.YINUO_CONTENT / LIGHTS
    written(own, stricter_lights())
    found = told("list")
    mine = next(each for each in found["unpublished"] if each["own"])
    assert (mine["name"], mine["path"]) == (LIGHTS, str(own))
    assert found["contents"][0]["in_force"]["edition"] == 1
    run("publish", LIGHTS, "--by", "admin", *START)
    assert not any(each["own"] for each in told("list")["unpublished"])
    assert own.read_bytes()


def test_an_upgrade_with_other_defaults_is_told_and_changes_nothing(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written(tmp_path / "newer" / LIGHTS, stricter_lights())
    monkeypatch.setattr("yinuo.project.content_files.content_dir", lambda: tmp_path / "newer")
    shown = run("list").output
    assert f"与生效的版本不同；要采用请用 content publish：{tmp_path / 'newer' / LIGHTS}" in shown
    assert "第 1 版（P1）" in shown


def test_check_says_why_a_file_cannot_be_published(tmp_path: Path) -> None:
    sound = run("check", written(tmp_path / "a.xlsx", subsidy(10)))
    assert (sound.exit_code, sound.output.strip()) == (0, "1 张表，2 条规则；1 个例子，1 个相符。")
    wrong = run("check", written(tmp_path / "b.xlsx", subsidy(3)), "--valid-from", "2024-09-01")
    assert wrong.exit_code == 1
    assert "不能发布  测试表第 2 行：结果应得 不奖，实得 奖" in wrong.output
    cells = run("check", "-", stdin=sheet(*HEAD, ("1", "1000左右", "-", "奖")))
    assert cells.exit_code == 1
    assert "RULES-E020" in cells.output


def test_published_by_two_persons(city: City, tmp_path: Path) -> None:
    path = written(tmp_path / "lights.xlsx", stricter_lights())
    asked = run("publish", path, "--by", "admin", *START)
    assert asked.exit_code == 0, asked.output
    assert "改动 2 处" in asked.output
    assert "“进度灯”规则 3 落后百分点：(0%..10%) → (0%..5%)" in asked.output
    assert "没有可比的数据，未计算谁的结果会变" in asked.output
    assert "已申请，编号 P2。" in asked.output
    assert "待批准  P2，自 2024-09-01，admin 申请：依据通知" in run("list").output
    Path(path).write_bytes(b"edited meanwhile")
    alone = run("approve", "P2", "--by", "admin", "--yes")
    assert isinstance(alone.exception, NotAllowed)
    asking = CliRunner().invoke(content, ["approve", "2", "--by", "admin2"], input="y\n")
    assert "影响    没有可比的数据" in asking.output
    assert "已批准：tables/lights.xlsx 第 2 版，从 2024-09-01 起生效。" in asking.output
    out = tmp_path / "out.xlsx"
    run("show", "2", "--out", str(out))
    assert out.read_bytes() == stricter_lights()
    assert told("show", "2")["in_force"] is False
    listed = told("list")["contents"][0]
    assert (listed["in_force"]["edition"], listed["coming"][0]["edition"]) == (1, 2)


def test_nothing_is_asked_without_a_yes(city: City, tmp_path: Path) -> None:
    path = written(tmp_path / "lights.xlsx", stricter_lights())
    asking = CliRunner().invoke(
        content, ["publish", path, "--by", "admin", *START[:-1]], input="n\n"
    )
    assert asking.exit_code == 1
    assert told("list")["waiting"] == []
    assert run("publish", path, "--by", "admin", *START[:-1], "--json").exit_code == 2


def test_brought_rows_say_whose_result_changes(city: City, tmp_path: Path) -> None:
    name = "tables/subsidy.xlsx"
    first = written(tmp_path / "subsidy.xlsx", subsidy(10))
    told("publish", first, "--by", "admin", "--new", *START)
    told("approve", "2", "--by", "admin2", "--yes")
    rows = tmp_path / "firms.parquet"
    pq.write_table(
        pa.table({"代码": ["A", "B", "C"], "营业收入": [15, 30, 5], "类别": ["甲"] * 3}), rows
    )
    second = written(tmp_path / "next.xlsx", subsidy(20))
    brought = ("--data", str(rows), "--key", "代码")
    asked = run("publish", second, "--name", name, "--by", "admin", *brought, *START)
    assert "奖 → 不奖  1 行，如 A" in asked.output
    kept = told("show", "3")["effect"]
    assert kept == ["“奖补”：3 行，1 行的结果会变，2 行不变", "奖 → 不奖：1 行"]
    assert "如 A" in run("diff", "3", *brought).output
    assert told("diff", "3")["effect"] == ["没有可比的数据，未计算谁的结果会变"]


def test_the_citys_own_facts_are_compared(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_by = []

    def facts(viewer: Viewer, day: date) -> Facts:
        asked_by.append((viewer, day))
        rows = {"编号": ["甲", "乙"], "有序时进度": [True, True], "落后百分点": [7.0, 2.0]}
        closed = 0 if viewer == ANYONE else 1
        return Facts(pa.table(rows).slice(0, 1 + closed), key="编号")

    monkeypatch.setattr(module, "FACTS", {LIGHTS: facts})
    path = written(tmp_path / "lights.xlsx", stricter_lights())
    shown = run("publish", path, "--by", "admin", *START).output
    assert [(viewer.signed_in, day) for viewer, day in asked_by] == [(False, JULY.date())] * 2
    assert "按 2024-07-15 的情况，包括不公开的" in shown
    assert "“进度灯”：2 行，1 行会变，1 行不变\n    绿 → 黄  1 行，如 甲" in shown
    kept = told("show", "2")["effect"]
    assert kept[:2] == [
        "按 2024-07-15 的情况，只算公开的",
        "“进度灯”：1 行，1 行的结果会变，0 行不变",
    ]


def test_the_lights_of_open_commitments_are_compared(city: City) -> None:
    assert list(module.FACTS) == [LIGHTS, "tables/supervision.xlsx"]
    rows = module.FACTS[LIGHTS](ANYONE, JULY.date())
    assert rows.key in rows.rows.column_names


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("publish", "{odd}", "--by", "admin", *START), NewName),
        (("publish", "{lights}", "--by", "auditor", *START), NotAllowed),
        (
            ("publish", "{lights}", "--by", "admin", "--valid-from", "九月", *START[2:]),
            StartUnreadable,
        ),
        (("publish", "{subsidy}", "--name", LIGHTS, "--by", "admin", *START), AnotherFile),
        (("diff", "1"), NothingBefore),
    ],
)
def test_what_is_refused(
    city: City, tmp_path: Path, arguments: tuple[str, ...], error: type[Exception]
) -> None:
    paths = {
        "odd": written(tmp_path / "odd.xlsx", stricter_lights()),
        "lights": written(tmp_path / "lights.xlsx", stricter_lights()),
        "subsidy": written(tmp_path / "subsidy.xlsx", subsidy(10)),
    }
    result = run(*(each.format(**paths) for each in arguments))
    assert isinstance(result.exception, error), result.output
    assert told("list")["waiting"] == []


def test_a_faulty_file_is_not_asked_for(city: City, tmp_path: Path) -> None:
    result = run(
        "publish", written(tmp_path / "s.xlsx", subsidy(3)), "--new", "--by", "admin", *START
    )
    assert result.exit_code == 1
    assert not isinstance(result.exception, ContentRefused)
    assert "有 1 处问题，不能发布。" in result.output
    assert told("list")["waiting"] == []


def test_refused_and_withdrawn(city: City, tmp_path: Path) -> None:
    path = written(tmp_path / "lights.xlsx", stricter_lights())
    told("publish", path, "--by", "admin", *START)
    assert told("refuse", "2", "--by", "admin2", "--reason", "不合") == {
        "publication": 2,
        "state": "refused",
    }
    told("publish", path, "--by", "admin", *START)
    assert "P3 已撤回。" in run("withdraw", "3", "--by", "admin", "--reason", "笔误").output
    assert "决定    admin2，2024-07-15：不合" in run("show", "2").output
    assert run("show", "二").exit_code == 2
    assert lights() == (CliRunner().invoke(content, ["show", "1", "--out", "-"]).stdout_bytes)
