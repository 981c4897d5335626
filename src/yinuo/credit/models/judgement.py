"""What people decided about joins: append-only, and stronger than any code or model."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.ledger.recorded import Recorded, State


class JoinJudgement(Recorded):
    """Two nodes are the same subject, or are not, says a person, and why.

    A node is the key of an entity or a record. A key with a resident number is held as a text,
    which can be erased; here stands its reference.
    """

    SUBJECT = "join_judgement"

    number = models.PositiveIntegerField(primary_key=True)
    left = models.CharField(max_length=70)
    """`rec:<32 hex>`, `o:…`, `r:…`, or the text with a `p:…`."""
    right = models.CharField(max_length=70)
    same = models.BooleanField()
    entity = models.CharField(max_length=25, blank=True)
    """The entity of the release in which it was looked at."""
    source = models.CharField(max_length=60, blank=True)
    """Of the record, where one is judged."""
    case = models.CharField(max_length=60, blank=True)
    """Number of the objection or of the paper behind it."""
    reason_text = models.CharField(max_length=70)
    simulated = models.BooleanField(default=False)
    judged_by = models.CharField(max_length=80)
    judged_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(left=F("right")), name="judgement_of_two"),
            models.CheckConstraint(condition=~Q(reason_text=""), name="judgement_has_reason"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["left"], name="judgement_by_left"),
            models.Index(fields=["right"], name="judgement_by_right"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A judgement is never changed; another one outvotes it."""
        del after
        fresh = before is None and verb in ("join_judgement.joined", "join_judgement.split")
        return None if fresh else f"{verb} 不能改动关联判断"
