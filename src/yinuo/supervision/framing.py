"""From what was reported as kept to the frame of a draw: layers, sizes, labels."""

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.conf import settings

from yinuo.commitments.queries.reported_kept import ReportedKept, reported_kept
from yinuo.content.queries import InForce, public_book, public_in_force
from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.history import thread_events
from yinuo.ledger.printed import Covering, public_covering
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.auditing import audits, units_below
from yinuo.supervision.doubt_life import DoubtStatus
from yinuo.supervision.draws.frame import Announced, Frame, FrameRow, Stratum, hidden_label
from yinuo.supervision.draws.life import FRAMED, Result
from yinuo.supervision.draws.strata import Layered, Layering, Risk
from yinuo.supervision.errors.draws import FrameAltered, NoStrata, NothingToDraw
from yinuo.supervision.models import Doubt, Draw, DrawnItem

NAME = "tables/draw-strata.xlsx"
KEY_FORMAT = "yinuo.frame-key/1"
KEY_BYTES = 32
MOST_KEPT = 8
ASK = 500


@dataclass(frozen=True)
class Candidate:
    """One commitment that can be drawn, with its layer."""

    kept: ReportedKept
    layered: Layered


@dataclass(frozen=True)
class Assembled:
    """What a frame would hold, as things stand."""

    candidates: tuple[Candidate, ...]
    strata: tuple[Stratum, ...]
    table: InForce


@lru_cache(maxsize=MOST_KEPT)
def _layering(table: InForce, on: date) -> Layering:
    return Layering(public_book(table), on)


def assemble(*, unit: str, start: date, end: date, viewer: Viewer, today: date) -> Assembled:
    """Everything reported as kept from `start` to `end`, layered by the table in force today.

    Of the commitments that the unit supervises; for its auditor those of the units below as well,
    whom a supervisor does not read. Raises `NotAllowed`, `NoStrata`,
    `NothingToDraw`, `StrataUnfit`.
    """
    if not audits(unit, viewer):
        raise NotAllowed("只有审计人，或这个单位的督查人，可以抽查", place=unit)
    table = public_in_force(NAME, on=today)
    if table is None:
        raise NoStrata(NAME, today)
    layering = _layering(table, today)
    offices = units_below(unit) if unit in viewer.auditor_of else {unit}
    found = reported_kept(offices=offices, start=start, end=end, viewer=viewer)
    if not found:
        raise NothingToDraw(unit, start, end)
    codes = [each.code for each in found]
    before, doubts = _checked_before(codes), _open_doubts(codes)
    candidates = tuple(
        Candidate(each, layering.layer(_risk(each, before, doubts), place=each.code))
        for each in found
    )
    strata = layering.strata([each.layered.stratum for each in candidates])
    return Assembled(candidates, strata, table)


def _checked_before(codes: Collection[str]) -> frozenset[str]:
    """Those that an earlier draw came to a finding about."""
    found: set[str] = set()
    some = sorted(codes)
    for start in range(0, len(some), ASK):
        rows = DrawnItem.objects.filter(commitment__in=some[start : start + ASK])
        checked = rows.exclude(result__in=["", Result.UNCHECKED])
        found |= set(checked.values_list("commitment_id", flat=True))
    return frozenset(found)


def _open_doubts(codes: Collection[str]) -> Counter[str]:
    """How many doubts about each are not closed."""
    found: Counter[str] = Counter()
    some = sorted(codes)
    for start in range(0, len(some), ASK):
        rows = Doubt.objects.filter(commitment__in=some[start : start + ASK])
        found.update(
            rows.exclude(status=DoubtStatus.CLOSED).values_list("commitment_id", flat=True)
        )
    return found


def _risk(kept: ReportedKept, checked: frozenset[str], doubts: Mapping[str, int]) -> Risk:
    return Risk(
        doubts=doubts.get(kept.code, 0),
        on_last_day=kept.on_last_day,
        moved=kept.moved_count,
        jump=kept.jump,
        wan=kept.wan,
        checked=kept.code in checked,
    )


def named_table(table: InForce) -> str:
    """The version of the table as the frame names it."""
    return f"{table.name} 第 {table.edition} 版 SHA-256 {table.sha256}"


def framed(
    assembled: Assembled, *, draw: str, unit: str, start: date, end: date, source: Announced
) -> tuple[Frame, bytes]:
    """The frame, and the file with the codes behind its labels."""
    key = secrets.token_bytes(KEY_BYTES)
    labels = {
        each.kept.code: each.kept.code if each.kept.public else hidden_label(each.kept.code, key)
        for each in assembled.candidates
    }
    frame = Frame(
        draw=draw,
        unit=unit,
        from_date=start,
        until_date=end,
        table=named_table(assembled.table),
        source=source,
        strata=assembled.strata,
        rows=tuple(
            FrameRow(labels[each.kept.code], each.layered.stratum) for each in assembled.candidates
        ),
    )
    behind = {label: code for code, label in labels.items()}
    return frame, canonical_bytes({"format": KEY_FORMAT, "key": key.hex(), "codes": behind})


def frame_file(draw: Draw, store: FileStore) -> bytes:
    """The very bytes of the frame. Raises `FrameAltered` and `FileMissing`."""
    return _file(draw, draw.frame_sha256, store)


def codes_behind(draw: Draw, store: FileStore) -> dict[str, str]:
    """Label → code, for those who may read every line. Raises `FrameAltered`, `FileMissing`."""
    found: dict[str, str] = json.loads(_file(draw, draw.key_sha256, store))["codes"]
    return found


def _file(draw: Draw, sha256: str, store: FileStore) -> bytes:
    with store.open(sha256) as file:
        data = file.read()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise FrameAltered(draw.code, sha256, found)
    return data


@dataclass(frozen=True)
class FixedAt:
    """Since when the frame cannot be changed any more."""

    at: datetime
    """As the ledger's own clock has it; in a demo home the day that is played."""
    leaf_index: int | None
    covering: Covering | None
    """The first checkpoint over it; None until it is sealed."""

    @property
    def proven_at(self) -> datetime | None:
        """From when on it is proven; None until it is sealed."""
        if self.covering is None:
            return None
        return self.at if settings.YINUO_DEMO_DATE else max(self.at, self.covering.signed_at)


def fixed_at(draw: str) -> FixedAt | None:
    """When the frame of a draw came onto the ledger; None for no such draw."""
    event = next((e for e in thread_events(f"draw:{draw}") if e.verb == FRAMED), None)
    if event is None:
        return None
    covering = None if event.leaf_index is None else public_covering(event.leaf_index)
    # What is played in a demo home happens on days long before the database's clock.
    at = event.at if settings.YINUO_DEMO_DATE else event.recorded_at
    return FixedAt(at, event.leaf_index, covering)
