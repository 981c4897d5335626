"""A password that somebody else set, and its owner told of it."""

from datetime import datetime

from yinuo.ledger.commands.recording import By, command
from yinuo.notices.commands.tell import Telling, tell
from yinuo.parties import commands as parties

BODY = (
    "设密码的人也知道它。请登录后在“我的密码”换成只有您知道的。"
    "如果不是您要求重设的，请马上告诉审计人：账本上有这次重设的记录。"
)


@command("account.password")
def give_password(*, username: str, password: str, by: By, at: datetime) -> None:
    """Replace somebody's password and tell them. Raises as `parties.commands.give_password`."""
    number = parties.give_password(username=username, password=password, by=by, at=at)
    told = Telling(
        to=(f"account:{number}",),
        topic="account.password",
        title="您的密码刚刚被管服务器的人重设",
        body=BODY,
        urgent=True,
    )
    tell(tellings=[told], at=at)
