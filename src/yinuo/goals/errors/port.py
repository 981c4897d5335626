"""What can go wrong with logs of declarations and what is measured in them."""

from collections.abc import Sequence
from datetime import date

from yinuo.kernel.errors import Plain, WrongStep, YinuoError


class NoRules(YinuoError):
    """Nobody has published how clearance is measured."""

    code = "PORT-E011"
    status = 409

    def __init__(self, name: str, on: date) -> None:
        super().__init__(
            f"{on} 没有有效的通关时间规则，不知道去掉哪些极端值",
            place=name,
            next_step=f"请管理员发布：yinuo content publish {name}",
        )


class RulesUnfit(YinuoError):
    """The published table does not say all that is needed."""

    code = "PORT-E012"
    status = 409

    def __init__(self, place: str, faults: Sequence[str]) -> None:
        super().__init__(
            f"通关时间规则不能用：{'；'.join(faults)}",
            place=place,
            next_step="请改好规则表，再发布一版",
        )


class UnknownBatch(Plain):
    """No such batch, or none that the viewer may see."""

    code = "PORT-E013"
    status = 404
    said = "没有批次 {place}"
    step = "请在“通关数据批次”页面查看您能看的批次"


class UnknownResult(Plain):
    """No such result, or none that the viewer may see."""

    code = "PORT-E014"
    status = 404
    said = "没有计算结果 {place}"
    step = "请在“通关数据批次”页面查看计算结果"


class WrongBatchState(WrongStep):
    """The step does not follow from the state of the batch or result."""

    code = "PORT-E015"
    said = "{code} 现在是“{state}”，不能{wanted}"
    step = "请刷新页面，看它现在可以做什么"


class BatchWithdrawn(Plain):
    """The same files came once before and were withdrawn."""

    code = "PORT-E016"
    status = 409
    said = "同样的文件曾作为批次 {place} 装入，已经撤回"
    step = "请导出改正后的日志再装入；内容不同就是新的批次"


class SimulatedMixed(YinuoError):
    """Made-up and real declarations were to be measured together."""

    code = "PORT-E017"
    status = 409

    def __init__(self, code: str, *, new_is_simulated: bool) -> None:
        new, old = ("模拟", "真实") if new_is_simulated else ("真实", "模拟")
        super().__init__(
            f"这是{new}日志，而已装入的批次 {code} 是{old}日志，不能一起计算",
            place=code,
            next_step=f"请先撤回{old}批次，或在另一处安装里装入{new}日志",
        )


class BatchesChanged(Plain):
    """Another batch came or went while clearance was being measured."""

    code = "PORT-E018"
    status = 409
    said = "计算期间，另有批次装入或撤回，没有写入任何记录"
    step = "请再运行一次；已经读入的文件不会重读"


class NothingAccepted(YinuoError):
    """Not one row of the files can be used."""

    code = "PORT-E019"
    status = 409

    def __init__(self, place: str, reasons: Sequence[str]) -> None:
        super().__init__(
            f"没有一行可用：{'；'.join(reasons) or '文件里没有数据行'}",
            place=place,
            next_step="请核对列名、环节名称和时间的写法，见 docs/how-to/watch-clearance-times.md",
        )


class LogTooLarge(YinuoError):
    """The file is more than a page takes."""

    code = "PORT-E020"
    status = 413

    def __init__(self, name: str, size: int, largest: int) -> None:
        super().__init__(
            f"文件有 {size / 2**20:.1f} MB，网页上传最多 {largest >> 20} MB",
            place=name,
            next_step="更大的日志请在服务器上运行 yinuo port load",
        )


class NothingToMeasure(Plain):
    """A unit without any batch."""

    code = "PORT-E023"
    status = 409
    said = "没有可以计算的批次"
    step = "请先装入申报日志：yinuo port load"


class NoIndicator(YinuoError):
    """The monthly means have no indicator to become figures of."""

    code = "PORT-E024"
    status = 409

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"没有名为“{'”“'.join(names)}”的指标",
            place="、".join(names),
            next_step="请管理员先定义这两个指标：yinuo indicators import",
        )
