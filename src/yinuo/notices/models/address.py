"""Where a person can be reached outside the system, and when they wish to be."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Address(models.Model):
    """A phone number, e-mail address or account at a chat service; personal, erasable."""

    class Channel(models.TextChoices):
        """What kind of address it is."""

        WECOM = "wecom", "企业微信账号"
        GOV_WECOM = "gov_wecom", "政务微信账号"
        SMS = "sms", "手机号"
        MAIL = "mail", "电子邮箱"

    account = models.ForeignKey(
        "parties.Account", on_delete=models.PROTECT, related_name="addresses"
    )
    channel = models.CharField(max_length=12, choices=Channel.choices)
    value = models.CharField(max_length=254)
    entered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    """When its person showed that what goes there arrives; before, nothing but the code does."""
    tries = models.PositiveSmallIntegerField(default=0)
    """Wrong codes since the last one was sent."""
    nonce = models.CharField(max_length=64, blank=True)
    """From which the code that confirms it is worked out; empty when none was sent."""
    code_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "channel"], name="address_one_a_channel"),
            models.CheckConstraint(
                condition=Q(channel__in=["wecom", "gov_wecom", "sms", "mail"]),
                name="address_channel",
            ),
        ]


class Preference(models.Model):
    """When and of what a person wishes to be told outside the system."""

    account = models.OneToOneField(
        "parties.Account",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="notice_preference",
    )
    digest_minute = models.PositiveSmallIntegerField()
    """Minutes after midnight in China at which the digest of a working day leaves."""
    muted = models.JSONField(default=list)
    """Topics that stay inside the system; an obligatory one leaves all the same."""
