"""The window systems: how they do, what was put aside, what does not fit; for office and window."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q, Sum

from yinuo.cases.access.cases import sees
from yinuo.cases.access.feed import mapping_named, visible_sources
from yinuo.cases.errors.cases import UnknownCase
from yinuo.cases.errors.feed import NotFed, UnknownAside, UnknownSource
from yinuo.cases.feed.life import ASIDE_LABELS, SOURCE_LABELS, WAY_LABELS, AsideState, SourceState
from yinuo.cases.feed.life import Way as By
from yinuo.cases.feed.mapping import FIELDS
from yinuo.cases.feed.telling import STEP_LABELS, Step
from yinuo.cases.life import STATUS_LABELS, CaseStatus, Channel
from yinuo.cases.models import Case, FeedAside, FeedBatch, FeedCase, FeedEvent, FeedSource
from yinuo.cases.stored.cases import definition_of
from yinuo.commitments.wording import wording
from yinuo.kernel.limits import UNIT_WORDS, parse_limit
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

SAMPLES, BATCHES, EVENTS = 20, 20, 200
LATE = timedelta(days=1)
"""Told more than this after it happened: 补录."""


@dataclass(frozen=True, kw_only=True)
class SourceView:
    """One window system, and how it does."""

    code: str
    title: str
    window: str
    window_name: str
    office: str
    office_name: str
    mapping: str
    zone: str
    items: Mapping[str, str]
    state: str
    state_label: str
    simulated: bool
    last_batch_at: datetime | None
    last_event_at: datetime | None
    """When the last event told of happened."""
    read: int
    accepted: int
    quarantined: int
    duplicate: int
    waiting: int
    """Rows put aside that nobody dealt with."""
    odd: int
    """Cases with a finding."""
    cases: int
    late: int
    """Events told more than a day after they happened."""
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class BatchView:
    """One batch."""

    code: str
    way: str
    name: str
    received_at: datetime
    read: int
    accepted: int
    quarantined: int
    duplicate: int
    cases: int
    reasons: tuple[tuple[str, int], ...]
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class AsideView:
    """One row that was put aside."""

    code: str
    source: str
    row: int
    batch: str
    reason: str
    faults: tuple[tuple[str, str], ...]
    """Field and reason."""
    raw: tuple[tuple[str, str], ...]
    """The row as it came."""
    fields: tuple[tuple[str, str, str], ...]
    """Our field, the source's name of it, and its value, for the form of correction."""
    state: str
    state_label: str
    became: str


@dataclass(frozen=True)
class Odd:
    """A case about which something does not fit."""

    source_code: str
    case: str
    """Our number; empty where there is no case yet."""
    findings: tuple[tuple[str, str], ...]
    """Number of the event, and what."""
    found_at: datetime


@dataclass(frozen=True, kw_only=True)
class EventView:
    """One event as it was told."""

    event: str
    step: str
    happened_at: datetime
    noted_at: datetime
    late: bool
    ground: str
    notice: str
    corrects: str
    corrected_by: str
    """Number of the event in its place; empty while it counts."""
    void: bool
    finding: str


@dataclass(frozen=True)
class SourcePage:
    """A window system in full."""

    source: SourceView
    batches: tuple[BatchView, ...]
    reasons: tuple[tuple[str, int], ...]
    """Rows that wait, by reason."""
    asides: tuple[AsideView, ...]
    odd: tuple[Odd, ...]


def sources(*, viewer: Viewer) -> tuple[SourceView, ...]:
    """Every window system the viewer may see, by code."""
    rows = FeedSource.objects.filter(visible_sources(viewer)).order_by("code")
    names = public_unit_names()
    return tuple(_view(row, names, viewer) for row in rows)


def source(*, code: str, reason: str = "", viewer: Viewer) -> SourcePage:
    """One of them with its last batches and what waits. Raises `UnknownSource`."""
    row = _source(code, viewer)
    waiting = row.asides.filter(state=AsideState.WAITING)
    reasons = waiting.values_list("reason").annotate(n=Count("pk")).order_by("-n", "reason")
    shown = waiting.filter(reason=reason) if reason else waiting
    odd = row.odd_cases.filter(open=True).order_by("code")[:SAMPLES]
    batches = list(row.batches.order_by("-number")[:BATCHES])
    texts = wording([batch.name_text for batch in batches])
    return SourcePage(
        _view(row, public_unit_names(), viewer),
        tuple(_batch(batch, texts) for batch in batches),
        tuple((str(name), int(number)) for name, number in reasons),
        _asides(row, list(shown.order_by("batch__number", "row")[:SAMPLES])),
        tuple(_odd(one) for one in odd),
    )


def aside(*, code: str, viewer: Viewer) -> AsideView:
    """One row that was put aside. Raises `UnknownAside`."""
    row = FeedAside.objects.filter(code=code).select_related("source").first()
    if row is None or not _visible(str(row.source_id), viewer):
        raise UnknownAside(code)
    return _asides(row.source, [row])[0]


def events_of(*, case: str, viewer: Viewer) -> tuple[EventView, ...]:
    """What the window's system told of a case, by happening time; empty for other cases.

    For the page of the case, which has checked nothing for us: whoever may not see it gets nothing.
    """
    row = Case.objects.filter(code=case).first()
    if row is None or not row.source or not sees(viewer, row):
        return ()
    told = list(
        FeedEvent.objects.filter(source=row.source, source_code=row.source_code).order_by(
            "happened_at", "event"
        )[:EVENTS]
    )
    found = FeedCase.objects.filter(source=row.source, source_code=row.source_code).first()
    findings = dict(found.findings) if found else {}
    by = {one.corrects: one.event for one in told if one.corrects}
    return tuple(
        EventView(
            event=one.event,
            step=STEP_LABELS[Step(one.step)],
            happened_at=one.happened_at,
            noted_at=one.noted_at,
            late=one.noted_at - one.happened_at > LATE,
            ground=one.ground,
            notice=one.notice,
            corrects=one.corrects,
            corrected_by=by.get(one.event, ""),
            void=one.void,
            finding=findings.get(one.event, ""),
        )
        for one in told
    )


def findings_of(*, case: str, viewer: Viewer) -> tuple[str, ...]:
    """What does not fit about a fed case, in words; empty for any other."""
    row = Case.objects.filter(code=case).first()
    if row is None or not row.source or not sees(viewer, row):
        return ()
    rows = FeedCase.objects.filter(case=row, open=True)
    return tuple(what for one in rows for _event, what in one.findings)


def waiting(*, viewer: Viewer) -> int:
    """Rows put aside in what the viewer may see, for the inbox."""
    seen = FeedSource.objects.filter(visible_sources(viewer))
    return FeedAside.objects.filter(source__in=seen, state=AsideState.WAITING).count()


def _visible(code: str, viewer: Viewer) -> bool:
    return FeedSource.objects.filter(visible_sources(viewer), code=code).exists()


def _source(code: str, viewer: Viewer) -> FeedSource:
    row = FeedSource.objects.filter(visible_sources(viewer), code=code).first()
    if row is None:
        raise UnknownSource(code)
    return row


def _view(row: FeedSource, names: Mapping[str, str], viewer: Viewer) -> SourceView:
    totals = row.batches.exclude(way=By.REPLAY).aggregate(
        at=Max("received_at"),
        last=Max("last_at"),
        **{name: Sum(name, default=0) for name in ("read", "accepted", "quarantined", "duplicate")},
    )
    return SourceView(
        code=row.code,
        title=row.title,
        window=row.window_id,
        window_name=names.get(row.window_id, row.window_id),
        office=row.office_id,
        office_name=names.get(row.office_id, row.office_id),
        mapping=row.mapping,
        zone=row.zone,
        items=dict(row.items),
        state=row.state,
        state_label=SOURCE_LABELS[SourceState(row.state)],
        simulated=row.simulated,
        last_batch_at=totals["at"],
        last_event_at=totals["last"],
        read=totals["read"],
        accepted=totals["accepted"],
        quarantined=totals["quarantined"],
        duplicate=totals["duplicate"],
        waiting=row.asides.filter(state=AsideState.WAITING).count(),
        odd=row.odd_cases.filter(open=True).count(),
        cases=Case.objects.filter(source=row.code).count(),
        late=_late(row),
        may_change=row.office_id in viewer.administrator_of,
    )


def _late(row: FeedSource) -> int:
    """By batch, because a whole batch comes at one time."""
    late = Q()
    batches = row.batches.exclude(first_at=None).order_by("-number")[:BATCHES]
    for batch in batches:
        late |= Q(batch=batch, happened_at__lt=batch.received_at - LATE)
    return row.events.filter(late).count() if late else 0


def _batch(row: FeedBatch, texts: Mapping[str, str]) -> BatchView:
    return BatchView(
        code=row.code,
        way=WAY_LABELS[By(row.way)],
        name=texts.get(row.name_text, ""),
        received_at=row.received_at,
        read=row.read,
        accepted=row.accepted,
        quarantined=row.quarantined,
        duplicate=row.duplicate,
        cases=row.cases,
        reasons=tuple(sorted(row.reasons.items())),
        first_at=row.first_at,
        last_at=row.last_at,
    )


def _asides(row: FeedSource, asides: list[FeedAside]) -> tuple[AsideView, ...]:
    texts = wording([one.raw_text for one in asides])
    mapping = mapping_named(row.mapping)
    found = []
    for one in asides:
        raw = _parsed(texts[one.raw_text])
        found.append(
            AsideView(
                code=one.code,
                source=str(one.source_id),
                row=one.row,
                batch=str(one.batch_id),
                reason=one.reason,
                faults=tuple((field, reason) for field, reason in one.faults),
                raw=tuple(raw.items()),
                fields=tuple(
                    (name, mapping.theirs(name), mapping.value(raw, name))
                    for name in FIELDS
                    if name in mapping.columns
                ),
                state=one.state,
                state_label=ASIDE_LABELS[AsideState(one.state)],
                became=one.became,
            )
        )
    return tuple(found)


def _parsed(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        found = text
    return found if isinstance(found, dict) else {"": str(found)}


def _odd(row: FeedCase) -> Odd:
    said = tuple((str(event), str(what)) for event, what in row.findings)
    return Odd(row.source_code, str(row.case_id or ""), said, row.found_at)


@dataclass(frozen=True, kw_only=True)
class FedCase:
    """A fed case as its source told it, and what can be typed here."""

    code: str
    title: str
    source: str
    source_title: str
    source_code: str
    status: str
    version: int
    promised_due: date | None
    legal_due: date | None
    stopped: bool
    simulated: bool
    events: tuple[EventView, ...]
    findings: tuple[str, ...]
    gaps: tuple[tuple[str, str, str], ...]
    """Key, name and longest time of each document that may be deferred now."""
    proofs: tuple[tuple[str, str], ...]
    """Key and name of each document in whose place a declaration may stand now."""
    declaration: str
    """What the applicant promises then, in full; empty for none."""


def _words(limit: str) -> str:
    number, kind = parse_limit(limit)
    return f"{number} {UNIT_WORDS[kind]}"


def fed_case(*, code: str, viewer: Viewer) -> FedCase:
    """What was told of a case. Raises `UnknownCase`, `NotFed`."""
    row = Case.objects.select_related("item_version").filter(code=code).first()
    if row is None or not viewer.signed_in or not sees(viewer, row):
        raise UnknownCase(code)
    if row.channel != Channel.FEED:
        raise NotFed(code)
    source = FeedSource.objects.get(code=row.source)
    there = set(row.materials.exclude(state="missing").values_list("key", flat=True))
    item = definition_of(row.item_version)
    acts = {row.window_id, row.unit_id} & viewer.officer_of
    open_now = row.status == CaseStatus.ACCEPTED and acts
    return FedCase(
        code=row.code,
        title=row.item_version.title,
        source=source.code,
        source_title=source.title,
        source_code=row.source_code,
        status=STATUS_LABELS[CaseStatus(row.status)],
        version=row.version,
        promised_due=row.promised_due,
        legal_due=row.legal_due,
        stopped=row.stopped,
        simulated=row.simulated,
        events=events_of(case=code, viewer=viewer),
        findings=findings_of(case=code, viewer=viewer),
        gaps=tuple(
            (one.key, one.name, _words(one.deferral))
            for one in item.materials
            if open_now and one.deferrable and one.deferral and one.key not in there
        ),
        proofs=tuple(
            (one.key, one.name)
            for one in item.materials
            if open_now and item.declaration and one.declarable and one.key not in there
        ),
        declaration=item.declaration.text if item.declaration else "",
    )


def case_of(*, source: str, number: str, viewer: Viewer) -> str:
    """Our code of what a source calls by its own number.

    Raises `UnknownCase` where there is none that the viewer may see.
    """
    row = Case.objects.filter(source=source, source_code=number).first()
    if row is None or not sees(viewer, row):
        raise UnknownCase(number)
    return row.code
