import json
from datetime import date

import pytest
from click.testing import CliRunner, Result

from tests.cases.desk import make_desk, put_accepted_case
from yinuo.cases.models import Case
from yinuo.project.cli.cases import cases

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    return CliRunner().invoke(cases, ["check", *words])


def test_dates_that_follow_from_the_events_pass() -> None:
    city = make_desk()
    for _ in range(3):
        put_accepted_case(city)
    found = run()
    assert (found.exit_code, found.output) == (0, "核对了 3 个办件，0 个不符。\n")


def test_a_date_that_was_altered_is_named() -> None:
    code = put_accepted_case(make_desk()).code
    Case.objects.filter(code=code).update(legal_due=date(2024, 5, 1))
    found = run("--json")
    told = json.loads(found.output)
    assert (found.exit_code, told["cases"], told["faults"][0]["case"]) == (1, 1, code)
    assert "2024-04-01" in told["faults"][0]["what"]
    assert code in run().output
