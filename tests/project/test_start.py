"""Starting the command line loads what every command needs, and nothing else."""

import os
import subprocess
import sys

import click
import pytest

from yinuo.notices import registry
from yinuo.notices.registry import Later
from yinuo.project.main import NOUNS, cli
from yinuo.web import credit_standing, providers

HEAVY = ("duckdb", "numpy", "openpyxl", "pandas", "pyarrow", "xlsxwriter")
START = f"""
import sys
import yinuo.project.main
print(*(name for name in {HEAVY!r} if name in sys.modules))
"""


def test_nothing_heavy_is_loaded_at_the_start() -> None:
    command = [sys.executable, "-c", START]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [("DATABASE_URL", "mysql://db/x", "HOME-E004"), ("YINUO_PROXIES", "nginx", "HOME-E022")],
)
def test_a_wrong_setting_is_told_in_words(variable: str, value: str, code: str) -> None:
    command = [sys.executable, "-m", "yinuo.project", "doctor"]
    env = {**os.environ, variable: value}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 1
    first, place, step = done.stderr.splitlines()
    assert first.startswith(f"错误 {code}：")
    assert place.strip() == f"位置：{variable}"
    assert step.strip().startswith("下一步：")


@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_the_list_says_of_a_command_what_it_says_itself(noun: str) -> None:
    with click.Context(cli) as context:
        found = cli.get_command(context, noun)
    assert found is not None
    assert found.get_short_help_str(limit=200) == NOUNS[noun]


def test_what_a_job_names_is_there() -> None:
    named = [kind.run for kind in registry.recurring()]
    assert named
    for run in named:
        assert isinstance(run, Later)
        assert callable(run.found())


def test_the_provider_of_standings_is_there() -> None:
    assert credit_standing.__name__ == providers.KNOWING
    assert callable(credit_standing.STANDING)
