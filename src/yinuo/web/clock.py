"""The one clock of the faces: the system's, or in a demo home the demo day's."""

from datetime import UTC, date, datetime

from django.conf import settings

from yinuo.kernel.instants import SHANGHAI, civil_date


def present() -> datetime:
    """The present instant by the system's clock, UTC; for ages of what the database wrote."""
    return datetime.now(UTC)


def now() -> datetime:
    """The present instant, UTC. In a demo home: the demo date at the present time of day."""
    demo = settings.YINUO_DEMO_DATE
    if not demo:
        return present()
    time_of_day = present().astimezone(SHANGHAI).time()
    day = date.fromisoformat(demo)
    return datetime.combine(day, time_of_day, tzinfo=SHANGHAI).astimezone(UTC)


def today() -> date:
    """The civil date in China at `now()`."""
    return civil_date(now())
