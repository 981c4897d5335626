"""A person's own messages, addresses and wishes."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.notices.hours import DIGEST_MINUTE
from yinuo.notices.models import Address, Link, Message, Preference
from yinuo.notices.outlets import Outlets
from yinuo.notices.permission import account_of
from yinuo.notices.tokens import Secret
from yinuo.notices.topics import topic_of
from yinuo.parties.viewer import Viewer

MOST = 100
"""Read messages on one page."""
MOST_UNREAD = 500


@dataclass(frozen=True)
class MessageView:
    """One message as its person reads it."""

    number: int
    label: str
    """What it is about, in a word."""
    title: str
    body: str
    page: str
    args: tuple[str, ...]
    due: date | None
    urgent: bool
    created_at: datetime
    read: bool


@dataclass(frozen=True)
class Inbox:
    """Messages, the newest first."""

    unread: tuple[MessageView, ...]
    read: tuple[MessageView, ...]
    """The latest `MOST`."""
    unread_total: int


def _view(row: Message) -> MessageView:
    return MessageView(
        number=row.pk,
        label=topic_of(row.topic).label,
        title=row.title,
        body=row.body,
        page=row.page,
        args=tuple(row.args),
        due=row.due,
        urgent=row.urgent,
        created_at=row.created_at,
        read=row.read_at is not None,
    )


def unread_count(*, viewer: Viewer) -> int:
    """How many messages the viewer has not read; 0 for the public. One look into an index."""
    if viewer.account_id is None:
        return 0
    return Message.objects.filter(account=viewer.account_id, read_at=None).count()


def inbox(*, viewer: Viewer) -> Inbox:
    """The viewer's messages. Raises `NotAllowed` for the public."""
    own = Message.objects.filter(account=account_of(viewer)).order_by("-created_at", "-pk")
    unread, read = own.filter(read_at=None), own.filter(read_at__isnull=False)
    return Inbox(
        unread=tuple(_view(row) for row in unread[:MOST_UNREAD]),
        read=tuple(_view(row) for row in read[:MOST]),
        unread_total=unread.count(),
    )


def message(*, number: int, viewer: Viewer) -> MessageView | None:
    """One of the viewer's messages, or None. Raises `NotAllowed` for the public."""
    row = Message.objects.filter(account=account_of(viewer), pk=number).first()
    return _view(row) if row else None


@dataclass(frozen=True)
class AddressView:
    """One channel of the city, with the viewer's address there."""

    channel: str
    label: str
    value: str
    """Empty where none was entered."""
    confirmed: bool
    entered: bool
    code_sent: bool
    """Whether a code that is still good was sent to it."""


def addresses(*, outlets: Outlets, viewer: Viewer, at: datetime) -> tuple[AddressView, ...]:
    """Every channel that the city sends through. Raises `NotAllowed` for the public."""
    rows = {row.channel: row for row in Address.objects.filter(account=account_of(viewer))}
    used = outlets.channels() | rows.keys()
    return tuple(
        _address_view(channel, label, rows.get(channel), at)
        for channel, label in Address.Channel.choices
        if channel in used
    )


def _address_view(channel: str, label: str, row: Address | None, at: datetime) -> AddressView:
    sent = row is not None and row.code_until is not None and at < row.code_until
    return AddressView(
        channel=channel,
        label=label,
        value=row.value if row else "",
        confirmed=bool(row and row.confirmed_at),
        entered=row is not None,
        code_sent=sent,
    )


@dataclass(frozen=True)
class PreferenceView:
    """When and of what the viewer wishes to be told outside the system."""

    digest_minute: int
    muted: tuple[str, ...]


def preference(*, viewer: Viewer) -> PreferenceView:
    """The viewer's wishes, or what counts without any. Raises `NotAllowed` for the public."""
    row = Preference.objects.filter(pk=account_of(viewer)).first()
    if row is None:
        return PreferenceView(DIGEST_MINUTE, ())
    return PreferenceView(row.digest_minute, tuple(row.muted))


@dataclass(frozen=True)
class CodeView:
    """A one-time code for a link that is open on another device of the same person."""

    title: str
    code: str
    until: datetime


def codes(*, secret: Secret, viewer: Viewer, at: datetime) -> tuple[CodeView, ...]:
    """The viewer's codes that are still good: who is signed in here may read them here.

    Raises `NotAllowed` for the public.
    """
    rows = Link.objects.filter(account=account_of(viewer), code_until__gt=at, used_at=None)
    return tuple(
        CodeView(row.message.title, secret.one_time_code(row.code_nonce), row.code_until)
        for row in rows.exclude(code_nonce="").select_related("message").order_by("pk")
        if row.code_until
    )
