"""Modules are read for their examples, and most have none: those need not even be imported."""

from pathlib import Path


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out a module in which no example stands."""
    if collection_path.suffix != ".py" or b">>> " in collection_path.read_bytes():
        return None
    return True
