"""What a link shows before and after its person has shown who they are."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.notices.models import Message
from yinuo.notices.visits import Visit, has_shown, live_link
from yinuo.parties.queries import public_viewer
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class Opened:
    """The task behind a link."""

    title: str
    due: date | None
    expires_at: datetime
    person: Viewer | None
    """In whose name it is done; None before they have shown to be that person."""
    code_sent: bool
    """Whether a code that is still good was sent."""
    page: str
    args: tuple[str, ...]
    about: str


def public_link(*, visit: Visit, at: datetime) -> Opened:
    """The task that a link opens; whoever holds the link reads its title and its last day.

    Raises `DeadLink`. Changes nothing, so that programs which look at links do no harm.
    """
    row = live_link(visit, at)
    message = Message.objects.get(pk=row.message_id)
    return Opened(
        title=message.title,
        due=message.due,
        expires_at=row.expires_at,
        person=public_viewer(row.account_id) if has_shown(row, visit, at) else None,
        code_sent=bool(row.code_nonce) and row.code_until is not None and at < row.code_until,
        page=message.page,
        args=tuple(message.args),
        about=message.about,
    )
