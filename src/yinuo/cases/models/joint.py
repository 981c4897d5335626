"""A joint case (联办): one application, several departments side by side."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.ledger.recorded import Recorded, State


class Joint(Recorded):
    """One application that several departments decide in parallel; its branches are cases."""

    SUBJECT = "joint"

    class Join(models.TextChoices):
        """When the whole is done."""

        ALL = "all", "全部同意"
        ANY = "any", "任一同意"
        SOME = "some", "至少若干同意"
        NO_OBJECTION = "no_objection", "限期内无异议"

    code = models.CharField(primary_key=True, max_length=50)
    """Such as LB-210200-2024-00001."""
    title = models.CharField(max_length=200)
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="joints")
    """The unit that leads and watches the whole."""
    applicant = models.ForeignKey(
        "cases.Applicant", on_delete=models.PROTECT, related_name="joints"
    )
    project = models.ForeignKey(
        "cases.BuildingProject", null=True, on_delete=models.PROTECT, related_name="joints"
    )
    stage = models.CharField(max_length=20, blank=True)
    """Code of the stage of the building project."""
    join = models.CharField(max_length=14, default=Join.ALL)
    need = models.PositiveIntegerField(null=True)
    """How many have to agree, for `some`."""
    object_by = models.DateField(null=True)
    """Until when a branch may object, for `no_objection`."""
    silence_basis = models.CharField(max_length=200, blank=True)
    """The law by which silence counts as consent; without it nobody is approved by silence."""
    received_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=14, blank=True)
    """`approved` or `denied` once the join is decided."""
    legal_limit = models.CharField(max_length=20, blank=True)
    """Such as 45wd (行政许可法 第四十二条); empty where only the branches have limits."""
    promised_limit = models.CharField(max_length=20, blank=True)
    track_mark = models.CharField(max_length=64, blank=True)
    """Hash of the 查询码 of the receipt."""
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(join__in=["all", "any", "some", "no_objection"]), name="joint_join"
            ),
            models.CheckConstraint(
                condition=~Q(join="no_objection")
                | (Q(object_by__isnull=False) & ~Q(silence_basis="")),
                name="joint_silence_with_basis",
            ),
            models.CheckConstraint(
                condition=Q(join="some", need__isnull=False) | (~Q(join="some") & Q(need=None)),
                name="joint_need",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["track_mark"], name="joint_by_track")]


class JointSilence(Recorded):
    """A branch that did not object in time counts as agreeing, by the law it names: an event.

    Never written where the joint case names no law for it.
    """

    SUBJECT = "joint_silence"

    code = models.CharField(primary_key=True, max_length=120)
    """Code of the joint case, `/Q` and the code of the branch."""
    joint = models.ForeignKey(Joint, on_delete=models.PROTECT, related_name="silences")
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="silence")
    object_by = models.DateField()
    basis = models.CharField(max_length=200)
    counted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(basis=""), name="silence_with_basis"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Counted once; never changed."""
        del after
        return None if before is None else f"{verb} 不能改动已经记下的默示同意"

    @property
    def thread(self) -> str:
        """Told on the page of the joint case."""
        return f"joint:{self.joint_id}"
