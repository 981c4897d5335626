"""Investment leads (招商线索): trips, leads, contacts, and what came of a signed agreement.

Everything here starts closed and stays so unless a second person opens it, row by row.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.commitments.life import Visibility
from yinuo.goals.leads.stages import (
    AGREEMENTS,
    FACT_LIFE,
    FactKind,
    FactStatus,
    Origin,
    Standing,
)
from yinuo.ledger.recorded import Recorded, State


class Delegation(Recorded):
    """A trip (出访团组), with what was announced of it beside what stands on the register."""

    SUBJECT = "delegation"

    code = models.CharField(primary_key=True, max_length=40)
    """Such as TZ2024-01."""
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="delegations")
    """The office that keeps the register."""
    title = models.CharField(max_length=200)
    countries = models.CharField(max_length=200, blank=True)
    """Names, joined by 、."""
    cities = models.CharField(max_length=300, blank=True)
    first_date = models.DateField(null=True)
    last_date = models.DateField(null=True)
    leading_unit = models.ForeignKey(
        "parties.Unit", null=True, on_delete=models.PROTECT, related_name="led_delegations"
    )
    stated = models.JSONField(default=dict)
    """What was announced: name in `leads.delegations.STATED` → number."""
    source = models.CharField(max_length=300, blank=True)
    """Where that was announced, with the place in it."""
    visibility = models.CharField(max_length=12, default=Visibility.CLOSED)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(visibility__in=[v.value for v in Visibility]),
                name="delegation_visibility",
            ),
            models.CheckConstraint(
                condition=Q(first_date=None)
                | Q(last_date=None)
                | Q(last_date__gte=models.F("first_date")),
                name="delegation_days_in_order",
            ),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """Opened by a second person."""
        return Q(visibility=Visibility.PUBLIC)


class Lead(Recorded):
    """One lead: a firm that was visited, or an agreement that was signed, or an event held."""

    SUBJECT = "lead"

    code = models.CharField(primary_key=True, max_length=40)
    """Such as XS2024-0001."""
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="leads_kept")
    unit = models.ForeignKey(
        "parties.Unit", null=True, on_delete=models.PROTECT, related_name="leads_followed"
    )
    """Who follows it; None where nobody does yet."""
    origin = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    delegation = models.ForeignKey(
        Delegation, null=True, on_delete=models.PROTECT, related_name="leads"
    )
    source = models.CharField(max_length=300, blank=True)
    """Where it is stated, or how else it came."""
    firm = models.CharField(max_length=160, blank=True)
    firm_original = models.CharField(max_length=160, blank=True)
    """The name in the firm's own language."""
    foreign = models.BooleanField(null=True)
    """None where the register does not say."""
    country = models.CharField(max_length=60, blank=True)
    industry = models.CharField(max_length=5, blank=True)
    """Division of GB/T 4754—2017: two digits, or one letter for a whole section."""
    top500 = models.CharField(max_length=120, blank=True)
    """The list on which the firm stands, with its year; empty for none."""
    partner = models.CharField(max_length=160, blank=True)
    """Who signs or talks on this side; for an agreement between firms, the other firm."""
    between_firms = models.BooleanField(default=False)
    """企业间协议: no authority owes anything by it."""
    visited_date = models.DateField(null=True)
    visited_said = models.CharField(max_length=60, blank=True)
    signed_date = models.DateField(null=True)
    signed_said = models.CharField(max_length=60, blank=True)
    """The time as the source has it, where the day is not known."""
    agreement = models.CharField(max_length=12, blank=True)
    intended_value = models.CharField(max_length=40, blank=True)
    """Canonical decimal, in the unit that was said; never converted."""
    intended_unit = models.CharField(max_length=20, blank=True)
    """Such as 亿元 or 万美元."""
    intended_fen = models.BigIntegerField(null=True)
    """In 分, only where the unit is one of 人民币."""
    standing = models.CharField(max_length=12, default=Standing.ACTIVE)
    reason_text = models.CharField(max_length=70, blank=True)
    """Why it was shelved or ended."""
    confirmed_by = models.CharField(max_length=40, blank=True)
    """Who of the office took visit and signing onto the register; empty while only the unit
    entered them."""
    note_text = models.CharField(max_length=70, blank=True)
    visibility = models.CharField(max_length=12, default=Visibility.CLOSED)
    simulated = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "origin"], name="lead_by_unit"),
            models.Index(fields=["office", "origin"], name="lead_by_office"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(origin__in=[o.value for o in Origin]), name="lead_origin"
            ),
            models.CheckConstraint(
                condition=Q(standing__in=[s.value for s in Standing]), name="lead_standing"
            ),
            models.CheckConstraint(
                condition=Q(standing=Standing.ACTIVE) | ~Q(reason_text=""),
                name="lead_given_up_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(agreement__in=["", *AGREEMENTS]), name="lead_agreement"
            ),
            models.CheckConstraint(
                condition=Q(intended_value="", intended_unit="")
                | (~Q(intended_value="") & ~Q(intended_unit="")),
                name="lead_intended_with_unit",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=[v.value for v in Visibility]), name="lead_visibility"
            ),
        ]

    @property
    def is_signed(self) -> bool:
        """Whether the register says that something was signed."""
        return bool(self.signed_date or self.signed_said)

    @property
    def landed(self) -> "LeadLanding | None":
        """What became of it; None as long as nobody undertook anything and it is no project."""
        return getattr(self, "landing", None)

    @classmethod
    def public_rows(cls) -> Q:
        """Opened by a second person, one by one."""
        return Q(visibility=Visibility.PUBLIC)

    @property
    def answering_units(self) -> frozenset[str]:
        """Who wrote its texts: the unit that follows it, or the office."""
        return frozenset({self.unit_id, self.office_id} - {None})  # type: ignore[arg-type]


class LeadLanding(Recorded):
    """What a signed lead became: a commitment of kind `lead`, a project, or both.

    A row and a thread of its own, because each of the three is opened to the public by itself.
    """

    SUBJECT = "lead_landing"

    code = models.CharField(primary_key=True, max_length=40)
    """Code of the lead."""
    lead = models.OneToOneField(Lead, on_delete=models.PROTECT, related_name="landing")
    commitment = models.OneToOneField(
        "commitments.Commitment", null=True, on_delete=models.PROTECT, related_name="landing"
    )
    """What a unit undertook for it."""
    project = models.OneToOneField(
        "goals.Project", null=True, on_delete=models.PROTECT, related_name="landing"
    )
    """What it became; from then on its building is read from there."""

    @classmethod
    def public_rows(cls) -> Q:
        """Once everything it names is public."""
        public = Visibility.PUBLIC
        return (
            Q(lead__visibility=public)
            & (Q(commitment=None) | Q(commitment__visibility=public))
            & (Q(project=None) | Q(project__visibility=public))
        )


class LeadContact(Recorded):
    """One contact (接触记录): what was said, and what comes next. Never public.

    A thread of its own: opening the lead opens none of it.
    """

    SUBJECT = "lead_contact"

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the lead, `/C` and a number from 1."""
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="contacts")
    contact_date = models.DateField()
    with_text = models.CharField(max_length=70)
    """With whom, which may name persons."""
    said_text = models.CharField(max_length=70)
    next_text = models.CharField(max_length=70, blank=True)
    next_date = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["lead", "contact_date"], name="lead_contact_by_day"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(next_date=None) | ~Q(next_text=""), name="lead_contact_next_with_words"
            ),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A contact is noted and never changes."""
        del after
        fresh = before is None and verb == "lead_contact.noted"
        return None if fresh else f"{verb} 不能改动接触记录"

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the lead."""
        return self.lead.answering_units


class LeadFact(Recorded):
    """What came of it: a firm registered, building begun, money paid in; each confirmed apart."""

    SUBJECT = "lead_fact"

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the lead, `/R` and a number from 1."""
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=12)
    fact_date = models.DateField()
    firm = models.CharField(max_length=160, blank=True)
    """The registered firm."""
    credit_code = models.CharField(max_length=18, blank=True)
    """统一社会信用代码, its check character checked."""
    value = models.CharField(max_length=40, blank=True)
    """What was paid in, in the unit that was said."""
    unit = models.CharField(max_length=20, blank=True)
    fen = models.BigIntegerField(null=True)
    evidence_text = models.CharField(max_length=70)
    """By what it is shown: the licence, the bank slip, the permit."""
    status = models.CharField(max_length=12, default=FactStatus.REPORTED)
    answer_text = models.CharField(max_length=70, blank=True)
    """Why it was not confirmed."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in FactKind]), name="lead_fact_kind"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in FactStatus]), name="lead_fact_status"
            ),
            models.CheckConstraint(
                condition=(Q(kind=FactKind.PAID) & ~Q(value="") & ~Q(unit=""))
                | (~Q(kind=FactKind.PAID) & Q(value="", unit="", fen=None)),
                name="lead_fact_amount_of_payment",
            ),
            models.CheckConstraint(
                condition=~Q(status=FactStatus.REFUSED) | ~Q(answer_text=""),
                name="lead_fact_refused_with_reason",
            ),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """What was confirmed of a lead that was opened."""
        return Q(lead__visibility=Visibility.PUBLIC, status=FactStatus.CONFIRMED)

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Reported, then confirmed or refused by another person."""
        return FACT_LIFE.wrong(before, after, verb)

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the lead."""
        return self.lead.answering_units
