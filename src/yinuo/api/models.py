"""Who is sent events, how far, and what is on its way."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.ledger.recorded import Recorded


class Subscription(Recorded):
    """An outlet of events: asked for by one administrator, approved by another."""

    SUBJECT = "subscription"

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked", "待批准"
        ACTIVE = "active", "推送中"
        PAUSED = "paused", "已暂停"
        ENDED = "ended", "已停用"

    code = models.CharField(primary_key=True, max_length=40)
    title = models.CharField(max_length=100)
    """Who receives it, such as 省政务服务监管平台."""
    url = models.CharField(max_length=500, blank=True)
    """Empty where the receiver only fetches."""
    types = models.JSONField(default=list)
    """Beginnings of types, such as `cn.yinuo.case.`; empty for all."""
    units = models.JSONField(default=list)
    """Codes of units; empty for all."""
    items = models.JSONField(default=list)
    """Codes of items; empty for all."""
    nonce = models.CharField(max_length=64)
    """From which its secret is made, together with the installation's key."""
    token_mark = models.CharField(max_length=64)
    """SHA-256 of the token with which it fetches."""
    state = models.CharField(max_length=8, default=State.ASKED)
    starts_at = models.BigIntegerField()
    """The leaf index of its first event."""
    asked_by = models.CharField(max_length=40)
    approved_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "active", "paused", "ended"]),
                name="subscription_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "ended"])
                | (~Q(approved_by="") & ~Q(approved_by=F("asked_by"))),
                name="subscription_approved_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["token_mark"], name="subscription_by_token"),
        ]


class HookProgress(models.Model):
    """How far the log was gathered for a subscription, and when its receiver is asked again."""

    subscription = models.OneToOneField(
        Subscription, on_delete=models.PROTECT, primary_key=True, related_name="progress"
    )
    place = models.BigIntegerField()
    """The leaf index from which to go on."""
    rests_until = models.DateTimeField(null=True)
    """The receiver failed as a whole: nothing is sent before."""
    taken_at = models.DateTimeField(null=True)
    """When it last took an event."""


class HookDelivery(models.Model):
    """One event on its way to one receiver."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "待推送"
        SENDING = "sending", "正在推送"
        SENT = "sent", "已送达"
        DEAD = "dead", "放弃，待重推"
        DROPPED = "dropped", "不再推送"

    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="deliveries"
    )
    leaf_index = models.BigIntegerField()
    thread = models.CharField(max_length=120)
    event = models.JSONField()
    """The CloudEvent."""
    state = models.CharField(max_length=8, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    """Of one that is being sent: when another worker may take it over."""
    error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscription", "leaf_index"], name="hook_delivery_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["subscription", "thread", "leaf_index"],
                condition=Q(state__in=["waiting", "sending", "dead"]),
                name="hook_delivery_unsettled",
            ),
            models.Index(
                fields=["subscription", "next_try_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="hook_delivery_due",
            ),
            models.Index(fields=["state", "sent_at"], name="hook_delivery_by_state"),
        ]


class AnswerKey(Recorded):
    """With what the system of an institution asks questions of credit; made by two administrators.

    Its scopes are scenarios. Only the hash of the key is kept.
    """

    SUBJECT = "answer_key"

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked", "待批准"
        ACTIVE = "active", "可用"
        ENDED = "ended", "已停用"

    code = models.CharField(primary_key=True, max_length=40)
    title = models.CharField(max_length=100)
    """Which system, such as 演示医院收费系统."""
    unit = models.CharField(max_length=40)
    """Code of the institution that asks."""
    scenarios = models.JSONField(default=list)
    """Ids of the questions that it may ask."""
    per_minute = models.PositiveIntegerField()
    """Questions."""
    numbers_a_day = models.PositiveIntegerField()
    """Different numbers it may ask about before new ones are slowed down."""
    token_mark = models.CharField(max_length=64)
    """SHA-256 of the key."""
    state = models.CharField(max_length=8, default=State.ASKED)
    asked_by = models.CharField(max_length=40)
    approved_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "active", "ended"]), name="answer_key_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "ended"])
                | (~Q(approved_by="") & ~Q(approved_by=F("asked_by"))),
                name="answer_key_approved_by_another",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["token_mark"], name="answer_key_by_token")]


class AnswerUse(models.Model):
    """How much a key was used of late. No history: the read log has it."""

    key = models.OneToOneField(
        AnswerKey, on_delete=models.PROTECT, primary_key=True, related_name="use"
    )
    minute = models.BigIntegerField(default=0)
    """Since 1970."""
    asked = models.PositiveIntegerField(default=0)
    """Questions in that minute."""
    day = models.IntegerField(default=0)
    """Ordinal of the civil date."""
    numbers = models.PositiveIntegerField(default=0)
    """Different numbers on that day."""
    new_at = models.BigIntegerField(default=0)
    """Second since 1970 in which it last asked about a number that was new that day."""


class AskedNumber(models.Model):
    """A number that a key asked about on a day, as a keyed hash; gone the day after."""

    key = models.ForeignKey(AnswerKey, on_delete=models.PROTECT, related_name="numbers")
    day = models.IntegerField()
    """Ordinal of the civil date."""
    mark = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "day", "mark"], name="asked_number_once"),
        ]


class GivenAnswer(models.Model):
    """An answer that was asked for with an `Idempotency-Key`: given again for a day."""

    key = models.ForeignKey(AnswerKey, on_delete=models.PROTECT, related_name="given")
    once = models.CharField(max_length=64)
    """SHA-256 of the `Idempotency-Key`."""
    question = models.CharField(max_length=64)
    """Keyed hash of the question."""
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "once"], name="given_answer_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["key", "at"], name="given_answer_by_age")]
