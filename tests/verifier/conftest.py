from collections.abc import Callable
from pathlib import Path

import pytest

from tests.verifier.planted import GOLDEN, Copy, copy_golden
from tools.frozen_log import Frozen, frozen


@pytest.fixture
def log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Copy:
    """A copy of the frozen log with its trust file."""
    return copy_golden(tmp_path / "log", capsys)


@pytest.fixture
def forged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[Callable[[Frozen], Frozen]], Copy]:
    """The frozen log as the holder of its key would write it anew, after a change."""

    def forge(change: Callable[[Frozen], Frozen]) -> Copy:
        folder = tmp_path / "forged"
        change(frozen()).publish(folder)
        (folder / "trust.policy").write_bytes((GOLDEN / "trust.policy").read_bytes())
        return Copy(folder, capsys)

    return forge
