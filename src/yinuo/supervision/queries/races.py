"""Races as people read them: the list, one result, why a unit stands where it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from yinuo.commitments.queries.race import (
    ORDER,
    REPORT,
    BehindFigure,
    behind_moves,
    behind_plans,
    behind_rate,
    supervising_offices,
)
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.history import acts, texts
from yinuo.parties.queries import names, public_unit_names
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.errors.race import UnknownExemption, UnknownInRace, UnknownRace
from yinuo.supervision.models import Race, RaceExemption, RaceRow
from yinuo.supervision.race.file import RaceFile
from yinuo.supervision.race.period import period
from yinuo.supervision.race.scheme import GAIN, KEPT, MOVES, ORDERS, PROGRESS, REPORTED, Group
from yinuo.supervision.race.scoring import Input, Result, Unit
from yinuo.supervision.race.whatif import NextTier, next_tier
from yinuo.supervision.race_store import race_bytes, race_file
from yinuo.supervision.todo import ToDo

Status = Race.Status
RATES = {KEPT: "", REPORTED: REPORT, ORDERS: ORDER}
"""Indicators that count what fell due → the kind of commitment."""


@dataclass(frozen=True)
class RaceView:
    """One race, in the list and at the head of its page."""

    code: str
    title: str
    office: str
    office_name: str
    period: str
    first_date: date
    last_date: date
    as_of_date: date
    edition: int
    corrects: str
    replaced_by: str
    reason: str
    scheme_number: int
    scheme_edition: int
    late: bool
    late_reason: str
    sha256: str
    size: int
    ranked: int
    status: str
    status_label: str
    prepared_by: str
    prepared_at: datetime
    published_by: str
    published_at: datetime | None
    is_public: bool
    opened_by: str
    opened_at: datetime | None
    leaf_index: int | None
    """Place of its last entry in the sealed log; None while it waits for the sealer."""
    version: int
    may_publish: bool
    """Whether the viewer is a possible second person."""
    may_drop: bool
    may_open: bool
    may_correct: bool


@dataclass(frozen=True)
class RaceLine:
    """How one unit stands, in the list of its group. Scores are in hundredths of a point."""

    unit: str
    name: str
    group: str
    why: str
    score: int | None
    tier: int | None
    first: int | None
    last: int | None
    swing_first: int | None
    swing_last: int | None
    change: int | None
    rise: int | None
    awards: tuple[str, ...]


@dataclass(frozen=True)
class RaceGroup:
    """The units of one peer group, the best first; the group of those in none has no name."""

    name: str
    lines: tuple[RaceLine, ...]

    @property
    def ranked(self) -> int:
        """How many have a tier."""
        return sum(line.tier is not None for line in self.lines)


@dataclass(frozen=True)
class RaceDetail:
    """A race with everybody in it."""

    view: RaceView
    groups: tuple[RaceGroup, ...]


def _watching(viewer: Viewer) -> frozenset[str]:
    return viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of


def _visible(viewer: Viewer) -> Q:
    """Drafts to the office and who watches it, published ones to who is signed in, else public."""
    if not viewer.signed_in:
        return Race.public_rows()
    return Q(status=Status.PUBLISHED) | Q(office__in=_watching(viewer))


def _row(code: str, viewer: Viewer) -> Race:
    row = Race.objects.filter(_visible(viewer), pk=code).first()
    if row is None:
        raise UnknownRace(code)
    return row


def _views(rows: Sequence[Race], viewer: Viewer) -> tuple[RaceView, ...]:
    actors = [a for row in rows for a in (row.prepared_by, row.published_by, row.opened_by)]
    people = names(actors=[a for a in actors if a], viewer=viewer)
    said = texts(t for row in rows for t in (row.reason_text, row.late_text) if t)
    units, known = public_unit_names(), acts(row.subject for row in rows)
    found = []
    for row in rows:
        act = known.get((row.subject, row.version))
        supervises = row.office_id in viewer.supervisor_of
        draft, published = row.status == Status.DRAFT, row.status == Status.PUBLISHED
        stands = published and row.replaced_by_id is None
        found.append(
            RaceView(
                code=row.code,
                title=row.title,
                office=row.office_id,
                office_name=units.get(row.office_id, row.office_id),
                period=row.period,
                first_date=row.first_date,
                last_date=row.last_date,
                as_of_date=row.as_of_date,
                edition=row.edition,
                corrects=row.corrects_id or "",
                replaced_by=row.replaced_by_id or "",
                reason=said.get(row.reason_text, ""),
                scheme_number=row.scheme_number,
                scheme_edition=row.scheme_edition,
                late=bool(row.late_text),
                late_reason=said.get(row.late_text, ""),
                sha256=row.sha256,
                size=row.size,
                ranked=row.ranked,
                status=row.status,
                status_label=row.get_status_display(),
                prepared_by=people.get(row.prepared_by, ""),
                prepared_at=row.prepared_at,
                published_by=people.get(row.published_by, ""),
                published_at=row.published_at,
                is_public=row.is_public,
                opened_by=people.get(row.opened_by, ""),
                opened_at=row.opened_at,
                leaf_index=act.leaf_index if act else None,
                version=row.version,
                may_publish=draft and supervises and row.prepared_by != viewer.actor,
                may_drop=draft and supervises,
                may_open=(
                    stands and supervises and not row.is_public and row.published_by != viewer.actor
                ),
                may_correct=stands and supervises,
            )
        )
    return tuple(found)


def races(*, viewer: Viewer) -> tuple[RaceView, ...]:
    """Every race the viewer may see, drafts first, then the latest period first."""
    rows = Race.objects.filter(_visible(viewer)).exclude(status=Status.DROPPED)
    ordered = sorted(
        rows,
        key=lambda row: (row.status != Status.DRAFT, -row.last_date.toordinal(), -row.edition),
    )
    return _views(ordered, viewer)


def offices(*, viewer: Viewer) -> Mapping[str, str]:
    """Code → name of the units for which the viewer may hold races."""
    known = public_unit_names()
    return {code: known[code] for code in sorted(viewer.supervisor_of) if code in known}


def holding_offices(*, viewer: Viewer) -> Mapping[str, str]:
    """Code → name of the units whose races concern the viewer."""
    known = public_unit_names()
    found = viewer.supervisor_of | supervising_offices(viewer=viewer)
    return {code: known[code] for code in sorted(found) if code in known}


def race_detail(*, code: str, store: FileStore, viewer: Viewer) -> RaceDetail:
    """One race. A published one is read from its rows, a draft from its file.

    Raises `UnknownRace`, and of a draft `FileMissing`.
    """
    row = _row(code, viewer)
    (view,) = _views([row], viewer)
    if row.status == Status.PUBLISHED:
        lines = _stored_lines(row)
    else:
        lines = _drafted_lines(race_file(row.sha256, store))
    groups: dict[str, list[RaceLine]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    return RaceDetail(view, tuple(RaceGroup(n, tuple(some)) for n, some in groups.items()))


def _stored_lines(row: Race) -> list[RaceLine]:
    known = public_unit_names()
    return [
        RaceLine(
            unit=each.unit_id,
            name=known.get(each.unit_id, each.unit_id),
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
            awards=tuple(each.awards),
        )
        for each in RaceRow.objects.filter(race=row).order_by("place")
    ]


def _drafted_lines(file: RaceFile) -> list[RaceLine]:
    called = {unit.code: unit.name for unit in file.units}
    return [_line(each, called[each.unit]) for each in file.results]


def _line(each: Result, name: str) -> RaceLine:
    return RaceLine(
        unit=each.unit,
        name=name,
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
        awards=each.awards,
    )


def download(*, code: str, store: FileStore, viewer: Viewer) -> tuple[RaceView, bytes]:
    """The file by which anyone works a race out anew. Raises `UnknownRace`, `FileMissing`."""
    row = _row(code, viewer)
    (view,) = _views([row], viewer)
    return view, race_bytes(row.sha256, store)


def standing_file(*, code: str, store: FileStore, viewer: Viewer) -> RaceFile:
    """What the file of a race holds. Raises `UnknownRace`, `FileMissing`."""
    return race_file(_row(code, viewer).sha256, store)


# ── one unit ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Told:
    """A granted exemption as it is told with a result."""

    code: str
    indicator: str
    reason: str
    """Empty to the public."""


@dataclass(frozen=True)
class UnitDetail:
    """为什么我们在这里: one unit in one race."""

    view: RaceView
    unit: Unit
    result: Result
    group: Group | None
    """None for a unit in no peer group."""
    inputs: Mapping[str, Input]
    next_tier: NextTier | None
    exemptions: tuple[Told, ...]
    previous: str
    """Code of the race it is compared with; empty for none."""
    own: bool
    """Whether the viewer is an officer of the unit."""


def race_unit(*, code: str, unit: str, store: FileStore, viewer: Viewer) -> UnitDetail:
    """One unit in one race. Raises `UnknownRace`, `UnknownInRace`, `FileMissing`."""
    row = _row(code, viewer)
    file = race_file(row.sha256, store)
    found = next((each for each in file.units if each.code == unit), None)
    result = next((each for each in file.results if each.unit == unit), None)
    if found is None or result is None:
        raise UnknownInRace(code, unit)
    group = file.groups.get(found.group)
    alike = [each for each in file.results if each.group == result.group]
    (view,) = _views([row], viewer)
    return UnitDetail(
        view=view,
        unit=found,
        result=result,
        group=group,
        inputs={each.indicator: each for each in found.inputs},
        next_tier=next_tier(group, found, alike) if group else None,
        exemptions=_exemptions_told(row, unit, viewer),
        previous=file.head.before,
        own=unit in viewer.officer_of,
    )


def _exemptions_told(row: Race, unit: str, viewer: Viewer) -> tuple[Told, ...]:
    granted = list(
        RaceExemption.objects.filter(
            office=row.office_id,
            unit=unit,
            period=row.period,
            status=RaceExemption.Status.GRANTED,
            decided_at__lte=row.prepared_at,
        ).order_by("code")
    )
    said = texts(each.reason_text for each in granted) if viewer.signed_in else {}
    return tuple(
        Told(each.code, each.indicator, said.get(each.reason_text, "")) for each in granted
    )


def behind(*, code: str, unit: str, indicator: str, viewer: Viewer) -> BehindFigure:
    """The commitments behind one figure of a unit that the viewer may see, as they are now.

    Raises `UnknownRace`, `UnknownInRace` for an indicator that there is not.
    """
    row = _row(code, viewer)
    span, office = period(row.period), row.office_id
    if indicator in RATES:
        return behind_rate(
            office=office,
            unit=unit,
            kind=RATES[indicator],
            first=span.first,
            end=span.end,
            viewer=viewer,
        )
    if indicator == MOVES:
        return behind_moves(office=office, unit=unit, first=span.first, end=span.end, viewer=viewer)
    if indicator in (PROGRESS, GAIN):
        return behind_plans(office=office, unit=unit, first=span.first, end=span.end, viewer=viewer)
    raise UnknownInRace(code, indicator)


# ── exemptions ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ExemptionView:
    """One request that something not count."""

    code: str
    office: str
    office_name: str
    unit: str
    unit_name: str
    period: str
    indicator: str
    """Empty for the whole race."""
    reason: str
    asked_by: str
    asked_at: datetime
    status: str
    status_label: str
    decided_by: str
    decided_at: datetime | None
    decision: str
    version: int
    may_decide: bool


def exemptions(*, viewer: Viewer) -> tuple[ExemptionView, ...]:
    """Those of the viewer's units and offices, those that wait first, then the latest."""
    inside = Q(office__in=_watching(viewer)) | Q(unit__in=viewer.officer_of)
    rows = list(RaceExemption.objects.filter(inside).order_by("-asked_at", "-code"))
    rows.sort(key=lambda row: row.status != RaceExemption.Status.ASKED)
    return _exemption_views(rows, viewer)


def exemption(*, code: str, viewer: Viewer) -> ExemptionView:
    """One of them. Raises `UnknownExemption`."""
    found = next((each for each in exemptions(viewer=viewer) if each.code == code), None)
    if found is None:
        raise UnknownExemption(code)
    return found


def _exemption_views(rows: Sequence[RaceExemption], viewer: Viewer) -> tuple[ExemptionView, ...]:
    people = names(
        actors=[a for row in rows for a in (row.asked_by, row.decided_by) if a], viewer=viewer
    )
    said = texts(t for row in rows for t in (row.reason_text, row.decision_text) if t)
    units = public_unit_names()
    return tuple(
        ExemptionView(
            code=row.code,
            office=row.office_id,
            office_name=units.get(row.office_id, row.office_id),
            unit=row.unit_id,
            unit_name=units.get(row.unit_id, row.unit_id),
            period=row.period,
            indicator=row.indicator,
            reason=said.get(row.reason_text, ""),
            asked_by=people.get(row.asked_by, ""),
            asked_at=row.asked_at,
            status=row.status,
            status_label=row.get_status_display(),
            decided_by=people.get(row.decided_by, ""),
            decided_at=row.decided_at,
            decision=said.get(row.decision_text, ""),
            version=row.version,
            may_decide=(
                row.status == RaceExemption.Status.ASKED
                and row.office_id in viewer.supervisor_of
                and row.asked_by != viewer.actor
            ),
        )
        for row in rows
    )


def require_exempting(*, viewer: Viewer) -> None:
    """Raises `NotAllowed` for who can neither ask for an exemption nor decide on one."""
    if not (viewer.officer_of or viewer.supervisor_of):
        raise NotAllowed("只有参加单位的填报人或举办单位的督查人可以申请免考")


# ── for others ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class StandingLine:
    """How a unit stands, as a snapshot takes it. Scores are in hundredths of a point."""

    unit: str
    name: str
    tier: int | None
    score: int | None
    change: int | None
    award: str
    """Awards joined by 、; empty for none."""


@dataclass(frozen=True)
class RaceSummary:
    """One peer group of a published race."""

    code: str
    title: str
    group: str
    period: str
    as_of: date
    rows: tuple[StandingLine, ...]


def latest_published(*, viewer: Viewer, on: date) -> tuple[RaceSummary, ...]:
    """Of each office's series the last race published by a day, a summary a peer group."""
    rows = Race.objects.filter(
        _visible(viewer), status=Status.PUBLISHED, replaced_by=None, as_of_date__lte=on
    ).order_by("-last_date", "-edition")
    latest: dict[tuple[str, str], Race] = {}
    for row in rows:
        latest.setdefault((row.office_id, row.length), row)
    found = []
    for row in latest.values():
        groups: dict[str, list[StandingLine]] = {}
        for line in _stored_lines(row):
            if line.group:
                standing = StandingLine(
                    line.unit,
                    line.name,
                    line.tier,
                    line.score,
                    line.change,
                    "、".join(line.awards),
                )
                groups.setdefault(line.group, []).append(standing)
        found += [
            RaceSummary(row.code, row.title, name, row.period, row.as_of_date, tuple(lines))
            for name, lines in groups.items()
        ]
    return tuple(found)


def to_do(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """For supervisors: drafts of others to publish, exemptions to decide on."""
    del today  # nothing of it has a deadline
    if not viewer.supervisor_of:
        return ()
    drafts = Race.objects.filter(office__in=viewer.supervisor_of, status=Status.DRAFT)
    waiting = RaceExemption.objects.filter(
        office__in=viewer.supervisor_of, status=RaceExemption.Status.ASKED
    )
    units = public_unit_names()
    found = [
        ToDo(
            due=None,
            what="核对并发布",
            title=row.title,
            under=f"赛马结果，{row.ranked} 个单位",
            page="race",
            args=(row.code,),
        )
        for row in drafts.exclude(prepared_by=viewer.actor).order_by("code")
    ]
    found += [
        ToDo(
            due=None,
            what="决定",
            title=f"{units.get(row.unit_id, row.unit_id)}申请免考{row.indicator or '全部'}",
            under=f"{period(row.period).words}赛马",
            page="race_exemption",
            args=(row.code,),
        )
        for row in waiting.exclude(asked_by=viewer.actor).order_by("code")
    ]
    return tuple(found)
