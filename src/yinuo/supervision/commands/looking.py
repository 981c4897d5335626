"""Looking through what arrived since the last look, and recording what a person should look at.

    sealed log ──in order, from the cursor──→ pictures and series ──checks──→ doubts, each once

Everything of one batch is one transaction with the cursor: after a crash the same batch comes
again, and what was recorded is known by its key. Pictures are decoded before it is open. Two who
look at the same time do not harm one another: the second finds the cursor moved and writes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from yinuo.commitments.reported import HandedIn, Reporting, pictures, reporting
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, record_new
from yinuo.ledger.files import files
from yinuo.ledger.outbox import Mark, sealed_after
from yinuo.notices.commands.tell import Telling, tell
from yinuo.supervision.commands.photo_index import Prepared, keep_photos, prepare, use_photos
from yinuo.supervision.doubt_life import Spotted
from yinuo.supervision.doubt_table import Thresholds, thresholds
from yinuo.supervision.models import Doubt, DoubtCursor, LastDigit, Photo, PhotoHash, PhotoUse
from yinuo.supervision.noticing import Batch, notice_digits, notice_figures

NAME = "doubts"
REPORT, EVIDENCE, ERASURE = "report", "evidence", "erasure"
BATCH = 1_000
ROWS_A_STATEMENT = 500
MACHINE = By("operator:doubts")
"""Who found it: nobody in particular."""


@dataclass(frozen=True)
class Looked:
    """What came of looking at one batch."""

    entries: int
    reports: int
    photos: int
    doubts: int
    place: int
    more: bool


def look(*, store: FileStore, at: datetime, batch: int = BATCH) -> Looked:
    """Look at the next entries of the sealed log; call again while there is `more`.

    `at` is when they were found. Raises `NoThresholds`, `ThresholdsUnfit` and `FileMissing` of the
    published table; what is wrong with single pictures is kept with them and shown.
    """
    on = civil_date(at)
    rules = thresholds(on)
    cursor = DoubtCursor.objects.filter(name=NAME).first()
    start = cursor.place if cursor else 0
    marks, place = sealed_after(start, limit=batch)
    if not marks:
        return Looked(0, 0, 0, 0, place, more=False)
    new = _subjects(marks, EVIDENCE, "evidence.handed_in")
    handed = pictures(new)
    ready = prepare(handed.values(), store=store, limits=rules.limits)
    return _take_in(
        marks=marks,
        start=start,
        place=place,
        handed=handed,
        ready=ready,
        rules=rules,
        on=on,
        at=at,
        full=len(marks) == batch,
    )


def _subjects(marks: Iterable[Mark], kind: str, verb: str) -> list[str]:
    """Codes of what these entries brought, in the order of the log."""
    return [
        mark.subject.removeprefix(f"{kind}:")
        for mark in marks
        if mark.verb == verb and mark.subject.startswith(f"{kind}:")
    ]


@command("doubts.look")
def _take_in(
    *,
    marks: Sequence[Mark],
    start: int,
    place: int,
    handed: Mapping[str, HandedIn],
    ready: Mapping[str, Prepared],
    rules: Thresholds,
    on: date,
    at: datetime,
    full: bool,
) -> Looked:
    DoubtCursor.objects.get_or_create(name=NAME)
    cursor = DoubtCursor.objects.select_for_update().get(name=NAME)
    if cursor.place != start:
        return Looked(0, 0, 0, 0, cursor.place, more=True)
    if any(mark.subject.startswith(f"{ERASURE}:") for mark in marks):
        forget_erased()
    fresh = frozenset(_subjects(marks, REPORT, "report.made"))
    owners = {code.rpartition("/R")[0] for code in fresh}
    known = reporting(owners | {one.commitment for one in handed.values()})
    order = [code for code in _subjects(marks, EVIDENCE, "evidence.handed_in") if code in handed]
    keep_photos(ready)
    spotted = [
        *use_photos([handed[code] for code in order], known, rules.limits),
        *notice_figures(Batch(fresh, known), rules.limits),
        *_digits(fresh, known, rules),
    ]
    made = _record(spotted, rules=rules, on=on, at=at)
    cursor.place = place
    cursor.save()
    return Looked(len(marks), len(fresh), len(order), made, place, more=full)


def _record(spotted: Sequence[Spotted], *, rules: Thresholds, on: date, at: datetime) -> int:
    """Record what was not recorded before, and tell the units that are asked."""
    by_key = {one.key: one for one in spotted}
    keys = sorted(by_key)
    for some in (keys[n : n + ROWS_A_STATEMENT] for n in range(0, len(keys), ROWS_A_STATEMENT)):
        for key in Doubt.objects.filter(key__in=some).values_list("key", flat=True):
            del by_key[key]
    first = Doubt.objects.count() + 1
    rows = [
        Doubt(
            code=f"D{number}",
            key=one.key,
            kind=one.kind,
            commitment_id=one.commitment,
            facts=dict(one.facts),
            rules=rules.rules,
            found_date=on,
        )
        for number, one in enumerate(by_key.values(), start=first)
    ]
    record_new(rows, verb="doubt.found", by=MACHINE, at=at)
    _tell(rows, at=at)
    return len(rows)


def _tell(rows: Sequence[Doubt], *, at: datetime) -> None:
    """One message a unit, however many there are."""
    leads = {code: one.lead for code, one in reporting({row.commitment_id for row in rows}).items()}
    by_unit: defaultdict[str, list[Doubt]] = defaultdict(list)
    for row in rows:
        lead = leads.get(row.commitment_id)
        if lead:
            by_unit[lead].append(row)
    tell(tellings=[_telling(unit, some) for unit, some in sorted(by_unit.items())], at=at)


def _telling(unit: str, rows: Sequence[Doubt]) -> Telling:
    kinds = Counter(row.get_kind_display() for row in rows)
    said = "、".join(f"{label} {n} 个" for label, n in kinds.most_common())
    alone = rows[0] if len(rows) == 1 else None
    return Telling(
        to_unit=unit,
        role="officer",
        topic="doubt.found",
        title=f"有 {len(rows)} 个疑点请您单位核对、答复",
        body=f"{said}。疑点只是提请核对，请写明情况，有材料的一并说明出处。",
        page="doubt" if alone else "doubts",
        args=(alone.code,) if alone else (),
        about=f"doubt:{rows[0].code}",
    )


# ── how the figures of a unit end ────────────────────────────────────────────────────────────────


def _digits(
    fresh: frozenset[str], known: Mapping[str, Reporting], rules: Thresholds
) -> list[Spotted]:
    """Count the last digits of new figures and look at the units and years that they touch."""
    counted, newest = notice_digits(fresh, known)
    with connection.cursor() as cursor:
        for (unit, office, year, digit), number in sorted(counted.items()):
            cursor.execute(
                "INSERT INTO supervision_lastdigit (unit, office, year, digit, total) "
                "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (unit, office, year, digit) "
                "DO UPDATE SET total = supervision_lastdigit.total + excluded.total",
                [unit, office, year, digit, number],
            )
    touched = {(unit, office, year) for unit, office, year, _ in counted}
    totals: defaultdict[tuple[str, str, int], dict[int, int]] = defaultdict(dict)
    rows = LastDigit.objects.filter(unit__in={unit for unit, *_ in touched})
    for unit, office, year, digit, total in rows.values_list(
        "unit", "office", "year", "digit", "total"
    ):
        totals[unit, office, year][digit] = total
    return [
        one
        for cell in sorted(touched)
        if (one := newest[cell].odd(totals[cell], rules.limits)) is not None
    ]


# ── starting over ────────────────────────────────────────────────────────────────────────────────


@command("doubts.forget_erased")
def forget_erased() -> int:
    """Drop what is kept of pictures that were erased by law; returns how many there were."""
    gone = Photo.objects.filter(sha256__in=files().erased)
    number = gone.count()
    gone.delete()
    return number


@command("doubts.start_over")
def start_over() -> None:
    """Forget everything that is derived and look at the log from its start; doubts stay."""
    for model in (PhotoHash, PhotoUse, Photo, LastDigit, DoubtCursor):
        model.objects.all().delete()
