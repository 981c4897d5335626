"""Rows of the log: entries, the texts they name, and the sealed tree."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Text(models.Model):
    """A reason, a note or a person's name: named by its salted hash, so it can be erased alone."""

    hash = models.CharField(primary_key=True, max_length=64)
    """Hex of SHA-256(salt ‖ UTF-8 text); entries hold `text:` plus this."""
    salt = models.BinaryField(max_length=32)
    text = models.TextField()


class Entry(models.Model):
    """One recorded change. Written once; only `leaf_index` is filled in later, by the sealer."""

    subject = models.CharField(max_length=120)
    """What changed, such as `commitment:DL2024-015`."""
    version = models.PositiveIntegerField()
    """Counts the changes of one subject from 1 without gaps."""
    thread = models.CharField(max_length=120)
    """The subject whose page tells this: a change or a report belongs to its commitment."""
    verb = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    capacity = models.CharField(max_length=80, blank=True)
    """The duty in which the actor acted, such as `officer:210212`."""
    at = models.DateTimeField()
    """When it happened, as given."""
    recorded_at = models.DateTimeField(db_default=Now())
    """When it was written, by the database's clock; never given."""
    body = models.BinaryField()
    """Canonical bytes of the whole change; stored as written and never re-serialised."""
    salt = models.BinaryField(max_length=32)
    leaf_index = models.BigIntegerField(null=True, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "version"], name="entry_subject_version"),
            models.CheckConstraint(condition=Q(version__gte=1), name="entry_version_from_1"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["thread", "id"], name="entry_thread"),
        ]


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree; a tile widens until it is full."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()
    """32 bytes a hash, at most 8,192 bytes."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["level", "index"], name="tile_level_index"),
        ]


class Checkpoint(models.Model):
    """A signed statement: the log of this size has this root."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    """The signed note as published."""
    signed_at = models.DateTimeField(db_default=Now())
