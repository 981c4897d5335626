from pathlib import Path

import pytest

from tests.city import City, open_accounts
from yinuo.kernel.filestore import FileStore


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def people(db: None) -> City:
    """Units and accounts, no promises."""
    return open_accounts()
