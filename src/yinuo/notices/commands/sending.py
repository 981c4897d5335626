"""Handing deliveries to their services: claimed by one worker, tried again, never sent twice."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from yinuo.ledger.commands.recording import command
from yinuo.ledger.outbox import first_unsealed_id
from yinuo.notices import rendering
from yinuo.notices.adapters.letter import Letter, NotDeliveredError
from yinuo.notices.errors import UnknownAdapter, UnknownDelivery
from yinuo.notices.hours import retry_seconds
from yinuo.notices.models import Delivery, Digest, Message
from yinuo.notices.outlets import Outlets
from yinuo.notices.permission import require_administrator
from yinuo.notices.rendering import Envelope, Told
from yinuo.notices.tokens import Secret
from yinuo.parties.viewer import Viewer

MOST = 50
"""Deliveries that one worker takes in a turn."""
LEASE = timedelta(minutes=10)
"""After which a delivery that a worker took and never finished is taken by another."""
CODE_MINUTES = 5
UNSENT = (Delivery.State.WAITING, Delivery.State.SENDING)


@dataclass(frozen=True)
class Sent:
    """What one turn sent."""

    sent: int
    failed: int


@dataclass(frozen=True, kw_only=True)
class Post:
    """What a worker needs to send: the services, the key for links, the name of the city."""

    outlets: Outlets
    secret: Secret
    city: str


def send_due(*, post: Post, at: datetime) -> Sent:
    """Send what is due, a bounded number of deliveries; each in two short transactions.

    The service is asked between the two, outside any transaction. A worker that dies there leaves
    a delivery that is tried again with the same key, by which the service can tell. A service that
    does not answer keeps nobody waiting who is reached by another.
    """
    sent, failed, silent = 0, 0, set[str]()
    for _turn in range(MOST):
        taken = claim(without=silent, at=at)
        if taken is None:
            break
        if _send_one(taken, post, at):
            sent += 1
        else:
            failed += 1
            silent.add(taken.adapter)
    return Sent(sent, failed)


@dataclass(frozen=True)
class Taken:
    """A delivery that this worker holds for a while."""

    number: int
    adapter: str


@command("notices.claim")
def claim(*, without: Collection[str] = (), at: datetime) -> Taken | None:
    """Take one delivery that is due and whose entries are sealed, so that no other worker does.

    None by the outlets `without`. None is answered where nothing is due.
    """
    first = first_unsealed_id()
    due = Delivery.objects.filter(state__in=UNSENT, next_try_at__lte=at)
    due = due.exclude(adapter__in=without)
    if first is not None:
        # Nothing leaves before what it tells of is sealed; a code tells of nothing.
        sealed = Digest.objects.filter(after_entry__lt=first)
        due = due.filter(Q(digest=None) | Q(digest__in=sealed))
    row = due.select_for_update(skip_locked=True).order_by("next_try_at", "pk").first()
    if row is None:
        return None
    row.state, row.next_try_at = Delivery.State.SENDING, at + LEASE
    row.save()
    return Taken(row.pk, row.adapter)


def _send_one(taken: Taken, post: Post, at: datetime) -> bool:
    number = taken.number
    row = Delivery.objects.select_related("digest", "link", "address").get(pk=number)
    try:
        outlet = post.outlets.named(row.adapter)
        letter = _letter(row, post, at)
        if outlet.discreet and row.purpose == Delivery.Purpose.DIGEST:
            letter = letter.without_titles()
        receipt = outlet.sender.send(letter)
    except NotDeliveredError as error:
        failed(delivery=number, why=error.why, for_good=error.for_good, at=at)
        return False
    except UnknownAdapter as error:
        failed(delivery=number, why=error.what, for_good=True, at=at)
        return False
    finished(delivery=number, receipt=receipt, at=at)
    return True


def _letter(row: Delivery, post: Post, at: datetime) -> Letter:
    if row.address is None:
        raise NotDeliveredError("地址已删除", for_good=True)
    envelope = Envelope(to=row.address.value, city=post.city, key=row.key, at=at)
    if row.purpose == Delivery.Purpose.CODE:
        return _code(row, post, envelope)
    if row.purpose == Delivery.Purpose.CONFIRM:
        if not row.address.nonce:
            raise NotDeliveredError("地址已核对", for_good=True)
        secret = post.secret.one_time_code(row.address.nonce)
        return rendering.code(
            secret, purpose="核对这个地址", minutes=CODE_MINUTES, envelope=envelope
        )
    return _digest(row, post, envelope)


def _code(row: Delivery, post: Post, envelope: Envelope) -> Letter:
    link = row.link
    if link is None or not link.code_nonce or (link.code_until and link.code_until <= envelope.at):
        raise NotDeliveredError("验证码已过期，不再发送", for_good=True)
    secret = post.secret.one_time_code(link.code_nonce)
    return rendering.code(secret, purpose="办理一项任务", minutes=CODE_MINUTES, envelope=envelope)


def _digest(row: Delivery, post: Post, envelope: Envelope) -> Letter:
    messages = list(Message.objects.filter(digest=row.digest).select_related("link").order_by("pk"))
    if not messages:
        raise NotDeliveredError("消息已按保存期限删除", for_good=True)
    url = f"{post.outlets.site}/notices/"
    if len(messages) == 1 and hasattr(messages[0], "link"):
        url = f"{post.outlets.site}/go/{post.secret.token(messages[0].link.nonce)}/"
    told = [Told(message.topic, message.title, message.due) for message in messages]
    return rendering.digest(told, url=url, envelope=envelope)


@command("notices.finished")
def finished(*, delivery: int, receipt: str, at: datetime) -> None:
    """The service took it."""
    row = Delivery.objects.select_for_update().get(pk=delivery)
    row.state, row.sent_at, row.receipt, row.error = Delivery.State.SENT, at, receipt[:200], ""
    row.tries += 1
    row.save()


@command("notices.failed")
def failed(*, delivery: int, why: str, for_good: bool, at: datetime) -> None:
    """The service did not take it: try again later, or give up and leave it to an administrator."""
    row = Delivery.objects.select_for_update().get(pk=delivery)
    row.tries += 1
    row.error = why
    wait = None if for_good else retry_seconds(row.tries)
    row.state = Delivery.State.FAILED if wait is None else Delivery.State.WAITING
    row.next_try_at = at + timedelta(seconds=wait or 0)
    row.save()


@command("notices.resend")
def resend(*, delivery: int, by: Viewer, at: datetime) -> None:
    """Have a delivery that failed, or that waits for its next try, tried now.

    Raises `NotAllowed`, `UnknownDelivery`.
    """
    require_administrator(by)
    row = Delivery.objects.select_for_update().filter(pk=delivery).first()
    again = (Delivery.State.FAILED, Delivery.State.WAITING)
    if row is None or row.state not in again or row.purpose == Delivery.Purpose.CODE:
        raise UnknownDelivery(delivery)
    if row.state == Delivery.State.FAILED:
        row.tries = 0
    row.state, row.next_try_at = Delivery.State.WAITING, at
    row.save()
