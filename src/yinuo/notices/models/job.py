"""What has to be done at some time, by the worker."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One thing to do when it is due: once, or again and again as its kind says."""

    key = models.CharField(primary_key=True, max_length=150)
    """The kind, and of what; arming the same key again moves it."""
    kind = models.CharField(max_length=60)
    """Name of what is done, as a package registered it."""
    args = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    """`due_at`, or later: after a failure, and while a worker is at it."""
    tries = models.PositiveSmallIntegerField(default=0)
    """Failures since it was last done."""
    error = models.CharField(max_length=300, blank=True)
    """Why it failed last."""
    done_at = models.DateTimeField(null=True)
    """When it was last done."""
    open = models.BooleanField(default=True)
    """Whether it is still to be done."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], condition=Q(open=True), name="job_due"),
        ]
