"""The one clock of the faces: the system's, or in a demo home the demo day's."""

from datetime import UTC, date, datetime, time

from django.conf import settings

from yinuo.kernel.instants import SHANGHAI, civil_date


def now() -> datetime:
    """The present instant, UTC. In a demo home: the demo date at the present time of day."""
    present = datetime.now(UTC)
    demo = settings.YINUO_DEMO_DATE
    if not demo:
        return present
    time_of_day: time = present.astimezone(SHANGHAI).time()
    day = date.fromisoformat(demo)
    return datetime.combine(day, time_of_day, tzinfo=SHANGHAI).astimezone(UTC)


def today() -> date:
    """The civil date in China at `now()`."""
    return civil_date(now())
