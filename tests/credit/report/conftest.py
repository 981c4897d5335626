from pathlib import Path

import pytest
from pytest_django import Settings

from tests.web.report_city import NOW, Trial, make_trial, prepare
from yinuo.web import clock


@pytest.fixture
def trial(db: None, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """A firm with penalties of several dates, on a Monday of November 2026."""
    del db
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepare(tmp_path, settings)
    return make_trial(tmp_path)
