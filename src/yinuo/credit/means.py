"""What the credit commands and queries work with: given by whoever calls, read by nobody here."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from yinuo.credit.errors.batches import UnknownCreditSource
from yinuo.credit.linking.settings import Linkage
from yinuo.credit.profile.terms import Regime
from yinuo.credit.purposes.purpose import Purpose
from yinuo.credit.reads.log import ReadLog
from yinuo.lake.engine import MEMORY, Engine
from yinuo.lake.opening import opened
from yinuo.lake.records.description import SourceDescription


@dataclass(frozen=True, kw_only=True)
class Means:
    """Where the lake lies, which sources there are, and who may publish."""

    lake: Path
    """The folder of credit data; pure code gets it as `lake`."""
    salt: str
    """Of this installation: without it an entity's opaque id cannot be had from its code."""
    sources: Mapping[str, SourceDescription]
    """By their ids."""
    purposes: Mapping[str, Purpose]
    """Why somebody may look, by id."""
    reads: ReadLog
    """Where each look is written down before anything is shown."""
    centre: str
    """Code of the unit that publishes and judges (信用中心)."""
    made_with: str
    """Version of Yinuo."""
    linkage: Linkage | None = None
    """None: records without a code are left to themselves."""
    linkage_digest: str = ""
    """Of the files that linkage is made of."""
    regime: Regime | None = None
    """Until when decisions are public; None: as long as their source says so."""
    memory: str = MEMORY
    """For one engine."""
    spark: str = ""
    """Master of the Spark that resolves and publishes; empty: DuckDB on this machine does."""


def engine_for_releases(means: Means) -> AbstractContextManager[Engine]:
    """What resolves and publishes. Raises `NoSpark`, `SparkUnreachable` in the block."""
    return opened(memory=means.memory, temporary=means.lake, master=means.spark)


def folder_of(lake: Path, source: str, lake_id: str) -> Path:
    """Where a batch of a source lies."""
    return lake / "batches" / source / lake_id


def source_of(means: Means, name: str) -> SourceDescription:
    """The description of a source. Raises `UnknownCreditSource`."""
    found = means.sources.get(name)
    if found is None:
        raise UnknownCreditSource(name, means.sources)
    return found
