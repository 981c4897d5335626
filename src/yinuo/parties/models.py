"""Reporting units and their successors, accounts, and the duties that tie one to the other."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from yinuo.kernel.lives import Life
from yinuo.ledger.recorded import Recorded, State


class Unit(Recorded):
    """A reporting unit (填报单位). Not a region: a functional zone overlaps its host districts."""

    SUBJECT = "unit"

    class Kind(models.TextChoices):
        """What the unit is."""

        PROVINCE = "province", "省"
        CITY = "city", "市"
        DISTRICT = "district", "区市县"
        ZONE = "zone", "先导区"
        DEPARTMENT = "department", "市直部门"
        ENTERPRISE = "enterprise", "国企与企业"
        INSTITUTION = "institution", "其他机构"

    code = models.CharField(primary_key=True, max_length=32)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    gb_code = models.CharField(max_length=6, blank=True)
    """GB/T 2260 code where the unit is an administrative region."""
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField(null=True)
    """First day on which the unit exists; None when it is not known."""
    valid_to = models.DateField(null=True)
    """Day after the last, half-open; None while it exists."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gt=F("valid_from")),
                name="unit_valid_period",
            ),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """Units are what is judged."""
        return Q()

    def __str__(self) -> str:
        return self.name


class Account(Recorded, AbstractBaseUser):
    """Someone who can sign in. What they may do stands in their duties, not here."""

    SUBJECT = "account"
    UNRECORDED: ClassVar = {
        "password": "a secret, and changing it changes no right",
        "last_login": "written by the sign-in itself",
        "username": "names a person, so it must be erasable: repeats the text of `username_text`",
    }
    TEXT_COPIES: ClassVar = {"username": "username_text"}
    ERASED_WHOLE = True
    USERNAME_FIELD = "username"

    username = models.CharField(max_length=60, unique=True)
    username_text = models.CharField(max_length=70)
    """Reference to the text row with the user name, which no entry holds."""
    name_text = models.CharField(max_length=70)
    """Reference to the text row with the person's name, erasable apart."""
    is_active = models.BooleanField(default=True)

    objects = BaseUserManager["Account"]()


class Duty(Recorded):
    """Who may do what for which unit. Asked by one person and approved by another."""

    SUBJECT = "duty"

    class Role(models.TextChoices):
        """What the duty allows. Source of the last: 个人信息保护法 第五十二条."""

        OFFICER = "officer", "填报人"
        SUPERVISOR = "supervisor", "督查人"
        ADMINISTRATOR = "administrator", "管理员"
        AUDITOR = "auditor", "审计人"
        PROTECTOR = "protector", "个人信息保护负责人"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="duties")
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties")
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at=None)
                | (~Q(approved_by="") & Q(approved_at__isnull=False)),
                name="duty_approved_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("asked_by")),
                name="duty_two_persons",
            ),
        ]


class Succession(Recorded):
    """One unit that ended and the unit that owes in its place. Asked by one, approved by another.

    A merger of several units is one row each under the same number. Source: 优化营商环境条例
    第三十一条: commitments stand although a body is restructured or its people change.
    """

    SUBJECT = "succession"

    class Status(models.TextChoices):
        """Where the request stands."""

        ASKED = "asked", "待批准"
        APPROVED = "approved", "已生效"
        REFUSED = "refused", "未批准"

    LIFE: ClassVar = Life(
        first=Status.ASKED,
        beginning="申请",
        begun_by=("succession.asked",),
        steps={
            (Status.ASKED, "succession.approved"): Status.APPROVED,
            (Status.ASKED, "succession.refused"): Status.REFUSED,
        },
        written=frozenset({"status", "decided_by", "decided_at", "decision_text"}),
    )

    code = models.CharField(primary_key=True, max_length=50)
    """`S` with the number, and the unit that ended, joined by `/`."""
    number = models.PositiveIntegerField()
    """Of the merger or renaming to which it belongs, from 1."""
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    """The unit that ends."""
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="succeeded")
    effective_date = models.DateField()
    """The first day on which the successor owes."""
    basis_title = models.CharField(max_length=200)
    """The document that orders it."""
    basis_number = models.CharField(max_length=80, blank=True)
    """发文字号; empty when the document has none."""
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_text = models.CharField(max_length=70, blank=True)
    """Why it was refused."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(unit=F("successor")), name="succession_by_another_unit"
            ),
            models.CheckConstraint(
                condition=Q(status="asked", decided_by="", decided_at=None)
                | (~Q(status="asked") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
                name="succession_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")), name="succession_two_persons"
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=~Q(status="refused"),
                name="succession_one_a_unit",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["number"], name="succession_by_number"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """What took effect: whoever is owed something may know who owes it now."""
        return Q(status="approved")

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Asked first, then decided once, and nothing but the decision written."""
        return Succession.LIFE.wrong(before, after, verb)

    @property
    def answering_units(self) -> frozenset[str]:
        """The two units that it concerns."""
        return frozenset({self.unit_id, self.successor_id})
