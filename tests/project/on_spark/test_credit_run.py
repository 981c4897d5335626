"""`yinuo credit run` on real local Spark, proved by DuckDB (make test-spark)."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from tests.credit import desk
from tests.credit.desk import TUESDAY
from yinuo.lake.opening import SparkUnreachable
from yinuo.project.cli import credit_landing, credit_releases
from yinuo.project.cli.credit import credit

pytestmark = pytest.mark.django_db
QUICK = """
spark.sql.codegen.wholeStage false
spark.sql.adaptive.enabled false
spark.sql.shuffle.partitions 2
spark.sql.session.timeZone America/Lima
"""
"""Where rows are few, compiling a query takes longer than its rows. The zone is ours."""
RECORDS = ("--records", "1500", "--on", "2024-03-03")
SOURCES = ("registration", "code-history", "penalty", "licence")
MODULES = (credit_landing, credit_releases)


@pytest.fixture
def home(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    (tmp_path / "spark-defaults.conf").write_text(QUICK, encoding="ascii")
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path))
    desk.command_line(settings, monkeypatch, tmp_path, MODULES)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(credit, list(arguments))


def said(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def deliver(folder: Path, *more: str) -> str:
    """Files of some sources, as each costs Spark its planning."""
    said("simulate", *RECORDS, "--out", str(folder), *more)
    for path in folder.iterdir():
        if path.is_file() and path.name.partition(".")[0] not in SOURCES:
            path.unlink()
    return str(folder)


def test_what_spark_publishes_is_what_duckdb_rebuilds(
    home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.YINUO_SPARK = "local[2]"
    first = said("run", deliver(home / "today"), "--by", "centre", "--leave-out")["published"]

    for module in MODULES:
        monkeypatch.setattr(module, "now", lambda: TUESDAY)
    second = said("run", deliver(home / "tomorrow", "--delta"), "--by", "centre", "--leave-out")[
        "published"
    ]
    assert (first["layers"], second["layers"]) == (1, 2)
    assert first["digest"] != second["digest"]

    settings.YINUO_SPARK = ""
    proved = said("prove", "--by", "centre")
    assert (proved["number"], proved["digest"]) == (2, second["digest"])
    assert proved["records"] == second["records"]


def test_a_master_that_does_not_answer_is_named(home: Path, settings: Settings) -> None:
    settings.YINUO_SPARK = "nowhere"
    done = run("run", deliver(home / "today"), "--by", "centre", "--leave-out")
    assert isinstance(done.exception, SparkUnreachable)
    assert done.exception.place == "nowhere"
    settings.YINUO_SPARK = ""
    assert said("releases") == []
