"""Window systems and subscriptions from the command line."""

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook
from pytest_django import Settings

from tests.cases.desk import ITEM, OFFICE, WINDOW, make_desk
from tests.cases.feed.window import EVENING, SOURCE, make_window, told
from tests.city import City
from tests.watching import steps_told
from yinuo.cases.commands.feed.sources import register
from yinuo.cases.errors.feed import UnreadableEvents
from yinuo.cases.life import CaseStatus
from yinuo.cases.models import Case, FeedBatch, FeedSource
from yinuo.project.cli import feed as cli
from yinuo.project.cli.feed import feed
from yinuo.project.cli.hooks import hooks
from yinuo.project.home import Home
from yinuo.web import clock

pytestmark = pytest.mark.django_db
ROWS = [told("e1", "received", "2024-03-04 09:30"), told("e2", "accepted", "2024-03-04 10:00")]


@pytest.fixture(autouse=True)
def installed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.INSTALLATION = Home(city="大连市", origin="yinuo.test")
    monkeypatch.setattr(clock, "now", lambda: EVENING)
    monkeypatch.setattr(cli, "now", lambda: EVENING)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(feed, arguments)


def spgl(path: Path) -> Path:
    """As SPGL_XMSPSXBLXXXXB is exported, in GB18030."""
    lines = [
        "DFSJZJ,SPSXSLBM,SPSXBM,BLZT,BLSJ,DWMC,SJYXBS",
        "A1,SL-1,0100-17,1,2024-03-04 09:30:00,甲山餐饮有限公司,1",
        "A2,SL-1,0100-17,3,2024-03-04 10:00:00,,1",
        "A3,SL-1,0100-17,2,2024-03-04 10:30:00,,1",
        "A3,SL-1,0100-17,2,2024-03-04 10:30:00,,0",
        "A4,SL-1,0100-17,99,2024-03-04 11:00:00,,1",
    ]
    path.write_bytes("\n".join(lines).encode("gb18030"))
    return path


def test_a_file_of_spgl_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = steps_told(monkeypatch)
    city = make_desk()
    register(
        code="spgl",
        title="工改系统",
        window=WINDOW,
        office=OFFICE,
        mapping="spgl",
        items={"0100-17": ITEM},
        by=city["admin"],
        at=EVENING,
    )
    done = run("load", "spgl", str(spgl(tmp_path / "blxx.csv")), "--by", "clerk", "--json")
    assert done.exit_code == 1, done.output
    [said] = json.loads(done.output)
    assert (said["read"], said["accepted"], said["quarantined"]) == (5, 4, 1)
    assert said["errors"][0]["field"] == "BLZT"
    assert steps == ["装入事件"]
    # The withdrawal was told, and taken back by SJYXBS = 0.
    assert Case.objects.get().status == CaseStatus.ACCEPTED


def test_names_of_the_national_exchange(tmp_path: Path) -> None:
    city = make_desk()
    register(
        code="gjpt",
        title="统一受理平台",
        window=WINDOW,
        office=OFFICE,
        mapping="national",
        items={"0100-17": ITEM},
        by=city["admin"],
        at=EVENING,
    )
    book = Workbook()
    sheet = book.active
    sheet.append(["projNo", "serviceCode", "handleStateName", "transactionTime", "projName"])
    sheet.append(["P-1", "0100-17", "收件", "2024-03-04 09:30:00", "开一家咖啡馆"])
    sheet.append(["P-1", "0100-17", "受理", "2024-03-04 10:00:00", ""])
    book.save(tmp_path / "events.xlsx")
    done = run("load", "gjpt", str(tmp_path / "events.xlsx"), "--by", "clerk")
    assert done.exit_code == 0, done.output
    assert "读 2 = 收 2 + 放在一边 0 + 重复 0；办件 1 件" in done.output
    assert Case.objects.get().source_code == "P-1"


def test_json_lines_of_which_one_is_broken(tmp_path: Path) -> None:
    make_window()
    path = tmp_path / "events.jsonl"
    lines = [json.dumps(row) for row in ROWS]
    path.write_text("\n".join([*lines, "{broken"]), encoding="utf-8")
    done = run("load", SOURCE, str(path), "--by", "clerk")
    assert done.exit_code == 1
    assert "不是一行对象 1" in done.output
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [("x.doc", b""), ("x.json", b"{}"), ("x.csv", b""), ("x.csv", b"\xff\xfe\x00\x81")],
)
def test_files_that_hold_no_events(tmp_path: Path, name: str, data: bytes) -> None:
    make_window()
    (tmp_path / name).write_bytes(data)
    done = run("load", SOURCE, str(tmp_path / name), "--by", "clerk")
    assert isinstance(done.exception, UnreadableEvents)
    assert FeedBatch.objects.count() == 0


def test_a_watched_folder_takes_each_file_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_window()
    (tmp_path / "good.json").write_text(json.dumps(ROWS), encoding="utf-8")
    (tmp_path / "bad.json").write_text("nothing", encoding="utf-8")
    monkeypatch.setattr(cli, "SETTLED_SECONDS", 0.0)
    monkeypatch.setattr(cli, "close_old_connections", lambda: None)
    turns = iter([None])

    def once(_seconds: float) -> None:
        if next(turns, "end") == "end":
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", once)
    done = run("load", SOURCE, "--watch", str(tmp_path), "--by", "clerk")
    assert "good.json：读 2 = 收 2" in done.output
    assert "CASE-E805" in done.output
    assert [path.name[-9:] for path in (tmp_path / "done").iterdir()] == ["good.json"]
    assert len(list((tmp_path / "failed").iterdir())) == 1
    assert FeedBatch.objects.count() == 1


def test_registering_mapping_replaying() -> None:
    city: City = make_desk()
    assert city is not None
    made = run(
        *("add", "hall", "--title", "综窗", "--window", WINDOW, "--office", OFFICE),
        *("--by", "admin"),
    )
    assert "密钥（只显示这一次）" in made.output
    mapped = run("map", "hall", "--item", f"0100-17={ITEM}", "--by", "admin")
    assert mapped.exit_code == 0, mapped.output
    assert FeedSource.objects.get().items == {"0100-17": ITEM}
    assert "收 0 行，仍有问题 0 行" in run("replay", "hall", "--by", "admin").output
    assert "已暂停" in run("pause", "hall", "--by", "admin").output
    assert "新密钥" in run("renew", "hall", "--by", "admin").output
    assert "共 1 个窗口系统" in run("list", "--by", "supervisor").output
    assert json.loads(run("list", "--by", "fire", "--json").output) == []


def test_subscriptions_from_the_command_line() -> None:
    make_desk()

    def hook(*arguments: str) -> Result:
        return CliRunner().invoke(hooks, arguments)

    added = hook("add", "province", "--title", "省平台", "--by", "admin")
    assert "验签密钥" in added.output, added.exception
    assert "待批准" in hook("list", "--by", "admin").output
    assert hook("approve", "province", "--by", "admin").exit_code == 1
    assert hook("approve", "province", "--by", "admin2").exit_code == 0
    assert "重推 0 个事件" in hook("redrive", "province", "--by", "admin").output
    assert "放手 0 个事件" in hook("redrive", "province", "--drop", "--by", "admin").output
    assert hook("pause", "province", "--by", "admin").exit_code == 0
    assert hook("resume", "province", "--by", "admin").exit_code == 0
    assert "取事件的令牌" in hook("renew", "province", "--by", "admin").output
    assert hook("end", "province", "--by", "admin").exit_code == 0
    assert json.loads(hook("list", "--by", "admin", "--json").output) == []
