"""An import killed at its worst moment leaves nothing behind, and can be run again."""

import json
import signal
from pathlib import Path

import pytest

from tests.goals.workbooks import commitment, plan, workbook
from tests.installation import Installation, installed
from yinuo.parties.commands import NewUnit

pytestmark = [pytest.mark.django_db, pytest.mark.stored]
ROWS = 500
HANGS = """
import sys, time
from pathlib import Path
from yinuo.project.main import cli
from yinuo.goals.commands import plan_import
from yinuo.goals.workbook.check import check
from yinuo.parties.queries import public_viewer_named
from yinuo.web.clock import now

def wait(step, done, total):
    print(step, done, flush=True)
    time.sleep(60)

by = public_viewer_named("admin1")
file = check(Path(sys.argv[1]))
plan_import.take_in(file=file, by=by, at=now(), progress=wait)
"""
COUNTS = """
import json
from yinuo.project.main import cli
from yinuo.goals.models import Import, Plan, PlanRow
from yinuo.commitments.models import Commitment
from yinuo.ledger.models import Entry
print(json.dumps([m.objects.count() for m in (Plan, PlanRow, Import, Commitment, Entry)]))
"""


def _counts(home: Installation) -> list[int]:
    out, err = home.python("-c", COUNTS).communicate(timeout=60)
    found: list[int] = json.loads(out or f'["{err}"]')
    return found


def _plan_file(folder: Path) -> Path:
    many = tuple(commitment(f"M-{n:05}", lead="210212") for n in range(ROWS))
    city = NewUnit(code="210200", name="大连市", kind="city", gb_code="210200")
    units = (city, *plan().units[1:])
    path = folder / "plan.xlsx"
    path.write_bytes(workbook(plan(units=units, commitments=many, observations=())))
    return path


@pytest.mark.slow
def test_kill_during_import_leaves_nothing_half_imported(tmp_path: Path) -> None:
    with installed(tmp_path) as home:
        path = _plan_file(tmp_path)
        before = _counts(home)
        process = home.python("-c", HANGS, str(path))
        assert process.stdout is not None
        # Inside the transaction: every promise is written, nothing is committed.
        assert process.stdout.readline() == f"登记承诺 {ROWS}\n"
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        assert _counts(home) == before

        taken = home.json("goals", "import", str(path), "--by", "admin1", "--yes")["taken"]
        # Four units, two goals and one document come with the promises.
        assert taken["registered"] == ROWS + 7
        plans, rows, imports, commitments, entries = _counts(home)
        assert (plans, rows, imports, commitments) == (1, ROWS, 1, ROWS)
        assert entries == before[-1] + 2 * ROWS + 4 + 2 + 1 + 1 + 1
        home.json("ledger", "seal")
        assert home.run("ledger", "verify").returncode == 0
        assert home.run("ledger", "replay").returncode == 0
