"""Where persons can be reached: entered, confirmed by its own person, removed."""

import re
from datetime import datetime, timedelta

from yinuo.ledger.commands.recording import command
from yinuo.notices.commands.sending import CODE_MINUTES
from yinuo.notices.errors import BadAddress, NoCodeToSend, UnknownAccount, WrongCode
from yinuo.notices.models import Address, Delivery
from yinuo.notices.outlets import Outlets, is_mail
from yinuo.notices.permission import account_of
from yinuo.notices.tokens import Secret, fresh_nonce
from yinuo.parties.queries import administered_account
from yinuo.parties.viewer import Viewer

PHONE = re.compile(r"1[3-9]\d{9}")
"""Numbers of mobile phones of the mainland."""
WECOM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
"""Source: 企业微信开发者文档, userid."""
TRIES = 5
PAUSE = timedelta(minutes=1)
"""Between two codes that one person has sent."""
MOST_A_DAY = 10


def address_fault(channel: str, value: str) -> str:
    """What is wrong with an address; empty if nothing is."""
    if channel == Address.Channel.SMS:
        return "" if PHONE.fullmatch(value) else "手机号应为 1 开头的 11 位数字"
    if channel == Address.Channel.MAIL:
        return "" if is_mail(value) and len(value) <= 254 else "邮箱应写成 name@example.cn"  # noqa: PLR2004  # RFC 5321
    return "" if WECOM.fullmatch(value) else "账号只含字母、数字和 _ - @ .，最多 64 个字符"


def _enter(account: int, channel: str, value: str, outlets: Outlets, at: datetime) -> bool:
    """Keep an address; whether its person has to confirm it."""
    if channel not in outlets.channels():
        raise BadAddress([("channel", "本市没有配置这种通道")])
    value = value.strip()
    if fault := address_fault(channel, value):
        raise BadAddress([("value", fault)])
    known = Address.objects.filter(account=account, channel=channel).first()
    if known is not None and known.value == value and known.confirmed_at:
        return False
    # Where all read along no code can be sent, and nothing that tells of a task either.
    private = any(o.private for o in outlets.outlets if o.channel == channel)
    Address.objects.update_or_create(
        account_id=account,
        channel=channel,
        defaults={
            "value": value,
            "entered_at": at,
            "confirmed_at": None if private else at,
            "nonce": "",
            "code_until": None,
            "tries": 0,
        },
    )
    return private


@command("notices.enter_address")
def enter(*, channel: str, value: str, outlets: Outlets, by: Viewer, at: datetime) -> bool:
    """Keep the viewer's own address and send a code to it; whether it has to be confirmed.

    Raises `NotAllowed`, `BadAddress`, `NoCodeToSend`.
    """
    account = account_of(by)
    needed = _enter(account, channel, value, outlets, at)
    if needed:
        _send_code(account, channel, outlets, at)
    return needed


@command("notices.enter_address_for")
def enter_for(
    *, username: str, channel: str, value: str, outlets: Outlets, by: Viewer, at: datetime
) -> None:
    """Keep somebody's address, as an administrator of their unit; they confirm it themselves.

    Raises `UnknownAccount`, `BadAddress`.
    """
    account = administered_account(username=username, viewer=by)
    if account is None:
        raise UnknownAccount(username)
    _enter(account, channel, value, outlets, at)


@command("notices.send_confirmation")
def send_code(*, channel: str, outlets: Outlets, by: Viewer, at: datetime) -> None:
    """Send another code to the viewer's own address. Raises `NotAllowed`, `NoCodeToSend`."""
    _send_code(account_of(by), channel, outlets, at)


def _send_code(account: int, channel: str, outlets: Outlets, at: datetime) -> None:
    row = Address.objects.select_for_update().filter(account=account, channel=channel).first()
    ways = [o for o in outlets.outlets if o.channel == channel and o.private]
    if row is None or row.confirmed_at or not ways:
        raise NoCodeToSend("这个地址不需要验证码")
    # Of the person and not of the address: another number would be another stranger to disturb.
    sent = Delivery.objects.filter(account=account, purpose=Delivery.Purpose.CONFIRM)
    if sent.filter(created_at__gt=at - PAUSE).exists():
        raise NoCodeToSend("刚发过验证码，请一分钟后再试")
    if sent.filter(created_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise NoCodeToSend("一天之内发的验证码太多，请明天再试")
    row.nonce, row.tries = fresh_nonce(), 0
    row.code_until = at + timedelta(minutes=CODE_MINUTES)
    row.save()
    Delivery.objects.create(
        account_id=account,
        purpose=Delivery.Purpose.CONFIRM,
        adapter=ways[0].name,
        address=row,
        key=fresh_nonce()[:32],
        next_try_at=at,
        created_at=at,
    )


def confirm(*, channel: str, code: str, secret: Secret, by: Viewer, at: datetime) -> None:
    """The person has received what went to the address.

    Raises `NotAllowed`, `WrongCode`; a wrong code is counted although it is an error.
    """
    left = _try(account_of(by), channel, code, secret, at)
    if left is not None:
        raise WrongCode(left)


@command("notices.confirm_address")
def _try(account: int, channel: str, code: str, secret: Secret, at: datetime) -> int | None:
    """None when the code was right; else how many tries are left."""
    row = Address.objects.select_for_update().filter(account=account, channel=channel).first()
    if row is None or row.tries >= TRIES or row.code_until is None or row.code_until <= at:
        return 0
    if not secret.is_code(code.strip(), row.nonce):
        row.tries += 1
        row.save()
        return TRIES - row.tries
    row.confirmed_at, row.nonce, row.code_until = at, "", None
    row.save()
    return None


@command("notices.remove_address")
def remove(*, channel: str, by: Viewer) -> None:
    """Forget the viewer's own address; what waits for it no longer leaves. Raises `NotAllowed`."""
    Address.objects.filter(account=account_of(by), channel=channel).delete()
