"""Releases: whose record is whose, then all facts as one release that readers see.

    batches that passed ──resolve──→ whose is whose ──publish──→ release in the lake
                                                                       │
                                           one transaction: its row, current, with its entry

Resolving and publishing take as long as the lake is large and happen before the transaction
opens. The pointer in the lake follows the ledger; a crash between the two is mended at the next
publishing.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

from django.db.models import Max

from yinuo.credit.commands.landing import LOCK
from yinuo.credit.commands.reasons import checked_reason
from yinuo.credit.errors.batches import GatesFailed, NothingToPublish
from yinuo.credit.errors.joins import (
    DeltaDiffers,
    InputsChanged,
    NoRelease,
    ReleaseBehind,
    UnknownRelease,
)
from yinuo.credit.life import HELD, PUBLISHABLE
from yinuo.credit.means import Means, engine_for_releases, folder_of
from yinuo.credit.models import CreditBatch, CreditRelease, JoinJudgement
from yinuo.credit.nodes import spelled
from yinuo.credit.permission import acting_for_centre
from yinuo.credit.publishing.arriving import arrivals
from yinuo.credit.publishing.live import live_of
from yinuo.credit.publishing.publish import publish as build
from yinuo.credit.publishing.publish import publish_delta as build_delta
from yinuo.credit.released import RESOLUTIONS, current_row
from yinuo.credit.resolving.judgements import Judgement
from yinuo.credit.resolving.resolve import resolve as find_owners
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.errors import Finding
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.batch import MANIFEST, sha256_of
from yinuo.lake.engine import Engine
from yinuo.lake.records.batch import open_batch
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.lock import held
from yinuo.lake.releases.release import RELEASES, Arrival, Release, open_release, pointed, switch
from yinuo.lake.workplace import building, sweep
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record
from yinuo.ledger.history import texts
from yinuo.parties.viewer import Viewer

DIGITS = 32
COUNTS = "counts.json"
REGISTER = "registration"


@dataclass(frozen=True)
class Inputs:
    """What a release is made from."""

    rows: tuple[CreditBatch, ...]
    """Batches, oldest first."""
    left_out: tuple[CreditBatch, ...]
    judgements: tuple[Judgement, ...]
    last_judgement: int
    arrivals: Mapping[str, Sequence[Arrival]]

    @property
    def codes(self) -> list[str]:
        """Of the batches."""
        return [row.code for row in self.rows]

    @property
    def simulated(self) -> bool:
        """Whether anything in it is made up."""
        return any(row.simulated for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """What resolving came to."""

    id: str
    already: bool
    counts: Mapping[str, int]
    """records, code, history, judged, linked, none, keys, remainder, proposals, withheld,
    never_sent_mille: see `resolving.resolve.Resolution`."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """What publishing came to."""

    number: int
    already: bool
    """Whether this very release was current: nothing was changed."""
    digest: str
    records: int
    entities: int
    joined: Mapping[str, int]
    layers: int
    left_out: tuple[str, ...]
    """Codes of batches that had not passed their gates."""
    resolved: Resolved
    simulated: bool


def _inputs(means: Means, *, leave_out: bool) -> Inputs:
    """Raises `GatesFailed`, `NothingToPublish`, `BasisLeftOut`, `BatchDamaged`."""
    ordered = CreditBatch.objects.filter(source__in=means.sources).order_by("landed_at", "code")
    rows = tuple(ordered.filter(status__in=PUBLISHABLE))
    waiting = tuple(ordered.filter(status__in=HELD))
    if waiting and not leave_out:
        findings = [Finding(**each) for row in waiting for each in row.findings]
        raise GatesFailed([row.code for row in waiting], findings)
    if not rows:
        raise NothingToPublish
    of_source: dict[str, list[CreditBatch]] = {}
    for row in rows:
        of_source.setdefault(row.source, []).append(row)
    judgements, last = _judgements()
    return Inputs(
        rows=rows,
        left_out=waiting,
        judgements=judgements,
        last_judgement=last,
        arrivals={
            source: arrivals(
                means.sources[source],
                [open_batch(folder_of(means.lake, source, row.lake_id)) for row in batches],
            )
            for source, batches in of_source.items()
        },
    )


def _judgements() -> tuple[tuple[Judgement, ...], int]:
    """Every judgement whose texts were not erased by law, and the number of the last."""
    rows = list(JoinJudgement.objects.order_by("number"))
    said = texts(text for row in rows for text in (row.left, row.right, row.reason_text))
    found = []
    for row in rows:
        left, right = spelled(row.left, said), spelled(row.right, said)
        # What was erased by law names a person of whom nothing is left to be joined.
        if left is not None and right is not None:
            judgement = Judgement(
                number=row.number,
                left=left,
                right=right,
                same=row.same,
                reason=said.get(row.reason_text, ""),
                case=row.case,
                at=row.judged_at,
            )
            found.append(judgement)
    return tuple(found), rows[-1].number if rows else 0


# ── whose is whose ─────────────────────────────────────────────────────────────────────────────


def resolve(
    *,
    means: Means,
    by: Viewer,
    at: datetime,
    leave_out: bool = False,
    progress: Progress = silent,
) -> Resolved:
    """Find out whose record each record is, and keep it in the lake; nothing is published.

    Raises `NotAllowed`, `GatesFailed`, `NothingToPublish`, `BatchDamaged`, `Busy`, `DiskFull`.
    """
    acting_for_centre(means, by, place="信用数据")
    return _resolved(_inputs(means, leave_out=leave_out), means, at, progress)


def _resolution_id(inputs: Inputs, means: Means) -> str:
    said: dict[str, Canonical] = {
        "sources": {
            source: [means.sources[source].digest, *([each.id, each.manifest] for each in batches)]
            for source, batches in inputs.arrivals.items()
        },
        "judgements": [
            [each.number, each.left, each.right, each.same] for each in inputs.judgements
        ],
        "linkage": means.linkage_digest,
        "made_with": means.made_with,
    }
    return sha256(canonical_bytes(said)).hexdigest()[:DIGITS]


def _resolved(inputs: Inputs, means: Means, at: datetime, progress: Progress) -> Resolved:
    identity = _resolution_id(inputs, means)
    folder = means.lake / RESOLUTIONS / identity
    if folder.is_dir():
        return Resolved(id=identity, already=True, counts=_counts(folder))
    before = current_row()
    previous = means.lake / RESOLUTIONS / before.resolution if before else None
    with held(means.lake, "归集", at):
        sweep(folder.parent)
        with building(folder) as into, engine_for_releases(means) as engine:
            tables = []
            for done, (source, batches) in enumerate(inputs.arrivals.items()):
                progress("归集", done, len(inputs.arrivals) + 1)
                tables.append(live_of(engine, means.sources[source], batches))
            found = find_owners(
                engine=engine,
                live=tables,
                judgements=inputs.judgements,
                previous=previous if previous and previous.is_dir() else None,
                into=into,
                link=means.linkage if _has_register(inputs, means) else None,
            )
            said = {name: value for name, value in asdict(found).items() if isinstance(value, int)}
            (into / COUNTS).write_bytes(canonical_bytes(said))
    progress("归集", len(inputs.arrivals) + 1, len(inputs.arrivals) + 1)
    return Resolved(id=identity, already=False, counts=_counts(folder))


def _has_register(inputs: Inputs, means: Means) -> bool:
    """Whether there is anything that a record without a code could be linked to."""
    return any(means.sources[source].kind == REGISTER for source in inputs.arrivals)


def _counts(folder: Path) -> Mapping[str, int]:
    found: Mapping[str, int] = json.loads((folder / COUNTS).read_bytes())
    return found


# ── the release ────────────────────────────────────────────────────────────────────────────────


def publish(
    *,
    means: Means,
    by: Viewer,
    at: datetime,
    whole: bool = False,
    leave_out: bool = False,
    progress: Progress = silent,
) -> Published:
    """Resolve, build a release of every batch that passed, and lead readers to it.

    Upon a current release only what changed is built, unless `whole`. `leave_out`: publish
    without the batches that have not passed their gates; otherwise they stop everything and the
    last good release stays. Raises what `resolve` raises, and `InputsChanged`, `TooLittleSpace`.
    """
    acting = acting_for_centre(means, by, place="信用数据")
    inputs = _inputs(means, leave_out=leave_out)
    mend_pointer(means)
    resolved = _resolved(inputs, means, at, progress)
    release = _built(inputs, resolved, means, at, whole=whole, progress=progress)
    done = _record_release(
        release, inputs=inputs, resolved=resolved, means=means, acting=acting, at=at
    )
    switch(means.lake, release)
    return done


class _Given(TypedDict):
    """What both ways of building take."""

    engine: Engine
    lake: Path
    sources: Sequence[SourceDescription]
    batches: Mapping[str, Sequence[Arrival]]
    resolution: Path
    salt: str
    at: datetime
    memory: str
    progress: Progress


def _built(
    inputs: Inputs,
    resolved: Resolved,
    means: Means,
    at: datetime,
    *,
    whole: bool,
    progress: Progress,
    served: bool = True,
) -> Release:
    before = None if whole else current_row()
    if before is not None and before.resolution == resolved.id:
        return open_release(means.lake, before.lake_id)  # of the very same batches and judgements
    with engine_for_releases(means) as engine:
        given: _Given = {
            "engine": engine,
            "lake": means.lake,
            "sources": [means.sources[source] for source in inputs.arrivals],
            "batches": inputs.arrivals,
            "resolution": means.lake / RESOLUTIONS / resolved.id,
            "salt": means.salt,
            "at": at,
            "memory": means.memory,
            "progress": progress,
        }
        if before is None:
            return build(**given, served=served)
        return build_delta(**given, previous=open_release(means.lake, before.lake_id))


@command("credit_release.publish")
def _record_release(
    release: Release,
    *,
    inputs: Inputs,
    resolved: Resolved,
    means: Means,
    acting: By,
    at: datetime,
) -> Published:
    one_at_a_time(LOCK)
    _require_unchanged(inputs)
    known = CreditRelease.objects.filter(lake_id=release.id).first()
    if known is not None and known.current:
        _note_inputs(known, inputs, resolved, acting, at)
        return _said(known, resolved, already=True)
    if known is not None:
        _point(known, acting, at, verb="credit_release.pointed")
        return _said(known, resolved, already=False)
    _retire(acting, at)
    row = CreditRelease(
        number=(CreditRelease.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        lake_id=release.id,
        digest=release.digest,
        manifest_sha256=sha256_of(release.folder / MANIFEST),
        batches=inputs.codes,
        left_out=[row.code for row in inputs.left_out],
        last_judgement=inputs.last_judgement,
        resolution=resolved.id,
        counts={
            "facts": {name: state.rows for name, state in release.sources.items()},
            "entities": release.entities.rows,
            "joined": dict(release.joined),
        },
        layers=len(release.layers),
        is_delta=len(release.layers) > 1,
        simulated=inputs.simulated,
        made_with=means.made_with,
        published_by=acting.actor,
        published_at=at,
    )
    record(row, verb="credit_release.published", by=acting, at=at)
    return _said(row, resolved, already=False)


def _note_inputs(
    row: CreditRelease, inputs: Inputs, resolved: Resolved, acting: By, at: datetime
) -> None:
    """Judgements that change nothing are in the release all the same."""
    codes = [each.code for each in inputs.left_out]
    if (row.last_judgement, row.left_out) != (inputs.last_judgement, codes):
        row.last_judgement, row.left_out = inputs.last_judgement, codes
        row.resolution = resolved.id
        record(row, verb="credit_release.confirmed", by=acting, at=at)


def _require_unchanged(inputs: Inputs) -> None:
    """Raises `InputsChanged` where batches or judgements came meanwhile."""
    sources = [*inputs.arrivals]
    now = CreditBatch.objects.filter(source__in=sources, status__in=PUBLISHABLE)
    codes = list(now.order_by("landed_at", "code").values_list("code", flat=True))
    last = JoinJudgement.objects.aggregate(last=Max("number"))["last"] or 0
    if codes != inputs.codes or last != inputs.last_judgement:
        raise InputsChanged


def _retire(acting: By, at: datetime) -> None:
    """The release that was current is so no more."""
    for row in CreditRelease.objects.select_for_update(of=("self",)).filter(current=True):
        row.current = False
        record(row, verb="credit_release.replaced", by=acting, at=at)


def _point(row: CreditRelease, acting: By, at: datetime, *, verb: str) -> None:
    _retire(acting, at)
    row.current = True
    record(row, verb=verb, by=acting, at=at)


def _said(row: CreditRelease, resolved: Resolved, *, already: bool) -> Published:
    return Published(
        number=row.number,
        already=already,
        digest=row.digest,
        records=sum(row.counts["facts"].values()),
        entities=row.counts["entities"],
        joined=row.counts["joined"],
        layers=row.layers,
        left_out=tuple(row.left_out),
        resolved=resolved,
        simulated=row.simulated,
    )


# ── the pointer ────────────────────────────────────────────────────────────────────────────────


def mend_pointer(means: Means) -> None:
    """Let the pointer in the lake follow the ledger, where a crash came between the two."""
    row = current_row()
    if row is not None and pointed(means.lake) != row.lake_id:
        switch(means.lake, open_release(means.lake, row.lake_id))


def point(*, number: int, reason: str, means: Means, by: Viewer, at: datetime) -> None:
    """Lead readers back to another release, until the next is published.

    Raises `NotAllowed`, `UnknownRelease`, `WhyMissing`, `ReleaseDamaged`.
    """
    acting = acting_for_centre(means, by, place=f"credit_release:{number}")
    said = checked_reason(reason, place=f"credit_release:{number}")
    row = CreditRelease.objects.filter(number=number).first()
    if row is None or row.current or not (means.lake / RELEASES / row.lake_id).is_dir():
        raise UnknownRelease(number)
    release = open_release(means.lake, row.lake_id)
    _record_pointed(number, said, acting, at)
    switch(means.lake, release)


@command("credit_release.point")
def _record_pointed(number: int, reason: str, acting: By, at: datetime) -> None:
    one_at_a_time(LOCK)
    row = CreditRelease.objects.select_for_update(of=("self",)).get(number=number)
    row.reason_text = put_text(reason)
    _point(row, acting, at, verb="credit_release.pointed")


# ── proof ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Proved:
    """The current release, held against one made anew of the same batches and judgements."""

    number: int
    layers: int
    digest: str
    """Of both."""
    records: int


def prove(*, means: Means, by: Viewer, at: datetime, progress: Progress = silent) -> Proved:
    """Build the current release anew, whole, and compare; what was built is removed again.

    Raises `NotAllowed`, `NoRelease`, `ReleaseBehind` where it is not of the present batches,
    `DeltaDiffers`, and what `publish` raises.
    """
    acting_for_centre(means, by, place="信用数据")
    row = current_row()
    if row is None:
        raise NoRelease
    inputs = _inputs(means, leave_out=True)
    if (inputs.codes, inputs.last_judgement) != (row.batches, row.last_judgement):
        raise ReleaseBehind(row.number)
    resolved = _resolved(inputs, means, at, progress)
    rebuilt = _built(inputs, resolved, means, at, whole=True, progress=progress, served=False)
    shutil.rmtree(rebuilt.folder)
    if rebuilt.digest != row.digest:
        raise DeltaDiffers(row.number, row.digest, rebuilt.digest)
    return Proved(number=row.number, layers=row.layers, digest=row.digest, records=rebuilt.rows)
