"""The current release, opened for reading: entities, single records, proposals of linkage.

Which release is current stands on the ledger; the pointer in the lake follows it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from yinuo.credit.errors.joins import NoRelease, UnknownEntity
from yinuo.credit.means import Means
from yinuo.credit.models import CreditRelease
from yinuo.credit.nodes import entity_id
from yinuo.credit.publishing.live import SEEN_COLUMNS, live_of
from yinuo.credit.resolving import tables
from yinuo.credit.serving.reading import Serving
from yinuo.kernel.resident_id import NotAResidentId, resident_id
from yinuo.lake.engine import DuckDB
from yinuo.lake.identifiers.checking import plain
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.schema import record_schema
from yinuo.lake.releases.release import RELEASES, open_release

RESOLUTIONS = "resolutions"


@dataclass(frozen=True, kw_only=True)
class Found:
    """An entity of the current release."""

    entity: str
    key: str
    document: Mapping[str, Any]
    """As `serving.reading.Serving` has it."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One record of the current release."""

    record: str
    entity: str
    source: str
    how: str
    row: Mapping[str, Any]
    """All its columns."""


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """What a model thinks of a record without a code."""

    record: str
    key: str
    score_mille: int
    evidence: str
    """JSON."""


@dataclass(frozen=True)
class Released:
    """One release, open for reading."""

    row: CreditRelease
    means: Means
    serving: Serving

    def entity(self, entity: str) -> Found:
        """An entity by its opaque id. Raises `UnknownEntity`."""
        return _found(self.serving.by_entity(entity))

    def entity_of_code(self, code: str) -> Found:
        """The entity with a code, old or new, however it is written. Raises `UnknownEntity`."""
        form = plain(code)
        found = self.serving.by_code(form)
        if found is None and (person := _resident(form)):
            found = self.serving.by_code(person)
        return _found(found)

    def entity_of_key(self, key: str) -> Found:
        """The entity of an effective key. Raises `UnknownEntity`."""
        return self.entity(entity_id(self.means.salt, key))

    def fact(self, record: str, *, sources: Collection[str] | None = None) -> Fact | None:
        """One record of some sources or any; None where it is not in the release."""
        return self.facts([record], sources=sources).get(record)

    def facts(
        self, records: Iterable[str], *, sources: Collection[str] | None = None
    ) -> dict[str, Fact]:
        """Records by their ids, of some sources or any; those that are gone are missing.

        Looks through all records: for decisions of people, not for pages that many ask for.
        """
        wanted = set(records)
        found: dict[str, Fact] = {}
        release = open_release(self.means.lake, self.row.lake_id)
        with DuckDB(memory=self.means.memory) as engine:
            for source, state in release.sources.items():
                if len(found) == len(wanted):
                    break
                described = self.means.sources.get(source)
                if described is None or (sources is not None and source not in sources):
                    continue
                table = live_of(engine, described, state.batches).table
                found |= self._facts_of(engine, described, table, wanted)
        return found

    def _facts_of(
        self, engine: DuckDB, described: SourceDescription, table: str, wanted: set[str]
    ) -> dict[str, Fact]:
        names = (*SEEN_COLUMNS, *record_schema(described).names)
        said = ", ".join(engine.dialect.name(name) for name in names)
        ids = ", ".join(engine.dialect.text(each) for each in sorted(wanted))
        rows = engine.ask(f"SELECT {said} FROM {table} WHERE record IN ({ids})")  # noqa: S608
        found = (dict(zip(names, row, strict=True)) for row in rows)
        return {row["record"]: self._fact(row, described.id) for row in found}

    def _fact(self, row: dict[str, Any], source: str) -> Fact:
        record, key = row["record"], row["key"]
        assigned = self._assigned.get(record)
        if assigned is not None:
            owner, how = assigned
        else:
            owner, how = self._moved.get(key, (key or f"n:{record}", "code" if key else "none"))
        return Fact(
            record=record,
            entity=entity_id(self.means.salt, owner),
            source=source,
            how=how,
            row=row,
        )

    @property
    def resolution(self) -> Path:
        """The folder that says whose record is whose."""
        return self.means.lake / RESOLUTIONS / self.row.resolution

    @cached_property
    def _assigned(self) -> Mapping[str, tuple[str, str]]:
        rows = tables.read(self.resolution, tables.ASSIGNED)
        columns = (rows.column(name).to_pylist() for name in ("record", "key", "how"))
        return {record: (key, how) for record, key, how in zip(*columns, strict=True)}

    @cached_property
    def _moved(self) -> Mapping[str, tuple[str, str]]:
        rows = tables.read(self.resolution, tables.MOVED)
        columns = (rows.column(name).to_pylist() for name in ("key", "into", "why"))
        return {key: (into, why) for key, into, why in zip(*columns, strict=True)}

    @cached_property
    def proposals(self) -> tuple[Proposed, ...]:
        """What linkage proposed, the surest first."""
        rows = tables.read(self.resolution, tables.PROPOSALS).to_pylist()
        found = (Proposed(**row) for row in rows)
        return tuple(sorted(found, key=lambda each: (-each.score_mille, each.record)))

    def proposal(self, record: str) -> Proposed | None:
        """What it proposed of one record."""
        return next((each for each in self.proposals if each.record == record), None)


def _found(document: Mapping[str, Any] | None) -> Found:
    if document is None:
        raise UnknownEntity
    return Found(entity=document["entity"], key=document["key"] or "", document=document)


def _resident(form: str) -> str:
    """An old resident number with its century; empty for anything else."""
    try:
        return resident_id(form)
    except NotAResidentId:
        return ""


def current_row() -> CreditRelease | None:
    """The release that readers see."""
    return CreditRelease.objects.filter(current=True).first()


def serving_of(row: CreditRelease, means: Means) -> Serving:
    """The reader of a release. Raises `ReleaseMissing`, `ReleaseDamaged`."""
    return Serving(means.lake / RELEASES / row.lake_id)


@contextmanager
def opened(means: Means) -> Iterator[Released]:
    """The current release, open for reading. Raises `NoRelease`, `ReleaseMissing`."""
    row = current_row()
    if row is None:
        raise NoRelease
    with serving_of(row, means) as serving:
        yield Released(row, means, serving)
