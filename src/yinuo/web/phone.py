"""The task behind a link in a message, and what its person can do there."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from yinuo.commitments.commands import evidence, signing
from yinuo.commitments.errors import UnknownCommitment
from yinuo.commitments.queries.detail import Detail, detail
from yinuo.commitments.queries.signing import SigningView
from yinuo.commitments.queries.signing import signing as one_signing
from yinuo.notices.queries.links import Opened
from yinuo.parties.viewer import Viewer
from yinuo.supervision.commands import order_steps
from yinuo.supervision.errors.orders import UnknownOrder
from yinuo.supervision.queries.order import order
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.notices import PhoneReplyForm, PhoneReportForm

Files: TypeAlias = "MultiValueDict[str, UploadedFile[Any]] | None"
PREFIXES = ("commitment:", "order:")
PAGES = frozenset({"commitment", "order"})


@dataclass(frozen=True)
class Task:
    """What one person can do about one commitment on a phone."""

    shown: Detail
    person: Viewer
    signing: SigningView | None
    """The signature that waits for the person's unit."""
    act: str
    """`report`, `reply` to an order, or nothing."""

    @property
    def offers(self) -> bool:
        """Whether anything can be done here at all."""
        return self.signing is not None or bool(self.act)


def _code(opened: Opened) -> str:
    for prefix in PREFIXES:
        if opened.about.startswith(prefix):
            return opened.about.removeprefix(prefix)
    return opened.args[0] if opened.page in PAGES and opened.args else ""


def task_of(opened: Opened, person: Viewer, today: date) -> Task | None:
    """The task, or None where it can only be done in the signed-in site."""
    code = _code(opened)
    try:
        shown = detail(code=code, viewer=person, today=today)
    except UnknownCommitment:
        return None
    waiting = (
        one_signing(code=f"{code}/{unit}", viewer=person, today=today)
        for unit in sorted(person.officer_of)
    )
    found = next((one for one in waiting if one is not None and one.may_answer), None)
    return Task(shown, person, found, _act(code, shown, person, today))


def _act(code: str, shown: Detail, person: Viewer, today: date) -> str:
    try:
        return "reply" if "reply" in order(code=code, viewer=person, today=today).acts else ""
    except UnknownOrder:
        return "report" if "report" in shown.actions else ""


def form_of(task: Task, today: date, data: QueryDict | None, files: Files) -> PlainForm | None:
    """The form of what can be done besides signing."""
    if task.act == "report":
        return PhoneReportForm(data, files, detail=task.shown, today=today)
    return PhoneReplyForm(data, files) if task.act == "reply" else None


def sign(task: Task, person: Viewer, at: datetime) -> str:
    """Sign for the task, and say so."""
    assert task.signing is not None  # noqa: S101  # the view has checked
    done = signing.sign(signings=[task.signing.code], by=person, at=at)
    return "已签收，已过签收时限，记为迟签。" if done.late else "已签收。"


def hand_in(task: Task, values: dict[str, object], person: Viewer, at: datetime) -> str:
    """Report or reply with what was filled in, and say so."""
    kept = evidence.keep(files=values["evidence"], store=store())  # type: ignore[arg-type]  # of the form
    note, code = str(values["note"]), task.shown.row.code
    if task.act == "reply":
        order_steps.reply(order=code, note=note, files=kept, store=store(), by=person, at=at)
        return "已回复，现在等待审核。"
    made = evidence.report(
        commitment=code,
        as_of_date=clock.today(),
        value=str(values.get("value", "")),
        note=note,
        files=kept,
        store=store(),
        by=person,
        at=at,
    )
    return f"进展已报送，编号 {made}。"
