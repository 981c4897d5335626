"""Policies (惠企政策), their versions, and what screening by one came to."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.benefits.life import POLICY, PolicyState
from yinuo.ledger.recorded import Recorded, State


class Policy(Recorded):
    """One policy under one code, whatever its versions say. Public once a version is."""

    SUBJECT = "policy"

    code = models.CharField(primary_key=True, max_length=60)
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="policies")
    """Who owes the money."""
    simulated = models.BooleanField(default=False)

    @property
    def answering_units(self) -> frozenset[str]:
        """Whose policy it is."""
        return frozenset({self.unit_id})

    @classmethod
    def public_rows(cls) -> Q:
        """Those of which a version was published."""
        return Q(pk__in=PolicyVersion.objects.filter(PUBLISHED).values("policy"))


PUBLISHED = ~Q(state=PolicyState.DRAFT)


class PolicyVersion(Recorded):
    """What the policy says from a day on: its definition and the decision table it names."""

    SUBJECT = "policy_version"

    code = models.CharField(primary_key=True, max_length=70)
    """Code of the policy, `/v` and the number."""
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    definition = models.JSONField()
    """The fields of `definition.PolicyDefinition`."""
    definition_sha256 = models.CharField(max_length=64)
    table_publication = models.PositiveIntegerField(null=True)
    """Publication of the decision table by which this version decides, once it is published."""
    valid_from = models.DateField()
    valid_until = models.DateField()
    period = models.CharField(max_length=20)
    budget = models.PositiveBigIntegerField()
    """In 分."""
    state = models.CharField(max_length=12, default=PolicyState.DRAFT)
    asked_by = models.CharField(max_length=80)
    approved_by = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_number"),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in PolicyState]),
                name="policy_version_state",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("asked_by")),
                name="policy_version_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state=PolicyState.DRAFT) ^ Q(published_at__isnull=False),
                name="policy_version_published",
            ),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change of state that is not in the table."""
        return POLICY.wrong(before, after, verb)

    @classmethod
    def public_rows(cls) -> Q:
        """Published ones, ended or not."""
        return PUBLISHED

    @property
    def thread(self) -> str:
        """Told with its policy."""
        return f"policy:{self.policy_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the policy."""
        return self.policy.answering_units


class Screening(Recorded):
    """One look at every firm by one version; the answers lie in the lake, named by their hash."""

    SUBJECT = "screening"
    FILES: ClassVar = {"answers_sha256": ""}

    code = models.CharField(primary_key=True, max_length=40)
    """Such as SX-2024-0001."""
    policy_version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="screenings"
    )
    release = models.PositiveIntegerField()
    """Number of the release of credit records that was screened."""
    table_publication = models.PositiveIntegerField()
    """Of the decision table that answered: in a trial it may be another than the version's."""
    on = models.DateField()
    """The day as of which it was decided."""
    screened = models.PositiveBigIntegerField()
    eligible = models.PositiveBigIntegerField()
    refused = models.PositiveBigIntegerField()
    undetermined = models.PositiveBigIntegerField()
    lacking = models.JSONField(default=dict)
    """Field → firms left undetermined for want of it."""
    cost = models.PositiveBigIntegerField()
    """Of all who are eligible, in 分."""
    answers_sha256 = models.CharField(max_length=64)
    screened_at = models.DateTimeField()
    trial = models.BooleanField(default=False)
    """Only to see who would be eligible; nobody is proposed."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(screened=F("eligible") + F("refused") + F("undetermined")),
                name="screening_balances",
            ),
        ]

    @property
    def thread(self) -> str:
        """Told with its policy."""
        return f"policy:{self.policy_version.policy_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the policy."""
        return self.policy_version.policy.answering_units
