"""Killed between the file and its row: nothing is half published, and the stray is swept."""

import os
import signal
from pathlib import Path

import pytest

from tests.installation import installed

LONG_AGO = 1_000_000_000.0
HANGS = """
import sys, time
import django
django.setup()
from datetime import date
from django.conf import settings
from yinuo.content import commands
from yinuo.kernel.filestore import FileStore
from yinuo.parties.queries import public_viewer_named
from yinuo.web.clock import now
from tests.published import NAME, stricter_lights

store = FileStore(settings.YINUO_FILES)
kept = commands.keep(
    name=NAME, data=stricter_lights(), valid_from=date(2099, 1, 1), store=store
)

def hang(*_args, **_more):
    print(kept.sha256, flush=True)
    time.sleep(300)

recorded = commands.record
commands.record = lambda *args, **more: (recorded(*args, **more), hang())
commands.ask_publication(
    kept=kept, reason="依据", store=store, by=public_viewer_named("admin1"), at=now()
)
"""


@pytest.mark.stored
@pytest.mark.slow
def test_killed_before_the_commit_nothing_waits_and_the_file_is_swept(tmp_path: Path) -> None:
    with installed(tmp_path) as home:
        home.env["PYTHONPATH"] = str(Path(__file__).parents[2])
        home.env["DJANGO_SETTINGS_MODULE"] = "yinuo.project.settings"
        before = home.json("content", "list")
        assert [each["in_force"]["edition"] for each in before["contents"]] == [1] * len(
            before["contents"]
        )

        process = home.python("-c", HANGS)
        assert process.stdout is not None
        sha256 = process.stdout.readline().strip()
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)

        assert home.json("content", "list") == before
        stray = home.home / "files" / sha256[:2] / sha256
        os.utime(stray, (LONG_AGO, LONG_AGO))
        assert home.json("files", "sweep")["removed"] == [str(stray)]
