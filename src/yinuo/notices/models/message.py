"""What one person is told inside the system, and what reached nobody."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One thing told to one person, written in the transaction of what it tells of.

    Deleted a while after, by a job; names no third person. See `retention`.
    """

    account = models.ForeignKey(
        "parties.Account", on_delete=models.PROTECT, related_name="messages"
    )
    topic = models.CharField(max_length=60)
    """Such as `order.issued`; what stands before the dot is what a person can turn off."""
    about = models.CharField(max_length=120, blank=True)
    """The subject it tells of, such as `order:DB-2024-7`."""
    key = models.CharField(max_length=150, blank=True)
    """What makes it one and the same message: with a key a person is told once."""
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    page = models.CharField(max_length=60, blank=True)
    """Name of the address where it goes on; empty where there is nothing to do."""
    args = models.JSONField(default=list)
    """What the address takes."""
    due = models.DateField(null=True)
    """The last day on which it is in time."""
    urgent = models.BooleanField(default=False)
    """Whether it leaves at once, instead of with the digest of the day."""
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    settled = models.BooleanField(default=False)
    """Whether it is part of a digest, or nothing of it has to leave the system."""
    digest = models.ForeignKey(
        "notices.Digest", null=True, on_delete=models.PROTECT, related_name="messages"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "key"], condition=~Q(key=""), name="message_once_a_key"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account"], condition=Q(read_at=None), name="message_unread"),
            models.Index(fields=["account", "-created_at"], name="message_by_account"),
            models.Index(fields=["account"], condition=Q(settled=False), name="message_unsettled"),
            models.Index(fields=["created_at"], name="message_by_age"),
        ]


class Unreached(models.Model):
    """What was told to a duty that nobody held, so that an administrator can see to it."""

    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="unreached")
    role = models.CharField(max_length=20)
    topic = models.CharField(max_length=60)
    about = models.CharField(max_length=120, blank=True)
    told_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["told_at"], name="unreached_by_age")]
