"""What can go wrong with snapshots."""

from yinuo.kernel.errors import Plain, YinuoError


class UnknownSnapshot(Plain):
    """No such snapshot, or none that the viewer may see."""

    code = "SNAP-E001"
    status = 404
    said = "没有编号为 {place} 的调度会数据"
    step = "请核对编号，或回到列表查看"


class SnapshotInvalid(YinuoError):
    """What was typed for a snapshot breaks a rule, each fault with its field."""

    code = "SNAP-E002"

    def __init__(self, faults: tuple[tuple[str, str], ...]) -> None:
        self.faults = faults
        super().__init__(
            "；".join(what for _field, what in faults),
            place="调度会数据",
            next_step="请改正后重新提交",
        )


class SnapshotExists(Plain):
    """Somebody else took one under the same number in the same moment."""

    code = "SNAP-E003"
    status = 409
    said = "{place} 刚刚已由他人生成"
    step = "请先看它是否够用；仍需要，再生成一次"


class AlreadyReleased(Plain):
    """A snapshot is released once."""

    code = "SNAP-E004"
    status = 409
    said = "{place} 已经发放"
    step = "请刷新页面，看清最新状态"


class TilesRefused(YinuoError):
    """The map of tiles cannot be read; every fault with its line."""

    code = "SNAP-E005"

    def __init__(self, file: str, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__(
            "；".join(faults),
            place=file,
            next_step="表头为 unit,column,row；列和行从 1 到 12，每格只放一个单位",
        )
