"""What can go wrong with indicators and their figures."""

from collections.abc import Iterable
from datetime import date

from yinuo.kernel.errors import Faulty, Plain, YinuoError


class UnknownIndicator(Plain):
    """No such indicator, or none that the viewer may see."""

    code = "INDICATOR-E010"
    status = 404
    said = "没有编号为 {place} 的指标"
    step = "请核对编号"


class UnknownSeries(YinuoError):
    """The indicator has no figures for that subject or period that the viewer may see."""

    code = "INDICATOR-E011"
    status = 404

    def __init__(self, indicator: str, what: str) -> None:
        super().__init__(
            f"指标 {indicator} 没有“{what}”的数据", place=indicator, next_step="请核对对象和期间"
        )


class UnknownLoad(Plain):
    """No such load, or none that the viewer may see."""

    code = "INDICATOR-E012"
    status = 404
    said = "没有编号为 {place} 的数据批次"
    step = "请核对编号"


class LoadDecided(YinuoError):
    """The load was released or refused before."""

    code = "INDICATOR-E013"
    status = 409

    def __init__(self, code: str, state: str) -> None:
        super().__init__(
            f"这一批数据{state}，不能再决定", place=code, next_step="请刷新页面，看清最新状态"
        )


class FiguresRefused(YinuoError):
    """The file holds nothing that can be taken in."""

    code = "INDICATOR-E014"
    status = 409

    def __init__(self, file: str, aside: int) -> None:
        super().__init__(
            f"没有可以收下的数据：{aside:,} 行都有问题，没有写任何记录",
            place=file,
            next_step="请按所列单元格改正，再检查一次",
        )


class QuestionsOpen(YinuoError):
    """Questions about the file have no answer yet."""

    code = "INDICATOR-E015"
    status = 409

    def __init__(self, file: str, numbers: Iterable[int]) -> None:
        told = "、".join(map(str, numbers))
        super().__init__(
            f"还有疑问没有回答：{told}",
            place=file,
            next_step="请逐个回答照收、按建议改还是不收；命令行用 --accept、--change、--aside",
        )


class LimitsMissing(YinuoError):
    """Nothing says from what on a figure is worth a question."""

    code = "INDICATOR-E016"
    status = 409

    def __init__(self, file: str, on: date) -> None:
        super().__init__(
            f"{on} 没有生效的数据检查表",
            place=file,
            next_step=f"请用 yinuo content publish 发布 {file}",
        )


class LimitsUnfit(YinuoError):
    """The limits in force do not say all that is needed."""

    code = "INDICATOR-E017"
    status = 500

    def __init__(self, file: str, faults: Iterable[str]) -> None:
        super().__init__(
            "；".join(faults),
            place=file,
            next_step="请改好“数据检查”表，用 yinuo content publish 重新发布",
        )


class AlreadyBound(YinuoError):
    """The promise moves with another series."""

    code = "INDICATOR-E018"
    status = 409

    def __init__(self, commitment: str, indicator: str) -> None:
        super().__init__(
            f"这项承诺已经随指标 {indicator} 变动",
            place=commitment,
            next_step="请先解除，再连接另一个指标",
        )


class DefinedOtherwise(YinuoError):
    """An indicator of this code exists and says something else."""

    code = "INDICATOR-E019"
    status = 409

    def __init__(self, code: str, fields: Iterable[str]) -> None:
        super().__init__(
            f"指标已有数据，不能改动{'、'.join(fields)}：同一编号只能是同一种数",
            place=code,
            next_step="请另立一个指标，两者互相写进“易混指标”",
        )


class NothingStated(YinuoError):
    """There is no stated comparison from which a base could be inferred."""

    code = "INDICATOR-E020"
    status = 409

    def __init__(self, indicator: str, what: str) -> None:
        super().__init__(
            f"没有可以推算的依据：{what}",
            place=indicator,
            next_step="请先收下数值和所称的比率，或核对期间",
        )


class UnknownUpload(YinuoError):
    """No such file of this person waits to be taken in."""

    code = "INDICATOR-E021"
    status = 404

    def __init__(self, number: int) -> None:
        super().__init__(
            "没有这个待收的数据文件", place=f"第 {number} 号", next_step="请重新上传文件"
        )


class FileUnreadable(YinuoError):
    """The file is neither a workbook nor a CSV that can be read."""

    code = "INDICATOR-E022"

    def __init__(self, file: str, what: str, next_step: str) -> None:
        super().__init__(what, place=file, next_step=next_step)


class FiguresMeanwhile(Plain):
    """Somebody took in figures of the same cells at the same time."""

    code = "INDICATOR-E023"
    status = 409
    said = "检查之后，同样的数据有了新的一版，没有写任何记录"
    step = "请再检查一次，看过差异后再收下"


class FileFaulty(Faulty):
    """The file as a whole, its definitions or bindings have faults; nothing was taken in."""

    code = "INDICATOR-E024"
    status = 409
    said = "有 {count:,} 处错误，整个文件没有收下；第一处：{first}"
