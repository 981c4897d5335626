"""Problems (问题) to zero, what the public reads of them, groups of like ones, task forces."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.cases.problems.life import LIFE, OPEN, ProblemStatus
from yinuo.commitments.life import Visibility
from yinuo.ledger.recorded import Recorded, State


class TaskForce(Recorded):
    """专班: units named to clear problems that one alone cannot. Never public."""

    SUBJECT = "task_force"

    code = models.CharField(primary_key=True, max_length=40)
    """Such as ZB-2024-001."""
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="forces_set")
    title = models.CharField(max_length=200)
    lead = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="forces_led")
    formed_at = models.DateTimeField()

    @property
    def answering_units(self) -> frozenset[str]:
        """The office that named it."""
        return frozenset({self.office_id})


class TaskForceUnit(Recorded):
    """One unit of a task force, the lead not among them."""

    SUBJECT = "task_force_unit"

    code = models.CharField(primary_key=True, max_length=80)
    """Code of the force, `/` and the code of the unit."""
    force = models.ForeignKey(TaskForce, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="forces_in")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["force", "unit"], name="task_force_unit_once"),
        ]

    @property
    def thread(self) -> str:
        """Told with its task force."""
        return f"task_force:{self.force_id}"


class ProblemGroup(Recorded):
    """Problems that are one coming again, as a person confirmed; its size is counted."""

    SUBJECT = "problem_group"

    code = models.CharField(primary_key=True, max_length=40)
    """Such as TL-2024-001."""
    office = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="problem_groups"
    )
    area = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    """What they have in common, in the words of the office."""

    @property
    def answering_units(self) -> frozenset[str]:
        """The office that confirmed it."""
        return frozenset({self.office_id})


class Problem(Recorded):
    """Something that somebody cannot get done, until they say that it is. Never public as a row.

    What a unit undertakes for it is a commitment of kind `problem`; who owns it and by when is
    read there. What the public may read of it is a `ProblemTitle`.
    """

    SUBJECT = "problem"

    code = models.CharField(primary_key=True, max_length=40)
    """Such as WT-2024-000012."""
    office = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="problems_watched"
    )
    """The unit that keeps the problems of the area and watches over them."""
    area = models.CharField(max_length=40)
    """Code in content/problems/areas.csv."""
    area_name = models.CharField(max_length=80)
    about = models.CharField(max_length=80, blank=True)
    """What it is about, as kind and code: `item:SC-017`, `case:…`, `port:dongwan`."""
    applicant = models.ForeignKey(
        "cases.Applicant", on_delete=models.PROTECT, related_name="problems"
    )
    """Who raised it."""
    title_text = models.CharField(max_length=70)
    said_text = models.CharField(max_length=70)
    contact_text = models.CharField(max_length=70, blank=True)
    """Telephone for this problem, as given."""
    raised_at = models.DateTimeField()
    own_due = models.DateField()
    answer_due = models.DateField()
    """As the table said on the day it was raised; the commitment may have been moved since."""
    asked = models.ForeignKey(
        "parties.Unit", null=True, on_delete=models.PROTECT, related_name="problems_asked"
    )
    """The unit asked to own it, and then the one that owns it; None while the office chooses."""
    status = models.CharField(max_length=10, default=ProblemStatus.RAISED)
    owned_at = models.DateTimeField(null=True)
    """When it was owned first."""
    owned_late = models.BooleanField(default=False)
    """Whether that was after the day in which it was to be owned."""
    unowned_told = models.BooleanField(default=False)
    """Whether nobody owned it in time, and the office's supervisor was told."""
    commitment = models.OneToOneField(
        "commitments.Commitment", null=True, on_delete=models.PROTECT, related_name="problem"
    )
    """What a unit undertakes for it now."""
    undertaken = models.PositiveIntegerField(default=0)
    """How many units undertook it one after the other, or again after it had lapsed."""
    answered_at = models.DateTimeField(null=True)
    confirm_due = models.DateField(null=True)
    """Until when one waits for a word of who raised it."""
    ended_at = models.DateTimeField(null=True)
    """When it was confirmed, lapsed or withdrawn."""
    note_text = models.CharField(max_length=70, blank=True)
    """What was said with the last step: the answer, why it is not solved, why it is passed on."""
    passed = models.PositiveIntegerField(default=0)
    not_solved = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    """After it was at zero, or lapsed."""
    up_at = models.DateTimeField(null=True)
    up_where = models.CharField(max_length=40, blank=True)
    up_rule = models.CharField(max_length=200, blank=True)
    """What the rule says that sent it there."""
    group = models.ForeignKey(
        ProblemGroup, null=True, on_delete=models.PROTECT, related_name="problems"
    )
    force = models.ForeignKey(
        TaskForce, null=True, on_delete=models.PROTECT, related_name="problems"
    )
    edition = models.PositiveIntegerField(default=0)
    """Of tables/problems.xlsx by which its days were counted."""
    track_mark = models.CharField(max_length=64)
    """Hash of the 查询码."""
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in ProblemStatus]), name="problem_status"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["raised", "withdrawn"]) | ~Q(commitment=None),
                name="problem_owned_by_a_promise",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(s.value for s in OPEN)) ^ Q(ended_at__isnull=False),
                name="problem_ended_or_open",
            ),
            models.CheckConstraint(
                condition=Q(up_at=None, up_where="") | Q(up_at__isnull=False) & ~Q(up_where=""),
                name="problem_up_somewhere",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["office", "status", "raised_at"], name="problem_by_office"),
            models.Index(fields=["asked", "status", "raised_at"], name="problem_by_asked"),
            models.Index(fields=["status", "own_due"], name="problem_by_owning"),
            models.Index(fields=["track_mark"], name="problem_by_track"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A step that is not in the table of `problems.life`."""
        return LIFE.wrong(before, after, verb)

    @property
    def answering_units(self) -> frozenset[str]:
        """The office and the unit that was asked or owns it."""
        return frozenset(filter(None, (self.office_id, self.asked_id)))


class ProblemTitle(Recorded):
    """What the public may read of a problem: a title in the words of the office, without names.

    A row and a thread of its own, because opening it opens nothing that a firm wrote.
    """

    SUBJECT = "problem_title"

    code = models.CharField(primary_key=True, max_length=40)
    """Code of the problem."""
    problem = models.OneToOneField(Problem, on_delete=models.PROTECT, related_name="public_title")
    title = models.CharField(max_length=200)
    visibility = models.CharField(max_length=12, default=Visibility.CLOSED)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(visibility__in=[Visibility.CLOSED, Visibility.PUBLIC]),
                name="problem_title_visibility",
            ),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """Passed by a second person."""
        return Q(visibility=Visibility.PUBLIC)

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the problem."""
        return self.problem.answering_units


class ProblemSeries(models.Model):
    """The last number of a year: of problems, groups and task forces, a row for each."""

    name = models.CharField(max_length=4)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "year"], name="problem_series_once"),
        ]
