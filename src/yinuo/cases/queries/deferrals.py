"""What applicants promised in their cases: gaps, declarations, consents; and what is to be done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Q, QuerySet

from yinuo.cases.access.cases import visible
from yinuo.cases.deferrals.life import (
    CONSEQUENCE_LABELS,
    DECLARATION_LABELS,
    DEFERRAL_LABELS,
    Consequence,
    DeclarationState,
    DeferralState,
    nothing_awaited,
)
from yinuo.cases.errors.cases import UnknownCase, UnknownTrack
from yinuo.cases.errors.deferrals import UnknownDeclaration, UnknownDeferral
from yinuo.cases.life import CaseStatus
from yinuo.cases.models import Case, Consent, Declaration, Deferral
from yinuo.cases.tracks import track_mark
from yinuo.commitments.life import OUTCOME_LABELS, Outcome
from yinuo.commitments.wording import wording
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

P = TypeVar("P", Deferral, Declaration)
PAGE = 50
WAITING, HANDED_IN, BROKEN = "waiting", "handed_in", "broken"
GROUPS = {WAITING: "等着补交的", HANDED_IN: "已补交、待核对的", BROKEN: "未兑现、没有补救的"}
_GROUPS = {
    WAITING: Q(state=DeferralState.OPEN),
    HANDED_IN: Q(state=DeferralState.HANDED_IN),
    BROKEN: Q(state=DeferralState.BROKEN, mended_date=None),
}
COUNTED = 1_000
"""Beyond so many it says “1,000+”."""


@dataclass(frozen=True, kw_only=True)
class DeferralView:
    """One document that was to come later."""

    code: str
    """承诺编码: of the letter as well."""
    case: str
    title: str
    """Of the item."""
    applicant: str
    unit_name: str
    name: str
    """Of the document."""
    state: str
    state_label: str
    due: date
    due_provisional: bool
    days_left: int
    """Negative once the day is past; of one handed in counted from that day."""
    handed_date: date | None
    ended_date: date | None
    outcome_label: str
    consequence_label: str
    said: str
    mended_date: date | None
    over: bool
    """Whether the case has ended, so that nothing is waited for."""
    actions: frozenset[str]
    """Of `hand_in`, `judge`, `default`, `mend`, `release`: what the viewer may do now."""
    simulated: bool

    @property
    def late_days(self) -> int:
        """Days past its day: until it came, or until today."""
        return max(-self.days_left, 0)


@dataclass(frozen=True, kw_only=True)
class DeclarationView:
    """One declaration."""

    code: str
    case: str
    title: str
    applicant: str
    unit_name: str
    names: tuple[str, ...]
    """Of the proofs that it stands for."""
    text_version: str
    text_sha256: str
    signed_at: datetime
    state: str
    state_label: str
    share: int
    lot: str
    seed: str
    check_due: date | None
    checked_date: date | None
    rectify_due: date | None
    said: str
    mended_date: date | None
    days_left: int | None
    """Until the check, or until it has to be put right."""
    actions: frozenset[str]
    """Of `withdraw`, `bring_proof`, `check`, `mend`, `let_go`."""
    missing: tuple[tuple[str, str], ...]
    """Key and name of the proofs still to be brought after it was taken back."""
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class ConsentView:
    """One use of what the city has already."""

    code: str
    name: str
    source: str
    fields: tuple[str, ...]
    purpose: str
    given_at: datetime
    valid_until: date
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class CasePromises:
    """Everything that the applicant of a case promised or allowed."""

    deferrals: tuple[DeferralView, ...]
    declarations: tuple[DeclarationView, ...]
    consents: tuple[ConsentView, ...]

    def __bool__(self) -> bool:
        return bool(self.deferrals or self.declarations or self.consents)


@dataclass(frozen=True)
class GapsPage:
    """A page of gaps, those whose day is past first."""

    rows: tuple[DeferralView, ...]
    next_cursor: str
    counts: dict[str, str]
    """Group → how many, `1,000+` for many."""
    late: int
    """Of those that wait, how many are past their day; at most 1,000."""


def of_case(*, case: str, viewer: Viewer, today: date) -> CasePromises:
    """What the applicant of a case promised. Raises `UnknownCase`."""
    row = Case.objects.filter(visible(viewer), code=case).first()
    if row is None:
        raise UnknownCase(case)
    return _of_case(row, viewer, today)


def public_of_track(*, track: str, today: date) -> CasePromises:
    """The same for the applicant who holds the 查询码. Raises `UnknownTrack`."""
    row = Case.objects.filter(track_mark=track_mark(track)).first()
    if row is None:
        raise UnknownTrack
    return _of_case(row, None, today)


def deferral(*, code: str, viewer: Viewer, today: date) -> DeferralView:
    """One gap. Raises `UnknownDeferral`."""
    rows = _seen(Deferral.objects.filter(code=code), viewer)
    for view in _deferrals(_with_case(rows), viewer, today):
        return view
    raise UnknownDeferral(code)


def declaration(*, code: str, viewer: Viewer, today: date) -> DeclarationView:
    """One declaration. Raises `UnknownDeclaration`."""
    rows = _seen(Declaration.objects.filter(code=code), viewer)
    for view in _declarations(_with_case(rows), viewer, today):
        return view
    raise UnknownDeclaration(code)


def open_gaps(*, viewer: Viewer, today: date, group: str = WAITING, after: str = "") -> GapsPage:
    """The gaps of a group that the viewer may see, by their day; those past it come first.

    `after`: the cursor of the page before, day and code joined by `~`.
    """
    seen = _seen(Deferral.objects.all(), viewer)
    rows = seen.filter(_GROUPS.get(group, _GROUPS[WAITING])).order_by("due", "code")
    day, _, code = after.partition("~")
    if code and _is_date(day):
        rows = rows.filter(Q(due__gt=day) | Q(due=day, code__gt=code))
    page = list(_with_case(rows[: PAGE + 1]))
    last = page[PAGE - 1] if len(page) > PAGE else None
    return GapsPage(
        rows=tuple(_deferrals(page[:PAGE], viewer, today)),
        next_cursor=f"{last.due}~{last.code}" if last else "",
        counts={name: _bounded(seen.filter(q)) for name, q in _GROUPS.items()},
        late=seen.filter(_GROUPS[WAITING], due__lt=today)[:COUNTED].count(),
    )


def checks_due(*, viewer: Viewer, today: date) -> tuple[DeclarationView, ...]:
    """The declarations to be looked at by the viewer's units, the first due first; at most 200."""
    states = (DeclarationState.TO_CHECK, DeclarationState.RECTIFYING)
    rows = _seen(Declaration.objects.filter(state__in=states), viewer)
    return tuple(_declarations(_with_case(rows.order_by("check_due", "code")[:200]), viewer, today))


def _over(case: Case) -> bool:
    return nothing_awaited(case.status, case.decision)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _bounded(rows: "QuerySet[Deferral]") -> str:
    count = rows[:COUNTED].count()
    return f"{COUNTED:,}+" if count == COUNTED else f"{count:,}"


def _seen(rows: "QuerySet[P]", viewer: Viewer) -> "QuerySet[P]":
    return rows.filter(case__in=Case.objects.filter(visible(viewer)).values("pk"))


def _with_case(rows: "QuerySet[P]") -> "QuerySet[P]":
    joined = rows.select_related("case__item_version", "case__applicant", "commitment")
    return joined.prefetch_related("case__materials")


def _of_case(row: Case, viewer: Viewer | None, today: date) -> CasePromises:
    deferrals = _with_case(Deferral.objects.filter(case=row).order_by("due", "code"))
    declarations = _with_case(Declaration.objects.filter(case=row).order_by("signed_at"))
    consents = Consent.objects.filter(case=row).order_by("given_at")
    names = {one.key: one.name for one in row.materials.all()}
    return CasePromises(
        tuple(_deferrals(deferrals, viewer, today)),
        tuple(_declarations(declarations, viewer, today)),
        tuple(_consent(one, names) for one in consents),
    )


def _consent(row: Consent, names: dict[str, str]) -> ConsentView:
    return ConsentView(
        code=row.code,
        name=names.get(row.key, row.key),
        source=row.source,
        fields=tuple(row.fields),
        purpose=row.purpose,
        given_at=row.given_at,
        valid_until=row.valid_until,
        withdrawn_at=row.withdrawn_at,
    )


def _texts(rows: Sequence[Deferral] | Sequence[Declaration]) -> dict[str, str]:
    names = (row.case.applicant.name_text for row in rows)
    return wording([*names, *(row.said_text for row in rows)])


def _deferrals(
    found: Iterable[Deferral], viewer: Viewer | None, today: date
) -> Iterable[DeferralView]:
    rows = list(found)
    texts, units = _texts(rows), public_unit_names()
    for row in rows:
        case = row.case
        until = row.handed_date if row.state != DeferralState.OPEN else None
        ended = until or (row.ended_date if row.state == DeferralState.BROKEN else None) or today
        outcome = row.commitment.outcome
        yield DeferralView(
            code=row.code,
            case=case.code,
            title=case.item_version.title,
            applicant=texts.get(case.applicant.name_text, ""),
            unit_name=units.get(case.unit_id, case.unit_id),
            name=next((m.name for m in case.materials.all() if m.key == row.key), row.key),
            state=row.state,
            state_label=DEFERRAL_LABELS[DeferralState(row.state)],
            due=row.due,
            due_provisional=row.due_provisional,
            days_left=(row.due - ended).days,
            handed_date=row.handed_date,
            ended_date=row.ended_date,
            outcome_label=OUTCOME_LABELS[Outcome(outcome)] if outcome else "",
            consequence_label=(
                CONSEQUENCE_LABELS[Consequence(row.consequence)] if row.consequence else ""
            ),
            said=texts.get(row.said_text, ""),
            mended_date=row.mended_date,
            over=_over(case),
            actions=_deferral_actions(row, viewer, today),
            simulated=case.simulated,
        )


def _deferral_actions(row: Deferral, viewer: Viewer | None, today: date) -> frozenset[str]:
    case, over = row.case, _over(row.case)
    if viewer is None:
        waits = row.state == DeferralState.OPEN and not over
        return frozenset({"hand_in"}) if waits else frozenset()
    decides = case.unit_id in viewer.officer_of
    window = decides or case.window_id in viewer.officer_of
    is_open, in_hand = row.state == DeferralState.OPEN, row.state == DeferralState.HANDED_IN
    may = {
        "hand_in": window and is_open and not over,
        "judge": decides and in_hand,
        "default": decides and is_open and not over and row.due < today,
        "mend": window and row.state == DeferralState.BROKEN and row.mended_date is None,
        "release": decides and (is_open or in_hand),
    }
    return frozenset(name for name, allowed in may.items() if allowed)


def _declarations(
    found: Iterable[Declaration], viewer: Viewer | None, today: date
) -> Iterable[DeclarationView]:
    rows = list(found)
    texts, units = _texts(rows), public_unit_names()
    for row in rows:
        case = row.case
        materials = {one.key: one for one in case.materials.all()}
        by = row.rectify_due if row.state == DeclarationState.RECTIFYING else row.check_due
        looked_at = row.state in (DeclarationState.TO_CHECK, DeclarationState.RECTIFYING)
        yield DeclarationView(
            code=row.code,
            case=case.code,
            title=case.item_version.title,
            applicant=texts.get(case.applicant.name_text, ""),
            unit_name=units.get(case.unit_id, case.unit_id),
            names=tuple(materials[key].name for key in row.keys if key in materials),
            text_version=row.text_version,
            text_sha256=row.text_sha256,
            signed_at=row.signed_at,
            state=row.state,
            state_label=DECLARATION_LABELS[DeclarationState(row.state)],
            share=row.share,
            lot=row.lot,
            seed=row.seed,
            check_due=row.check_due,
            checked_date=row.checked_date,
            rectify_due=row.rectify_due,
            said=texts.get(row.said_text, ""),
            mended_date=row.mended_date,
            days_left=(by - today).days if by and looked_at else None,
            actions=_declaration_actions(row, viewer),
            missing=_missing(row),
            simulated=case.simulated,
        )


def _missing(row: Declaration) -> tuple[tuple[str, str], ...]:
    if row.state != DeclarationState.WITHDRAWN or _over(row.case):
        return ()
    there = row.case.materials.all()
    return tuple((m.key, m.name) for m in there if m.key in row.keys and m.state == "missing")


def _declaration_actions(row: Declaration, viewer: Viewer | None) -> frozenset[str]:
    case = row.case
    decides = viewer is not None and case.unit_id in viewer.officer_of
    party = viewer is None or decides or case.window_id in viewer.officer_of
    undecided = case.status in (CaseStatus.RECEIVED, CaseStatus.CORRECTING, CaseStatus.ACCEPTED)
    looked_at = row.state in (DeclarationState.TO_CHECK, DeclarationState.RECTIFYING)
    released = row.state in (DeclarationState.SIGNED, DeclarationState.TO_CHECK)
    may = {
        "withdraw": party and undecided and row.state == DeclarationState.SIGNED,
        "bring_proof": party and bool(_missing(row)),
        "check": decides and looked_at,
        "mend": decides and row.state == DeclarationState.BROKEN and row.mended_date is None,
        "let_go": decides and released and _over(case),
    }
    return frozenset(name for name, allowed in may.items() if allowed)
