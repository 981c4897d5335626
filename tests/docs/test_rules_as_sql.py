"""docs/how-to/rules-as-sql.md: what it shows is what the command says and takes."""

import re
from pathlib import Path

from click.testing import CliRunner

from tests.rules.dmn.models import decision, given, literal, model
from yinuo.project.cli.rules import rules
from yinuo.project.cli.rules_sql import sql_command

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "rules-as-sql.md").read_text("utf-8")
PAYMENT = model(
    given("金额", "number"),
    given("期数", "number"),
    decision("月供", literal("金额 / 期数 / 12"), inputs=["金额", "期数"]),
    decision("小额", literal("月供 * 7 < 100"), decisions=["月供"]),
)


def test_every_option_is_described() -> None:
    options = {each for parameter in sql_command.params for each in parameter.opts}
    described = set(re.findall(r"^\| `(--\w+)`", PAGE, re.MULTILINE))
    assert described == {each for each in options if each.startswith("--")}


def test_the_first_lines_of_a_statement_say_what_is_rounded() -> None:
    asked = ["sql", "-", "--decision", "月供", "--decision", "小额"]
    result = CliRunner().invoke(rules, asked, input=PAYMENT)
    shown = re.findall(r"^-- .*$", PAGE, re.MULTILINE)
    assert len(shown) == 2
    assert result.stdout.splitlines()[:2] == shown
