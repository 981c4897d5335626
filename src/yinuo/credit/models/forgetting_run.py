"""A request to forget somebody on its way: ordered on a page, carried out by the worker."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

QUEUED, RUNNING, FAILED = "queued", "running", "failed"
RUN_LABELS = {QUEUED: "排队等待执行", RUNNING: "正在删除", FAILED: "没有做完"}


class ForgettingRun(models.Model):
    """How far it is; gone once the request is carried out, which the ledger tells."""

    forgetting = models.OneToOneField(
        "credit.CreditForgetting", primary_key=True, on_delete=models.PROTECT, related_name="run"
    )
    state = models.CharField(max_length=8, default=QUEUED)
    sealed = models.CharField(max_length=250, blank=True)
    """The number, which only the key of this installation opens; empty once it is not needed."""
    ordered_by = models.CharField(max_length=80)
    ordered_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    """When it was last begun; None while it waits."""
    reason = models.CharField(max_length=300, blank=True)
    """Why it failed, or why it waits."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=QUEUED, begun_at=None)
                | Q(state=RUNNING, begun_at__isnull=False)
                | Q(state=FAILED, sealed=""),
                name="credit_forgetting_run_state",
            ),
        ]
