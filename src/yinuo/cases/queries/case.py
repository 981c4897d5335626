"""One case as those who work on it see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.cases.access.cases import visible
from yinuo.cases.clocks import deliver_by
from yinuo.cases.errors.cases import UnknownCase
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.life import DECISION_LABELS, STATUS_LABELS, CaseStatus, Decision
from yinuo.cases.models import Case, CaseEvent, ExtensionRequest
from yinuo.cases.shown.actions import actions_of, removable_events
from yinuo.cases.shown.cases import (
    clock_views,
    correction_views,
    extension_views,
    material_views,
    stop_views,
)
from yinuo.cases.shown.views import (
    ClockView,
    CorrectionView,
    ExtensionView,
    MaterialView,
    StopView,
    TimelineRow,
)
from yinuo.cases.stored.cases import definition_of
from yinuo.cases.stories.cases import story_of
from yinuo.commitments.wording import short_wording
from yinuo.content.calendars import working_calendar
from yinuo.kernel.resident_id import masked
from yinuo.parties.queries import names
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """Everything of one case that this viewer may read."""

    code: str
    version: int
    item: str
    item_version: str
    item_number: int
    title: str
    unit: str
    unit_name: str
    window: str
    window_name: str
    office: str
    office_name: str
    applicant_kind: str
    applicant_name: str
    applicant_number: str
    """Masked where the viewer does not handle the case."""
    contact: str
    about: str
    channel: str
    track: str
    joint: str
    status: str
    status_label: str
    received_at: datetime
    accepted_at: datetime | None
    accepted_how: str
    decided_at: datetime | None
    decision: str
    decision_label: str
    decision_said: str
    delivered_at: datetime | None
    ended_at: datetime | None
    ended_said: str
    """Why it was refused, withdrawn or revoked."""
    reopened: int
    tell_due: date | None
    deliver_due: date | None
    next_due: date | None
    stopped: bool
    legal: ClockView | None
    promised: ClockView | None
    materials: tuple[MaterialView, ...]
    corrections: tuple[CorrectionView, ...]
    stops: tuple[StopView, ...]
    extensions: tuple[ExtensionView, ...]
    timeline: tuple[TimelineRow, ...]
    actions: frozenset[str]
    """What this viewer may do now: `accept`, `ask_correction`, `answer_correction`, `refuse`,
    `withdraw`, `stop`, `resume`, `ask_extension`, `decide_extension`, `remove_event`, `decide`,
    `deliver`, `reopen`, `revoke`, `improve`."""
    grounds: tuple[str, ...]
    """Grounds on which it may be stopped."""
    removable: tuple[tuple[str, str], ...]
    """Events of the clocks that this viewer may strike out: code and words."""
    simulated: bool
    source: str
    source_code: str


def case(*, code: str, viewer: Viewer, at: datetime) -> CaseView:
    """The case with both clocks as they stand at an instant. Raises `UnknownCase`."""
    rows = Case.objects.select_related(
        "item_version__item", "unit", "window", "office", "applicant"
    )
    row = rows.filter(visible(viewer), code=code).first()
    if row is None:
        raise UnknownCase(code)
    events = list(row.events.order_by("number"))
    requests = list(row.extension_requests.order_by("number"))
    return _view(row, events, requests, viewer, at)


def _view(
    row: Case,
    events: Sequence[CaseEvent],
    requests: Sequence[ExtensionRequest],
    viewer: Viewer,
    at: datetime,
) -> CaseView:
    item = definition_of(row.item_version)
    legal, promised = clock_views(row, events, at=at)
    party = row.applicant
    said = short_wording(
        [party.name_text, party.number_text, row.contact_text, row.about_text, row.decision_text]
    )
    number = said.get(party.number_text, "")
    handles = bool(viewer.officer_of & {row.unit_id, row.window_id})
    asked = [who for one in requests for who in (one.asked_by, one.decided_by) if who]
    ended = row.status in (CaseStatus.REFUSED, CaseStatus.WITHDRAWN, CaseStatus.REVOKED)
    last_word = said.get(row.decision_text, "")
    return CaseView(
        code=row.code,
        version=row.version,
        item=row.item_version.item_id,
        item_version=row.item_version_id,
        item_number=row.item_version.number,
        title=item.name,
        unit=row.unit_id,
        unit_name=row.unit.name,
        window=row.window_id or "",
        window_name=row.window.name if row.window else "",
        office=row.office_id,
        office_name=row.office.name,
        applicant_kind=party.kind,
        applicant_name=said.get(party.name_text, ""),
        applicant_number=number if handles or party.credit_code else masked(number),
        contact=said.get(row.contact_text, "") if handles else "",
        about=said.get(row.about_text, ""),
        channel=row.channel,
        track=row.track,
        joint=row.joint_id or "",
        status=row.status,
        status_label=STATUS_LABELS[CaseStatus(row.status)],
        received_at=row.received_at,
        accepted_at=row.accepted_at,
        accepted_how=row.accepted_how,
        decided_at=row.decided_at,
        decision=row.decision,
        decision_label=DECISION_LABELS[Decision(row.decision)] if row.decision else "",
        decision_said="" if ended else last_word,
        delivered_at=row.delivered_at,
        ended_at=row.ended_at,
        ended_said=last_word if ended else "",
        reopened=row.reopened,
        tell_due=row.tell_due,
        deliver_due=_deliver_due(row, item),
        next_due=row.sort_due,
        stopped=row.stopped,
        legal=legal,
        promised=promised,
        materials=material_views(row),
        corrections=correction_views(row.corrections.order_by("number"), item),
        stops=stop_views(events, item),
        extensions=extension_views(requests, item, names(actors=asked, viewer=viewer)),
        timeline=story_of(row.code, viewer=viewer),
        actions=actions_of(row, events, requests, viewer, at),
        grounds=tuple(one.name for one in item.grounds),
        removable=removable_events(row, events, viewer),
        simulated=row.simulated,
        source=row.source,
        source_code=row.source_code,
    )


def _deliver_due(row: Case, item: ItemDefinition) -> date | None:
    if row.status != CaseStatus.DECIDED or row.decided_at is None:
        return None
    return deliver_by(item, row.decided_at, working_calendar())
