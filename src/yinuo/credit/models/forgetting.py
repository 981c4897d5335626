"""A request that one person be forgotten by law in the credit lake; two persons, then a third."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.ledger.erased import GROUNDS
from yinuo.ledger.recorded import Recorded, State

ASKED, APPROVED, REFUSED, CARRIED_OUT = "asked", "approved", "refused", "carried_out"
STATE_LABELS = {ASKED: "待批准", APPROVED: "待执行", REFUSED: "不予删除", CARRIED_OUT: "已删除"}
STEPS = {
    ("credit_forgetting.asked", None): ASKED,
    ("credit_forgetting.approved", ASKED): APPROVED,
    ("credit_forgetting.refused", ASKED): REFUSED,
    ("credit_forgetting.carried_out", APPROVED): CARRIED_OUT,
}


class CreditForgetting(Recorded):
    """One request. It holds no number: whoever goes on with it gives the number again."""

    SUBJECT = "credit_forgetting"
    UNRECORDED: ClassVar = {
        "person_mark": "holds the number given later against the one given first; tells nothing",
    }

    code = models.CharField(primary_key=True, max_length=20)
    """`WJ2026-1`."""
    person_mark = models.CharField(max_length=64)
    """Keyed hash of the number; empty once it is carried out."""
    ground = models.CharField(max_length=20)
    """Which of the five of 个人信息保护法 第四十七条第一款."""
    state = models.CharField(max_length=12)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=80, blank=True)
    done_at = models.DateTimeField(null=True)
    reason_text = models.CharField(max_length=70, blank=True)
    """Why it was refused. Source: 第五十条第一款."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(STATE_LABELS)), name="credit_forgetting_state"
            ),
            models.CheckConstraint(
                condition=Q(ground__in=sorted(GROUNDS)), name="credit_forgetting_ground"
            ),
            models.CheckConstraint(
                condition=Q(state=ASKED, decided_by="", decided_at=None)
                | (~Q(decided_by="") & ~Q(decided_by=F("asked_by")) & ~Q(decided_at=None)),
                name="credit_forgetting_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state=CARRIED_OUT, person_mark="", done_at__isnull=False)
                | (~Q(state=CARRIED_OUT) & Q(done_by="", done_at=None)),
                name="credit_forgetting_done",
            ),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change that does not follow."""
        was = None if before is None else str(before["state"])
        fits = STEPS.get((verb, was)) == after["state"]
        return None if fits else f"{verb} 不能从“{was or '（无）'}”开始"
