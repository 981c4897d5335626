"""What can go wrong with problems and ratings."""

from collections.abc import Sequence

from yinuo.kernel.errors import Faulty, Plain, WrongStep, YinuoError


class BadAreas(Faulty):
    """content/problems/areas.csv with faults; `findings` holds every one of them."""

    code = "CASE-E701"
    status = 500
    said = "问题领域的表有 {count} 处错误，第一处：{first}"


class NoTerms(YinuoError):
    """No published table says how long a problem of the area may take."""

    code = "CASE-E702"
    status = 409

    def __init__(self, area: str) -> None:
        super().__init__(
            f"没有生效的规则规定“{area}”多久认领、多久答复",
            place="tables/problems.xlsx",
            next_step="请管理员发布“问题清零规则表”，再提出问题",
        )


class UnknownProblem(Plain):
    """No such problem, or none that the viewer may see."""

    code = "CASE-E703"
    status = 404
    said = "没有编号为 {place} 的问题"
    step = "请核对问题编号"


class UnknownProblemTrack(YinuoError):
    """No problem goes by this 查询码; the answer is the same for every wrong one."""

    code = "CASE-E704"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "没有找到这个查询码对应的问题",
            place="查询码",
            next_step="请照提出问题时给出的 16 位查询码核对；遗失的，请重新提出",
        )


class WrongProblemState(WrongStep):
    """The problem is not in a state that allows this."""

    code = "CASE-E705"
    said = "问题当前状态为“{state}”，不能{wanted}"


class TooLateToReopen(YinuoError):
    """The days within which it may be raised again by its code are over."""

    code = "CASE-E706"
    status = 409

    def __init__(self, code: str, days: int) -> None:
        super().__init__(
            f"清零或终结已超过 {days} 天，不能再用这个查询码重新提出",
            place=code,
            next_step="请作为新问题提出，并写上原来的问题编号",
        )


class UnknownGroup(Plain):
    """No such group or task force, or none that the viewer may see."""

    code = "CASE-E707"
    status = 404
    said = "没有编号为 {place} 的同类问题或专班"
    step = "请从问题页面打开"


class NoTitle(Plain):
    """Nobody has written what the public may read."""

    code = "CASE-E708"
    status = 409
    said = "还没有写公开用的标题"
    step = "请先写一句不含姓名和企业名称的标题"


class TakenDownByOwner(YinuoError):
    """Whoever may have to solve a problem would hold the 查询码 with which it is closed."""

    code = "CASE-E830"
    status = 403

    def __init__(self, area: str, units: Sequence[str]) -> None:
        super().__init__(
            f"您任职的单位可能要办理“{area}”的问题，不能代提出人登记",
            place="、".join(units),
            next_step="请提出人自己在网上提出，或请服务窗口、热线的人员代为登记",
        )


class RatedBefore(YinuoError):
    """This contact was rated already: once each."""

    code = "CASE-E720"
    status = 409

    def __init__(self, case: str, contact: str) -> None:
        super().__init__(
            f"“{contact}”这一环节已经评价过，每个环节只能评价一次",
            place=case,
            next_step="其他环节还可以评价；有问题没有解决，请提出问题",
        )


class UnknownRating(Plain):
    """No such rating or rectification, or none that the viewer may see."""

    code = "CASE-E721"
    status = 404
    said = "没有编号为 {place} 的评价"
    step = "请从评价列表打开"


class WrongRectification(WrongStep):
    """The step does not follow on the last one."""

    code = "CASE-E722"
    said = "差评整改当前为“{state}”，不能{wanted}"
    step = "请刷新页面再办"


class NotYetThere(YinuoError):
    """The case has not come to that contact."""

    code = "CASE-E723"
    status = 409

    def __init__(self, case: str, contact: str) -> None:
        super().__init__(
            f"办件还没有到“{contact}”这一环节，不能评价",
            place=case,
            next_step="请在这一环节之后再评价",
        )
