"""What a progress bar of the command line is told."""

import pytest

from yinuo.project.cli.progress import LateProgress


def steps_told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps that commands tell from now on, each once and in their order."""
    told: list[str] = []

    def tell(_bar: LateProgress, step: str, done: int, total: int) -> None:
        assert 0 <= done <= (total or done)
        if step not in told:
            told.append(step)

    monkeypatch.setattr(LateProgress, "__call__", tell)
    return told
