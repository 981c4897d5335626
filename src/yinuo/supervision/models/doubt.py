"""What was noticed and has to be asked about (疑点), and what is kept to notice it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.ledger.recorded import Recorded, State
from yinuo.supervision.doubt_life import (
    KIND_LABELS,
    LIFE,
    RESULT_LABELS,
    STATUS_LABELS,
    DoubtKind,
    DoubtResult,
    DoubtStatus,
)


class Doubt(Recorded):
    """Something that a person should look at, with the evidence as it was; never a verdict.

    An office matter: answered by the unit, closed by the supervising side, never public.
    """

    SUBJECT = "doubt"

    code = models.CharField(primary_key=True, max_length=20)
    """`D` and a number from 1, in the order in which they were found."""
    key = models.CharField(max_length=200, unique=True)
    """The same thing noticed again has the same key, so it is asked about once."""
    kind = models.CharField(max_length=16, choices=[(k.value, s) for k, s in KIND_LABELS.items()])
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="doubts"
    )
    """Whose unit is asked, and whose supervising side decides."""
    facts = models.JSONField()
    """The evidence as data; see `queries.doubts`. No names, no free text."""
    rules = models.CharField(max_length=80)
    """The edition of the thresholds by which it was noticed, such as `tables/doubts.xlsx#1`."""
    found_date = models.DateField()
    status = models.CharField(
        max_length=10,
        choices=[(s.value, label) for s, label in STATUS_LABELS.items()],
        default=DoubtStatus.OPEN,
    )
    answered_at = models.DateTimeField(null=True)
    answer_text = models.CharField(max_length=70, blank=True)
    result = models.CharField(
        max_length=10, choices=[(r.value, label) for r, label in RESULT_LABELS.items()], blank=True
    )
    closed_at = models.DateTimeField(null=True)
    closing_text = models.CharField(max_length=70, blank=True)
    """Why it was closed, or why it was opened again."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in DoubtKind]), name="doubt_kind"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in DoubtStatus]), name="doubt_status"
            ),
            models.CheckConstraint(
                condition=Q(result__in=["", *(r.value for r in DoubtResult)]), name="doubt_result"
            ),
            models.CheckConstraint(
                condition=Q(status="closed") ^ Q(result="", closed_at=None),
                name="doubt_closed_with_a_result",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["commitment", "status"], name="doubt_by_commitment"),
            models.Index(fields=["status", "kind"], name="doubt_by_status"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A step that is not in the table of `doubt_life`, or one that alters what was noticed."""
        return LIFE.wrong(before, after, verb)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that owes the commitment and the one that supervises: they wrote its texts."""
        return self.commitment.answering_units


class DoubtCursor(models.Model):
    """How far the log was looked through. Derived: started over, the same doubts are found."""

    DERIVED: ClassVar = True

    name = models.CharField(primary_key=True, max_length=20)
    place = models.BigIntegerField(default=0)
    """Leaf index of the first entry that was not looked at."""


class Photo(models.Model):
    """A picture by its content, and what is kept to know it again. Derived from the file store."""

    DERIVED: ClassVar = True

    sha256 = models.CharField(max_length=64, unique=True)
    cells = models.PositiveSmallIntegerField(default=0)
    """Of 64 places, how many are told by a clear difference."""
    flat = models.BooleanField(default=False)
    """Too little in it to know it by: only the very same file is found again."""
    fault = models.CharField(max_length=200, blank=True)
    """Why it could not be looked at; empty where it was."""
    taken_at = models.CharField(max_length=19, blank=True)
    """By the camera's clock, ISO without a zone; empty where it says nothing."""
    latitude = models.IntegerField(null=True)
    """Millionths of a degree."""
    longitude = models.IntegerField(null=True)


class PhotoUse(models.Model):
    """A picture handed in with a commitment, that was looked at. Derived."""

    DERIVED: ClassVar = True

    evidence = models.OneToOneField(
        "commitments.Evidence", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="uses")


class PhotoHash(models.Model):
    """One hash of a picture: of the whole (0) or of a part of it. Derived.

    Each band has an index of its own that holds the answer as well, so that a look-up reads
    nothing else.
    """

    DERIVED: ClassVar = True

    photo = models.ForeignKey(
        Photo, on_delete=models.CASCADE, related_name="hashes", db_index=False
    )
    whole = models.BooleanField()
    bits = models.BigIntegerField()
    """The hash, signed."""
    band0 = models.IntegerField()
    band1 = models.IntegerField()
    band2 = models.IntegerField()
    band3 = models.IntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["photo"], name="photohash_by_photo"),
            *(
                models.Index(
                    fields=["whole", f"band{number}", "bits", "photo"],
                    name=f"photohash_band{number}",
                )
                for number in range(4)
            ),
        ]


class LastDigit(models.Model):
    """How many figures of a unit ended in a digit in one year. Derived."""

    DERIVED: ClassVar = True

    unit = models.CharField(max_length=40)
    office = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    digit = models.PositiveSmallIntegerField()
    """0 to 9; 10 counts figures all of whose digits are the same."""
    total = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "office", "year", "digit"], name="lastdigit_cell"
            ),
        ]
