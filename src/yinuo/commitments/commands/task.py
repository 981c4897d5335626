"""Registering one task of any source (登记任务), numbered by the rule of its source."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from yinuo.commitments.commands.register import NewCommitment, NewDocument, put_commitments
from yinuo.commitments.commands.rows import codes_beginning
from yinuo.commitments.commands.signing import put_signings, sign_by_faults
from yinuo.commitments.errors import Invalid
from yinuo.commitments.models import Commitment, Document
from yinuo.commitments.numbering import Numbering
from yinuo.commitments.permission import act_as_office, visible
from yinuo.commitments.registry import kind_named
from yinuo.commitments.sources import Source
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, one_at_a_time, record
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import Viewer

LOCK = 0x7961_4E55
"""Key of the PostgreSQL advisory lock that lets one registration number at a time."""
DOCUMENTS = Numbering("WJ{year}-{n:04}")
"""How documents are numbered that came with a task."""
LONGEST = {"title": 300, "area": 300, "creditor": 120, "place": 80, "due_said": 80, "unit": 20}
LABELS = {
    "title": "任务内容",
    "area": "责任地区",
    "creditor": "承诺对象",
    "place": "位置",
    "due_said": "时限原文",
    "unit": "单位",
}


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """A task as the office states it. Codes refer to units and documents."""

    title: str
    document: str = ""
    """Code of a document that is registered; empty: `new_document`."""
    new_document: NewDocument | None = None
    """Its code and kind are given by the registration."""
    place: str = ""
    lead: str | None = None
    cooperating: tuple[str, ...] = ()
    area: str = ""
    creditor: str = ""
    """Empty: as the source says, or the office itself."""
    operator: str = "done"
    operator_origin: str = "text"
    value: str = ""
    unit: str = ""
    due: date | None = None
    due_origin: str = "text"
    due_said: str = ""
    note: str = ""


@dataclass(frozen=True)
class Registered:
    """What a registration made."""

    code: str
    asked: int
    """Units asked to sign."""


@command("task.register")
def register_task(
    *,
    task: NewTask,
    source: Source,
    office: str,
    sign_by: date,
    by: Viewer,
    at: datetime,
) -> Registered:
    """Put one task of a source on the ledger for the supervising unit `office`.

    It gets the next code of its source and year, starts as visible as the source says, and its
    units are asked to sign. Raises `NotAllowed`, `Invalid` with every fault.
    """
    acting = act_as_office(office, by, place=f"unit:{office}")
    kind_named(source.kind)
    names = {u.code: u.name for u in public_units() if _exists(u.valid_to, civil_date(at))}
    faults = _faults(task, names, by) + sign_by_faults(sign_by, at)
    if faults:
        raise Invalid(source.name, faults)
    one_at_a_time(LOCK)
    year = civil_date(at).year
    document = task.document or _put_document(task, source, year, acting, at)
    code = next_number(source.numbering, year)
    new = NewCommitment(
        code=code,
        kind=source.kind,
        title=task.title.strip(),
        document=document,
        place=task.place,
        note=task.note,
        lead=task.lead,
        lead_origin="text" if task.lead else "none",
        area=task.area,
        creditor=task.creditor or source.creditor or names[office],
        creditor_unit=office,
        cooperating=task.cooperating,
        operator=task.operator,
        operator_origin=task.operator_origin,
        value=task.value,
        unit=task.unit,
        due=task.due,
        due_origin=task.due_origin,
        due_said=task.due_said,
    )
    put_commitments([new], visibility=source.visibility, by=acting, at=at)
    wanted = [(code, task.lead, "lead")] if task.lead else []
    wanted += [(code, unit, "cooperating") for unit in task.cooperating]
    asked = put_signings(wanted, sign_by=sign_by, by=acting, at=at)
    return Registered(code, asked.requests)


def _exists(valid_to: date | None, today: date) -> bool:
    return valid_to is None or valid_to > today


def next_number(numbering: Numbering, year: int) -> str:
    """The next free code of a commitment; call it under the lock."""
    taken = codes_beginning(Commitment.objects.all(), numbering.prefix(year))
    return numbering.next_code(year, taken)


def _put_document(task: NewTask, source: Source, year: int, by: By, at: datetime) -> str:
    assert task.new_document is not None  # noqa: S101  # `_faults` has asked for it
    taken = codes_beginning(Document.objects.all(), DOCUMENTS.prefix(year))
    code = DOCUMENTS.next_code(year, taken)
    document = Document(**vars(replace(task.new_document, code=code, kind=source.name)))
    record(document, verb="document.registered", by=by, at=at)
    return code


def _faults(task: NewTask, units: dict[str, str], by: Viewer) -> list[tuple[str, str]]:
    faults: list[tuple[str, str]] = []
    if not task.title.strip():
        faults.append(("title", "请写任务内容"))
    faults += [
        (name, f"{LABELS[name]}最多 {most} 字，现有 {len(getattr(task, name))} 字")
        for name, most in LONGEST.items()
        if len(getattr(task, name)) > most
    ]
    faults += _unit_faults(task.lead, task.cooperating, units)
    faults += _document_faults(task, by)
    if (task.operator == "done") != (not task.value):
        faults.append(("value", "“完成”没有数量，其他比较方式要有数量"))
    return faults


def _unit_faults(
    lead: str | None, cooperating: Sequence[str], units: dict[str, str]
) -> list[tuple[str, str]]:
    faults = []
    if lead is not None and lead not in units:
        faults.append(("lead", f"没有代码为 {lead} 的单位，或它已经撤销"))
    if unknown := [code for code in cooperating if code not in units]:
        faults.append(("cooperating", f"没有代码为 {'、'.join(unknown)} 的单位，或它已经撤销"))
    if lead in cooperating:
        faults.append(("cooperating", "配合单位里有牵头单位自己"))
    if len(set(cooperating)) != len(cooperating):
        faults.append(("cooperating", "配合单位写了两遍"))
    return faults


def _document_faults(task: NewTask, by: Viewer) -> list[tuple[str, str]]:
    if task.document:
        return (
            [] if may_rest_on(task.document, by) else [("document", "没有这份文件，请另选或新写")]
        )
    if task.new_document is None or not task.new_document.title.strip():
        return [("document_title", "请选一份已登记的文件，或写新文件的名称")]
    return []


def may_rest_on(document: str, by: Viewer) -> bool:
    """Whether the viewer knows this document: through a public promise, or a task of theirs."""
    return Commitment.objects.filter(visible(by), document=document).exists()
