"""kill -9 at a thousand random points: nothing lost, nothing signed twice, all clean."""

import json
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.installation import installed

SCRIPT = str(Path(__file__).with_name("killing.py"))
SEED = 20240930
KILLS = {
    "sqlite": {
        "append": 300,
        "seal": 330,
        "export": 150,
        "backup": 90,
        "rotate": 60,
        "restore": 100,
    },
    "postgresql": {
        "append": 60,
        "seal": 60,
        "export": 30,
        "backup": 20,
        "rotate": 15,
        "restore": 15,
    },
}


@pytest.mark.slow
@pytest.mark.stored
def test_killed_at_random_points_nothing_is_lost_or_signed_twice(tmp_path: Path) -> None:
    kills = KILLS[settings.DATABASES["default"]["ENGINE"].rpartition(".")[2].rstrip("3")]
    started = time.monotonic()
    with installed(tmp_path) as city:
        run = city.python(SCRIPT, str(SEED), json.dumps(kills))
        out, err = run.communicate(timeout=900)
    assert run.returncode == 0, out + err
    found = json.loads(out)
    sys.stdout.write(f"{time.monotonic() - started:.0f} s, {out}")
    assert found["hit"] == kills
    assert (found["faults"], found["lost"], found["key_known"]) == ([], [], True)
    assert found["acknowledged"] >= kills["append"]
    assert found["signed"] >= kills["seal"] // 4
