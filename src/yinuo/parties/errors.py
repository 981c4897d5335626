"""What can go wrong with units, accounts and duties."""

from collections.abc import Iterable, Sequence
from datetime import date

from yinuo.kernel.errors import InvalidFields, Plain, YinuoError


class AlreadyFounded(YinuoError):
    """The first duties exist; further ones need two persons."""

    code = "PARTY-E002"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            "已有生效的职责，不能再作为初始职责授予",
            next_step="请由一名管理员申请、另一名管理员批准",
        )


class UsernameTaken(Plain):
    """Another account has this user name."""

    code = "PARTY-E003"
    status = 409
    said = "用户名 {place} 已被使用"
    step = "请换一个用户名"


class WeakPassword(YinuoError):
    """The password fails the password rules."""

    code = "PARTY-E004"

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(
            "密码不合要求：" + "；".join(reasons), next_step="请换一个更长、更少见的密码"
        )


class WrongPassword(YinuoError):
    """The present password was not the one that was typed."""

    code = "PARTY-E024"

    def __init__(self) -> None:
        super().__init__(
            "现在的密码不对，没有更换", next_step="请核对大小写和输入法；忘了就请管理员重设"
        )


class DutyDecided(YinuoError):
    """The duty was approved or ended before."""

    code = "PARTY-E005"
    status = 409

    def __init__(self, duty: int) -> None:
        super().__init__(f"职责 {duty} 已处理", place=f"duty:{duty}", next_step="请刷新页面")


class UnknownParty(Plain):
    """No such unit, account or duty."""

    code = "PARTY-E006"
    status = 404
    said = "没有{place}"
    step = "请核对代码，或先登记"


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


class InvalidSuccession(InvalidFields):
    """Units, successor or day that make no sense, each with its field."""

    code = "PARTY-E020"


class UnknownSuccession(YinuoError):
    """No such request for succession, or none that the viewer may see."""

    code = "PARTY-E021"
    status = 404

    def __init__(self, number: int) -> None:
        super().__init__(
            f"没有编号为 S{number} 的单位承接申请", place=f"S{number}", next_step="请核对编号"
        )


class SuccessionDecided(YinuoError):
    """The succession was approved or refused before."""

    code = "PARTY-E022"
    status = 409

    def __init__(self, number: int, state: str) -> None:
        super().__init__(f"这项申请已处理：{state}", place=f"S{number}", next_step="请刷新页面")


class SuccessionTooEarly(YinuoError):
    """Nothing passes to the successor before the day on which it takes over."""

    code = "PARTY-E023"
    status = 409

    def __init__(self, number: int, effective: date) -> None:
        super().__init__(
            f"自 {effective} 起生效，现在还不能批准",
            place=f"S{number}",
            next_step=f"请在 {effective} 当天或以后批准",
        )
