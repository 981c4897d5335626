"""What was public once and is no longer: that much stays public."""

from dataclasses import dataclass
from datetime import datetime

from yinuo.commitments.life import Visibility
from yinuo.commitments.words import visibility_label
from yinuo.ledger.history import thread_events


@dataclass(frozen=True)
class Withheld:
    """A commitment whose page was taken from the public."""

    code: str
    public_at: datetime
    """When it became public, the last time."""
    withheld_at: datetime
    label: str
    """不予公开, 待审查 or 依申请公开."""


def public_withheld(code: str) -> Withheld | None:
    """When a commitment was public and ceased to be; None for one that never was, or still is.

    Tells the code and two instants and nothing of the content.
    """
    public_at: datetime | None = None
    found: Withheld | None = None
    for event in thread_events(f"commitment:{code}"):
        if not event.subject.startswith("commitment:"):
            continue
        visibility = Visibility(str(event.after["visibility"]))
        if visibility == Visibility.PUBLIC:
            public_at, found = public_at or event.at, None
        elif public_at is not None:
            label = visibility_label(visibility)
            found = Withheld(code, public_at, event.at, label)
            public_at = None
        elif found is not None:
            found = Withheld(code, found.public_at, found.withheld_at, visibility_label(visibility))
    return found
