"""The files of races, read once for as long as they are remembered."""

from functools import lru_cache

from yinuo.kernel.filestore import FileStore
from yinuo.supervision.race.file import RaceFile, read

MOST_KEPT = 16


@lru_cache(maxsize=MOST_KEPT)
def _read(sha256: str, store: FileStore) -> RaceFile:
    return read(race_bytes(sha256, store), name=sha256)


def race_bytes(sha256: str, store: FileStore) -> bytes:
    """The bytes of a file by its hash. Raises `FileMissing` if they are gone or altered."""
    store.check(sha256)
    with store.open(sha256) as file:
        return file.read()


def race_file(sha256: str, store: FileStore) -> RaceFile:
    """What a file holds. Raises `FileMissing` if it is gone."""
    store.size(sha256)
    return _read(sha256, store)
