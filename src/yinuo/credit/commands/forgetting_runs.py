"""Forgetting a person as a job: ordered on a page, carried out by the worker, which takes long.

    order ──→ queued ──worker──→ running ──→ carried out
                ↑                   │
                └── lake is busy ───┼──→ failed, with the reason; ordered anew with the number

The number waits sealed and goes with the end, whatever the end is.
"""

import logging
from datetime import datetime

from yinuo.credit.commands.forgetting import (
    PLACE,
    carry_out_forgetting,
    locked_forgetting,
    person_numbered,
    require_approved,
)
from yinuo.credit.errors.forgetting import ForgettingUnderWay
from yinuo.credit.means import Means
from yinuo.credit.models import ForgettingRun
from yinuo.credit.models.forgetting_run import FAILED, QUEUED, RUNNING
from yinuo.credit.permission import acting_for_centre
from yinuo.credit.sealed_number import opened, sealed
from yinuo.kernel.errors import YinuoError
from yinuo.lake.releases.lock import Busy
from yinuo.ledger.commands.recording import command
from yinuo.notices.commands.schedule import arm
from yinuo.parties.queries import public_active_accounts, public_viewer
from yinuo.parties.viewer import Viewer

JOB = "credit.forget"
"""Kind of the job, which whoever has the settings registers."""
LONGEST = 300
log = logging.getLogger(__name__)


@command("credit_forgetting.order")
def order_forgetting(*, code: str, number: str, means: Means, by: Viewer, at: datetime) -> None:
    """Have what was approved carried out by the worker; one that failed is ordered anew.

    Raises `NotAllowed`, `UnknownForgetting`, `WrongForgettingState`, `BadNumber`, `OtherPerson`,
    `ForgettingUnderWay`.
    """
    acting = acting_for_centre(means, by, place=PLACE)
    person = person_numbered(number, at)
    row = locked_forgetting(code)
    require_approved(row, person)
    run = ForgettingRun.objects.filter(forgetting=code).first()
    if run is not None and run.state != FAILED:
        raise ForgettingUnderWay(code)
    ForgettingRun.objects.update_or_create(
        forgetting=row,
        defaults={
            "state": QUEUED,
            "sealed": sealed(person),
            "ordered_by": acting.actor,
            "ordered_at": at,
            "begun_at": None,
            "reason": "",
        },
    )
    arm(kind=JOB, of=code, due_at=at, args={"code": code})


def run_forgetting(*, code: str, means: Means, at: datetime) -> None:
    """Carry out what was ordered; nothing where that is over. Twice comes to the same as once.

    What went wrong stands at the run. Raises `Busy`, after which the worker tries again by itself.
    """
    run = _begin(code, at)
    if run is None:
        return
    number = opened(run.sealed)
    if number is None:
        _fail(code, "服务器的密钥换过，号码打不开了；请再填一次号码")
        return
    try:
        carry_out_forgetting(code=code, number=number, means=means, by=_by(run), at=at)
    except Busy as error:
        _wait(code, f"{error.what}；稍后自动再试")
        raise
    except YinuoError as error:
        log.exception("forgetting %s failed", code)
        _fail(code, f"{error.code} {error.what}；{error.next_step}")
    except Exception as error:  # whatever it was, it is told on the page and ordered anew
        log.exception("forgetting %s failed", code)
        _fail(code, f"{type(error).__name__}，详见服务器日志")


@command("credit_forgetting.begin")
def _begin(code: str, at: datetime) -> ForgettingRun | None:
    """The run, marked as running; None where none waits. One that a crash cut short goes on."""
    run = ForgettingRun.objects.select_for_update().filter(forgetting=code).first()
    if run is None or run.state == FAILED:
        return None
    run.state, run.begun_at, run.reason = RUNNING, at, ""
    run.save()
    return run


def _by(run: ForgettingRun) -> Viewer:
    """Whoever ordered it, with the duties of now; without any where the account is closed."""
    account = int(run.ordered_by.removeprefix("account:"))
    if not public_active_accounts(accounts=[account]):
        return Viewer(account_id=account)
    return public_viewer(account)


@command("credit_forgetting.wait")
def _wait(code: str, reason: str) -> None:
    rows = ForgettingRun.objects.filter(forgetting=code)
    rows.update(state=QUEUED, begun_at=None, reason=reason[:LONGEST])


@command("credit_forgetting.fail")
def _fail(code: str, reason: str) -> None:
    rows = ForgettingRun.objects.filter(forgetting=code)
    rows.update(state=FAILED, sealed="", reason=reason[:LONGEST])
