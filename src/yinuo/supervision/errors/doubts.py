"""What can go wrong with doubts."""

from collections.abc import Iterable
from datetime import date

from yinuo.kernel.errors import YinuoError


class ThresholdsUnfit(YinuoError):
    """The thresholds in force do not say all that is needed."""

    code = "DOUBT-E001"
    status = 500

    def __init__(self, file: str, faults: Iterable[str]) -> None:
        super().__init__(
            "；".join(faults),
            place=file,
            next_step="请改好“疑点阈值”表，用 yinuo content publish 重新发布",
        )


class NoThresholds(YinuoError):
    """Nothing says from what on something is worth a question."""

    code = "DOUBT-E002"
    status = 409

    def __init__(self, file: str, on: date) -> None:
        super().__init__(
            f"{on} 没有生效的疑点阈值",
            place=file,
            next_step=f"请用 yinuo content publish 发布 {file}；发布以后，之前的材料都会补查",
        )


class UnknownDoubt(YinuoError):
    """No such doubt, or none that the viewer may see."""

    code = "DOUBT-E003"
    status = 404

    def __init__(self, code: str) -> None:
        super().__init__(f"没有编号为 {code} 的疑点", place=code, next_step="请核对编号")


class DoubtState(YinuoError):
    """The doubt is not in a state that allows this."""

    code = "DOUBT-E004"
    status = 409

    def __init__(self, code: str, state: str, wanted: str) -> None:
        super().__init__(
            f"这个疑点当前为“{state}”，不能{wanted}",
            place=code,
            next_step="请刷新页面，看清最新状态",
        )
