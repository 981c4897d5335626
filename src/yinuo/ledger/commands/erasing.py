"""Erasing a text by law: asked by one person, approved or refused by another.

Nothing here asks what somebody is entitled to; the packages that own the rows do.
"""

from datetime import datetime

from django.db import connection

from yinuo.kernel.errors import Plain, YinuoError
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.ledger.erased import rows_naming
from yinuo.ledger.history import TEXT_PREFIX
from yinuo.ledger.models import Erasure, Text
from yinuo.ledger.recorded import recorded_models


class UnknownText(Plain):
    """No text stands behind the reference, or no entry names it."""

    code = "LEDGER-E040"
    status = 404
    said = "没有这段文字，或者没有存证记录引用它"
    step = "请从承诺历史中的“依法删除这段文字”进入"
    longest = 17


class TextErased(Plain):
    """The text was erased before."""

    code = "LEDGER-E041"
    status = 409
    said = "这段文字已依法删除"
    step = "请在依法删除的列表中查看依据"
    longest = 17


class ErasureWaiting(YinuoError):
    """Somebody already asked for it."""

    code = "LEDGER-E042"
    status = 409

    def __init__(self, erasure: str) -> None:
        super().__init__(
            "这段文字已有人申请删除，正在等待批准",
            place=erasure,
            next_step=f"请打开申请 {erasure}，由另一人决定",
        )


class SamePerson(Plain):
    """Whoever asked wants to decide as well."""

    code = "LEDGER-E043"
    status = 403
    said = "申请人不能决定自己的申请"
    step = "请由另一名个人信息保护负责人决定"


class ErasureDecided(YinuoError):
    """The request was decided before."""

    code = "LEDGER-E044"
    status = 409

    def __init__(self, erasure: str, state: str) -> None:
        super().__init__(f"这项申请已处理：{state}", place=erasure, next_step="请刷新页面")


class UnknownErasure(Plain):
    """No such request."""

    code = "LEDGER-E045"
    status = 404
    said = "没有编号为 {place} 的依法删除申请"
    step = "请核对编号"


class TextNeeded(Plain):
    """The text belongs to a person or row that would be left without it."""

    code = "LEDGER-E046"
    status = 409
    said = "这段文字属于一个账号，账号还在使用它"
    step = "请申请删除此人：结束职责、停用账号，姓名和用户名一并删除"


class UnknownGround(YinuoError):
    """The ground is none of those in the law."""

    code = "LEDGER-E047"

    def __init__(self, ground: str) -> None:
        super().__init__(
            f"没有“{ground}”这种依据",
            place="ground",
            next_step="请选择：" + "、".join(Erasure.Ground.values),
        )


class NoRefusalReason(Plain):
    """A request was refused without a word. Source: 个人信息保护法 第五十条第一款."""

    code = "LEDGER-E048"
    said = "不予删除应当说明理由"
    step = "请写明理由，不要重复要删除的内容"


def _next_code() -> str:
    """One above the highest: after a recovery some numbers may be missing."""
    codes = Erasure.objects.values_list("code", flat=True)
    return f"E{max((int(code[1:]) for code in codes), default=0) + 1}"


@command("erasure.ask")
def ask_erasure(*, text: str, ground: str, by: By, at: datetime, person: str = "") -> str:
    """Ask that the text behind a reference be erased; returns the code of the request.

    `person` is the subject, such as `account:7`, where all of a person's texts go together.
    Raises `UnknownText`, `TextErased`, `ErasureWaiting`, `TextNeeded`, `UnknownGround`.
    """
    if ground not in Erasure.Ground.values:
        raise UnknownGround(ground)
    before = Erasure.objects.filter(text=text).exclude(status=Erasure.Status.REFUSED).first()
    if before:
        waits = before.status == Erasure.Status.ASKED
        raise ErasureWaiting(before.code) if waits else TextErased(text)
    # Locked, so that two who ask at once do not both find it free.
    digest = text.removeprefix(TEXT_PREFIX)
    here = Text.objects.select_for_update().filter(hash=digest).exists()
    rows = rows_naming(text) if here else ()
    if not rows:
        raise UnknownText(text)
    for row in rows:
        if row.ERASED_WHOLE and row.subject != person:
            raise TextNeeded(row.subject)
    erasure = Erasure(
        code=_next_code(), text=text, person=person, ground=ground, asked_by=by.actor, asked_at=at
    )
    record(erasure, verb="erasure.asked", by=by, at=at)
    return erasure.code


def _decide(code: str, status: Erasure.Status, by: By, at: datetime) -> Erasure:
    """The request with its decision by a second person, not yet recorded."""
    erasure = Erasure.objects.select_for_update().filter(code=code).first()
    if erasure is None:
        raise UnknownErasure(code)
    if erasure.status != Erasure.Status.ASKED:
        raise ErasureDecided(code, erasure.get_status_display())
    if erasure.asked_by == by.actor:
        raise SamePerson(code)
    erasure.status, erasure.decided_by, erasure.decided_at = status, by.actor, at
    return erasure


def _require_no_copy(reference: str, text: str) -> None:
    """Raises `TextNeeded` while a column still repeats the text."""
    for model in recorded_models().values():
        for column, named in model.TEXT_COPIES.items():
            row = model._base_manager.filter(**{named: reference, column: text}).first()
            if row is not None:
                raise TextNeeded(row.subject)


def overwrite_deleted() -> None:
    """Have SQLite put zeroes in its file where deleted words stood; it keeps them otherwise.

    PostgreSQL frees them with its next VACUUM.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


@command("erasure.approve")
def approve_erasure(*, code: str, by: By, at: datetime) -> None:
    """Erase the text for ever, in one transaction with the entry that says so.

    Raises `UnknownErasure`, `ErasureDecided`, `SamePerson`, and `TextNeeded` while a row still
    repeats the text.
    """
    erasure = _decide(code, Erasure.Status.APPROVED, by, at)
    text = Text.objects.filter(hash=erasure.text.removeprefix(TEXT_PREFIX)).first()
    if text is None:
        raise UnknownText(erasure.text)
    _require_no_copy(erasure.text, text.text)
    overwrite_deleted()
    text.delete()
    record(erasure, verb="erasure.approved", by=by, at=at)


@command("erasure.refuse")
def refuse_erasure(*, code: str, reason: str, by: By, at: datetime) -> None:
    """Leave the text and say why.

    Raises `UnknownErasure`, `ErasureDecided`, `SamePerson`, `NoRefusalReason`.
    """
    erasure = _decide(code, Erasure.Status.REFUSED, by, at)
    if not reason.strip():
        raise NoRefusalReason(code)
    erasure.refusal_text = put_text(reason.strip())
    record(erasure, verb="erasure.refused", by=by, at=at)
