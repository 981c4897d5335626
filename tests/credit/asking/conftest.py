from pathlib import Path

import pytest
from pytest_django import Settings

from tests.credit.asking.counter import Counter, make_counter, prepare


@pytest.fixture
def counter(db: None, settings: Settings, tmp_path: Path) -> Counter:
    prepare(tmp_path, settings)
    return make_counter(tmp_path)
