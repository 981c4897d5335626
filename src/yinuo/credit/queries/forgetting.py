"""Requests that somebody be forgotten in the credit lake: who asked, on what ground, how far."""

from dataclasses import dataclass
from datetime import datetime

from yinuo.credit.means import Means
from yinuo.credit.models import CreditForgetting
from yinuo.credit.models.forgetting import STATE_LABELS
from yinuo.credit.permission import reads_all
from yinuo.ledger.erased import GROUNDS
from yinuo.parties.viewer import NotAllowed, Viewer


@dataclass(frozen=True, kw_only=True)
class ForgettingView:
    """One request; it tells nothing of the person."""

    code: str
    ground: str
    """The item of the law, in words."""
    state: str
    state_label: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    done_at: datetime | None


def forgettings(*, means: Means, viewer: Viewer) -> tuple[ForgettingView, ...]:
    """Every request, the newest first, for protectors, the centre and auditors.

    Raises `NotAllowed`.
    """
    if means.centre not in viewer.protector_of and not reads_all(means, viewer):
        raise NotAllowed(
            "只有个人信息保护负责人、信用中心的经办人和审计人可以查看", place="依法删除"
        )
    return tuple(map(_view, CreditForgetting.objects.order_by("-asked_at", "-code")))


def _view(row: CreditForgetting) -> ForgettingView:
    return ForgettingView(
        code=row.code,
        ground=GROUNDS[row.ground],
        state=row.state,
        state_label=STATE_LABELS[row.state],
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        decided_by=row.decided_by,
        done_at=row.done_at,
    )
