"""Releases: what the city's credit data were, as of which batches and which judgements."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.ledger.recorded import Recorded


class CreditRelease(Recorded):
    """One state of all facts. Readers see exactly one, the current one."""

    SUBJECT = "credit_release"

    number = models.PositiveIntegerField(primary_key=True)
    lake_id = models.CharField(max_length=32, unique=True)
    """Of its folder in the lake."""
    digest = models.CharField(max_length=64)
    """Of the content, in whatever order and layers it lies there."""
    manifest_sha256 = models.CharField(max_length=64)
    batches = models.JSONField()
    """Codes of the batches in it, in the order in which they came."""
    left_out = models.JSONField(default=list)
    """Codes of batches that had not passed their gates."""
    last_judgement = models.PositiveIntegerField(default=0)
    """Judgements up to this number are in it."""
    resolution = models.CharField(max_length=32)
    """Of the folder that says whose record is whose."""
    counts = models.JSONField()
    """Facts by source; entities; records by how they were joined."""
    layers = models.PositiveIntegerField(default=1)
    is_delta = models.BooleanField(default=False)
    """Whether it was made as a small layer upon the release before it."""
    current = models.BooleanField(default=True)
    simulated = models.BooleanField(default=False)
    made_with = models.CharField(max_length=20)
    """Version of Yinuo."""
    published_by = models.CharField(max_length=80)
    published_at = models.DateTimeField()
    reason_text = models.CharField(max_length=70, blank=True)
    """Why readers were led back to an older one."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["current"], condition=Q(current=True), name="credit_release_one_current"
            ),
        ]
