"""What can go wrong with a case."""

from yinuo.kernel.errors import Plain, WrongStep, YinuoError


class UnknownCase(Plain):
    """No such case, or none that the viewer may see."""

    code = "CASE-E301"
    status = 404
    said = "没有编号为 {place} 的办件"
    step = "请核对办件编号"


class UnknownTrack(YinuoError):
    """No case goes by this 查询码; the answer is the same for every wrong one."""

    code = "CASE-E302"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "没有找到这个查询码对应的办件",
            place="查询码",
            next_step="请照受理回执核对 16 位查询码；遗失的，带证件到窗口查询",
        )


class WrongCaseState(WrongStep):
    """The case is not in a state that allows this."""

    code = "CASE-E303"
    said = "办件当前状态为“{state}”，不能{wanted}"


class ExtensionWaiting(Plain):
    """An extension of the same case already waits for a decision."""

    code = "CASE-E304"
    status = 409
    said = "已有一项延期申请待批准"
    step = "请等它有结果后再申请"


class UnknownExtension(Plain):
    """No such request, or none that the viewer may see."""

    code = "CASE-E305"
    status = 404
    said = "没有编号为 {place} 的延期申请"
    step = "请从办件页面打开"


class ExtensionDecided(Plain):
    """The request was decided before."""

    code = "CASE-E306"
    status = 409
    said = "这项延期申请已经处理"
    step = "请刷新页面"


class NotFavourable(YinuoError):
    """A newer version of the item that is not better for the applicant in everything."""

    code = "CASE-E307"
    status = 409

    def __init__(self, code: str, against: str) -> None:
        super().__init__(
            f"新版办事指南不全是对申请人有利的变化：{against}",
            place=code,
            next_step="在办件按收件时的版本办完",
        )


class BadCaseCursor(Plain):
    """The link to the next page of a list is damaged."""

    code = "CASE-E310"
    said = "下一页的链接不完整"
    step = "请从列表首页重新翻起"
    longest = 60


class ToldElsewhere(YinuoError):
    """A step on a case of which a window's own system tells: its next event would undo it."""

    code = "CASE-E308"
    status = 409

    def __init__(self, case: str, source: str, wanted: str) -> None:
        super().__init__(
            f"这个办件由窗口系统 {source} 传来，不能在这里{wanted}",
            place=case,
            next_step="请在窗口系统里办理，随后的事件会传来；容缺和告知承诺可以在这里登记",
        )
