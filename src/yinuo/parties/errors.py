"""What can go wrong with units, accounts and duties."""

from collections.abc import Iterable, Sequence

from yinuo.kernel.errors import YinuoError


class AlreadyFounded(YinuoError):
    """The first duties exist; further ones need two persons."""

    code = "PARTY-E002"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            "已有生效的职责，不能再作为初始职责授予",
            next_step="请由一名管理员申请、另一名管理员批准",
        )


class UsernameTaken(YinuoError):
    """Another account has this user name."""

    code = "PARTY-E003"
    status = 409

    def __init__(self, username: str) -> None:
        super().__init__(f"用户名 {username} 已被使用", place=username, next_step="请换一个用户名")


class WeakPassword(YinuoError):
    """The password fails the password rules."""

    code = "PARTY-E004"

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(
            "密码不合要求：" + "；".join(reasons), next_step="请换一个更长、更少见的密码"
        )


class DutyDecided(YinuoError):
    """The duty was approved or ended before."""

    code = "PARTY-E005"
    status = 409

    def __init__(self, duty: int) -> None:
        super().__init__(f"职责 {duty} 已处理", place=f"duty:{duty}", next_step="请刷新页面")


class UnknownParty(YinuoError):
    """No such unit, account or duty."""

    code = "PARTY-E006"
    status = 404

    def __init__(self, what: str) -> None:
        super().__init__(f"没有{what}", place=what, next_step="请核对代码，或先登记")


class LastAdministrator(YinuoError):
    """Without this person nobody could grant a duty any more."""

    code = "PARTY-E010"
    status = 409

    def __init__(self, username: str, units: Iterable[str]) -> None:
        super().__init__(
            f"{username} 是最后一名管理员（{'、'.join(sorted(units))}），不能删除",
            place=username,
            next_step="请先由两名管理员把管理员职责授予另一人",
        )
