"""The profile of every entity of the current release as files, for whoever screens all of them."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from yinuo.credit.errors.joins import NoRelease
from yinuo.credit.means import Means
from yinuo.credit.overlay import unused_records
from yinuo.credit.profile.figures import Figure
from yinuo.credit.profile.releasing import profile_release
from yinuo.credit.profile.terms import Regime
from yinuo.credit.released import current_row
from yinuo.kernel.canonical import canonical_bytes
from yinuo.lake.engine import DuckDB
from yinuo.lake.releases.layers import read_entities
from yinuo.lake.releases.lock import held
from yinuo.lake.releases.release import Release, open_release
from yinuo.lake.workplace import building

FOLDER = "profiles"
PROFILE, ENTITIES = "profile", "entities"
COLUMNS = ("entity", "kind", "code", "name")
MOST_KEPT = 3
"""Days of which the files stay: they can be made again from the release."""


@dataclass(frozen=True, kw_only=True)
class Profiles:
    """What every entity looked like on a day."""

    release: int
    """Number of the release."""
    profile: Path
    """Folder of Parquet files: one row an entity, the figures by their names."""
    entities: Path
    """Folder of Parquet files: entity, kind, code, name."""


def profiles_of(
    *, means: Means, figures: Sequence[Figure], regime: Regime, on: date, at: datetime
) -> Profiles:
    """The profiles of the current release as of a day, made where they are not there yet.

    Raises `NoRelease`, `NoFacts`, `Busy`, `DiskFull`.
    """
    row = current_row()
    if row is None:
        raise NoRelease
    release = open_release(means.lake, row.lake_id)
    unused = unused_records()
    said = canonical_bytes([repr(each) for each in figures] + [repr(regime), repr(unused)])
    name = f"{row.lake_id}-{on.isoformat()}-{sha256(said).hexdigest()[:8]}"
    target = means.lake / FOLDER / name
    if not target.is_dir():
        with held(means.lake, "画像", at), building(target) as folder:
            _write(release, means, figures, regime, unused, on=on, folder=folder)
        _keep_few(target)
    return Profiles(release=row.number, profile=target / PROFILE, entities=target / ENTITIES)


def _write(  # one call, above
    release: Release,
    means: Means,
    figures: Sequence[Figure],
    regime: Regime,
    unused: Sequence[tuple[str, str]],
    *,
    on: date,
    folder: Path,
) -> None:
    with DuckDB(memory=means.memory) as engine:
        profile_release(
            engine=engine,
            release=release,
            sources=means.sources,
            figures=figures,
            regime=regime,
            on=on,
            into=folder / PROFILE,
            unused=unused,
        )
        read_entities(engine, release.layer_folders, COLUMNS, ENTITIES)
        engine.write(f"SELECT * FROM {ENTITIES}", folder / ENTITIES)  # noqa: S608  # our own name


def _keep_few(made: Path) -> None:
    """Remove the oldest; readers hold what they have opened."""
    there = sorted(
        (each for each in made.parent.iterdir() if each != made and not each.name.startswith(".")),
        key=lambda each: each.stat().st_mtime_ns,
    )
    for old in there[: max(0, len(there) - MOST_KEPT + 1)]:
        shutil.rmtree(old)
