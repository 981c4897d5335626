"""One commitment, whole."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models.functions import Length

from yinuo.commitments.errors import UnknownCommitment
from yinuo.commitments.life import Status, Visibility
from yinuo.commitments.light_rows import written_curve
from yinuo.commitments.models import Commitment, Document, Report
from yinuo.commitments.permission import owes, protects, supervises, visible
from yinuo.commitments.queries.changes import ChangeView, changes_of
from yinuo.commitments.queries.listing import Row
from yinuo.commitments.queries.timeline import Line, timeline
from yinuo.commitments.registry import kind_named
from yinuo.commitments.terms import share_text
from yinuo.commitments.wording import wording
from yinuo.commitments.words import is_overdue, origin_label
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class DocumentView:
    """The paper in which it was said."""

    code: str
    title: str
    kind: str
    number: str
    issuer: str
    said: str
    """The date it was said, as exactly as it is known."""
    sha256: str

    @classmethod
    def of(cls, document: Document) -> "DocumentView":
        """A document in words."""
        said = document.said_date.isoformat() if document.said_date else document.said_text
        return cls(
            code=document.code,
            title=document.title,
            kind=document.kind,
            number=document.number,
            issuer=document.issuer,
            said=said,
            sha256=document.sha256,
        )


@dataclass(frozen=True)
class ReportView:
    """Progress as the unit stated it."""

    code: str
    as_of_date: date
    value: str
    unit: str
    """That of the promise; % where it promises no quantity and is planned in percent."""
    share: str
    """How far that is from the baseline to the target; empty without a promised quantity."""
    note: str
    source: str
    """`figure:<indicator>/<vintage>` where a series moved it; empty where its unit states it."""


@dataclass(frozen=True)
class Detail:
    """Everything a page shows of one commitment."""

    row: Row
    note: str
    effort: str
    document: DocumentView
    place: str
    lead_said: str
    area: str
    """责任地区, as said."""
    cooperating: tuple[str, ...]
    """Names of the cooperating units."""
    creditor_unit: str
    operator: str
    operator_note: str
    value: str
    unit: str
    tolerance: str
    baseline: str
    texts_known: int | None
    due_said: str
    delay_days: int
    """Present minus original deadline; 0 where it was not moved."""
    delivered_date: date | None
    curve: str
    """序时进度 as it was written down; empty where there is none."""
    parent: Row | None
    children: tuple[Row, ...]
    merged_into: str | None
    """Code of the commitment that took it in, where the viewer may see that one."""
    reports: tuple[ReportView, ...]
    """Newest first."""
    changes: tuple[ChangeView, ...]
    timeline: tuple[Line, ...]
    """Newest first."""
    entered_at: datetime
    """`at` of the first entry: the day it was entered, as given."""
    recorded_at: datetime
    """When the database wrote the first entry."""
    actions: tuple[str, ...]
    """What this viewer may do now, the next step first."""
    owes: bool
    """Whether the viewer answers for the unit that owes it."""
    supervises: bool
    """Whether the viewer may judge it."""
    may_ask_change: bool
    """Whether the viewer may, in some state, ask for a change other than a move."""
    protects: bool
    """Whether the viewer may ask that texts of its story be erased by law."""


def _reports(commitment: Commitment) -> tuple[ReportView, ...]:
    rows = list(
        Report.objects.filter(commitment=commitment).order_by(
            "-as_of_date", Length("code").desc(), "-code"
        )
    )
    found = wording(r.note_text for r in rows)
    return tuple(
        ReportView(
            code=r.code,
            as_of_date=r.as_of_date,
            value=r.value,
            unit=commitment.unit if commitment.value else "%",
            share=share_text(commitment, r.value),
            note=found.get(r.note_text, ""),
            source=r.source,
        )
        for r in rows
    )


def _of_debtor(c: Commitment, curve: str) -> tuple[str, ...]:
    """What the unit may do that owes something open; a sheet is filled in on its own page."""
    if kind_named(c.kind).by_sheet:
        return ("ask_move", "ask_change")
    first = ("report", "deliver", "ask_move", "claim_wait")
    return (*first, "ask_change") if curve else (*first, "set_curve", "ask_change")


def _actions(c: Commitment, viewer: Viewer, today: date, curve: str) -> tuple[str, ...]:
    """Names of what the viewer may do with this commitment now, the next step first."""
    if kind_named(c.kind).by_origin:
        return _by_origin(c, viewer)
    return _steps(c, viewer, today, curve)


def _by_origin(c: Commitment, viewer: Viewer) -> tuple[str, ...]:
    """What is left to do here with a commitment that is judged where it arose."""
    found: tuple[str, ...] = ()
    if owes(c, viewer) and c.status == Status.OPEN:
        found = ("report", "ask_move", "claim_wait")
    if supervises(c, viewer):
        found += ("withhold" if c.visibility == Visibility.PUBLIC else "publish",)
    return found


def _steps(c: Commitment, viewer: Viewer, today: date, curve: str) -> tuple[str, ...]:
    found: list[str] = []
    if owes(c, viewer) and c.status == Status.OPEN:
        found += _of_debtor(c, curve)
    if c.creditor_unit_id in viewer.administrator_of and c.status == Status.OPEN:
        found.append("ask_change")
    if not supervises(c, viewer):
        return tuple(dict.fromkeys(found))
    if c.status == Status.DELIVERED and not kind_named(c.kind).by_sheet:
        found += ["verify", "reject", "ask_part"]
    if is_overdue(c.status, c.due, today):
        found.append("find_broken")
    if c.visibility != Visibility.PUBLIC:
        found.append("publish")
    if c.status == Status.OPEN:
        found += ["waive", "ask_change"]
    if c.status == Status.KEPT:
        found.append("overturn")
    if c.visibility == Visibility.PUBLIC:
        found.append("withhold")
    return tuple(dict.fromkeys(found))


def detail(*, code: str, viewer: Viewer, today: date) -> Detail:
    """One commitment with its whole story. Raises `UnknownCommitment` for one not to be seen."""
    rows = Commitment.objects.filter(visible(viewer)).select_related(
        "lead", "document", "creditor_unit", "parent__lead"
    )
    c = rows.filter(code=code).first()
    if c is None:
        raise UnknownCommitment(code)
    seen = Commitment.objects.filter(visible(viewer)).select_related("lead")
    children = seen.filter(parent=c).order_by("code")
    parent = seen.filter(pk=c.parent_id).first()
    told = timeline(code=code, viewer=viewer)
    curve = written_curve(c.code)
    moved = (c.due - c.due_original).days if c.due and c.due_original else 0
    return Detail(
        row=Row.of(c, today),
        note=c.note,
        effort=c.effort,
        document=DocumentView.of(c.document),
        place=c.place,
        lead_said=c.lead_said,
        area=c.area,
        cooperating=tuple(
            c.cooperations.order_by("unit__code").values_list("unit__name", flat=True)
        ),
        creditor_unit=c.creditor_unit.name,
        operator=c.operator,
        operator_note=origin_label(c.operator_origin) if c.value else "",
        value=c.value,
        unit=c.unit,
        tolerance=c.tolerance,
        baseline=c.baseline,
        texts_known=c.texts_known,
        due_said=c.due_said,
        delay_days=moved,
        delivered_date=c.delivered_date,
        curve=curve,
        parent=Row.of(parent, today) if parent else None,
        children=tuple(Row.of(child, today) for child in children),
        merged_into=seen.filter(pk=c.merged_into_id).values_list("pk", flat=True).first(),
        reports=_reports(c),
        changes=changes_of(commitment=code, viewer=viewer),
        timeline=told,
        entered_at=told[-1].at,
        recorded_at=told[-1].recorded_at,
        actions=_actions(c, viewer, today, curve),
        owes=owes(c, viewer),
        supervises=supervises(c, viewer),
        may_ask_change=owes(c, viewer)
        or supervises(c, viewer)
        or c.creditor_unit_id in viewer.administrator_of,
        protects=protects(c, viewer),
    )
