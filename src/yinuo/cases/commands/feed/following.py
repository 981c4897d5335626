"""The cases of a source, made anew from all that was told of them.

    raw events ──follow──→ story ──checked──→ what the clock takes ──→ Case, CaseEvents, findings

Events of the clocks are append-only: one that no longer holds is removed by another, and the one in
its place is added. What was typed here (deferrals, declarations) stays.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from yinuo.cases.clocks import ACCEPTED, limits_of, tell_by
from yinuo.cases.commands.feed.persons import Brought, Party, is_unnamed, parties_of
from yinuo.cases.commands.feed.timings import number_events, reconciled
from yinuo.cases.commands.rows import next_codes
from yinuo.cases.feed.clocking import checked, without_start
from yinuo.cases.feed.following import DONE, Finding, Story, follow
from yinuo.cases.feed.telling import Step, Told
from yinuo.cases.life import Accepted, CaseStatus, Channel, EventKind
from yinuo.cases.models import (
    Case,
    CaseEvent,
    FeedCase,
    FeedEvent,
    FeedSource,
    ItemVersion,
)
from yinuo.cases.stored.cases import definition_of
from yinuo.cases.stored.columns import columns_from
from yinuo.content.calendars import working_calendar
from yinuo.kernel.calendar import Calendar, OutsideHorizon
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, put_texts, record, record_changed, record_new

AT_ONCE = 500
"""Cases whose rows are fetched together."""
TYPED_HOW = frozenset({Accepted.WITH_GAP, Accepted.ON_DECLARATION})


@dataclass
class _Work:
    """What is written at the end, all together."""

    source: FeedSource
    by: By
    at: datetime
    calendar: Calendar
    new: list[Case] = field(default_factory=list)
    changed: list[Case] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)


def follow_cases(
    source: FeedSource,
    codes: Collection[str],
    brought: Mapping[str, Brought],
    *,
    by: By,
    at: datetime,
) -> int:
    """Bring the cases with these numbers of the source up to what was told; how many there are.

    Belongs into the command that wrote the events.
    """
    wanted = sorted(codes)
    for start in range(0, len(wanted), AT_ONCE):
        _follow(source, wanted[start : start + AT_ONCE], brought, by=by, at=at)
    return len(wanted)


def _follow(
    source: FeedSource,
    codes: Sequence[str],
    brought: Mapping[str, Brought],
    *,
    by: By,
    at: datetime,
) -> None:
    told = _told(source, codes)
    cases = {
        row.source_code: row
        for row in Case.objects.select_for_update(of=("self",)).filter(
            source=source.code, source_code__in=codes
        )
    }
    _pin_versions(cases.values())
    events = _events(cases.values())
    versions = _Versions(source, told)
    fresh = _fresh(source, codes, cases, brought, by=by, at=at)
    work = _Work(source, by, at, working_calendar())
    findings: dict[str, tuple[Case | None, list[Finding]]] = {}
    for code in codes:
        row = cases.get(code)
        known = events.get(row.code, []) if row else []
        it = _Known(code, told[code], row, known, fresh.get(code))
        findings[code] = _one(work, it, versions)
    _number(work)
    _write(work)
    _keep_findings(source, findings, by=by, at=at)


def _pin_versions(cases: Collection[Case]) -> None:
    """Give cases the versions that they pin, each version read once."""
    wanted = {row.item_version_id for row in cases}
    versions = ItemVersion.objects.select_related("item").in_bulk(wanted)
    for row in cases:
        row.item_version = versions[row.item_version_id]


def _told(source: FeedSource, codes: Sequence[str]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {code: [] for code in codes}
    for row in FeedEvent.objects.filter(source=source, source_code__in=codes):
        found[row.source_code].append(told_of(row))
    return found


def told_of(row: FeedEvent) -> Told:
    """A row as the event that it holds."""
    return Told(
        event=row.event,
        case=row.source_code,
        item=row.item,
        step=Step(row.step),
        happened_at=row.happened_at,
        noted_at=row.noted_at,
        ground=row.ground,
        notice=row.notice,
        planned_until=row.planned_until,
        stop=row.stop,
        amount=row.amount,
        of=row.of,
        corrects=row.corrects,
        void=row.void,
    )


def _events(cases: Iterable[Case]) -> dict[str, list[CaseEvent]]:
    found: dict[str, list[CaseEvent]] = {case.code: [] for case in cases}
    for row in CaseEvent.objects.filter(case__in=list(found)).order_by("case", "number"):
        found[row.case_id].append(row)
    return found


class _Versions:
    """The version of an item that was in force on the day of receipt."""

    def __init__(self, source: FeedSource, told: Mapping[str, Sequence[Told]]) -> None:
        self.items = source.items
        codes = {self.ours(one.item) for events in told.values() for one in events if one.item}
        rows = ItemVersion.objects.filter(
            ItemVersion.public_rows(), item__in=codes, valid_from__isnull=False
        ).select_related("item")
        self.rows = list(rows)

    def ours(self, theirs: str) -> str:
        """Our code of an item."""
        return str(self.items.get(theirs, theirs))

    def on(self, theirs: str, day: date) -> ItemVersion | None:
        """The version in force on a day."""
        ours = self.ours(theirs)
        for row in self.rows:
            begun = row.valid_from is not None and row.valid_from <= day
            if row.item_id == ours and begun and (row.valid_to is None or row.valid_to > day):
                return row
        return None


@dataclass(frozen=True)
class _Fresh:
    """What does not stand in the events of a case."""

    party: Party
    about_text: str
    contact_text: str


def _fresh(
    source: FeedSource,
    codes: Sequence[str],
    cases: Mapping[str, Case],
    brought: Mapping[str, Brought],
    *,
    by: By,
    at: datetime,
) -> dict[str, _Fresh]:
    """Applicants and texts of the cases that are new, and of those whose applicant was unknown."""
    wanted: dict[str, Brought | None] = {}
    for code in codes:
        row, said = cases.get(code), brought.get(code)
        known = row is not None and not is_unnamed(source, str(row.applicant_id))
        if row is None or (not known and said is not None and said.person.name):
            wanted[code] = said
    parties = parties_of(source, wanted, by=by, at=at)
    abouts = put_texts([said.about if said else "" for said in wanted.values()])
    contacts = put_texts([said.person.phone if said else "" for said in wanted.values()])
    places = zip(wanted, abouts, contacts, strict=True)
    return {code: _Fresh(parties[code], about, contact) for code, about, contact in places}


@dataclass(frozen=True)
class _Known:
    """What there is of one case before it is followed."""

    code: str
    """Its number at the source."""
    told: Sequence[Told]
    row: Case | None
    events: Sequence[CaseEvent]
    fresh: _Fresh | None
    """What a new case is made with; of an old one only where its applicant was not known."""


def _one(work: _Work, it: _Known, versions: _Versions) -> tuple[Case | None, list[Finding]]:
    """Follow one case; what does not fit about it."""
    version, wrong = _version(it, versions)
    if version is None:
        return None, [Finding("", wrong)]
    definition = definition_of(version)
    grounds = frozenset(ground.name for ground in definition.grounds)
    story = follow(it.told, grounds=grounds, at_once=definition.at_once)
    if story.status is None and it.row is None:
        return None, story.findings
    if story.status is None and it.row is not None:
        # Everything that had been told was taken back.
        story.status, story.ended_at = CaseStatus.WITHDRAWN, work.at
        story.received_at = it.row.received_at
    stands = it.row is not None and _stands(it.row, story, work.calendar)
    if stands:
        without_start(story, ACCEPTED)
    checked(story, limits_of(definition))
    before = None if it.row is None else _state(it.row)
    row = it.row or _new_case(work, it, version, story)
    _tell_story(row, story, work.calendar, stands=stands)
    _keep_clocks(work, row, it.events, story, stands=stands)
    if before is not None:
        _mend_applicant(row, it.fresh)
        if _state(row) != before:
            work.changed.append(row)
    return row, story.findings


def _version(it: _Known, versions: _Versions) -> tuple[ItemVersion | None, str]:
    """The version of the item that the case pins; or why there can be no case yet."""
    if it.row is not None:
        return it.row.item_version, ""
    first = _first_received(it.told)
    if first is None:
        return None, "还没有收到收件或受理事件，先不建办件"
    item = next((one.item for one in it.told if one.item), "")
    if not item:
        return None, "没有一条事件写明事项，先不建办件"
    version = versions.on(item, civil_date(first))
    return version, "" if version else f"事项 {item} 在收件当天没有生效的版本，先不建办件"


def _keep_clocks(
    work: _Work, row: Case, known: Sequence[CaseEvent], story: Story, *, stands: bool
) -> None:
    new = reconciled(row, known, story.timings, stands=stands, at=work.at)
    work.events += new
    try:
        found = columns_from(row, [*known, *new], answer_due=None, calendar=work.calendar)
    except OutsideHorizon as error:
        story.findings.append(Finding("", error.what))
        return
    for name, value in found.items():
        setattr(row, name, value)


def _mend_applicant(row: Case, fresh: _Fresh | None) -> None:
    """Who applied, where it was not known when the case was made."""
    if fresh is not None and row.applicant_id != fresh.party.applicant.code:
        row.applicant = fresh.party.applicant


def _first_received(told: Sequence[Told]) -> datetime | None:
    gone = {one.corrects for one in told if one.corrects}
    starts = [
        one.happened_at
        for one in told
        if one.step in (Step.RECEIVED, Step.ACCEPTED) and not one.void and one.event not in gone
    ]
    return min(starts, default=None)


def _state(row: Case) -> tuple[object, ...]:
    return tuple(getattr(row, f.attname) for f in row._meta.concrete_fields if f.name != "version")


def _stands(row: Case, story: Story, calendar: Calendar) -> bool:
    """Whether an acceptance stands that was not told: typed here with a promise, or by law.

    That by law falls where what was told shows that somebody spoke in time.
    """
    if row.accepted_how in TYPED_HOW:
        return story.accepted_at is None
    if row.accepted_how != Accepted.DEEMED or story.received_at is None:
        return False
    limit = tell_by(story.received_at, calendar)
    in_time = story.spoken_at is not None and civil_date(story.spoken_at) <= limit
    if not in_time and story.accepted_at is not None:
        story.findings.append(Finding("", "已依法视为自收件之日起受理，窗口的受理时间不改变起算"))
    return not in_time


def _tell_story(row: Case, story: Story, calendar: Calendar, *, stands: bool) -> None:
    """Set the columns of a case to what was told of it."""
    assert story.status is not None and story.received_at is not None  # noqa: S101, PT018  # checked by the caller
    before = story.status in (CaseStatus.RECEIVED, CaseStatus.CORRECTING)
    if row.status == CaseStatus.REVOKED and story.status in DONE:
        # Revoked here, for a broken promise; the window's system does not know yet.
        story.findings.append(Finding("", "本系统已撤销，窗口系统还没有告知"))
        story.status, story.ended_at = CaseStatus.REVOKED, row.ended_at
    row.received_at = story.received_at
    row.status = CaseStatus.ACCEPTED if stands and before else story.status
    if not stands:
        typed = row.accepted_how in TYPED_HOW
        row.accepted_at = story.accepted_at
        row.accepted_how = row.accepted_how if typed else story.accepted_how
    row.decided_at, row.decision = story.decided_at, story.decision
    row.delivered_at, row.ended_at = story.delivered_at, story.ended_at
    row.tell_due = None
    if row.status == CaseStatus.RECEIVED:
        row.tell_due = tell_by(row.received_at, calendar)


def _new_case(work: _Work, it: _Known, version: ItemVersion, story: Story) -> Case:
    assert it.fresh is not None and story.received_at is not None  # noqa: S101, PT018  # as for all new ones
    if it.fresh.party.wrong:
        story.findings.append(Finding("", it.fresh.party.wrong))
    row = Case(
        item_version=version,
        unit_id=version.item.unit_id,
        window_id=work.source.window_id,
        office_id=version.item.office_id,
        applicant=it.fresh.party.applicant,
        about_text=it.fresh.about_text,
        contact_text=it.fresh.contact_text,
        channel=Channel.FEED,
        received_at=story.received_at,
        source=work.source.code,
        source_code=it.code,
        simulated=work.source.simulated,
    )
    work.new.append(row)
    return row


def _number(work: _Work) -> None:
    """Give the new cases their numbers, a series at a time, and their events with them."""
    series: dict[tuple[str, int], list[Case]] = {}
    for row in work.new:
        series.setdefault((row.unit_id, civil_date(row.received_at).year), []).append(row)
    for (unit, year), rows in sorted(series.items()):
        for row, code in zip(rows, next_codes(unit, year, len(rows)), strict=True):
            row.code = code
    fresh = {id(row) for row in work.new}
    number_events(event for event in work.events if id(event.case) in fresh)


def _write(work: _Work) -> None:
    record_new(work.new, verb="case.fed", by=work.by, at=work.at)
    record_changed(work.changed, verb="case.fed", by=work.by, at=work.at)
    for kind in EventKind:
        some = [event for event in work.events if event.kind == kind]
        record_new(some, verb=f"case_event.{kind}", by=work.by, at=work.at)


def _keep_findings(
    source: FeedSource,
    findings: Mapping[str, tuple[Case | None, list[Finding]]],
    *,
    by: By,
    at: datetime,
) -> None:
    """Write what does not fit, where it is new or gone."""
    known = {
        row.source_code: row
        for row in FeedCase.objects.filter(source=source, source_code__in=list(findings))
    }
    new = []
    for code, (case, found) in findings.items():
        said = [[one.event, one.what] for one in found]
        row = known.get(code)
        if row is None and said:
            new.append(
                FeedCase(
                    code=f"{source.code}/{code}",
                    source=source,
                    source_code=code,
                    case=case,
                    findings=said,
                    found_at=at,
                )
            )
        elif row is not None and (row.findings != said or row.case != case):
            row.findings, row.case, row.open, row.found_at = said, case, bool(said), at
            record(row, verb="feed_case.found" if said else "feed_case.settled", by=by, at=at)
    record_new(new, verb="feed_case.found", by=by, at=at)
