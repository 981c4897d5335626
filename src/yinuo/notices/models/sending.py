"""What leaves the system, and what became of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Digest(models.Model):
    """Messages to one person that leave as one."""

    account = models.ForeignKey("parties.Account", on_delete=models.PROTECT, related_name="digests")
    made_at = models.DateTimeField()
    after_entry = models.BigIntegerField()
    """The newest entry that could be seen: nothing leaves before all up to it are sealed."""


class Delivery(models.Model):
    """One digest, or one code, on its way out by one adapter."""

    class Purpose(models.TextChoices):
        """What is sent."""

        DIGEST = "digest", "消息"
        CODE = "code", "验证码"
        CONFIRM = "confirm", "核对地址"

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "待发送"
        SENDING = "sending", "正在发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "未送达"

    account = models.ForeignKey(
        "parties.Account", on_delete=models.PROTECT, related_name="deliveries"
    )
    digest = models.ForeignKey(
        Digest, null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    link = models.ForeignKey(
        "notices.Link", null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    """Of a code: the link for which it is."""
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    adapter = models.CharField(max_length=40)
    """As the city's `notices.toml` calls it."""
    address = models.ForeignKey(
        "notices.Address", null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    """None once the address was erased."""
    key = models.CharField(max_length=40, unique=True)
    """Given to the service with every try, so that it can tell one message from two."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    """Of one that is being sent: when another worker may take it over."""
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=200, blank=True)
    """What the service answered: its number of the message."""
    error = models.CharField(max_length=300, blank=True)
    """Why the last try failed; holds no address and no secret."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
                name="delivery_sent_at",
            ),
            models.UniqueConstraint(
                fields=["digest", "adapter"],
                condition=Q(digest__isnull=False),
                name="delivery_once_an_adapter",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="delivery_due",
            ),
            models.Index(fields=["state", "-created_at"], name="delivery_by_state"),
        ]
