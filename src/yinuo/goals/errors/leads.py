"""What can go wrong with delegations and leads."""

from yinuo.kernel.errors import Faulty, Plain, WrongStep, YinuoError


class UnknownLead(Plain):
    """No such lead, or none that the viewer may see."""

    code = "LEAD-E001"
    status = 404
    said = "没有编号为 {place} 的线索"
    step = "请核对编号"


class UnknownDelegation(Plain):
    """No such delegation, or none that the viewer may see."""

    code = "LEAD-E002"
    status = 404
    said = "没有编号为 {place} 的出访团组"
    step = "请核对编号"


class UnknownFact(Plain):
    """No such registration, start or payment."""

    code = "LEAD-E003"
    status = 404
    said = "没有编号为 {place} 的进展"
    step = "请从线索页面打开"


class CodeTaken(Plain):
    """The code is registered already."""

    code = "LEAD-E004"
    status = 409
    said = "编号 {place} 已经登记"
    step = "请换一个编号，或留空由系统编号"


class FactDecided(YinuoError):
    """The fact was confirmed or refused before."""

    code = "LEAD-E005"
    status = 409

    def __init__(self, code: str, status: str) -> None:
        super().__init__(f"这一条已经处理：{status}", place=code, next_step="请刷新页面")


class NotSigned(YinuoError):
    """Nothing was signed yet, so there is nothing to land."""

    code = "LEAD-E006"
    status = 409

    def __init__(self, code: str, wanted: str) -> None:
        super().__init__(
            f"还没有签约，不能{wanted}", place=code, next_step="请先在线索上补登签约日期"
        )


class BetweenFirms(Plain):
    """Firms agreed among themselves; no authority owes anything by it."""

    code = "LEAD-E007"
    status = 409
    said = "这是企业间协议，没有负责落地的政府单位，不能直接成为承诺"
    step = "有单位自己承担了什么（如供地、配套），请在“单位承担的事项”里写明，再登记"


class AlreadyUndertaken(YinuoError):
    """A unit has undertaken it already."""

    code = "LEAD-E008"
    status = 409

    def __init__(self, code: str, commitment: str) -> None:
        super().__init__(
            f"已经登记为承诺 {commitment}",
            place=code,
            next_step="调整时限、移交单位，请在承诺页面上申请",
        )


class AlreadyProject(YinuoError):
    """The lead became a project already."""

    code = "LEAD-E009"
    status = 409

    def __init__(self, code: str, project: str) -> None:
        super().__init__(
            f"已经转为项目 {project}", place=code, next_step="以后的进度请在项目页面上填"
        )


class NoUnit(YinuoError):
    """Nobody follows the lead."""

    code = "LEAD-E010"
    status = 409

    def __init__(self, code: str, wanted: str) -> None:
        super().__init__(
            f"没有跟进单位，不能{wanted}", place=code, next_step="请先修改线索，填上跟进单位"
        )


class GivenUp(WrongStep):
    """The lead is shelved or ended."""

    code = "LEAD-E011"
    said = "线索已{state}，不能{wanted}"
    step = "请先恢复跟进"


class LeadsRefused(Faulty):
    """The workbook has errors; nothing was taken in."""

    code = "LEAD-E012"
    status = 409
    said = "有 {count:,} 处错误，整个文件没有导入"
    step = "请按所列单元格改正，再重新导入"


class LeadsOutdated(Plain):
    """The register changed between preview and import."""

    code = "LEAD-E013"
    status = 409
    said = "预览之后，已登记的线索有变化，没有导入"
    step = "请重新预览，看过后再确认"


class LeadConfirmed(Plain):
    """The office has looked at it already."""

    code = "LEAD-E014"
    status = 409
    said = "已经核对过"
    step = "请刷新页面"
