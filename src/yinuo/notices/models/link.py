"""A link in a message, which opens one task for one person, once."""

from typing import ClassVar

from django.db import models


class Link(models.Model):
    """What a link opens. The link itself is worked out from `nonce` and the installation's key.

    The table alone opens nothing: it holds the link's hash, never the link.
    """

    account = models.ForeignKey("parties.Account", on_delete=models.PROTECT, related_name="links")
    message = models.OneToOneField("notices.Message", on_delete=models.CASCADE, related_name="link")
    nonce = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    """Hex of SHA-256 of the link's secret part."""
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    code_nonce = models.CharField(max_length=64, blank=True)
    """From which the one-time code is worked out; empty when none was asked for."""
    code_until = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    """Wrong codes since the last one was sent."""
    codes = models.PositiveSmallIntegerField(default=0)
    """How many codes were sent for it."""
    pass_hash = models.CharField(max_length=64, blank=True)
    """Hash of what the browser was given after the right code."""
    pass_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="link_by_end")]
