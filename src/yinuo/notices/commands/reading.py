"""What a person does with their own messages."""

from collections.abc import Sequence
from datetime import datetime

from yinuo.ledger.commands.recording import command
from yinuo.notices.errors import BadAddress, UnknownMessage
from yinuo.notices.hours import FIRST_MINUTE, LAST_MINUTE
from yinuo.notices.models import Message, Preference
from yinuo.notices.permission import account_of
from yinuo.notices.topics import TOPICS
from yinuo.parties.viewer import Viewer


@command("notices.read")
def mark_read(*, message: int, by: Viewer, at: datetime) -> None:
    """One message was read. Raises `NotAllowed`, `UnknownMessage`."""
    own = Message.objects.filter(account=account_of(by))
    if not own.filter(pk=message).exists():
        raise UnknownMessage(message)
    own.filter(pk=message, read_at=None).update(read_at=at)


@command("notices.read_all")
def mark_all_read(*, by: Viewer, at: datetime) -> int:
    """Everything that can be seen now was read; returns how many. Raises `NotAllowed`."""
    own = Message.objects.filter(account=account_of(by), read_at=None, created_at__lte=at)
    return own.update(read_at=at)


@command("notices.prefer")
def prefer(*, digest_minute: int, muted: Sequence[str], by: Viewer) -> None:
    """When the digest leaves, and which topics stay inside. Raises `NotAllowed`, `BadAddress`."""
    account = account_of(by)
    if not FIRST_MINUTE <= digest_minute < LAST_MINUTE:
        raise BadAddress([("digest_minute", "请选择 7:00 至 20:00 之间的时间")])
    unknown = set(muted) - {name for name, topic in TOPICS.items() if not topic.obligatory}
    if unknown:
        raise BadAddress([("muted", "有不能关闭的消息：" + "、".join(sorted(unknown)))])
    Preference.objects.update_or_create(
        account_id=account,
        defaults={"digest_minute": digest_minute, "muted": sorted(set(muted))},
    )
