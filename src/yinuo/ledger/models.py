"""Rows of the log: entries, the texts they name, the tree, and what befell the log itself."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from yinuo.ledger.recorded import Recorded, State


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
    origin = models.CharField(max_length=200)
    """The log's name at that time."""
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    """The signed note as published."""
    signed_at = models.DateTimeField(db_default=Now())


class Cosignature(models.Model):
    """What a witness (见证单位) signed under a checkpoint."""

    checkpoint = models.ForeignKey(
        Checkpoint, on_delete=models.PROTECT, related_name="cosignatures"
    )
    witness = models.CharField(max_length=200)
    """Name and key id: `witness.example+8d66cf3f`."""
    line = models.TextField()
    """The signature line as it is added to the note, newline included."""
    witnessed_at = models.DateTimeField()
    """The time the witness signed, by its own clock."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["checkpoint", "witness"], name="cosignature_once_a_witness"
            ),
        ]


class SealerState(models.Model):
    """Whether the sealer refuses to sign, and why; one row."""

    code = models.CharField(max_length=20, blank=True)
    refused = models.TextField(blank=True)
    """What the sealer said; empty while all is well."""


class WitnessAlarm(models.Model):
    """A witness has seen more of this log than we hold, or something else; gone when it agrees."""

    witness = models.CharField(primary_key=True, max_length=200)
    """As the trust file calls it."""
    said = models.TextField()
    """What it means, for people."""
    raised_at = models.DateTimeField(db_default=Now())


class LostEntry(models.Model):
    """A leaf whose entry was lost with the database and could be had back as a hash only."""

    leaf_index = models.BigIntegerField(primary_key=True)
    leaf = models.BinaryField(max_length=400)
    """The leaf's bytes as published."""


RETIRED = "key.retired"
"""Verb of the entry after which a key may sign no more."""


class LogKey(Recorded):
    """A public key of the log: the first, or one announced to follow it."""

    SUBJECT = "log_key"

    code = models.CharField(primary_key=True, max_length=220)
    """Name of the log and key id: `yinuo.210200+6ad4a4bd`."""
    vkey = models.CharField(max_length=300)
    follows = models.CharField(max_length=220, blank=True)
    """Code of the key it takes over from; empty for the first."""
    reason_text = models.CharField(max_length=70, blank=True)

    @classmethod
    def public_rows(cls) -> Q:
        """Keys are there to be known."""
        return Q()


class Recovery(Recorded):
    """What was done after the database had been lost or put back (账本恢复)."""

    SUBJECT = "recovery"

    class Kind(models.TextChoices):
        """How the log went on."""

        REIMPORTED = "reimported", "从已公布的账本补回"
        NEW_ORIGIN = "new_origin", "另立账本"
        MEMORY = "memory", "重建封存记忆"

    code = models.CharField(primary_key=True, max_length=40)
    """`R` and a number from 1."""
    kind = models.CharField(max_length=20, choices=Kind.choices)
    found_size = models.BigIntegerField()
    """Sealed entries that the database held when recovery began."""
    signed_size = models.BigIntegerField()
    """Entries that had been signed for, as far as is known."""
    lost = models.JSONField(default=list)
    """Leaf indices had back as hashes only: pairs of first and last."""
    origin_before = models.CharField(max_length=200)
    origin_after = models.CharField(max_length=200)
    source = models.CharField(max_length=300, blank=True)
    """Where the entries were taken from."""
    reason_text = models.CharField(max_length=70)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["reimported", "new_origin", "memory"]), name="recovery_kind"
            ),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """A break in the log is public, whatever it cost."""
        return Q()


class Erasure(Recorded):
    """The deletion of a text or of a person's name that the law demands (依法删除).

    Names the text by its salted hash and nothing else, so it can be public for ever.
    """

    SUBJECT = "erasure"

    class Ground(models.TextChoices):
        """Why it must go. Source: 个人信息保护法 第四十七条第一款, item by item."""

        PURPOSE = "purpose", "第一项：处理目的已实现、无法实现或者不再必要"
        ENDED = "ended", "第二项：停止提供产品或者服务，或者保存期限已届满"
        WITHDRAWN = "withdrawn", "第三项：个人撤回同意"
        UNLAWFUL = "unlawful", "第四项：违反法律、行政法规或者违反约定处理个人信息"
        OTHER = "other", "第五项：法律、行政法规规定的其他情形"

    class Status(models.TextChoices):
        """Where the request stands."""

        ASKED = "asked", "待批准"
        APPROVED = "approved", "已删除"
        REFUSED = "refused", "不予删除"

    code = models.CharField(primary_key=True, max_length=40)
    """`E` and a number from 1."""
    text = models.CharField(max_length=70)
    """Reference of the text, `text:<hash>`."""
    person = models.CharField(max_length=80, blank=True)
    """`account:7` where the text goes with all else of that person; empty for a text alone."""
    ground = models.CharField(max_length=20, choices=Ground.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    refusal_text = models.CharField(max_length=70, blank=True)
    """Why it was refused, as a text of its own. Source: 个人信息保护法 第五十条第一款."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["asked", "approved", "refused"]), name="erasure_status"
            ),
            models.CheckConstraint(
                condition=Q(status="asked", decided_by="", decided_at=None)
                | (~Q(status="asked") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
                name="erasure_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(status="refused") ^ Q(refusal_text=""), name="erasure_refused_why"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("asked_by")), name="erasure_two_persons"
            ),
            models.UniqueConstraint(
                fields=["text"],
                condition=Q(status__in=["asked", "approved"]),
                name="erasure_once_a_text",
            ),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """What was deleted is public, so that a missing text is explained to everybody."""
        return Q(status="approved")

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Anything but: asked by one person, then decided by another, once."""
        asked, status = Erasure.Status.ASKED.value, str(after["status"])
        if before is None:
            fresh = status == asked and not after["decided_by"] and verb == "erasure.asked"
            return None if fresh else "依法删除的首条记录应为申请，且还没有决定"
        if before["status"] != asked or status == asked or verb != f"erasure.{status}":
            return f"{verb} 不能使依法删除由 {before['status']} 变为 {status}"
        decision = {"status", "decided_by", "decided_at", "refusal_text"}
        altered = {name for name in after if before.get(name) != after.get(name)} - decision
        if altered:
            return f"{verb} 不能改动列 {'、'.join(sorted(altered))}"
        if not after["decided_by"] or after["decided_by"] == after["asked_by"]:
            return "依法删除的申请人和决定人必须是两个人"
        return None
