"""What can go wrong with doubts."""

from collections.abc import Iterable
from datetime import date

from yinuo.kernel.errors import Plain, WrongStep, YinuoError


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


class UnknownDoubt(Plain):
    """No such doubt, or none that the viewer may see."""

    code = "DOUBT-E003"
    status = 404
    said = "没有编号为 {place} 的疑点"
    step = "请核对编号"


class DoubtState(WrongStep):
    """The doubt is not in a state that allows this."""

    code = "DOUBT-E004"
    said = "这个疑点当前为“{state}”，不能{wanted}"
