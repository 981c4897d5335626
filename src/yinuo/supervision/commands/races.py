"""Holding a race: worked out by one person, published by another, corrected by a new edition.

    work_out ──→ file in the store, by hash ──draft──→ draft ──publish──→ frozen, a row a unit
                                                                  └──open──→ everybody may read it

The file is on the disk before the row names it. What is published is the very file that the second
person looked at; nothing is computed again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO

from yinuo.commitments.queries.race import race_facts
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.ledger.commands.recording import By, command, put_text, record, record_new
from yinuo.notices.commands.tell import Telling, tell
from yinuo.parties.queries import public_unit_names, public_units
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.errors.race import (
    ExemptionDecided,
    ExemptionInvalid,
    NotADraft,
    NotPublished,
    NoWhy,
    PeriodRunning,
    SchemeLate,
    UnknownExemption,
    UnknownRace,
)
from yinuo.supervision.models import Race, RaceExemption, RaceRow
from yinuo.supervision.models.race import DRAFTED, DROPPED, OPENED, PUBLISHED, REDRAFTED, REPLACED
from yinuo.supervision.race.file import Head, RaceFile, made
from yinuo.supervision.race.period import BadPeriod, Period, period
from yinuo.supervision.race.scheme import INDICATORS
from yinuo.supervision.race.scoring import Before, Result, Unit
from yinuo.supervision.race_inputs import units_of
from yinuo.supervision.race_store import race_file
from yinuo.supervision.race_table import Chosen, chosen

LONGEST_TITLE = 120
Status = Race.Status


@dataclass(frozen=True)
class WorkedOut:
    """A race whose file lies in the store and whose row is still to be written."""

    file: RaceFile
    period: Period
    as_of: date
    sha256: str
    size: int
    reason: str
    """Why there is another edition; empty for the first."""
    late_reason: str
    """Why a scheme counts that came late; empty for one in time."""


def _supervising(office: str, by: Viewer) -> By:
    if office not in by.supervisor_of:
        raise NotAllowed("只有举办单位的督查人可以这样做", place=office)
    return by.acting("supervisor", office)


# ── working out ──────────────────────────────────────────────────────────────────────────────────


def work_out(
    *,
    office: str,
    code: str,
    title: str = "",
    reason: str = "",
    late_reason: str = "",
    store: FileStore,
    today: date,
    by: Viewer,
) -> WorkedOut:
    """Take the facts of a period, score them and keep the file, outside any transaction.

    `code` names the period, such as `2024Q2`. Raises `NotAllowed`, `BadPeriod`, `PeriodRunning`,
    `NoScheme`, `SchemeLate` without `late_reason`, `NoWhy` for a correction without `reason`.
    """
    _supervising(office, by)
    span = period(code)
    if today < span.end:
        raise PeriodRunning(span.words, span.last)
    found = chosen(span)
    if found.late and not late_reason.strip():
        published = found.published
        raise SchemeLate(span.words, span.first, found.approved_date, published.valid_from)
    standing = _standing(office, span)
    if standing is not None and not reason.strip():
        raise NoWhy(standing.code)
    last = _race_before(office, span)
    head = _head(office, span, found, standing, last)
    head = replace(head, title=title.strip()[:LONGEST_TITLE] or head.title, as_of=today.isoformat())
    units = _units(office, span, found, by)
    file = made(head, found.scheme.groups, units, _before(last))
    data = file.written()
    return WorkedOut(
        file=file,
        period=span,
        as_of=today,
        sha256=store.put(BytesIO(data)),
        size=len(data),
        reason=reason.strip() if standing is not None else "",
        late_reason=late_reason.strip() if found.late else "",
    )


def _standing(office: str, span: Period) -> Race | None:
    """The published race of a period that no other has taken the place of."""
    rows = Race.objects.filter(office=office, period=span.code, status=Status.PUBLISHED)
    return rows.filter(replaced_by=None).first()


def _units(office: str, span: Period, found: Chosen, by: Viewer) -> tuple[Unit, ...]:
    facts = race_facts(
        office=office,
        first=span.first,
        end=span.end,
        first_before=span.before.first,
        viewer=by,
    )
    granted = RaceExemption.objects.filter(
        office=office, period=span.code, status=RaceExemption.Status.GRANTED
    )
    return units_of(
        scheme=found.scheme,
        period=span,
        office=office,
        units=public_units(),
        facts=facts,
        exempt={(row.unit_id, row.indicator): row.code for row in granted},
    )


def _head(
    office: str, span: Period, found: Chosen, standing: Race | None, last: Race | None
) -> Head:
    edition = standing.edition + 1 if standing else 1
    return Head(
        code=f"R{span.code}-{office}-{edition}",
        title=f"{span.words}赛马",
        office=office,
        office_name=public_unit_names()[office],
        period=span.code,
        first=span.first.isoformat(),
        last=span.last.isoformat(),
        as_of="",
        edition=edition,
        corrects=standing.code if standing else "",
        scheme_name=found.published.name,
        scheme_number=found.published.number,
        scheme_edition=found.published.edition,
        scheme_sha256=found.published.sha256,
        scheme_late=found.late,
        before=last.code if last else "",
    )


def _race_before(office: str, span: Period) -> Race | None:
    """The last published race of the same office and length before a period."""
    rows = Race.objects.filter(
        office=office, length=span.length, status=Status.PUBLISHED, last_date__lt=span.first
    )
    return rows.filter(replaced_by=None).order_by("-last_date").first()


def _before(race: Race | None) -> Mapping[str, Before]:
    if race is None:
        return {}
    rows = RaceRow.objects.filter(race=race).values_list("unit", "group", "score", "first")
    return {
        unit: Before(group, score, first)
        for unit, group, score, first in rows
        if score is not None and first is not None
    }


# ── the life of a race ───────────────────────────────────────────────────────────────────────────


@command("race.draft")
def draft(*, worked_out: WorkedOut, store: FileStore, by: Viewer, at: datetime) -> str:
    """Keep a race that was worked out as the draft of its period; returns its code.

    A draft of that period that is there already gives way. Raises `NotAllowed`, `FileMissing`.
    """
    head = worked_out.file.head
    acting = _supervising(head.office, by)
    if store.size(worked_out.sha256) != worked_out.size:
        raise FileMissing(worked_out.sha256, "的大小与计算出的不同")
    row = Race.objects.select_for_update(of=("self",)).filter(pk=head.code).first()
    if row is not None and row.status == Status.PUBLISHED:
        raise NotADraft(row.code, row.get_status_display())
    verb = DRAFTED if row is None else REDRAFTED
    row = row or Race(code=head.code, office_id=head.office)
    row.title, row.period = head.title, head.period
    row.length = worked_out.period.length
    row.first_date, row.last_date = worked_out.period.first, worked_out.period.last
    row.as_of_date = worked_out.as_of
    row.edition, row.corrects_id = head.edition, head.corrects or None
    row.reason_text = put_text(worked_out.reason)
    row.scheme_number, row.scheme_edition = head.scheme_number, head.scheme_edition
    row.scheme_sha256 = head.scheme_sha256
    row.late_text = put_text(worked_out.late_reason)
    row.sha256, row.size = worked_out.sha256, worked_out.size
    row.ranked = sum(each.tier is not None for each in worked_out.file.results)
    row.status = Status.DRAFT
    row.prepared_by, row.prepared_at = by.actor, at
    record(row, verb=verb, by=acting, at=at)
    return row.code


def _locked(code: str, by: Viewer, version: int | None) -> tuple[Race, By]:
    row = Race.objects.select_for_update(of=("self",)).filter(pk=code).first()
    watching = by.supervisor_of | by.administrator_of | by.auditor_of
    if row is None or (row.status != Status.PUBLISHED and row.office_id not in watching):
        raise UnknownRace(code)
    acting = _supervising(row.office_id, by)
    if version is not None:
        row.version = version  # the guarded write then refuses it as stale
    return row, acting


@command("race.drop")
def drop(*, race: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Give a draft up. Raises `NotAllowed`, `UnknownRace`, `NotADraft`."""
    row, acting = _locked(race, by, version)
    if row.status != Status.DRAFT:
        raise NotADraft(race, row.get_status_display())
    row.status = Status.DROPPED
    record(row, verb=DROPPED, by=acting, at=at)


@command("race.publish")
def publish(
    *, race: str, store: FileStore, by: Viewer, at: datetime, version: int | None = None
) -> int:
    """Publish a draft as it was worked out, by another person; returns how many units it ranks.

    Nobody publishes a race in which a unit of theirs is compared. Raises `NotAllowed`,
    `UnknownRace`, `NotADraft`, `StaleVersion`, `FileMissing`.
    """
    row, acting = _locked(race, by, version)
    if row.status != Status.DRAFT:
        raise NotADraft(race, row.get_status_display())
    if row.prepared_by == by.actor:
        raise NotAllowed(
            "计算的人不能发布自己计算的结果", place=race, next_step="请由另一名督查人核对后发布"
        )
    store.check(row.sha256)
    file = race_file(row.sha256, store)
    judged = (result.unit for result in file.results if not result.why)
    _require_apart(by, row.office_id, judged, race)
    if row.corrects_id:
        _replace(row.corrects_id, row, acting, at)
    row.status = Status.PUBLISHED
    row.published_by, row.published_at = by.actor, at
    record(row, verb=PUBLISHED, by=acting, at=at)
    record_new(_rows(row, file.results), verb="race.placed", by=acting, at=at)
    tell(tellings=_tellings(row, file), at=at)
    return row.ranked


def _require_apart(by: Viewer, office: str, units: Iterable[str], place: str) -> None:
    """Raises `NotAllowed` for who holds a duty with a unit that is judged, or with one above it."""
    judged = set(units)
    every = public_units()
    above = {unit.parent for unit in every if unit.code in judged and unit.parent}
    own = (judged | above) & by.held_for - {office}
    if own:
        named = "、".join(unit.name for unit in every if unit.code in own)
        raise NotAllowed(
            f"您在参加比较的{named}任职，不能决定",
            place=place,
            next_step="请由与参加单位没有关系的督查人办理",
        )


def _replace(code: str, by_row: Race, acting: By, at: datetime) -> None:
    old = Race.objects.select_for_update(of=("self",)).get(pk=code)
    old.replaced_by_id = by_row.code
    record(old, verb=REPLACED, by=acting, at=at)


def _rows(race: Race, results: Sequence[Result]) -> list[RaceRow]:
    return [
        RaceRow(
            code=f"{race.code}/{each.unit}",
            race=race,
            unit_id=each.unit,
            place=place,
            group=each.group,
            why=each.why,
            score=each.score,
            tier=each.tier,
            first=each.first,
            last=each.last,
            swing_first=each.swing_first,
            swing_last=each.swing_last,
            change=each.change,
            rise=each.rise,
            awards=list(each.awards),
        )
        for place, each in enumerate(results, 1)
    ]


def _tellings(race: Race, file: RaceFile) -> list[Telling]:
    return [
        Telling(
            to_unit=each.unit,
            role="officer",
            topic="race.published",
            title=f"{race.title}已发布" + (f"：{each.group}第 {each.tier} 档" if each.tier else ""),
            body="打开可以看到每项指标的分子、分母、来源和失分，并可下载后自己重算。",
            page="race_unit",
            args=(race.code, each.unit),
            about=f"race:{race.code}",
        )
        for each in file.results
        if each.group
    ]


@command("race.open")
def open_to_all(*, race: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Let everybody read a published race, by another person than who published it.

    Raises `NotAllowed`, `UnknownRace`, `NotPublished`.
    """
    row, acting = _locked(race, by, version)
    if row.status != Status.PUBLISHED or row.is_public:
        raise NotPublished(race)
    if row.published_by == by.actor:
        raise NotAllowed(
            "发布的人不能同时决定向社会公开", place=race, next_step="请由另一名督查人审查后公开"
        )
    row.is_public = True
    row.opened_by, row.opened_at = by.actor, at
    record(row, verb=OPENED, by=acting, at=at)


# ── exemptions ───────────────────────────────────────────────────────────────────────────────────


@command("race_exemption.ask")
def ask_exemption(
    *, office: str, unit: str, code: str, indicator: str, reason: str, by: Viewer, at: datetime
) -> str:
    """Ask that an indicator (empty: the whole race) not count for a unit in a period.

    By the unit's officer or the office's supervisor; returns its code. Raises `NotAllowed`,
    `ExemptionInvalid` with every fault.
    """
    acting = _asking(office, unit, by)
    faults = _exemption_faults(office, unit, code, indicator, reason)
    if faults:
        raise ExemptionInvalid(unit, faults)
    row = RaceExemption(
        code=f"X{code}-{_next_number(code)}",
        office_id=office,
        unit_id=unit,
        period=code,
        indicator=indicator,
        reason_text=put_text(reason.strip()),
        asked_by=by.actor,
        asked_at=at,
    )
    record(row, verb="race_exemption.asked", by=acting, at=at)
    return row.code


def _asking(office: str, unit: str, by: Viewer) -> By:
    if unit in by.officer_of:
        return by.acting("officer", unit)
    if office in by.supervisor_of:
        return by.acting("supervisor", office)
    raise NotAllowed("只有参加单位的填报人或举办单位的督查人可以申请免考", place=unit)


def _exemption_faults(
    office: str, unit: str, code: str, indicator: str, reason: str
) -> list[tuple[str, str]]:
    faults = []
    names = public_unit_names()
    if office not in names:
        faults.append(("office", f"没有单位 {office}"))
    if unit not in names:
        faults.append(("unit", f"没有单位 {unit}"))
    if indicator and indicator not in INDICATORS:
        faults.append(("indicator", f"没有指标“{indicator}”，可用的：{'、'.join(INDICATORS)}"))
    if not reason.strip():
        faults.append(("reason", "请写明理由和依据"))
    try:
        period(code)
    except BadPeriod as error:
        faults.append(("period", f"{error.what}，{error.next_step}"))
    same = RaceExemption.objects.filter(office=office, unit=unit, period=code, indicator=indicator)
    if same.exclude(status=RaceExemption.Status.REFUSED).exists():
        faults.append(("indicator", "已经申请过这一项免考"))
    return faults


def _next_number(code: str) -> int:
    """One above the highest of a period; all lock the same row, so that those at once queue."""
    rows = RaceExemption.objects.filter(period=code)
    rows.select_for_update(of=("self",)).order_by("code").first()
    return rows.count() + 1


@command("race_exemption.decide")
def decide_exemption(
    *,
    exemption: str,
    granted: bool,
    reason: str,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Grant or refuse an exemption, by another person than who asked, on the supervising side.

    It counts from the next time the race is worked out. Raises `NotAllowed`, `UnknownExemption`,
    `ExemptionDecided`, `ExemptionInvalid` for a refusal without reason.
    """
    rows = RaceExemption.objects.select_for_update(of=("self",))
    row = rows.filter(pk=exemption).first()
    if row is None:
        raise UnknownExemption(exemption)
    acting = _supervising(row.office_id, by)
    if row.status != RaceExemption.Status.ASKED:
        raise ExemptionDecided(exemption, row.get_status_display())
    if row.asked_by == by.actor:
        raise NotAllowed(
            "申请人不能批准自己的申请", place=exemption, next_step="请由另一名督查人决定"
        )
    _require_apart(by, row.office_id, [row.unit_id], exemption)
    if not granted and not reason.strip():
        raise ExemptionInvalid(exemption, [("reason", "不批准时请写明理由")])
    if version is not None:
        row.version = version
    verb = "race_exemption.granted" if granted else "race_exemption.refused"
    row.status = RaceExemption.Status.GRANTED if granted else RaceExemption.Status.REFUSED
    row.decided_by, row.decided_at = by.actor, at
    row.decision_text = put_text(reason.strip())
    record(row, verb=verb, by=acting, at=at)
