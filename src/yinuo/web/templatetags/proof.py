"""What pages show of the newest checkpoint."""

from django import template
from django.urls import reverse

from yinuo.ledger.printed import Printed, public_printed
from yinuo.ledger.witnessed import Witnessed, public_witnessed

register = template.Library()


@register.simple_tag
def printed() -> Printed | None:
    """The newest checkpoint as it is printed; None before the first."""
    return public_printed()


@register.simple_tag
def witnessed() -> Witnessed:
    """How far the log is witnessed."""
    return public_witnessed()


@register.filter
def groups(code: str) -> list[str]:
    """A printed code in pieces between which a line may break, hyphens included.

    >>> groups("12-ABCD-EF")
    ['12-', 'ABCD-', 'EF']
    """
    *head, last = code.split("-")
    return [*(f"{part}-" for part in head), last]


@register.simple_tag
def log_address() -> str:
    """Where the published form of the log begins: `/log/`."""
    return reverse("thread", args=["x"]).removesuffix("threads/x")
