"""Putting promises, documents and observations on the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Commitment, Cooperation, Document, Observation
from yinuo.commitments.registry import kind_named
from yinuo.kernel.decimals import scaled
from yinuo.ledger.commands.recording import (
    By,
    Prepared,
    command,
    prepare_new,
    record_prepared,
)
from yinuo.parties.viewer import NotAllowed, Viewer


@dataclass(frozen=True, kw_only=True)
class NewDocument:
    """A document in which something was said."""

    code: str
    title: str
    kind: str
    number: str = ""
    issuer: str = ""
    said_date: date | None = None
    said_text: str = ""
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class NewCommitment:
    """A promise as the document states it. Codes refer to units, documents, other promises."""

    code: str
    kind: str
    title: str
    document: str
    place: str = ""
    heading: str = ""
    parent: str | None = None
    note: str = ""
    effort: str = ""
    lead: str | None = None
    lead_said: str = ""
    lead_origin: str = "text"
    area: str = ""
    creditor: str
    creditor_unit: str
    cooperating: tuple[str, ...] = ()
    operator: str = "done"
    operator_origin: str = "text"
    value: str = ""
    unit: str = ""
    tolerance: str = ""
    baseline: str = ""
    texts_known: int | None = None
    due: date | None = None
    due_origin: str = "text"
    due_said: str = ""


@dataclass(frozen=True, kw_only=True)
class NewObservation:
    """A figure or event that a source states."""

    code: str
    kind: str
    title: str
    document: str
    place: str = ""
    heading: str = ""
    parent: str = ""
    subject_said: str = ""
    subject_unit: str | None = None
    counterparty: str = ""
    operator: str = ""
    value: str = ""
    unit: str = ""
    when_said: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What is put on the ledger together; parents stand before their children."""

    documents: Sequence[NewDocument] = ()
    commitments: Sequence[NewCommitment] = ()
    observations: Sequence[NewObservation] = field(default=())


def _administrator(by: Viewer, unit: str) -> By:
    if unit not in by.administrator_of:
        raise NotAllowed("只有管理员可以登记计划中的承诺", place=f"unit:{unit}")
    return by.acting("administrator", unit)


def _commitment(new: NewCommitment, visibility: Visibility) -> Commitment:
    return Commitment(
        code=new.code,
        kind=kind_named(new.kind).name,
        title=new.title,
        heading=new.heading,
        parent_id=new.parent,
        note=new.note,
        effort=new.effort,
        lead_id=new.lead,
        lead_said=new.lead_said,
        lead_origin=new.lead_origin,
        area=new.area,
        creditor=new.creditor,
        creditor_unit_id=new.creditor_unit,
        operator=new.operator,
        operator_origin=new.operator_origin,
        value=new.value,
        value_scaled=scaled(new.value) if new.value else None,
        unit=new.unit,
        tolerance=new.tolerance,
        baseline=new.baseline,
        texts_known=new.texts_known,
        due=new.due,
        due_original=new.due,
        due_origin=new.due_origin,
        due_said=new.due_said,
        document_id=new.document,
        place=new.place,
        visibility=visibility,
    )


def _cooperations(new: NewCommitment) -> list[Cooperation]:
    return [
        Cooperation(code=f"{new.code}/{unit}", commitment_id=new.code, unit_id=unit)
        for unit in new.cooperating
    ]


def _observation(new: NewObservation, office: str, visibility: Visibility) -> Observation:
    return Observation(
        code=new.code,
        kind=new.kind,
        title=new.title,
        heading=new.heading,
        parent_code=new.parent,
        subject_said=new.subject_said,
        subject_unit_id=new.subject_unit,
        counterparty=new.counterparty,
        office_id=office,
        operator=new.operator,
        value=new.value,
        unit=new.unit,
        when_said=new.when_said,
        document_id=new.document,
        place=new.place,
        note=new.note,
        visibility=visibility,
    )


def put_documents(new: Sequence[NewDocument], *, by: By, at: datetime) -> None:
    """Write documents; the calling command has asked who may."""
    documents = [Document(**vars(one)) for one in new]
    record_prepared(prepare_new(documents, verb="document.registered", by=by, at=at))


def put_commitments(
    new: Sequence[NewCommitment], *, visibility: Visibility, by: By, at: datetime
) -> None:
    """Write promises with their cooperating units; the calling command has asked who may."""
    for part in _commitments(new, visibility=visibility, by=by, at=at):
        record_prepared(part)


def _commitments(
    new: Sequence[NewCommitment], *, visibility: Visibility, by: By, at: datetime
) -> list[Prepared | None]:
    commitments = [_commitment(one, visibility) for one in new]
    cooperations = [cooperation for one in new for cooperation in _cooperations(one)]
    return [
        prepare_new(commitments, verb="commitment.registered", by=by, at=at),
        prepare_new(cooperations, verb="cooperation.registered", by=by, at=at),
    ]


@dataclass(frozen=True)
class Ready:
    """A registration whose rows are made but not written, so that writing them is short."""

    office: str
    parts: Sequence[Prepared | None]


def prepare(
    *,
    registration: Registration,
    office: str,
    by: Viewer,
    at: datetime,
    visibility: Visibility = Visibility.REVIEW,
) -> Ready:
    """Make the rows of a registration before any transaction; see `register`. Writes nothing.

    Raises `NotAllowed` and `UnknownKind`.
    """
    acting = _administrator(by, office)
    documents = [Document(**vars(new)) for new in registration.documents]
    observations = [_observation(new, office, visibility) for new in registration.observations]
    parts = [
        prepare_new(documents, verb="document.registered", by=acting, at=at),
        *_commitments(registration.commitments, visibility=visibility, by=acting, at=at),
        prepare_new(observations, verb="observation.registered", by=acting, at=at),
    ]
    return Ready(office, parts)


@command("commitment.register")
def register(
    *,
    registration: Registration,
    office: str,
    by: Viewer,
    at: datetime,
    visibility: Visibility = Visibility.REVIEW,
) -> None:
    """Register documents, promises and observations for the unit `office`, all or nothing.

    Everything starts 待审查 (or as `visibility` says) and becomes public only when a second
    person passes it. Raises `NotAllowed`, `UnknownKind`, and the database's errors for codes
    that exist already or refer to nothing.
    """
    ready = prepare(registration=registration, office=office, by=by, at=at, visibility=visibility)
    _write(ready)


@command("commitment.register_prepared")
def register_prepared(*, ready: Ready, by: Viewer) -> None:
    """Write a registration that was prepared for the same person; as `register` otherwise."""
    _administrator(by, ready.office)
    _write(ready)


def _write(ready: Ready) -> None:
    for part in ready.parts:
        record_prepared(part)
