"""The link in a message: a code, a pass for this browser, and one use."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from yinuo.ledger.commands.recording import command
from yinuo.notices.commands.sending import CODE_MINUTES
from yinuo.notices.errors import DeadLink, NoCodeToSend, WrongCode
from yinuo.notices.models import Address, Delivery, Link, Message
from yinuo.notices.outlets import Outlet, Outlets
from yinuo.notices.tokens import Secret, fingerprint, fresh_nonce
from yinuo.notices.visits import Visit, has_shown, live_link
from yinuo.parties.queries import public_viewer
from yinuo.parties.viewer import Viewer

R = TypeVar("R")
TRIES = 5
"""Wrong codes before a new one has to be sent."""
MOST_CODES = 5
"""Codes for one link: at most 25 guesses at one of a million."""
PAUSE = timedelta(minutes=1)
PASS_MINUTES = 15
"""How long the right code opens the task in that browser."""


@command("notices.send_link_code")
def send_code(*, visit: Visit, outlets: Outlets, at: datetime) -> None:
    """Make a one-time code; it leaves by a second message, or is read in the signed-in site.

    Raises `DeadLink`, `NoCodeToSend`.
    """
    row = live_link(visit, at, locked=True)
    if row.codes >= MOST_CODES:
        raise NoCodeToSend("这个链接的验证码已发完")
    last = row.code_until - timedelta(minutes=CODE_MINUTES) if row.code_until else None
    if last is not None and at < last + PAUSE:
        raise NoCodeToSend("刚发过验证码，请一分钟后再试")
    row.code_nonce, row.code_tries, row.codes = fresh_nonce(), 0, row.codes + 1
    row.code_until = at + timedelta(minutes=CODE_MINUTES)
    row.save()
    if way := _way(row, outlets):
        outlet, address = way
        Delivery.objects.create(
            account_id=row.account_id,
            link=row,
            purpose=Delivery.Purpose.CODE,
            adapter=outlet.name,
            address=address,
            key=fresh_nonce()[:32],
            next_try_at=at,
            created_at=at,
        )


def _way(row: Link, outlets: Outlets) -> tuple[Outlet, Address] | None:
    """By which outlet the code leaves: another one than brought the link, where there is one."""
    confirmed = Address.objects.filter(account=row.account_id, confirmed_at__isnull=False)
    addresses = {address.channel: address for address in confirmed}
    ways = [o for o in outlets.carrying("code") if o.private and o.channel in addresses]
    message = Message.objects.select_related("digest").get(pk=row.message_id)
    brought = set(
        Delivery.objects.filter(digest=message.digest).values_list("address__channel", flat=True)
    )
    ways.sort(key=lambda outlet: outlet.channel in brought)
    return (ways[0], addresses[ways[0].channel]) if ways else None


def enter_code(*, visit: Visit, code: str, secret: Secret, at: datetime) -> str:
    """What the browser has to show from now on; a pass for a quarter of an hour.

    Raises `DeadLink`, `WrongCode`; a wrong code is counted although it is an error.
    """
    browser_pass, left = _try(visit, code, secret, at)
    if browser_pass is None:
        raise WrongCode(left)
    return browser_pass


@command("notices.enter_link_code")
def _try(visit: Visit, code: str, secret: Secret, at: datetime) -> tuple[str | None, int]:
    row = live_link(visit, at, locked=True)
    if row.code_tries >= TRIES or row.code_until is None or row.code_until <= at:
        return None, 0
    if not secret.is_code(code.strip(), row.code_nonce):
        row.code_tries += 1
        row.save()
        return None, TRIES - row.code_tries
    browser_pass = fresh_nonce()
    row.code_nonce, row.code_until = "", None
    row.pass_hash = fingerprint(browser_pass)
    row.pass_until = at + timedelta(minutes=PASS_MINUTES)
    row.save()
    return browser_pass, 0


@command("notices.use_link")
def use(*, visit: Visit, do: Callable[[Viewer], R], at: datetime) -> R:
    """Do the one thing in the name of the link's person, and with it use the link up.

    Both or neither: what `do` raises leaves the link as it was. Raises `DeadLink`.
    """
    row = live_link(visit, at, locked=True)
    if not has_shown(row, visit, at):
        raise DeadLink
    done = do(public_viewer(row.account_id))
    row.used_at, row.pass_hash, row.code_nonce = at, "", ""
    row.save()
    Message.objects.filter(pk=row.message_id, read_at=None).update(read_at=at, settled=True)
    return done
