"""Secrets that others can read are named."""

from pathlib import Path

import pytest

from yinuo.project.doctor.finding import State
from yinuo.project.doctor.keys import secrets


@pytest.mark.parametrize(
    ("mode", "state"), [(0o600, State.WELL), (0o400, State.WELL), (0o640, State.BAD)]
)
def test_only_the_owner_may_read(tmp_path: Path, mode: int, state: State) -> None:
    key = tmp_path / "ledger.key"
    key.touch(mode)
    key.chmod(mode)
    (seen,) = secrets([("签名密钥", key), ("识别密钥", tmp_path / "marks.key")])
    assert seen.state is state
    assert (f"chmod 600 {key}" in seen.next_step) is (state is State.BAD)
