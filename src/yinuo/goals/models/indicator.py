"""Indicators, their figures with vintages, how figures came in, and which promise they move."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.commitments.life import Visibility
from yinuo.goals.indicators.words import (
    DIRECTION_LABELS,
    FREQUENCY_LABELS,
    KIND_LABELS,
    MEASURE_LABELS,
    SERIES_LABELS,
    STANDING_LABELS,
    Direction,
    Measure,
    SeriesKind,
    Standing,
)
from yinuo.ledger.recorded import Recorded

WAITING, RELEASED, REFUSED = "waiting", "released", "refused"
LOAD_LABELS = {WAITING: "待发布", RELEASED: "已发布", REFUSED: "未发布"}


class Indicator(Recorded):
    """A figure that is followed: what it counts, in what unit, how often, from where."""

    SUBJECT = "indicator"

    code = models.CharField(primary_key=True, max_length=40)
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=20)
    """Of measure, such as 万人次 or %."""
    definition = models.TextField(blank=True)
    """口径: what counts and what does not."""
    direction = models.CharField(
        max_length=8, choices=DIRECTION_LABELS.items(), default=Direction.NONE
    )
    frequency = models.CharField(max_length=8, choices=FREQUENCY_LABELS.items())
    kind = models.CharField(max_length=12, choices=KIND_LABELS.items())
    numerator = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="numerator_of"
    )
    denominator = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="denominator_of"
    )
    additive = models.BooleanField(default=False)
    """Whether the figures of parts may be added up to one of the whole."""
    base_year = models.PositiveIntegerField(null=True)
    """The year that compression is counted from; None where it is not."""
    wider = models.JSONField(default=dict)
    """Subject → the wider subjects of which it is a share."""
    source = models.CharField(max_length=200, blank=True)
    """Who works it out and publishes it."""
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="indicators")
    """The unit that answers for it."""
    near_names = models.JSONField(default=list)
    """Names so near that they are taken for it, and never to be mixed with it."""
    heading = models.CharField(max_length=60, blank=True)
    """Code of the goal under which it stands."""
    counted = models.CharField(max_length=60, blank=True)
    """Name of the register it is counted from, such as `projects.started`; empty for none."""
    simulated = models.BooleanField(default=False)
    visibility = models.CharField(max_length=12, default=Visibility.REVIEW)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(visibility__in=[v.value for v in Visibility]),
                name="indicator_visibility",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=[str(each) for each in DIRECTION_LABELS]),
                name="indicator_direction",
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=[str(each) for each in FREQUENCY_LABELS]),
                name="indicator_frequency",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(each) for each in KIND_LABELS]), name="indicator_kind"
            ),
            models.CheckConstraint(
                condition=~Q(kind="ratio", additive=True), name="indicator_ratio_never_added"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["visibility", "heading", "code"], name="indicator_by_heading"),
            models.Index(fields=["counted"], name="indicator_by_register"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """What passed the review before publication."""
        return Q(visibility=Visibility.PUBLIC)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that answers for it."""
        return frozenset({self.office_id})


class Load(Recorded):
    """Figures that came in together: one file or one act, released by a second person."""

    SUBJECT = "load"
    FILES: ClassVar = {"sha256": "name_text", "aside_sha256": "name_text"}

    code = models.CharField(primary_key=True, max_length=20)
    """`SL` and a number."""
    number = models.PositiveIntegerField(unique=True)
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="loads")
    """The unit that answers for its indicators, and whose supervisor releases it."""
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the file; empty where the figures were typed or counted."""
    aside_sha256 = models.CharField(max_length=64, blank=True)
    """Of the CSV with the rows that were kept aside, each with its reason; empty for none."""
    name_text = models.CharField(max_length=70, blank=True)
    """Text row with the name of the file."""
    counted = models.BooleanField(default=False)
    """Whether it was counted from a register, of which every row had its second person."""
    added = models.PositiveIntegerField()
    """Figures for which there was none before."""
    revised = models.PositiveIntegerField()
    """Figures that are a newer vintage."""
    unchanged = models.PositiveIntegerField()
    aside = models.PositiveIntegerField()
    """Rows that were not taken in."""
    status = models.CharField(max_length=10, default=WAITING)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_text = models.CharField(max_length=70, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=list(LOAD_LABELS)), name="load_status"),
            models.CheckConstraint(
                condition=Q(status=WAITING, decided_by="", decided_at=None)
                | (~Q(status=WAITING) & ~Q(decided_by="") & Q(decided_at__isnull=False)),
                name="load_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(counted=True) | Q(decided_by="") | ~Q(decided_by=F("made_by")),
                name="load_two_persons",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "office"], name="load_by_status"),
        ]

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that answers for its indicators."""
        return frozenset({self.office_id})


class Figure(Recorded):
    """One value of one indicator, for one subject and period, of one series and one vintage.

    Never changed: a revision is another row with the next vintage. A stated comparison, such as a
    growth that a source gives without its base, is a figure of its own with another `measure`.
    """

    SUBJECT = "figure"

    code = models.CharField(primary_key=True, max_length=40)
    """Code of the load, `-` and a number from 1."""
    load = models.ForeignKey(Load, on_delete=models.PROTECT, related_name="figures")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="figures")
    subject_key = models.CharField(max_length=80)
    """Code of the unit, or the area in words."""
    subject_unit = models.ForeignKey(
        "parties.Unit", null=True, on_delete=models.PROTECT, related_name="figures"
    )
    period = models.CharField(max_length=48)
    """Key of the period: `2024-01~06`."""
    first_date = models.DateField()
    last_date = models.DateField()
    series = models.CharField(max_length=8, default=SeriesKind.ACTUAL)
    measure = models.CharField(max_length=12, default=Measure.VALUE)
    against = models.CharField(max_length=80, blank=True)
    """Of a stated comparison: the wider subject, or the period of the base."""
    vintage = models.PositiveIntegerField(default=1)
    standing = models.CharField(max_length=12, default=Standing.PRELIMINARY)
    value = models.CharField(max_length=40)
    """Canonical decimal in the unit of the indicator; a stated comparison in %."""
    value_scaled = models.BigIntegerField()
    numerator = models.CharField(max_length=40, blank=True)
    denominator = models.CharField(max_length=40, blank=True)
    """The parts of a ratio, where they are known."""
    document = models.ForeignKey(
        "commitments.Document", null=True, on_delete=models.PROTECT, related_name="figures"
    )
    place = models.CharField(max_length=80, blank=True)
    """Where in the document or file."""
    source = models.CharField(max_length=200, blank=True)
    """In words, where it is no document of the register."""
    published_date = models.DateField(null=True)
    implied = models.BooleanField(default=False)
    """推算: only inferred from a stated comparison."""
    how = models.CharField(max_length=200, blank=True)
    """How it was worked out."""
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    *("indicator", "subject_key", "period", "series"),
                    *("measure", "against", "vintage"),
                ],
                name="figure_one_a_vintage",
            ),
            models.CheckConstraint(
                condition=Q(series__in=[str(each) for each in SERIES_LABELS]), name="figure_series"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=[str(each) for each in MEASURE_LABELS]),
                name="figure_measure",
            ),
            models.CheckConstraint(
                condition=Q(standing__in=[str(each) for each in STANDING_LABELS]),
                name="figure_standing",
            ),
            models.CheckConstraint(condition=~Q(value=""), name="figure_has_value"),
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="figure_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(implied=False) | ~Q(how=""), name="figure_implied_says_how"
            ),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """Of a public indicator, once a second person released its load."""
        return Q(indicator__visibility=Visibility.PUBLIC, load__status=RELEASED)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that answers for the indicator."""
        return frozenset({self.indicator.office_id})

    @property
    def thread(self) -> str:
        """Told with its load, of which there may be thousands."""
        return f"load:{self.load_id}"


class Binding(Recorded):
    """Which indicator moves a promise: newer figures report on it by themselves."""

    SUBJECT = "binding"

    code = models.CharField(primary_key=True, max_length=50)
    """Code of the commitment and `/I`: a promise moves with one series at a time."""
    commitment = models.OneToOneField(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="indicator_binding"
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="bindings")
    subject_key = models.CharField(max_length=80)
    period = models.CharField(max_length=48)
    first_date = models.DateField()
    last_date = models.DateField()
    ended = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["indicator", "subject_key"], name="binding_by_series"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """Where both are public."""
        return Q(indicator__visibility=Visibility.PUBLIC, commitment__visibility=Visibility.PUBLIC)

    @property
    def thread(self) -> str:
        """Told on the page of the commitment."""
        return f"commitment:{self.commitment_id}"


class FigureUpload(models.Model):
    """A file of figures on its way in: private to its owner, swept when stale, on no ledger."""

    FILES: ClassVar = {"sha256": ""}

    owner = models.ForeignKey(
        "parties.Account", on_delete=models.PROTECT, related_name="figure_uploads"
    )
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    answers = models.JSONField(default=dict)
    """Number of a question → `keep`, `change` or `aside`."""
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "created_at"], name="figure_upload_by_owner"),
        ]
