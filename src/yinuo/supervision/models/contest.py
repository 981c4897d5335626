"""Figures that a unit contests (数据异议)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.ledger.recorded import Recorded, State
from yinuo.supervision.contest_life import LIFE, ContestStatus


class Contest(Recorded):
    """A figure that others hold about a unit, the figure the unit puts beside it, and the decision.

    An office matter: seen by the unit and by the supervising side, never public.
    """

    SUBJECT = "contest"

    code = models.CharField(primary_key=True, max_length=24)
    """异议编号 such as YY2024-3."""
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="contests")
    """Who contests."""
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="contested")
    """Who answers for the figure and decides."""
    about = models.CharField(max_length=160)
    """`observation:OB-1`, `commitment:LS-001`, `race:SM2024-Q2/210212`."""
    field = models.CharField(max_length=40)
    """Which figure of it: `value`, or the name of an indicator."""
    figure = models.CharField(max_length=120)
    """As it was shown when it was contested."""
    own_figure = models.CharField(max_length=120)
    """What the unit says it is."""
    reason_text = models.CharField(max_length=70)
    source_text = models.CharField(max_length=70)
    """Where the unit's figure comes from."""
    due = models.DateField()
    """The last day on which a decision is in time."""
    terms_edition = models.PositiveIntegerField()
    """Edition of the table by which that day was counted."""
    filed_date = models.DateField()
    status = models.CharField(max_length=12, default=ContestStatus.OPEN)
    decided_date = models.DateField(null=True)
    decision_text = models.CharField(max_length=70, blank=True)
    correction_text = models.CharField(max_length=70, blank=True)
    """Of one that was upheld: what will be corrected, by which change or edition."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in ContestStatus]), name="contest_status"
            ),
            models.CheckConstraint(
                condition=Q(status="open") ^ Q(decided_date__isnull=False),
                name="contest_decided_date",
            ),
            models.CheckConstraint(
                condition=Q(status="upheld") ^ Q(correction_text=""),
                name="contest_upheld_with_correction",
            ),
            models.UniqueConstraint(
                fields=["about", "field", "unit"],
                condition=Q(status="open"),
                name="contest_one_open_of_a_figure",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["about"], name="contest_by_subject")]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Filed once, ended once, and never altered."""
        return LIFE.wrong(before, after, verb)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that contests and the one that decides."""
        return frozenset({self.unit_id, self.office_id})


class ContestFile(Recorded):
    """A file that shows the unit's figure. Never public."""

    SUBJECT = "contest_file"
    FILES: ClassVar = {"sha256": "file_text"}

    code = models.CharField(primary_key=True, max_length=40)
    """Code of the contest, `/F` and a number from 1."""
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="files")
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
        fresh = before is None and verb == "contest_file.handed_in"
        return None if fresh else f"{verb} 不能改动异议的文件"

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that handed it in."""
        return frozenset({self.contest.unit_id})
