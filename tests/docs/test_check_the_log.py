"""The commands of the guide for journalists run as they stand there."""

from pathlib import Path

import pytest

from tests.docs.test_tutorial import run, sessions


@pytest.mark.slow
def test_the_guide_to_checking_the_log_runs(tmp_path: Path) -> None:
    commands = sessions("docs/how-to/check-the-log.md")
    assert len(commands) >= 3
    run(commands, tmp_path)
