"""Objections as the units that answer read them, and the subject its own."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.commitments.wording import short_wording
from yinuo.credit.errors.reports import UnknownObjection
from yinuo.credit.means import Means
from yinuo.credit.models import CreditObjection
from yinuo.credit.models.objection import OPEN
from yinuo.credit.permission import in_centre, readable_units, reads_source
from yinuo.credit.regimes.objection import Objection
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

MOST = 200


@dataclass(frozen=True, kw_only=True)
class ObjectionView:
    """One objection."""

    code: str
    record: str
    source: str
    source_name: str
    subject: str
    """Code of the subject."""
    name: str
    """Of the subject."""
    unit: str
    unit_name: str
    state: Objection
    what: str
    answer: str
    due: date
    raised_at: datetime
    changed_at: datetime
    batch: str
    open: bool
    acts: tuple[str, ...]
    """What the viewer may do now: `forward`, `uphold`, `dismiss`."""
    simulated: bool
    version: int


def objections(*, means: Means, viewer: Viewer, state: str = "open") -> tuple[ObjectionView, ...]:
    """Those of the viewer's units, due first; `state`: open, done or all."""
    rows = CreditObjection.objects.select_related("subject_row")
    units = readable_units(means, viewer)
    rows = rows if units is None else rows.filter(unit__in=units)
    if state == "open":
        rows = rows.filter(state__in=OPEN)
    elif state == "done":
        rows = rows.exclude(state__in=OPEN)
    return _views(list(rows.order_by("due", "code")[:MOST]), means, viewer)


def objection(*, code: str, means: Means, viewer: Viewer) -> ObjectionView:
    """One of them. Raises `UnknownObjection`."""
    row = CreditObjection.objects.select_related("subject_row").filter(pk=code).first()
    if row is None or not reads_source(row.unit_id, means, viewer):
        raise UnknownObjection(code)
    return _views([row], means, viewer)[0]


def public_own_objections(*, subject: str) -> tuple[ObjectionView, ...]:
    """Those of a signed-in subject (its code), newest first."""
    rows = CreditObjection.objects.select_related("subject_row").filter(subject_row=subject)
    return _views(list(rows.order_by("-code")[:MOST]), None, None)


def _views(
    rows: list[CreditObjection], means: Means | None, viewer: Viewer | None
) -> tuple[ObjectionView, ...]:
    said = short_wording(
        ref for row in rows for ref in (row.what_text, row.answer_text, row.subject_row.name_text)
    )
    units = public_unit_names()
    return tuple(
        ObjectionView(
            code=row.code,
            record=row.record,
            source=row.source,
            source_name=means.sources[row.source].name
            if means and row.source in means.sources
            else row.source,
            subject=row.subject_row_id,
            name=said.get(row.subject_row.name_text, ""),
            unit=row.unit_id,
            unit_name=units.get(row.unit_id, row.unit_id),
            state=Objection(row.state),
            what=said.get(row.what_text, ""),
            answer=said.get(row.answer_text, ""),
            due=row.due,
            raised_at=row.raised_at,
            changed_at=row.changed_at,
            batch=row.batch,
            open=row.state in OPEN,
            acts=_acts(row, means, viewer) if means and viewer else (),
            simulated=row.simulated,
            version=row.version,
        )
        for row in rows
    )


def _acts(row: CreditObjection, means: Means, viewer: Viewer) -> tuple[str, ...]:
    if row.state == Objection.RAISED and in_centre(means, viewer):
        return ("forward", "uphold", "dismiss")
    if row.state == Objection.FORWARDED and row.unit_id in viewer.officer_of:
        return ("uphold", "dismiss")
    return ()
