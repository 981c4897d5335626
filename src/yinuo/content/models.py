"""The versions of what a city edits, each asked for by one person and approved by another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.kernel.lives import Life
from yinuo.ledger.recorded import Recorded, State

ASKED = "content.asked"


class ContentVersion(Recorded):
    """One file by its hash, the day from which it is in force, and the two persons.

    Nothing of it changes but by its one decision, so a result may name it for ever.
    """

    SUBJECT = "content"
    # Rules are nobody's personal information: the file itself is erased with no text.
    FILES: ClassVar = {"sha256": ""}

    class Status(models.TextChoices):
        """Where the request stands."""

        ASKED = "asked", "待批准"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"
        WITHDRAWN = "withdrawn", "已撤回"

    LIFE: ClassVar = Life(
        first=Status.ASKED,
        beginning="申请发布",
        begun_by=(ASKED,),
        steps={
            (Status.ASKED, "content.approved"): Status.APPROVED,
            (Status.ASKED, "content.refused"): Status.REFUSED,
            (Status.ASKED, "content.withdrawn"): Status.WITHDRAWN,
        },
        written=frozenset({"status", "edition", "decided_by", "decided_at", "decision_text"}),
    )

    number = models.PositiveIntegerField(primary_key=True)
    """Of the publication, from 1, over all files: `P7` to people."""
    name = models.CharField(max_length=120)
    """Where it lies below the folder of content, such as `tables/lights.xlsx`."""
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    """Bytes."""
    valid_from = models.DateField()
    """The first day on which it is in force, once approved."""
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    """What was in force on that day when it was asked for, with which it was compared."""
    reason_text = models.CharField(max_length=70)
    effect_text = models.CharField(max_length=70, blank=True)
    """Text row that says whose result changes, in numbers; empty where nothing was compared."""
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    edition = models.PositiveIntegerField(null=True)
    """第几版 of this file, from 1, counted when it is approved."""
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_text = models.CharField(max_length=70, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["asked", "approved", "refused", "withdrawn"]),
                name="content_status",
            ),
            models.CheckConstraint(
                condition=Q(status="asked", decided_by="", decided_at=None)
                | (~Q(status="asked") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
                name="content_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(status="approved", edition__isnull=False)
                | (~Q(status="approved") & Q(edition=None)),
                name="content_edition_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", decided_by=F("asked_by"))
                | (~Q(status="withdrawn") & ~Q(decided_by=F("asked_by"))),
                name="content_two_persons",
            ),
            models.UniqueConstraint(
                fields=["name", "edition"],
                condition=Q(edition__isnull=False),
                name="content_one_of_each_edition",
            ),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """What is in force, was or will be: a rule that nobody may read binds nobody."""
        return Q(status="approved")

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Asked first, then decided once, and nothing but the decision written."""
        wrong = ContentVersion.LIFE.wrong(before, after, verb)
        if wrong:
            return wrong
        if before is None:
            return "申请发布时不能已有版次" if after["edition"] is not None else None
        is_same = after["decided_by"] == after["asked_by"]
        if is_same != (after["status"] == "withdrawn"):
            return "批准或不批准的须是申请人以外的人，撤回的须是申请人"
        return None
