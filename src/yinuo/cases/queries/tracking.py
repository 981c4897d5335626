"""A case as its applicant sees it, by the 查询码 of the receipt."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from yinuo.cases.errors.cases import UnknownTrack
from yinuo.cases.life import (
    ACCEPTED_LABELS,
    DECISION_LABELS,
    OPEN,
    STATUS_LABELS,
    Accepted,
    CaseStatus,
    Decision,
)
from yinuo.cases.models import Case
from yinuo.cases.shown.cases import clock_views, correction_views, material_views, stop_views
from yinuo.cases.shown.spoken import in_text
from yinuo.cases.shown.views import ClockView, CorrectionView, MaterialView, StopView
from yinuo.cases.stored.cases import definition_of
from yinuo.cases.stories.cases import PlainStep, plain_story
from yinuo.cases.tracks import track_mark
from yinuo.commitments.spoken import spoken
from yinuo.commitments.wording import short_wording


@dataclass(frozen=True, kw_only=True)
class TrackedCase:
    """Everything the applicant may know; nothing of third persons."""

    code: str
    version: int
    item: str
    item_number: int
    title: str
    unit_name: str
    phone: str
    applicant_name: str
    about: str
    status: str
    status_label: str
    line: str
    """The state in one sentence, with what happens next and by when."""
    received_at: datetime
    accepted_label: str
    """How it was accepted, in words; empty before."""
    accepted_how: str
    decision: str
    decision_label: str
    decision_said: str
    tell_due: date | None
    legal: ClockView | None
    promised: ClockView | None
    materials: tuple[MaterialView, ...]
    correction: CorrectionView | None
    """The open one."""
    stops: tuple[StopView, ...]
    steps: tuple[PlainStep, ...]
    can_withdraw: bool
    joint: str
    simulated: bool


def public_case(*, track: str, at: datetime) -> TrackedCase:
    """The case that goes by this 查询码. Raises `UnknownTrack`, the same for every wrong one."""
    row = _tracked(track)
    item = definition_of(row.item_version)
    events = list(row.events.order_by("number"))
    legal, promised = clock_views(row, events, at=at)
    said = short_wording([row.applicant.name_text, row.about_text, row.decision_text])
    waiting = row.corrections.filter(answered_at=None)
    return TrackedCase(
        code=row.code,
        version=row.version,
        item=item.code,
        item_number=row.item_version.number,
        title=item.name,
        unit_name=row.unit.name,
        phone=item.phone,
        applicant_name=said.get(row.applicant.name_text, ""),
        about=said.get(row.about_text, ""),
        status=row.status,
        status_label=STATUS_LABELS[CaseStatus(row.status)],
        line=_line(row, legal, promised),
        received_at=row.received_at,
        accepted_label=ACCEPTED_LABELS[Accepted(row.accepted_how)] if row.accepted_how else "",
        accepted_how=row.accepted_how,
        decision=row.decision,
        decision_label=DECISION_LABELS[Decision(row.decision)] if row.decision else "",
        decision_said=said.get(row.decision_text, ""),
        tell_due=row.tell_due,
        legal=legal,
        promised=promised,
        materials=material_views(row),
        correction=next(iter(correction_views(waiting, item)), None),
        stops=tuple(one for one in stop_views(events, item) if not one.removed),
        steps=plain_story(row.code),
        can_withdraw=row.status in OPEN and not row.source,
        joint=row.joint_id or "",
        simulated=row.simulated,
    )


def _tracked(track: str) -> Case:
    rows = Case.objects.select_related("item_version__item", "unit", "applicant")
    row = rows.filter(track_mark=track_mark(track)).first() if track.strip() else None
    if row is None:
        raise UnknownTrack
    return row


def _line(row: Case, legal: ClockView, promised: ClockView) -> str:
    """Where it stands and what happens next, by when."""
    if row.status == CaseStatus.RECEIVED:
        said = gettext("已收件。%(unit)s须在 %(day)s 前受理，或一次告知您要补什么。")
        return said % {"unit": row.unit.name, "day": in_text(row.tell_due)}
    if row.status == CaseStatus.CORRECTING:
        return gettext("需要您补正材料，要补的内容见下方。补齐后请在这里提交。")
    if row.status == CaseStatus.ACCEPTED:
        return _running_line(row, legal, promised)
    if row.status == CaseStatus.DECIDED:
        word = spoken("decision", DECISION_LABELS[Decision(row.decision)])
        if row.sort_due:
            said = gettext("%(decision)s，%(day)s 前送达。")
            return said % {"decision": word, "day": in_text(row.sort_due)}
    else:
        word = spoken("case state", STATUS_LABELS[CaseStatus(row.status)])
    return gettext("%(what)s。") % {"what": word}


def _running_line(row: Case, legal: ClockView, promised: ClockView) -> str:
    if row.stopped:
        said = gettext("办理中，计时暂停（理由见下方）。承诺时限：%(words)s。")
        return said % {"words": promised.words}
    by = promised.words
    if promised.due:
        by = gettext("承诺 %(day)s 前办结，%(words)s") % {"day": in_text(promised.due), "words": by}
    legal_due = in_text(legal.due) or gettext("待恢复计时后确定")
    return gettext("已受理，办理中。%(by)s；法定期限 %(legal)s。") % {"by": by, "legal": legal_due}


def public_tracked_code(*, track: str) -> str:
    """Only its number, for a session that shall show it again. Raises `UnknownTrack`."""
    return _tracked(track).code
