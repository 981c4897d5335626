"""`yinuo benefits` as docs/how-to/pay-without-applying.md has it, from a file to the bank."""

import csv
import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from tests.benefits.lake_fund import DEFINITION, EACH, FIRMS, POLICY, open_office
from tests.watching import steps_told
from tests.web.credit_city import NOW, make_lake, prepare
from yinuo.benefits.models import Award
from yinuo.project.cli.benefits import benefits
from yinuo.web import clock

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BATCH = "BF-2024-0001"
HEAD = "批次,序号,金额（元）,结果,日期,原因"


class Days:
    """The clock; days pass."""

    now: datetime = NOW


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    made = Days()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def folder(db: None, tmp_path: Path, settings: Settings, days: Days) -> Path:
    del db, days
    settings.INSTALLATION = "tests"
    prepare(tmp_path, settings)
    open_office(make_lake(tmp_path))
    (tmp_path / f"{POLICY}.toml").write_text(DEFINITION, encoding="utf-8")
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(benefits, [str(each) for each in arguments])


def done(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def said(*arguments: str | Path) -> Any:
    return json.loads(done(*arguments, "--json"))


def test_from_a_file_to_the_bank(folder: Path, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / f"{POLICY}.toml"
    assert f"{POLICY}/v1：草稿" in done("draft", file, "--by", "officer")
    same = run("publish", f"{POLICY}/v1", "--by", "officer")
    assert "BENEFIT-E023" in str(same.exception)
    assert "已发布，按规则表" in done("publish", f"{POLICY}/v1", "--by", "officer2")
    tried = said("screen", f"{POLICY}/v1", "--by", "officer", "--trial")
    assert (tried["eligible"], tried["cost_fen"], tried["proposed"]) == (FIRMS, FIRMS * EACH, 0)
    assert tried["firms"] == tried["eligible"] + tried["refused"] + tried["undetermined"]
    assert f"新提出 {FIRMS} 家" in done("screen", f"{POLICY}/v1", "--by", "officer")
    assert "共 0 条" in done("unseen", POLICY, "--by", "officer")
    assert f"公示 {FIRMS} 家" in done("show-list", POLICY, "--by", "officer")
    days.now += timedelta(days=9)
    assert f"报批 {FIRMS} 家" in done("approve", POLICY, "--by", "officer", "--ask")
    assert f"批准 {FIRMS} 家" in done("approve", POLICY, "--by", "officer2")

    sheet = folder / "账号.csv"
    codes = Award.objects.filter(state="approved").order_by("code").values_list("code", flat=True)
    rows = [f"{code},,示范银行,62229{place:04}" for place, code in enumerate(codes)]
    lines = ["兑现编号,统一社会信用代码,开户行,账号", *rows]
    sheet.write_text("\n".join([*lines, ",X,示范银行,62220000"]), encoding="utf-8")
    bad = run("accounts", POLICY, sheet, "--by", "officer")
    assert bad.exit_code == 1
    assert f"第 {FIRMS + 2} 行" in bad.output
    sheet.write_text("\n".join(lines), encoding="utf-8")
    told = steps_told(monkeypatch)
    assert f"记下 {FIRMS} 家" in done("accounts", POLICY, sheet, "--by", "officer")
    assert told == ["检查账号", "记下账号"]

    assert BATCH in done("pay", POLICY, "--by", "officer")
    out = folder / "pay.csv"
    assert "已送出" in done("send", BATCH, "--by", "officer2", "--out", out)
    sent = list(csv.DictReader(StringIO(out.read_text(encoding="utf-8-sig"), newline="")))
    assert [row["金额（元）"] for row in sent] == ["1234.56"] * FIRMS
    day = clock.today().isoformat()
    answers = [f"{BATCH},{row['序号']},{row['金额（元）']},成功,{day}," for row in sent]
    answer = folder / "bank.csv"
    answer.write_text("\n".join([HEAD, *answers[:-1], f"{BATCH},99,1.00,成功,{day},"]), "utf-8")
    odd = run("answer", BATCH, answer, "--by", "officer")
    assert odd.exit_code == 1
    assert "不在这一批" in odd.output
    assert f"到账 {FIRMS - 1} 笔" in odd.output
    answer.write_text("\n".join([HEAD, *answers]), "utf-8")
    assert "未答复 0 笔" in done("answer", BATCH, answer, "--by", "officer")
    (row,) = said("list", "--by", "officer")
    assert row["states"] == {"paid": {"count": FIRMS, "fen": FIRMS * EACH}}


def test_a_file_with_faults_tells_all_of_them(folder: Path) -> None:
    file = folder / "bad-policy.toml"
    text = DEFINITION.replace('"20000.00"', '"-1"').replace("promised_days = 10", "")
    file.write_text(text + "\nodd = 1\n", encoding="utf-8")
    result = run("draft", file, "--by", "officer")
    assert result.exit_code == 1
    for field in ("budget", "promised_days", "odd"):
        assert field in result.output


def test_who_holds_no_duty_there_does_nothing(folder: Path) -> None:
    result = run("draft", folder / f"{POLICY}.toml", "--by", "market")
    assert "PARTY-E001" in str(result.exception)
    assert "还没有政策" in done("list", "--by", "market")
