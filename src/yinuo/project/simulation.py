"""A simulated stretch of the year: reports, requests and findings, played from a CSV file.

Everything it does goes through the same commands as on the pages, at the dates in the file, so a
demo has a real ledger. It runs only in a demo home.
"""

from collections.abc import Callable, Mapping

from yinuo.commitments.commands import change, curve, deliver, judge
from yinuo.commitments.life import ChangeKind
from yinuo.commitments.queries.changes import changes_of
from yinuo.kernel.errors import Plain
from yinuo.kernel.filestore import FileStore
from yinuo.parties.viewer import Viewer
from yinuo.project import simulated_office as office
from yinuo.project.event import Event


class NothingWaits(Plain):
    """The file decides a request that nobody made."""

    code = "DEMO-E001"
    said = "没有待批准的申请"
    step = "请检查 demo.csv 中申请与批准的先后"


def _waiting(event: Event, by: Viewer) -> str:
    """Code of the request about the commitment that waits for a decision."""
    for view in changes_of(commitment=event.commitment, viewer=by):
        if view.waiting:
            return view.code
    raise NothingWaits(event.commitment)


def _report(e: Event, by: Viewer) -> None:
    deliver.report(
        commitment=e.commitment, as_of_date=e.date, value=e.value, note=e.text, by=by, at=e.at
    )


def _deliver(e: Event, by: Viewer) -> None:
    deliver.deliver(commitment=e.commitment, delivered_date=e.date, note=e.text, by=by, at=e.at)


def _move(e: Event, by: Viewer) -> None:
    change.ask(
        commitment=e.commitment,
        kind=ChangeKind.MOVED,
        new={"due": e.day},
        reason=e.text,
        by=by,
        at=e.at,
    )


def _curve(e: Event, by: Viewer) -> None:
    curve.set_curve(commitment=e.commitment, text=e.text, by=by, at=e.at)


def _replan(e: Event, by: Viewer) -> None:
    """`value` is the new curve."""
    change.ask(
        commitment=e.commitment,
        kind=ChangeKind.REPLANNED,
        new={"curve": e.value},
        reason=e.text,
        by=by,
        at=e.at,
    )


def _part(e: Event, by: Viewer) -> None:
    kind = ChangeKind.KEPT_IN_PART
    change.ask(commitment=e.commitment, kind=kind, new={}, reason=e.text, by=by, at=e.at)


def _approve(e: Event, by: Viewer) -> None:
    change.approve(change=_waiting(e, by), reason=e.text, by=by, at=e.at)


def _refuse(e: Event, by: Viewer) -> None:
    change.refuse(change=_waiting(e, by), reason=e.text, by=by, at=e.at)


def _verify(e: Event, by: Viewer) -> None:
    judge.verify(commitment=e.commitment, note=e.text, by=by, at=e.at)


def _reject(e: Event, by: Viewer) -> None:
    judge.reject(commitment=e.commitment, note=e.text, by=by, at=e.at)


def _broken(e: Event, by: Viewer) -> None:
    judge.find_broken(commitment=e.commitment, note=e.text, by=by, at=e.at)


ACTIONS: Mapping[str, Callable[[Event, Viewer], None]] = {
    "report": _report,
    "deliver": _deliver,
    "move": _move,
    "part": _part,
    "curve": _curve,
    "replan": _replan,
    "approve": _approve,
    "refuse": _refuse,
    "verify": _verify,
    "reject": _reject,
    "broken": _broken,
    "break_down": office.break_down,
    "sign": office.sign,
    "give_back": office.give_back,
    "assign": office.assign,
    "wait": office.claim,
    "accept_wait": office.accept,
    "end_wait": office.end,
    "pass_picture": office.pass_picture,
}


def play(
    events: tuple[Event, ...],
    *,
    viewers: Mapping[str, Viewer],
    store: FileStore,
    progress: Callable[[], None] = lambda: None,
) -> None:
    """Play all events in order, each by its account; pictures go into the file store."""
    for event in events:
        by = viewers[event.account]
        if event.action == "picture":
            office.report_with_picture(event, by, store)
        else:
            ACTIONS[event.action](event, by)
        progress()
