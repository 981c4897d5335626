"""What can go wrong with the steps of supervision."""

from collections.abc import Sequence

from yinuo.kernel.errors import Plain, WrongStep, YinuoError


class UnknownOrder(Plain):
    """No such order, or none that the viewer may see."""

    code = "ORDER-E001"
    status = 404
    said = "没有编号为 {place} 的督办"
    step = "请核对编号"


class NotSupervisable(YinuoError):
    """Commitments on which the viewer can take no step, each with the reason."""

    code = "ORDER-E002"
    status = 409

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "；".join(f"{code} {why}" for code, why in self.faults),
            place="、".join(code for code, _ in self.faults),
            next_step="请去掉这几项再提交",
        )


class NoSupervisionTable(YinuoError):
    """The table that says how a step is handled is not in force, or does not say."""

    code = "ORDER-E003"
    status = 409

    def __init__(self, name: str, lacking: str) -> None:
        super().__init__(
            f"督导规则表里没有{lacking}",
            place=name,
            next_step=f"请管理员检查并发布：yinuo content publish {name.rpartition('/')[2]}",
        )


class WrongOrderState(WrongStep):
    """The order is not in a state that allows this."""

    code = "ORDER-E004"
    said = "这件督办现在是“{state}”，不能{wanted}"


class SeveralOffices(YinuoError):
    """Commitments of several supervising units in one letter."""

    code = "ORDER-E005"

    def __init__(self, offices: Sequence[str]) -> None:
        super().__init__(
            f"选中的任务分属 {'、'.join(offices)} 督查，不能写在一起",
            place="commitments",
            next_step="请按督查单位分次办理",
        )


class AlreadyRunning(YinuoError):
    """The same step runs already on a commitment."""

    code = "ORDER-E006"
    status = 409

    def __init__(self, commitment: str, order: str, label: str) -> None:
        super().__init__(
            f"{commitment} 已有一件{label}在办（{order}）",
            place=commitment,
            next_step=f"请先办完或撤销 {order}",
        )


class NotExtendable(YinuoError):
    """The table allows no more time for this step."""

    code = "ORDER-E007"
    status = 409

    def __init__(self, code: str, label: str) -> None:
        super().__init__(
            f"按督导规则表，{label}不能延期", place=code, next_step="请按期回复，困难写在回复里"
        )
