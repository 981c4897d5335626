"""With whom records are exchanged, and which letters of our own cases can be handed on."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yinuo.cases.queries.letters import public_register
from yinuo.commitments.letters.checks import faults
from yinuo.commitments.letters.codec import from_data
from yinuo.credit.exchange.peers import FILE, Peer, load_peers
from yinuo.kernel.content import content_file
from yinuo.kernel.regions import Regions

FOLDER = "exchange"


@lru_cache(maxsize=4)
def _peers(path: Path, _age: int) -> Mapping[str, Peer]:
    return load_peers(path.read_bytes(), file=path.name)


def peers() -> Mapping[str, Peer]:
    """The platforms by the name of their key, read once a change. Raises `BadTable`."""
    path = content_file(FOLDER, FILE, own=settings.YINUO_CONTENT)
    return _peers(path, path.stat().st_mtime_ns)


def title_of(name: str) -> str:
    """What people call a platform, by the name of its key; that name for one no longer listed."""
    found = peers().get(name)
    return found.title if found else name


@lru_cache(maxsize=4)
def _regions(path: Path, _age: int) -> Regions:
    return Regions.read(path)


def regions() -> Regions:
    """The codes of regions and zones that the city knows."""
    path = content_file("regions", "regions.csv", own=settings.YINUO_CONTENT)
    return _regions(path, path.stat().st_mtime_ns)


@dataclass(frozen=True)
class Handed:
    """Letters of the public register."""

    letters: tuple[Mapping[str, str], ...]
    """Those that hold all that the form requires."""
    lacking: int
    """Those that do not yet: mostly nobody has looked whether they were kept."""


def letters_to_send() -> Handed:
    """The public register as far as the form is complete; persons are never in it."""
    known = regions()
    found = public_register()
    whole = tuple(each for each in found if _complete(each, known))
    return Handed(whole, len(found) - len(whole))


def _complete(data: Mapping[str, str], known: Regions) -> bool:
    read = from_data(data)
    return read.letter is not None and not faults(read.letter, known)
