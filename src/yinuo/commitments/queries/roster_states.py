"""How things stand with many commitments at once, for the office that gets its sheet back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Length

from yinuo.commitments.claims import CLAIM_LABELS, COUNTED, OPEN, ClaimStatus
from yinuo.commitments.models import Commitment, Report, Signing, Wait
from yinuo.commitments.terms import share_text
from yinuo.commitments.wording import wording
from yinuo.commitments.words import mark
from yinuo.parties.viewer import Viewer

CHUNK = 500
"""Keys in one query; SQLite takes few parameters."""
HOLDS_UP = OPEN | COUNTED
"""A claim in one of these states holds the commitment up until it ends."""


@dataclass(frozen=True)
class Signed:
    """How many units have signed, of those that were asked and have to."""

    asked: int
    signed: int
    returned: int

    @property
    def text(self) -> str:
        """Such as `2/3 已签收，1 家退回`; empty where nobody was asked."""
        if not self.asked:
            return ""
        returned = f"，{self.returned} 家退回" if self.returned else ""
        return f"{self.signed}/{self.asked} 已签收{returned}"


@dataclass(frozen=True)
class Held:
    """One thing that a commitment waits for."""

    unit: str
    """Name of the unit waited for."""
    what: str
    since_date: date
    state: str

    @property
    def text(self) -> str:
        """In one line."""
        return f"{self.unit}：{self.what}（自 {self.since_date}，{self.state}）"


@dataclass(frozen=True)
class RosterState:
    """What Yinuo knows of one row of a sheet."""

    code: str
    state: str
    """进行中, 逾期, 待核实, 按期兑现 …"""
    due: date | None
    due_original: date | None
    moved_count: int
    signed: Signed
    """Its own signatures, and those of the tasks it was broken down to."""
    broken_down: int
    """Units it was broken down to."""
    report_date: date | None
    """The day that the last report speaks of."""
    report_value: str
    report_note: str
    share: str
    """How far the last report is from the baseline to the target."""
    held: tuple[Held, ...]
    """What it and its parts wait for now."""


def roster_states(
    *, codes: Iterable[str], viewer: Viewer, today: date
) -> Mapping[str, RosterState]:
    """Code → state, of the commitments among `codes` that the viewer's office supervises.

    Others are left out. A handful of queries for every 500 codes, whatever hangs on them.
    """
    wanted = sorted(set(codes))
    known = frozenset(wanted)
    office = Q(creditor_unit__in=viewer.supervisor_of | viewer.administrator_of)
    found: dict[str, RosterState] = {}
    for chunk in _chunks(wanted):
        found |= _states(chunk, known, office, today)
    return found


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def _states(
    chunk: Sequence[str], known: frozenset[str], office: Q, today: date
) -> dict[str, RosterState]:
    latest = Report.objects.filter(commitment=OuterRef("pk")).order_by(
        "-as_of_date", Length("code").desc(), "-code"
    )
    rows = list(
        Commitment.objects.filter(office, pk__in=chunk).annotate(
            last_report=Subquery(latest.values("pk")[:1])
        )
    )
    reports = Report.objects.in_bulk([row.last_report for row in rows if row.last_report])
    parts = _parts([row.pk for row in rows], known)
    below = [part for each in parts.values() for part in each]
    signings = _signings([*(row.pk for row in rows), *below])
    waits = _waits([*(row.pk for row in rows), *below])
    notes = wording(report.note_text for report in reports.values())
    found = {}
    for row in rows:
        report = reports.get(row.last_report)
        own = (row.pk, *parts.get(row.pk, ()))
        found[row.code] = RosterState(
            code=row.code,
            state=mark(status=row.status, outcome=row.outcome, due=row.due, today=today).word,
            due=row.due,
            due_original=row.due_original,
            moved_count=row.moved_count,
            signed=_signed([status for code in own for status in signings.get(code, ())]),
            broken_down=len(own) - 1,
            report_date=report.as_of_date if report else None,
            report_value=report.value if report else "",
            report_note=notes.get(report.note_text, "") if report else "",
            share=share_text(row, report.value) if report else "",
            held=tuple(held for code in own for held in waits.get(code, ())),
        )
    return found


def _parts(codes: Sequence[str], known: frozenset[str]) -> dict[str, list[str]]:
    """Commitment → what it was broken down to; a row of the sheet itself tells its own."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for chunk in _chunks(codes):
        rows = Commitment.objects.filter(parent__in=chunk).order_by("pk")
        for parent, code in rows.values_list("parent_id", "pk"):
            if code not in known:
                found[parent].append(code)
    return found


def _signings(codes: Sequence[str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for chunk in _chunks(codes):
        rows = Signing.objects.filter(commitment__in=chunk)
        for code, status in rows.values_list("commitment_id", "status"):
            found[code].append(status)
    return found


def _signed(statuses: Sequence[str]) -> Signed:
    binding = [status for status in statuses if status != Signing.Status.RECALLED]
    return Signed(
        asked=len(binding),
        signed=binding.count(Signing.Status.SIGNED),
        returned=binding.count(Signing.Status.RETURNED),
    )


def _waits(codes: Sequence[str]) -> dict[str, list[Held]]:
    rows = [
        row
        for chunk in _chunks(codes)
        for row in Wait.objects.filter(commitment__in=chunk, ended_date=None, status__in=HOLDS_UP)
        .select_related("on_unit")
        .order_by("since_date", "code")
    ]
    words = wording(row.what_text for row in rows)
    found: defaultdict[str, list[Held]] = defaultdict(list)
    for row in rows:
        found[row.commitment_id].append(
            Held(
                unit=row.on_unit.name,
                what=words.get(row.what_text, ""),
                since_date=row.since_date,
                state=CLAIM_LABELS[ClaimStatus(row.status)],
            )
        )
    return found
