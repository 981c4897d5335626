"""What every page shows: the city, the demo mark, who signed in, the size of the log."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from yinuo.ledger.queries import public_extent
from yinuo.parties.viewer import ANYONE
from yinuo.web import clock
from yinuo.web.subject import signed_in_subject


def demo_date() -> date | None:
    """The date of a demo home, or None where nothing is simulated."""
    return date.fromisoformat(settings.YINUO_DEMO_DATE) if settings.YINUO_DEMO_DATE else None


def site(request: HttpRequest) -> dict[str, Any]:
    """The context common to all pages."""
    return {
        "city": settings.YINUO_CITY,
        "demo": bool(settings.YINUO_DEMO_DATE),
        "demo_date": demo_date(),
        "viewer": getattr(request, "viewer", ANYONE),
        "speaks_for": SimpleLazyObject(lambda: signed_in_subject(request)),
        "today": clock.today(),
        "log": SimpleLazyObject(public_extent),
    }
