"""Random checks of what was reported as kept (随机抽查): the draw, those drawn, and their files."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.commitments.life import Visibility
from yinuo.kernel.lives import altered, must_not_alter
from yinuo.ledger.recorded import Recorded, State
from yinuo.supervision.draws.life import DrawStatus, Result, wrong_draw_step
from yinuo.supervision.draws.randomness import SOURCES, Source


class Draw(Recorded):
    """One draw: its frame by hash, the randomness announced for it, then the value."""

    SUBJECT = "draw"
    # Neither file holds a word about a person: codes, labels and layers.
    FILES: ClassVar = {"frame_sha256": "", "key_sha256": ""}

    code = models.CharField(primary_key=True, max_length=24)
    """抽查编号 such as CC2024-3."""
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="draws")
    """The unit that checks: an office, or a unit above it whose auditor draws."""
    title = models.CharField(max_length=120)
    from_date = models.DateField()
    until_date = models.DateField()
    """The last day of reported completion that is included."""
    frame_sha256 = models.CharField(max_length=64)
    key_sha256 = models.CharField(max_length=64)
    """File with the codes behind the labels of the frame, for those who may read them."""
    population = models.PositiveIntegerField()
    planned = models.PositiveIntegerField()
    """How many are drawn, all layers together."""
    table_number = models.PositiveIntegerField()
    """Number of the publication of the table of layers."""
    table_edition = models.PositiveIntegerField()
    source = models.CharField(max_length=12)
    source_name = models.CharField(max_length=80)
    source_number = models.CharField(max_length=60)
    known_from = models.DateTimeField()
    """When the value becomes known at the earliest, as announced with the frame."""
    randomness = models.CharField(max_length=80, blank=True)
    randomness_known_at = models.DateTimeField(null=True)
    randomness_text = models.CharField(max_length=70, blank=True)
    """Where the value can be looked up; of dice, who saw them rolled."""
    status = models.CharField(max_length=12, default=DrawStatus.FRAMED)
    result = models.JSONField(default=dict)
    """The estimate as it was when the draw was concluded, with its method."""
    closing_text = models.CharField(max_length=70, blank=True)
    """The conclusion, or why it was cancelled."""
    visibility = models.CharField(max_length=12, default=Visibility.CLOSED)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in DrawStatus]), name="draw_status"
            ),
            models.CheckConstraint(
                condition=Q(source__in=[s.value for s in SOURCES]), name="draw_source"
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=[v.value for v in Visibility]), name="draw_visibility"
            ),
            models.CheckConstraint(
                condition=Q(randomness="", randomness_known_at=None)
                | (~Q(randomness="") & Q(randomness_known_at__isnull=False)),
                name="draw_randomness_and_when",
            ),
            models.CheckConstraint(
                condition=Q(planned__gte=1) & Q(population__gte=models.F("planned")),
                name="draw_not_more_than_there_are",
            ),
        ]

    @property
    def kind(self) -> Source:
        """The kind of randomness."""
        return Source(self.source)

    @classmethod
    def public_rows(cls) -> Q:
        """Passed by a second person after it had ended."""
        return Q(visibility=Visibility.PUBLIC)

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """The frame first, then the value, then the draw; nothing of the frame ever changes."""
        return wrong_draw_step(before, after, verb)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that wrote its texts."""
        return frozenset({self.unit_id})


class DrawnItem(Recorded):
    """One commitment that was drawn, and what was found on site."""

    SUBJECT = "drawn"

    code = models.CharField(primary_key=True, max_length=40)
    """Code of the draw, `/` and a number from 1."""
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="items")
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="drawn"
    )
    unit = models.ForeignKey(
        "parties.Unit", null=True, on_delete=models.PROTECT, related_name="drawn"
    )
    """Who owed it when it was drawn."""
    label = models.CharField(max_length=60)
    """As in the frame."""
    stratum = models.CharField(max_length=40)
    place = models.PositiveIntegerField()
    """In its stratum, from 1."""
    ticket = models.CharField(max_length=90)
    visit_date = models.DateField(null=True)
    """The day of the visit as told to the unit; None while it was told none."""
    result = models.CharField(max_length=12, blank=True)
    checked_date = models.DateField(null=True)
    """The day on which it was looked at on site."""
    note_text = models.CharField(max_length=70, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(result__in=["", *(r.value for r in Result)]), name="drawn_result"
            ),
            models.CheckConstraint(
                condition=Q(result="", checked_date=None)
                | (~Q(result="") & Q(checked_date__isnull=False) & ~Q(note_text="")),
                name="drawn_result_with_day_and_note",
            ),
            models.UniqueConstraint(fields=["draw", "commitment"], name="drawn_once"),
            models.UniqueConstraint(fields=["draw", "stratum", "place"], name="drawn_place"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """Those of a public draw whose commitment is public itself."""
        public = Visibility.PUBLIC
        return Q(draw__visibility=public, commitment__visibility=public)

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Drawn first; afterwards only the visit and the finding are written."""
        if before is None:
            fresh = verb == "drawn.drawn" and not after["result"]
            return None if fresh else "首条记录应为抽中，还没有结论"
        allowed = {
            "drawn.visit_set": {"visit_date"},
            "drawn.found": {"result", "checked_date", "note_text"},
        }.get(verb, set())
        return must_not_alter(verb, altered(before, after) - allowed)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that checked."""
        return frozenset({self.draw.unit_id})


class DrawFile(Recorded):
    """A file of a draw: minutes of rolled dice, or photos of a check. Never public by itself."""

    SUBJECT = "draw_file"
    FILES: ClassVar = {"sha256": "file_text"}

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the draw or of the one drawn, `/F` and a number from 1."""
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="files")
    item = models.ForeignKey(DrawnItem, null=True, on_delete=models.PROTECT, related_name="files")
    """None for minutes of the randomness."""
    name_text = models.CharField(max_length=70)
    """Text row with the file's name, which may name persons."""
    file_text = models.CharField(max_length=70)
    """Text row that stands for the file: once it is erased by law, the file is gone as well."""
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    """Bytes."""
    sha256 = models.CharField(max_length=64)

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A file is handed in and never changes."""
        del after
        fresh = before is None and verb == "draw_file.handed_in"
        return None if fresh else f"{verb} 不能改动抽查的文件"

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that checked."""
        return frozenset({self.draw.unit_id})
