"""What comes in from window systems: sources, batches, raw events, rows put aside, findings."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.cases.feed.life import AsideState, SourceState, Way
from yinuo.cases.feed.telling import Step
from yinuo.ledger.recorded import Recorded, State


class FeedSource(Recorded):
    """A window's own system that tells of its cases."""

    SUBJECT = "feed_source"

    code = models.CharField(primary_key=True, max_length=40)
    title = models.CharField(max_length=100)
    window = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="feeds_of_window"
    )
    """The window unit whose system it is."""
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="feeds_kept")
    """The unit that keeps the catalogue and supervises."""
    mapping = models.CharField(max_length=40)
    """Name of a table in `content/feeds/`."""
    items = models.JSONField(default=dict)
    """Their code of an item → ours; a code of ours needs no row."""
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    """Of times that come without an offset."""
    token_mark = models.CharField(max_length=64)
    """SHA-256 of the 256 random bits of the key; the key itself is shown once."""
    state = models.CharField(max_length=8, default=SourceState.ACTIVE)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in SourceState]), name="feed_source_state"
            ),
        ]


class FeedBatch(Recorded):
    """Some rows that came together: read = accepted + quarantined + duplicate."""

    SUBJECT = "feed_batch"

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the source, `/` and a number from 1."""
    source = models.ForeignKey(FeedSource, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    way = models.CharField(max_length=8)
    name_text = models.CharField(max_length=70, blank=True)
    """Text row with the name of the file."""
    sha256 = models.CharField(max_length=64)
    """Of the rows as text, in canonical JSON."""
    read = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    quarantined = models.PositiveIntegerField()
    duplicate = models.PositiveIntegerField()
    reasons = models.JSONField(default=dict)
    """Rows put aside, by reason."""
    cases = models.PositiveIntegerField(default=0)
    """Cases that its events touched."""
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "number"], name="feed_batch_number"),
            models.CheckConstraint(
                condition=Q(read=F("accepted") + F("quarantined") + F("duplicate")),
                name="feed_batch_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(way__in=[w.value for w in Way]), name="feed_batch_way"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "sha256"], name="feed_batch_by_hash"),
            models.Index(fields=["source", "-received_at"], name="feed_batch_by_time"),
        ]

    @property
    def thread(self) -> str:
        """Told on the page of the source."""
        return f"feed_source:{self.source_id}"


class FeedEvent(Recorded):
    """One event as the source told it: append-only. A correction is another event."""

    SUBJECT = "feed_event"
    UNRECORDED: ClassVar = {
        "digest": "tells a repetition from a change; covers names that may have to be erased",
    }

    code = models.CharField(primary_key=True, max_length=80)
    """Code of the batch, `/` and the number of the row."""
    batch = models.ForeignKey(FeedBatch, on_delete=models.PROTECT, related_name="events")
    source = models.ForeignKey(FeedSource, on_delete=models.PROTECT, related_name="events")
    event = models.CharField(max_length=140)
    source_code = models.CharField(max_length=80)
    """The source's own number of the case."""
    item = models.CharField(max_length=80, blank=True)
    step = models.CharField(max_length=18)
    happened_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    """When it came to us."""
    ground = models.CharField(max_length=40, blank=True)
    notice = models.CharField(max_length=80, blank=True)
    planned_until = models.DateField(null=True)
    stop = models.CharField(max_length=140, blank=True)
    amount = models.PositiveIntegerField(null=True)
    of = models.CharField(max_length=80, blank=True)
    corrects = models.CharField(max_length=140, blank=True)
    void = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "event"], name="feed_event_once"),
            models.CheckConstraint(
                condition=Q(step__in=[s.value for s in Step]), name="feed_event_step"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "source_code"], name="feed_event_by_case"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """What was told stays as it was told."""
        del after
        return None if before is None else f"{verb} 不能改动已经收到的事件"

    @property
    def thread(self) -> str:
        """Told on the page of the source."""
        return f"feed_source:{self.source_id}"


class FeedAside(Recorded):
    """A row that could not be used, as it came; it can be corrected and replayed."""

    SUBJECT = "feed_aside"

    code = models.CharField(primary_key=True, max_length=80)
    """Code of the batch, `/` and the number of the row."""
    batch = models.ForeignKey(FeedBatch, on_delete=models.PROTECT, related_name="asides")
    source = models.ForeignKey(FeedSource, on_delete=models.PROTECT, related_name="asides")
    row = models.PositiveIntegerField()
    reason = models.CharField(max_length=20)
    """The first one."""
    faults = models.JSONField(default=list)
    """Field and reason of each fault, without values."""
    raw_text = models.CharField(max_length=70)
    """Text row with the row as JSON: it may hold names."""
    state = models.CharField(max_length=8, default=AsideState.WAITING)
    became = models.CharField(max_length=80, blank=True)
    """Code of the event it became."""
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason_text = models.CharField(max_length=70, blank=True)
    """Why it was changed or dropped."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in AsideState]), name="feed_aside_state"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "state", "reason", "code"], name="feed_aside_by_reason"),
        ]

    @property
    def thread(self) -> str:
        """Told on the page of the source."""
        return f"feed_source:{self.source_id}"


class FeedCase(Recorded):
    """A case as its source knows it, where something about it does not fit."""

    SUBJECT = "feed_case"

    code = models.CharField(primary_key=True, max_length=130)
    """Code of the source, `/` and its own number of the case."""
    source = models.ForeignKey(FeedSource, on_delete=models.PROTECT, related_name="odd_cases")
    source_code = models.CharField(max_length=80)
    case = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="feed_cases"
    )
    """None while it was never received, so that there is no case."""
    findings = models.JSONField(default=list)
    """Number of the event, words: what is not counted, and why. Empty once all fits."""
    open = models.BooleanField(default=True)
    """Whether there is a finding."""
    found_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_code"], name="feed_case_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "open", "code"], name="feed_case_by_source"),
        ]

    @property
    def thread(self) -> str:
        """Told on the page of the source."""
        return f"feed_source:{self.source_id}"
