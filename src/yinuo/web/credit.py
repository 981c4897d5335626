"""Where the credit lake lies, which sources feed it, and for what purposes it may be read."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeAlias

from django.conf import settings

from yinuo.credit.linking.settings import Linkage, read_linkage
from yinuo.credit.means import Means
from yinuo.credit.profile.figures import FILE as FIGURES
from yinuo.credit.profile.figures import Figure, load_figures
from yinuo.credit.profile.terms import Regime
from yinuo.credit.purposes.purpose import FILE as PURPOSES
from yinuo.credit.purposes.purpose import Purpose, load_purposes
from yinuo.credit.reads.log import ReadLog
from yinuo.credit.regimes.kinds import FILE as KINDS
from yinuo.credit.regimes.kinds import load_kinds
from yinuo.credit.regimes.levels import FILE as LEVELS
from yinuo.credit.regimes.levels import load_levels
from yinuo.credit.regimes.rules import FILE as RULES
from yinuo.credit.regimes.rules import load_rules
from yinuo.kernel.content import content_dir, content_file
from yinuo.kernel.durable import sync_folder
from yinuo.lake.opening import memory_limit
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.parsing import read_description

Figures: TypeAlias = tuple[Figure, ...]
FOLDER = "credit"
SOURCES = "sources"
LINKAGE = "linkage"
SALT = "salt"
SALT_BYTES = 32
MADE_WITH = version("yinuo")


def _ages(paths: tuple[Path, ...]) -> tuple[int, ...]:
    """When files were last written; 0 for one that is missing, which reading then reports."""
    return tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in paths)


def _source_files() -> tuple[Path, ...]:
    """One file a source: the city's own where it has one, else the shipped one."""
    found: dict[str, Path] = {}
    for folder in (content_dir() / SOURCES, settings.YINUO_CONTENT / SOURCES):
        found |= {path.stem: path for path in sorted(folder.glob("*.toml"))}
    return tuple(found[name] for name in sorted(found))


@lru_cache(maxsize=4)
def _sources(paths: tuple[Path, ...], _ages: tuple[int, ...]) -> Mapping[str, SourceDescription]:
    return {path.stem: read_description(path.read_bytes(), id=path.stem) for path in paths}


def sources() -> Mapping[str, SourceDescription]:
    """The city's sources by id, read once a change. Raises `BadSource`."""
    paths = _source_files()
    return _sources(paths, _ages(paths))


@lru_cache(maxsize=4)
def _purposes(path: Path, _age: int) -> Mapping[str, Purpose]:
    return load_purposes(path.read_bytes(), file=path.name)


def purposes() -> Mapping[str, Purpose]:
    """Why credit records may be looked at, by id. Raises `BadTable`."""
    path = content_file(FOLDER, PURPOSES, own=settings.YINUO_CONTENT)
    return _purposes(path, *_ages((path,)))


@lru_cache(maxsize=4)
def _figures(path: Path, _age: int, given: tuple[Path, ...], ages: tuple[int, ...]) -> Figures:
    return load_figures(path.read_bytes(), _sources(given, ages).values(), file=path.name)


def figures() -> Figures:
    """The figures of a profile. Raises `BadTable`, `BadSource`."""
    path = content_file(FOLDER, FIGURES, own=settings.YINUO_CONTENT)
    given = _source_files()
    return _figures(path, *_ages((path,)), given, _ages(given))


@lru_cache(maxsize=4)
def _regime(levels: Path, rules: Path, kinds: Path, _ages: tuple[int, ...]) -> Regime:
    return Regime(
        levels=load_levels(levels.read_bytes(), file=levels.name),
        rules=load_rules(rules.read_bytes(), file=rules.name),
        kinds=load_kinds(kinds.read_bytes(), file=kinds.name),
    )


def regime() -> Regime:
    """What the city says of publicity: of penalties and of every other kind. Raises `BadTable`."""
    levels = content_file(FOLDER, LEVELS, own=settings.YINUO_CONTENT)
    rules = content_file(FOLDER, RULES, own=settings.YINUO_CONTENT)
    kinds = content_file(FOLDER, KINDS, own=settings.YINUO_CONTENT)
    return _regime(levels, rules, kinds, _ages((levels, rules, kinds)))


def _linkage_files() -> tuple[Path, ...]:
    """Settings and models of linkage; the city's own folder stands for all of the shipped one."""
    own = settings.YINUO_CONTENT / LINKAGE
    folder = own if own.is_dir() else content_dir() / LINKAGE
    return tuple(sorted(path for path in folder.glob("*.*") if path.is_file()))


@lru_cache(maxsize=4)
def _linkage(paths: tuple[Path, ...], _ages: tuple[int, ...]) -> tuple[Linkage | None, str]:
    if not paths:
        return None, ""
    said = sha256()
    for path in paths:
        said.update(sha256(path.read_bytes()).digest())
    return read_linkage(paths[0].parent), said.hexdigest()


def _salt(lake: Path) -> str:
    """Of entity ids: made once, kept beside the data that it belongs to."""
    path = lake / SALT
    if not path.is_file():
        with NamedTemporaryFile("w", dir=lake, encoding="ascii") as file:
            file.write(secrets.token_hex(SALT_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):  # another process was quicker
                path.hardlink_to(file.name)
        sync_folder(lake)
    return path.read_text(encoding="ascii").strip()


def means() -> Means:
    """Everything that credit commands and queries need.

    Raises `BadSource`, `BadTable`, `BadMemory`.
    """
    lake = settings.YINUO_LAKE / FOLDER
    lake.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = _linkage_files()
    linkage, digest = _linkage(files, _ages(files))
    return Means(
        lake=lake,
        salt=_salt(lake),
        sources=sources(),
        purposes=purposes(),
        reads=ReadLog(settings.YINUO_READS),
        centre=settings.YINUO_CREDIT_CENTRE,
        made_with=MADE_WITH,
        linkage=linkage,
        linkage_digest=digest,
        regime=regime(),
        memory=memory_limit(settings.YINUO_LAKE_MEMORY),
        spark=settings.YINUO_SPARK,
    )
