"""What can go wrong with building projects, joint cases, utilities and their tables."""

from collections.abc import Sequence
from datetime import datetime

from yinuo.kernel.errors import Faulty, Plain, YinuoError


class BadFlow(Faulty):
    """A table of `content/construction/` with faults; `findings` holds every one of them."""

    code = "CASE-E601"
    status = 500
    said = "工程建设审批流程的表有 {count} 处错误，第一处：{first}"


class UnknownFlow(YinuoError):
    """No such approval flow, or no such stage in it."""

    code = "CASE-E602"
    status = 404

    def __init__(self, code: str, what: str = "审批流程") -> None:
        super().__init__(
            f"没有代码为 {code} 的{what}", place=code, next_step="请核对 content/construction/ 的表"
        )


class UnknownBuilding(Plain):
    """No such building project, or none that the viewer may see."""

    code = "CASE-E603"
    status = 404
    said = "没有项目代码为 {place} 的工程建设项目"
    step = "请核对代码"


class BuildingTaken(Plain):
    """The project code is registered already."""

    code = "CASE-E604"
    status = 409
    said = "项目代码 {place} 已经登记"
    step = "请打开已登记的项目，或核对代码"


class UnknownJoint(Plain):
    """No such joint case, or none that the viewer may see."""

    code = "CASE-E605"
    status = 404
    said = "没有编号为 {place} 的联办件"
    step = "请核对编号"


class StageRunning(YinuoError):
    """The stage has a joint case that is still open, or it has ended."""

    code = "CASE-E606"
    status = 409

    def __init__(self, project: str, stage: str, state: str) -> None:
        super().__init__(
            f"“{stage}”阶段{state}", place=project, next_step="请打开项目页面，看清这个阶段的现状"
        )


class PreviousOpen(YinuoError):
    """Items that come first have not been granted."""

    code = "CASE-E607"
    status = 409

    def __init__(self, project: str, waiting: Sequence[str]) -> None:
        super().__init__(
            f"前置事项还没有办结通过：{'、'.join(waiting)}",
            place=project,
            next_step="请先办完前置事项；情况特殊的，请主管单位在流程表中调整前置关系",
        )


class UnknownUtilityNotice(Plain):
    """No such notice to a utility, or none that the viewer may see."""

    code = "CASE-E608"
    status = 404
    said = "没有编号为 {place} 的接入告知"
    step = "请从项目页面打开"


class ForgedUtilityLink(YinuoError):
    """A link that no installation key has made, or that was replaced by a newer one."""

    code = "CASE-E609"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "这个链接无效：不是本系统发出的，或者已经换发了新的",
            next_step="请向发来链接的主管单位索取新链接",
        )


class ExpiredUtilityLink(YinuoError):
    """A link whose time has run out."""

    code = "CASE-E610"
    status = 410

    def __init__(self, expired_at: datetime) -> None:
        super().__init__(
            f"这个链接已在 {expired_at:%Y-%m-%d} 到期",
            next_step="请向发来链接的主管单位索取新链接",
        )


class UtilityDone(YinuoError):
    """The step was taken already: a utility answers once and connects once."""

    code = "CASE-E611"
    status = 409

    def __init__(self, code: str, state: str) -> None:
        super().__init__(f"现在不能这样做：{state}", place=code, next_step="请刷新页面，看清现状")


class UnknownBuildingTrack(YinuoError):
    """No building project has this 查询码. The same answer whatever was typed."""

    code = "CASE-E612"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "没有找到这个查询码对应的项目",
            next_step="请照登记回执重新填写；遗失的，请到登记单位凭证件换发",
        )


class TablesRefused(Faulty):
    """SPGL tables that cannot be read at all; `findings` says why."""

    code = "CASE-E613"
    said = "表格读不了，共 {count} 处，第一处：{first}"


class NotFitting(YinuoError):
    """An item of SPGL tables that does not fit what is registered here."""

    code = "CASE-E614"
    status = 409

    def __init__(self, key: str, what: str) -> None:
        super().__init__(what, place=key, next_step="补上缺少的登记，或改正来源数据后再次导入")
