"""Cases (办件), the events of their clocks, their documents and corrections."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.cases.life import (
    Accepted,
    CaseStatus,
    Channel,
    Decision,
    EventKind,
    MaterialState,
    check_step,
)
from yinuo.ledger.recorded import Recorded, State


class Case(Recorded):
    """One application for one item, from receipt to delivery. Never public as a row.

    The dates in `*_due` repeat what the clock comes to; they stand here so that lists can be
    sorted, and replay holds them against the events.
    """

    SUBJECT = "case"

    code = models.CharField(primary_key=True, max_length=50)
    """办件编号, such as SC-2024-000123: series of the unit, year, number."""
    item_version = models.ForeignKey(
        "cases.ItemVersion", on_delete=models.PROTECT, related_name="cases"
    )
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="cases")
    """The unit that decides."""
    window = models.ForeignKey(
        "parties.Unit", null=True, on_delete=models.PROTECT, related_name="cases_taken_in"
    )
    """The window unit that took it in; None where it came in by itself."""
    office = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="cases_watched"
    )
    """The unit that keeps the catalogue and supervises."""
    applicant = models.ForeignKey("cases.Applicant", on_delete=models.PROTECT, related_name="cases")
    joint = models.ForeignKey(
        "cases.Joint", null=True, on_delete=models.PROTECT, related_name="branches"
    )
    about_text = models.CharField(max_length=70, blank=True)
    """What is applied for, in the applicant's words."""
    contact_text = models.CharField(max_length=70, blank=True)
    """Telephone for this case: anyone may write down a firm's code, so it is not the firm's."""
    channel = models.CharField(max_length=8)
    track = models.CharField(max_length=20, blank=True)
    """Which way it takes, by the table of tracks: 普通, 绿色通道 …"""
    status = models.CharField(max_length=12, default=CaseStatus.RECEIVED)
    received_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_how = models.CharField(max_length=12, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=14, blank=True)
    decision_text = models.CharField(max_length=70, blank=True)
    """What was decided and why, as told to the applicant."""
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """Refused, withdrawn or revoked."""
    reopened = models.PositiveIntegerField(default=0)

    tell_due = models.DateField(null=True)
    """By when the applicant must be told what is missing; None once that was done."""
    legal_due = models.DateField(null=True)
    """None before acceptance, and while an open stop leaves it unknown."""
    promised_due = models.DateField(null=True)
    due_provisional = models.BooleanField(default=False)
    stopped = models.BooleanField(default=False)
    """Whether a stop is open."""
    sort_due = models.DateField(null=True)
    """The next date somebody has to act by, for lists; None where nobody has to.

    Received: tell what is missing. Correcting: the day until which the applicant may answer.
    Accepted: the earlier limit, or while stopped the day it was to end. Decided: deliver.
    """

    legal_kept = models.BooleanField(null=True)
    """Whether it was decided in time by the law; None until decided."""
    promised_kept = models.BooleanField(null=True)
    used_days = models.PositiveIntegerField(null=True)
    """Working days that it took by the promise, stops left out; None until decided."""
    span_days = models.PositiveIntegerField(null=True)
    """Calendar days from receipt to decision; None until decided."""

    track_mark = models.CharField(max_length=64, blank=True)
    """Hash of the random 查询码 on the receipt."""
    source = models.CharField(max_length=40, blank=True)
    """The window system that told of it, and its own number there."""
    source_code = models.CharField(max_length=80, blank=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in CaseStatus]), name="case_status"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", *(d.value for d in Decision)]), name="case_decision"
            ),
            models.CheckConstraint(
                condition=Q(accepted_how__in=["", *(a.value for a in Accepted)]),
                name="case_accepted_how",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[c.value for c in Channel]), name="case_channel"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["decided", "delivered"]) | ~Q(decision=""),
                name="case_decided_somehow",
            ),
            models.UniqueConstraint(
                fields=["source", "source_code"], condition=~Q(source=""), name="case_source_once"
            ),
        ]
        indexes: ClassVar = [
            *(
                models.Index(
                    fields=[side, "status", "sort_due", "code"], name=f"case_due_by_{side}"
                )
                for side in ("unit", "window", "office")
            ),
            *(
                models.Index(fields=[side, "-received_at", "code"], name=f"case_by_{side}")
                for side in ("unit", "window", "office")
            ),
            models.Index(
                fields=["item_version", "decided_at"],
                condition=Q(decided_at__isnull=False),
                name="case_by_version",
            ),
            *(
                models.Index(fields=["item_version", *order, "code"], name=name)
                for name, order in (
                    ("case_due_by_item", ("status", "sort_due")),
                    ("case_by_item", ("-received_at",)),
                )
            ),
            # Holds all that supervision counts of decided cases, in the order in which it counts:
            # read from it alone, and nothing has to be sorted.
            models.Index(
                fields=[
                    *("unit", "item_version", "used_days", "promised_kept", "legal_kept"),
                    *("span_days", "decided_at", "office", "reopened", "accepted_how"),
                ],
                condition=Q(decided_at__isnull=False),
                name="case_by_decision",
            ),
            # The same of undecided ones.
            models.Index(
                fields=["unit", "office", "status", "promised_due", "stopped"],
                condition=Q(decided_at__isnull=True),
                name="case_undecided",
            ),
            models.Index(
                fields=["unit", "window", "office", "item_version", "status", "sort_due", "code"],
                condition=Q(stopped=True),
                name="case_stopped",
            ),
            # Empty but in a demo, where the first entry answers.
            models.Index(
                fields=["office", "unit"], condition=Q(simulated=True), name="case_simulated"
            ),
            # Rare among all that were decided; see `written`.
            models.Index(fields=["code"], condition=Q(reopened__gt=0), name="case_reopened"),
            models.Index(fields=["code"], condition=Q(accepted_how="deemed"), name="case_deemed"),
            models.Index(fields=["applicant", "received_at"], name="case_by_applicant"),
            models.Index(fields=["track_mark"], name="case_by_track"),
            models.Index(fields=["status", "tell_due"], name="case_by_telling"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change of state that is not in the transition table."""
        return check_step(before, after, verb)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that decides, the window and the office."""
        return frozenset(filter(None, (self.unit_id, self.window_id, self.office_id)))


class CaseEvent(Recorded):
    """One event of the clocks of a case: append-only, never changed.

    `happened_at` is given, `noted_at` is when it was written down by the clock of the site;
    the ledger keeps the database's own time beside both.
    """

    SUBJECT = "case_event"

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the case, `/T` and a number from 1; it is also the key in the clock."""
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    happened_at = models.DateTimeField(null=True)
    """None for a removal."""
    noted_at = models.DateTimeField()
    event = models.CharField(max_length=20, blank=True)
    """Of a start: 收件 or 受理."""
    ground = models.CharField(max_length=40, blank=True)
    """Of a stop."""
    refers = models.CharField(max_length=60, blank=True)
    """Of a resume: the stop; of a removal: what is removed."""
    amount = models.PositiveIntegerField(null=True)
    """Of an extension, in the unit of the limit."""
    of = models.CharField(max_length=8, blank=True)
    """Of an extension: 法定 or 承诺; empty for both."""
    planned_until = models.DateField(null=True)
    """Of a stop: how long it was said to take."""
    notice = models.CharField(max_length=80, blank=True)
    """Number of the written notice to the applicant."""
    approver = models.CharField(max_length=40, blank=True)
    """Of an extension or removal: the second person."""
    told = models.CharField(max_length=140, blank=True)
    """Number of the event at the window system that told it; empty for what was typed here."""
    reason_text = models.CharField(max_length=70, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="case_event_number"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in EventKind]), name="case_event_kind"
            ),
            models.CheckConstraint(
                condition=~Q(kind="stop") | ~Q(ground=""), name="case_event_stop_with_ground"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["happened_at", "case"], condition=Q(kind="stop"), name="case_event_stops"
            ),
            # Few: what changes how much was left at a stop, beside the stops themselves.
            models.Index(
                fields=["case"], condition=Q(amount__isnull=False), name="case_event_extensions"
            ),
            models.Index(
                fields=["case"], condition=Q(happened_at__isnull=True), name="case_event_removals"
            ),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """An event never changes; a wrong one is removed by another event."""
        del after
        return None if before is None else f"{verb} 不能改动已经记下的计时事件"

    @property
    def thread(self) -> str:
        """Told on the page of the case."""
        return f"case:{self.case_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the case."""
        return self.case.answering_units


class CaseMaterial(Recorded):
    """One document of a case: what there is of it, and the file."""

    SUBJECT = "case_material"
    FILES: ClassVar = {"sha256": "file_text"}

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the case, `/` and the key of the material in the item."""
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="materials")
    key = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, default=MaterialState.MISSING)
    given_at = models.DateTimeField(null=True)
    name_text = models.CharField(max_length=70, blank=True)
    """Text row with the name of the file."""
    file_text = models.CharField(max_length=70, blank=True)
    """Text row that stands for the file: once it is erased by law, the file is gone as well."""
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    note_text = models.CharField(max_length=70, blank=True)
    """What is wrong with it, told with the correction; or where the city had it."""
    wish = models.CharField(max_length=8, blank=True)
    """What the applicant asked for instead of giving it: `defer`, `declare` or `held`."""
    wish_until = models.DateField(null=True)
    """By when it would come, for `defer`."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "key"], name="case_material_once"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in MaterialState]), name="case_material_state"
            ),
            models.CheckConstraint(
                condition=Q(wish__in=["", "defer", "declare", "held"]), name="case_material_wish"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["sha256"], name="case_material_by_hash")]

    @property
    def thread(self) -> str:
        """Told on the page of the case."""
        return f"case:{self.case_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the case."""
        return self.case.answering_units


class Correction(Recorded):
    """补正: everything that is missing, told once. One open at a time."""

    SUBJECT = "correction"

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the case, `/B` and a number from 1."""
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    asked_late = models.BooleanField(default=False)
    """Whether it was told after the five working days."""
    keys = models.JSONField(default=list)
    """Keys of the materials that are missing or wrong."""
    said_text = models.CharField(max_length=70)
    """All of it, in words."""
    notice = models.CharField(max_length=80, blank=True)
    answer_due = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="correction_number"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(answered_at=None), name="correction_one_open"
            ),
        ]

    @property
    def thread(self) -> str:
        """Told on the page of the case."""
        return f"case:{self.case_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the case."""
        return self.case.answering_units


class ExtensionRequest(Recorded):
    """延期: asked by one person, granted or refused by another. One open at a time."""

    SUBJECT = "case_extension"

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the case, `/Y` and a number from 1."""
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="extension_requests")
    number = models.PositiveIntegerField()
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    of = models.CharField(max_length=8, blank=True)
    """法定 or 承诺; empty for both."""
    amount = models.PositiveIntegerField()
    """In the unit of the limit."""
    reason_text = models.CharField(max_length=70)
    notice = models.CharField(max_length=80, blank=True)
    """Number of the notice by which the applicant is told the reason (行政许可法 42)."""
    granted = models.BooleanField(null=True)
    """None while it waits."""
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    answer_text = models.CharField(max_length=70, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="case_extension_number"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(granted=None), name="case_extension_one_open"
            ),
            models.CheckConstraint(
                condition=Q(granted=None) | ~Q(decided_by=F("asked_by")),
                name="case_extension_by_another",
            ),
        ]

    @property
    def thread(self) -> str:
        """Told on the page of the case."""
        return f"case:{self.case_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the case."""
        return self.case.answering_units


class CaseWarning(models.Model):
    """A rung of warning that was reached: the row is the claim, so that each is told once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="warnings")
    clock = models.CharField(max_length=8)
    """法定 or 承诺."""
    rung = models.PositiveIntegerField()
    """Percent of the allowance that is used."""
    allowance = models.PositiveBigIntegerField()
    """What was allowed at that time: after an extension the rungs are climbed again."""
    reached_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "clock", "rung", "allowance"], name="case_warning_once"
            ),
        ]


class CaseSeries(models.Model):
    """The last number of a unit's cases in a year: a row for each, so that no lock is shared."""

    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="case_series")
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "year"], name="case_series_once"),
        ]
