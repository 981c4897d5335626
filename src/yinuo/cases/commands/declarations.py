"""告知承诺: accepting on a declaration in place of proofs, and taking it back before the decision.

Looking afterwards whether it was true is `commands.checks`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from yinuo.cases.access.cases import act_at_window, act_in_department
from yinuo.cases.commands.accept import material_faults, put_accepted
from yinuo.cases.commands.correct import as_party
from yinuo.cases.commands.letters import NewLetter, put_remark
from yinuo.cases.commands.materials import (
    DECLARE,
    GIVE,
    Choice,
    KeptFile,
    field_of,
    give_material,
    keep_files,
)
from yinuo.cases.commands.promises import (
    fetch_declaration,
    move,
    promise,
    refuse_same_person,
    require_waiting,
)
from yinuo.cases.commands.rows import Faults, locked_case, require_status, said_faults
from yinuo.cases.deferrals.deciding import Said
from yinuo.cases.deferrals.declared import text_digest, whole_text
from yinuo.cases.deferrals.life import DeclarationState
from yinuo.cases.items.definition import Declaration as Text
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.life import Accepted, CaseStatus, Channel, MaterialState
from yinuo.cases.models import Case, CaseMaterial, Declaration
from yinuo.cases.stored.cases import definition_of
from yinuo.cases.trust import DECLARATION, classed, in_force, record_of, standing_of
from yinuo.commitments.commands.on_behalf import deliver_for, end_for, reject_for
from yinuo.commitments.errors import Invalid
from yinuo.commitments.letters.letter import LetterType
from yinuo.commitments.standing import Answer, Purpose
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.notices.commands.tell import settle
from yinuo.parties.viewer import Viewer

ACCEPTABLE = frozenset({CaseStatus.RECEIVED, CaseStatus.CORRECTING})
WITHDRAWABLE = ACCEPTABLE | {CaseStatus.ACCEPTED}


@command("case.accept_on_declaration")
def accept_on_declaration(
    *,
    case: str,
    keys: Sequence[str] = (),
    by: Viewer,
    at: datetime,
    happened_at: datetime | None = None,
    version: int | None = None,
) -> str:
    """Accept a case on the declaration of its applicant; returns the code of the declaration.

    `keys`: the proofs that it stands for; none: those for which the applicant chose it. Raises
    what `sign` and `accept.accept` do.
    """
    code = sign(case=case, keys=keys, by=by, at=at, version=version)
    row = locked_case(case, by)
    wrong = material_faults(row, Accepted.ON_DECLARATION)
    if wrong:
        raise Invalid(row.code, wrong)
    acting = act_at_window(row, by)
    put_accepted(row, Accepted.ON_DECLARATION, acting, at, happened_at or at)
    return code


@command("declaration.sign")
def sign(
    *, case: str, keys: Sequence[str] = (), by: Viewer, at: datetime, version: int | None = None
) -> str:
    """Take in the signed declaration before acceptance; returns its code.

    For a case in which other documents are also to come, sign first and then accept with gaps.
    The table in force says whether it is open to this applicant; only a clear yes is one. Raises
    `UnknownCase`, `NotAllowed`, `WrongCaseState`, `StaleVersion`, `NoRegion`, and `Invalid` with
    every fault: fields `declaration`, `material-<key>`, `letter`.
    """
    row = locked_case(case, by, version)
    acting = act_at_window(row, by)
    require_status(row, allowed=ACCEPTABLE, wanted="以告知承诺受理")
    return put_declaration(row, keys, by=acting, at=at)


def put_declaration(row: Case, keys: Sequence[str], *, by: By, at: datetime) -> str:
    """Write the declaration of a locked case; who may and when was asked by the caller.

    Raises `NoRegion` and `Invalid` with every fault.
    """
    item = definition_of(row.item_version)
    materials = _chosen(row, keys)
    text, said = item.declaration, judge(row, item, at)
    faults = _faults(row, item, materials, keys, said)
    if faults or text is None:
        raise Invalid(row.code, faults)
    return _put(row, text, materials, said, by=by, at=at)


def judge(row: Case, item: ItemDefinition, at: datetime) -> Said:
    """Whether 告知承诺 is open to the applicant of a case, by the table in force."""
    today, applicant = civil_date(at), row.applicant
    trust = in_force(today).trust
    return trust.declaration(
        is_open=item.declaration is not None,
        classed=classed(trust, item),
        kind=applicant.kind,
        standing=standing_of(applicant, Purpose.DECLARATION, today).answer,
        record=record_of(applicant, today),
    )


def _chosen(row: Case, keys: Sequence[str]) -> list[CaseMaterial]:
    rows = row.materials.select_for_update().order_by("key")
    return list(rows.filter(key__in=keys) if keys else rows.filter(wish=DECLARE))


def _faults(
    row: Case,
    item: ItemDefinition,
    materials: Sequence[CaseMaterial],
    keys: Sequence[str],
    said: Said,
) -> Faults:
    faults: Faults = []
    if said.answer is not Answer.YES:
        faults.append(("declaration", f"不能用告知承诺：{said.words}"))
    if row.declarations.exclude(state=DeclarationState.WITHDRAWN).exists():
        faults.append(("declaration", "这个办件已有一份告知承诺"))
    there = {one.key for one in materials}
    faults += [(field_of(key), f"这个事项没有材料 {key}") for key in keys if key not in there]
    if not there and not keys:
        faults.append(("declaration", "请选择以告知承诺替代的材料"))
    for one in materials:
        material = item.material(one.key)
        if material is None or not material.declarable:
            faults.append((field_of(one.key), f"“{one.name}”不能用告知承诺替代"))
        elif one.state != MaterialState.MISSING:
            faults.append((field_of(one.key), f"“{one.name}”已经提交，不需要承诺"))
    return faults


def _put(
    row: Case, text: Text, materials: Sequence[CaseMaterial], said: Said, *, by: By, at: datetime
) -> str:
    """Write letter, commitment and declaration, and that its documents need not come.

    The conditions are said to be met now, so the commitment is due now and delivered at once; it
    is kept only when somebody has looked.
    """
    signed_at = _signed_at(row, materials, at)
    day = civil_date(signed_at)
    names = "、".join(f"“{one.name}”" for one in materials)
    letter, commitment = promise(
        row,
        kind="declaration",
        title=f"告知承诺：符合“{row.item_version.title}”的条件",
        place=f"告知承诺书 {text.version}",
        due=day,
        due_said="承诺作出时已经符合",
        letter=NewLetter(
            type=LetterType.INSTEAD_OF_PROOF,
            matter=f"办理“{row.item_version.title}”时以承诺替代 {names}"[:512],
            content=whole_text(text),
            liability=text.liability,
            made_date=day,
        ),
        by=by,
        at=at,
    )
    deliver_for(
        commitment=commitment,
        delivered_date=day,
        note="承诺人声明已经符合告知的条件，等待事后核查",
        by=by,
        at=at,
    )
    declaration = Declaration(
        code=letter.code,
        letter=letter,
        case=row,
        commitment_id=commitment,
        keys=[one.key for one in materials],
        text_version=text.version,
        text_sha256=text_digest(text),
        signed_at=signed_at,
        share=max(text.check_share, said.amount),
        table=in_force(civil_date(at)).numbers[DECLARATION],
        rule=said.rule,
    )
    record(declaration, verb="declaration.signed", by=by, at=at)
    for one in materials:
        one.state = MaterialState.DECLARED
        record(one, verb="case_material.declared", by=by, at=at)
    return declaration.code


def _signed_at(row: Case, materials: Sequence[CaseMaterial], at: datetime) -> datetime:
    """When the applicant declared: with the application online, else before the officer now."""
    online = row.channel == Channel.ONLINE and all(one.wish == DECLARE for one in materials)
    return row.received_at if online else at


@command("declaration.withdraw")
def withdraw(
    *,
    declaration: str,
    reason: str,
    at: datetime,
    by: Viewer | None = None,
    track: str | None = None,
) -> None:
    """Take a declaration back before the decision; the proofs are to be brought after all.

    By the applicant with the 查询码, or at the window. It counts neither as kept nor as broken.
    Raises `UnknownDeclaration`, `UnknownTrack`, `UnknownCase`, `NotAllowed`, `WrongCaseState`,
    `WrongPromiseState`, `Invalid` (field `reason`).
    """
    row = fetch_declaration(declaration)
    case, acting = as_party(row.case_id, by=by, track=track)
    faults = said_faults("reason", "撤回承诺的理由", reason)
    if faults:
        raise Invalid(row.code, faults)
    require_status(case, allowed=WITHDRAWABLE, wanted="撤回承诺", fed=True)
    move(row, "declaration.withdrawn", "撤回承诺")
    _waive(row, f"撤回承诺，改走普通程序。{reason.strip()}", by=acting, at=at)
    record(row, verb="declaration.withdrawn", by=acting, at=at)
    for one in _declared(row):
        one.state, one.wish = MaterialState.MISSING, ""
        record(one, verb="case_material.asked", by=acting, at=at)


def _waive(row: Declaration, why: str, *, by: By, at: datetime) -> None:
    reject_for(commitment=row.commitment_id, note=why, by=by, at=at)
    end_for(commitment=row.commitment_id, verb="commitment.waived", note=why, by=by, at=at)
    row.ended_date, row.said_text = civil_date(at), put_text(why)
    put_remark(row.letter, f"{civil_date(at)} {why}"[:512], by=by, at=at)
    settle(about=[row.subject], at=at)


def _declared(row: Declaration) -> list[CaseMaterial]:
    rows = CaseMaterial.objects.select_for_update().filter(case=row.case_id, key__in=row.keys)
    return list(rows.filter(state=MaterialState.DECLARED).order_by("key"))


def bring_proof(
    *,
    declaration: str,
    key: str,
    store: FileStore,
    at: datetime,
    name: str = "",
    file: BinaryIO | None = None,
    by: Viewer | None = None,
    track: str | None = None,
) -> None:
    """Bring a proof for which a declaration stood until it was withdrawn.

    By the applicant with the 查询码 (a file), or at the window (paper will do). Raises
    `UnknownDeclaration`, `UnknownTrack`, `UnknownCase`, `NotAllowed`, `CaseEnded`, and `Invalid`
    (field `file`).
    """
    if track is not None and file is None:
        raise Invalid(declaration, [("file", "请选择文件")])
    kept, faults = keep_files({key: Choice(kind=GIVE, name=name, file=file)}, store=store)
    if faults:
        raise Invalid(declaration, [("file", what) for _field, what in faults])
    _bring_proof(declaration=declaration, key=key, kept=kept.get(key), at=at, by=by, track=track)


@command("declaration.bring_proof")
def _bring_proof(
    *,
    declaration: str,
    key: str,
    kept: KeptFile | None,
    at: datetime,
    by: Viewer | None,
    track: str | None,
) -> None:
    row = fetch_declaration(declaration)
    case, acting = as_party(row.case_id, by=by, track=track)
    require_waiting(case, "补交材料")
    rows = CaseMaterial.objects.select_for_update()
    one = rows.filter(case=case, key=key, state=MaterialState.MISSING).first()
    if one is None or key not in row.keys:
        raise Invalid(row.code, [("file", "没有等着补交的这份材料")])
    give_material(one, Choice(kind=GIVE), kept, by=acting, at=at)


@command("declaration.let_go")
def let_go(*, declaration: str, reason: str, by: Viewer, at: datetime) -> None:
    """Nothing is to be looked at any more, as for a case that was not granted (免除).

    By an officer of the deciding unit, other than who accepted the case. Raises
    `UnknownDeclaration`, `UnknownCase`, `NotAllowed`, `WrongPromiseState`, `Invalid`.
    """
    row = fetch_declaration(declaration)
    case = locked_case(row.case_id, by)
    acting = act_in_department(case, by)
    refuse_same_person(
        case.subject, "case.accepted", acting, "受理的人不能自己免除核查，请由另一人办理"
    )
    faults = said_faults("reason", "不再核查的理由", reason)
    if faults:
        raise Invalid(row.code, faults)
    move(row, "declaration.let_go", "免除核查")
    _waive(row, f"不再核查。{reason.strip()}", by=acting, at=at)
    record(row, verb="declaration.let_go", by=acting, at=at)
