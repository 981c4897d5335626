"""`yinuo draws` as an auditor types it, and as anyone draws again."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from tests.city import JULY, OFFICE, City, make_city
from tests.drawn import BALLS, declare_kept, publish_strata
from tests.supervision.draws.bundles import DATA, VALUE, bundle
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.project.cli import draws as module
from yinuo.project.cli.draws import draws
from yinuo.supervision.draws.frame import FrameUnreadable, draw_from
from yinuo.web import clock
from yinuo.web.files import store

FRAME = (
    *("frame", "--unit", OFFICE, "--title", "二季度抽查", "--from", "2024-06-01"),
    *("--until", "2024-06-30", "--source", "lottery", "--source-name", "双色球"),
    *("--source-number", "2024083", "--known-from", "2024-07-15T11:00", "--by", "supervisor"),
)


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(draws, list(arguments), input=stdin)


@pytest.fixture
def city(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> City:
    settings.INSTALLATION = "tests"
    settings.YINUO_DEMO_DATE = "2024-07-15"
    monkeypatch.setattr(clock, "now", lambda: JULY)
    monkeypatch.setattr(module, "now", lambda: JULY)
    found = make_city()
    publish_strata(found, store())
    declare_kept(found)
    return found


@pytest.mark.django_db
def test_a_draw_by_hand(
    city: City, signer: Signer, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    framed = run(*FRAME)
    assert framed.exit_code == 0, framed.output
    assert "CC2024-1：抽样框 14 项，抽 8 项" in framed.output
    seal(signer=signer, memory=memory)
    later = JULY.replace(hour=5)
    monkeypatch.setattr(module, "now", lambda: later)
    where = ("--known-at", "2024-07-15T12:00", "--where", "福彩官网", "--by", "supervisor")
    known = run("randomness", "CC2024-1", "--value", "33 27 21 15 9 3 + 8", *where)
    assert f"随机数 {BALLS}" in known.output, known.exception
    drawn = run("draw", "CC2024-1", "--by", "supervisor")
    assert "抽中 8 项" in drawn.output
    assert drawn.output.count("低风险") == 4
    as_json = run("show", "CC2024-1", "--json")
    assert as_json.exit_code == 0, as_json.exception
    shown = json.loads(as_json.output)
    assert (shown["randomness"], len(shown["lines"])) == (BALLS, 8)
    assert "存证记录" in run("show", "CC2024-1").output
    (listed,) = json.loads(run("list", "--json").output)
    assert (listed["planned"], listed["population"], listed["status"]) == (8, 14, "drawn")
    assert "共 1 次抽查" in run("list").output


def test_drawing_again_says_same(tmp_path: Path) -> None:
    file = tmp_path / "draw.json"
    file.write_bytes(bundle())
    done = run("recompute", str(file))
    assert (done.exit_code, "相同：重抽的 5 项与名单一致" in done.output) == (0, True)
    assert "低风险  2" in done.output


def test_drawing_again_names_each_difference(tmp_path: Path) -> None:
    file = tmp_path / "draw.json"
    file.write_bytes(bundle(frame_sha256="00" * 32))
    done = run("recompute", str(file))
    assert (done.exit_code, "1 处不同" in done.output) == (1, True)


def test_a_frame_is_drawn_from_with_a_value() -> None:
    done = run("recompute", "-", "--randomness", VALUE, "--json", stdin=DATA)
    assert [each["label"] for each in json.loads(done.output)["drawn"]] == [
        each.label for each in draw_from(DATA, VALUE)
    ]
    waiting = run("recompute", "-", stdin=DATA)
    assert "还没有随机数" in waiting.output


def test_what_is_no_draw_is_refused(tmp_path: Path) -> None:
    for name in ("absent.json", "."):
        assert isinstance(run("recompute", str(tmp_path / name)).exception, FrameUnreadable)
