"""Races (赛马): how units compare over a period, as published, and who was exempt from what."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.kernel.lives import Life, altered, must_not_alter
from yinuo.ledger.recorded import Recorded, State

DRAFTED, REDRAFTED, DROPPED = "race.drafted", "race.redrafted", "race.dropped"
PUBLISHED, OPENED, REPLACED = "race.published", "race.opened", "race.replaced"
MAY_SET = {
    OPENED: frozenset({"is_public", "opened_by", "opened_at"}),
    REPLACED: frozenset({"replaced_by_id"}),
    DROPPED: frozenset({"status"}),
    PUBLISHED: frozenset({"status", "published_by", "published_at"}),
}
"""The columns that a step may touch; a new draft may touch all."""


class Race(Recorded):
    """One comparison of units over one period: a draft, then frozen with the hash of its file."""

    SUBJECT = "race"
    # Figures of units are nobody's personal information: the file is erased with no text.
    FILES: ClassVar = {"sha256": ""}

    class Status(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已发布"
        DROPPED = "dropped", "已作废"

    LIFE: ClassVar = Life(
        first=Status.DRAFT,
        beginning="起草",
        begun_by=(DRAFTED,),
        steps={
            (Status.DRAFT, REDRAFTED): Status.DRAFT,
            (Status.DROPPED, REDRAFTED): Status.DRAFT,
            (Status.DRAFT, DROPPED): Status.DROPPED,
            (Status.DRAFT, PUBLISHED): Status.PUBLISHED,
            (Status.PUBLISHED, OPENED): Status.PUBLISHED,
            (Status.PUBLISHED, REPLACED): Status.PUBLISHED,
        },
    )

    code = models.CharField(primary_key=True, max_length=60)
    """`R`, the period, the office and the edition: `R2024Q2-DL-DCS-1`."""
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="races")
    """The unit that supervises what is compared, and holds the race."""
    title = models.CharField(max_length=120)
    period = models.CharField(max_length=7)
    length = models.CharField(max_length=8)
    """`quarter`, `month` or `year`; with the office it names the series."""
    first_date = models.DateField()
    last_date = models.DateField()
    as_of_date = models.DateField()
    """The day on which the facts were taken."""
    edition = models.PositiveIntegerField()
    """Of the same office and period, from 1; a later one takes the place of the one before."""
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    """The edition that took its place; None for the one that stands."""
    reason_text = models.CharField(max_length=70, blank=True)
    """Why there is another edition."""
    scheme_number = models.PositiveIntegerField()
    """Number of the publication of the tables, `P7` to people."""
    scheme_edition = models.PositiveIntegerField()
    scheme_sha256 = models.CharField(max_length=64)
    late_text = models.CharField(max_length=70, blank=True)
    """Why a scheme counts that was published only after the period had begun."""
    sha256 = models.CharField(max_length=64)
    """Of the file with scheme, inputs and results."""
    size = models.PositiveBigIntegerField()
    """Of the file, in bytes."""
    ranked = models.PositiveIntegerField()
    """Units with a tier."""
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    prepared_by = models.CharField(max_length=80)
    prepared_at = models.DateTimeField()
    published_by = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True)
    is_public = models.BooleanField(default=False)
    opened_by = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "dropped"]), name="race_status"
            ),
            models.CheckConstraint(
                condition=Q(status="published", published_at__isnull=False) & ~Q(published_by="")
                | ~Q(status="published") & Q(published_by="", published_at=None),
                name="race_published_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(published_by=F("prepared_by")), name="race_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(is_public=False, opened_by="", opened_at=None)
                | Q(is_public=True, status="published", opened_at__isnull=False)
                & ~Q(opened_by=F("published_by")),
                name="race_opened_by_another",
            ),
            models.UniqueConstraint(
                fields=["office", "period", "edition"],
                condition=~Q(status="dropped"),
                name="race_one_of_each_edition",
            ),
            models.UniqueConstraint(
                fields=["office", "period"],
                condition=Q(status="draft"),
                name="race_one_draft",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "last_date"], name="race_by_status"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """What was published and then passed for everybody by another person."""
        return Q(status="published", is_public=True)

    @property
    def answering_units(self) -> frozenset[str]:
        """The office wrote its reasons."""
        return frozenset({self.office_id})

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A step that is not in the table, or one that alters what was published."""
        wrong = Race.LIFE.wrong(before, after, verb)
        if wrong or before is None or verb not in MAY_SET:
            return wrong
        return must_not_alter(verb, altered(before, after) - MAY_SET[verb])


class RaceRow(Recorded):
    """How one unit stands in a published race; written once, with the publication."""

    SUBJECT = "race_row"

    code = models.CharField(primary_key=True, max_length=95)
    """Race and unit, joined by `/`."""
    race = models.ForeignKey(Race, on_delete=models.PROTECT, related_name="rows")
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="race_rows")
    place = models.PositiveIntegerField()
    """Where it is listed in the race, from 1; no rank."""
    group = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=120, blank=True)
    """Why it is not ranked; empty if it is."""
    score = models.IntegerField(null=True)
    """In hundredths of a point, like `change`."""
    tier = models.PositiveIntegerField(null=True)
    first = models.PositiveIntegerField(null=True)
    last = models.PositiveIntegerField(null=True)
    swing_first = models.PositiveIntegerField(null=True)
    swing_last = models.PositiveIntegerField(null=True)
    change = models.IntegerField(null=True)
    rise = models.IntegerField(null=True)
    awards = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["race", "unit"], name="race_row_one_a_unit"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["race", "place"], name="race_row_in_order"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """Those of races that anybody may read."""
        return Q(race__status="published", race__is_public=True)

    @property
    def thread(self) -> str:
        """Told with its race."""
        return f"race:{self.race_id}"

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Written once and never again."""
        del after, verb
        return None if before is None else "赛马结果发布后不能改动"


class RaceExemption(Recorded):
    """免考: that an indicator, or a whole race, does not count for a unit in a period."""

    SUBJECT = "race_exemption"

    class Status(models.TextChoices):
        """Where the request stands."""

        ASKED = "asked", "待批准"
        GRANTED = "granted", "已批准"
        REFUSED = "refused", "未批准"

    LIFE: ClassVar = Life(
        first=Status.ASKED,
        beginning="申请",
        begun_by=("race_exemption.asked",),
        steps={
            (Status.ASKED, "race_exemption.granted"): Status.GRANTED,
            (Status.ASKED, "race_exemption.refused"): Status.REFUSED,
        },
        written=frozenset({"status", "decided_by", "decided_at", "decision_text"}),
    )

    code = models.CharField(primary_key=True, max_length=40)
    """`X`, the period and a number from 1: `X2024Q2-3`."""
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    indicator = models.CharField(max_length=20, blank=True)
    """Empty for the whole race."""
    reason_text = models.CharField(max_length=70)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_text = models.CharField(max_length=70, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="asked", decided_by="", decided_at=None)
                | (~Q(status="asked") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
                name="race_exemption_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")), name="race_exemption_two_persons"
            ),
            models.UniqueConstraint(
                fields=["office", "unit", "period", "indicator"],
                condition=~Q(status="refused"),
                name="race_exemption_once",
            ),
        ]

    @property
    def answering_units(self) -> frozenset[str]:
        """The two sides that wrote reasons."""
        return frozenset({self.office_id, self.unit_id})

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Asked first, then decided once, and nothing but the decision written."""
        return RaceExemption.LIFE.wrong(before, after, verb)
