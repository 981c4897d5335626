"""What may not be recorded on a clock.

ClockError
├── NoStart, SecondStart                       the beginning
├── DuplicateKey, InTheFuture                  any event
├── StopBeforeStart, StopBeforeRestart         stops
├── GroundNotAllowed
├── ResumeWithoutStop, SecondResume, ResumeBeforeStop
├── ExtensionWithoutApproval, RemovesNothing
└── PromiseBeyondLaw                           two limits over one list of events
"""

from datetime import datetime

from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.limits import Limit


def _local(value: datetime) -> str:
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


class ClockError(YinuoError):
    """Something that may not be recorded on a clock."""

    code = "CLOCK-E000"
    status = 409


class NoStart(ClockError):
    """A clock whose limit runs from an event that was not recorded."""

    code = "CLOCK-E001"

    def __init__(self, event: str) -> None:
        super().__init__(
            f"没有起算事件“{event}”", place="起算", next_step=f"先记录“{event}”的时间，再计算期满日"
        )


class SecondStart(ClockError):
    """A clock that is started twice."""

    code = "CLOCK-E002"

    def __init__(self, key: str, event: str) -> None:
        super().__init__(
            f"起算事件“{event}”已经记录过",
            place=key,
            next_step="重新计算期限须另立一个计时，不能改原来的起算",
        )


class DuplicateKey(ClockError):
    """Two events of one key."""

    code = "CLOCK-E003"

    def __init__(self, key: str) -> None:
        super().__init__("事件编号重复", place=key, next_step="给每个事件一个不同的编号")


class InTheFuture(ClockError):
    """An event that had not happened when it was recorded."""

    code = "CLOCK-E004"

    def __init__(self, key: str, at: datetime, recorded_at: datetime) -> None:
        super().__init__(
            f"发生时间 {_local(at)} 晚于记录时间 {_local(recorded_at)}",
            place=key,
            next_step="等它发生后再记录，或更正发生时间",
        )


class StopBeforeStart(ClockError):
    """A stop of a clock that did not run yet."""

    code = "CLOCK-E005"

    def __init__(self, key: str, at: datetime, start: datetime) -> None:
        super().__init__(
            f"暂停开始于 {_local(at)}，早于起算 {_local(start)}",
            place=key,
            next_step="起算前的时间本来不计，无须暂停；请核对时间",
        )


class StopBeforeRestart(ClockError):
    """A stop dated back into a stretch that had already been counted and closed."""

    code = "CLOCK-E006"

    def __init__(self, key: str, at: datetime, restart: datetime) -> None:
        super().__init__(
            f"暂停开始于 {_local(at)}，早于已记录的最近一次恢复 {_local(restart)}",
            place=key,
            next_step="恢复之前的时间已经计过，不能补记暂停；确属漏记的，先撤销那次恢复并说明理由",
        )


class GroundNotAllowed(ClockError):
    """A stop on a ground that does not stop this clock."""

    code = "CLOCK-E007"

    def __init__(self, key: str, ground: str, limit: Limit) -> None:
        names = "、".join(item.name for item in limit.grounds or ())
        super().__init__(
            f"“{ground}”不是可以暂停{limit.name}计时的事由",
            place=key,
            next_step=f"可用的事由：{names}" if names else "本时限不得暂停",
        )


class ResumeWithoutStop(ClockError):
    """A resume of a stop that is not recorded, or was recorded only afterwards."""

    code = "CLOCK-E008"

    def __init__(self, key: str, stop: str) -> None:
        super().__init__(
            f"没有可以恢复的暂停“{stop}”", place=key, next_step="先记录暂停及其事由，再记录恢复"
        )


class SecondResume(ClockError):
    """A stop that is ended twice."""

    code = "CLOCK-E009"

    def __init__(self, key: str, stop: str) -> None:
        super().__init__(
            f"暂停“{stop}”已经恢复过", place=key, next_step="恢复记错的，先撤销原来那次恢复"
        )


class ResumeBeforeStop(ClockError):
    """A stop that ends before it begins."""

    code = "CLOCK-E010"

    def __init__(self, key: str, at: datetime, stop: datetime) -> None:
        super().__init__(
            f"恢复于 {_local(at)}，早于暂停 {_local(stop)}", place=key, next_step="核对两个时间"
        )


class ExtensionWithoutApproval(ClockError):
    """An extension without a length, an approver or a reason."""

    code = "CLOCK-E011"

    def __init__(self, key: str) -> None:
        super().__init__(
            "延期须写明天数（至少 1）、批准人和理由", place=key, next_step="补齐后再记录"
        )


class RemovesNothing(ClockError):
    """A removal that names no stop, resume or extension recorded before it."""

    code = "CLOCK-E012"

    def __init__(self, key: str, removes: str) -> None:
        super().__init__(
            f"没有可以撤销的记录“{removes}”",
            place=key,
            next_step="只能撤销先前记录的暂停、恢复或延期",
        )


class PromiseBeyondLaw(ClockError):
    """A promised limit that is longer than the limit of the law."""

    code = "CLOCK-E013"

    def __init__(self, promised: str, legal: str) -> None:
        super().__init__(
            f"承诺时限（{promised}）长于法定时限（{legal}）",
            place="承诺时限",
            next_step="把承诺时限改为不长于法定时限",
        )
