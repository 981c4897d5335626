"""What can go wrong with reports, objections and repairs."""

from collections.abc import Sequence

from yinuo.kernel.errors import Plain, YinuoError


class NotOwnRecord(Plain):
    """No such record among those of the subject; whether it is another's is not said."""

    code = "CREDIT-E131"
    status = 404
    said = "您的信用记录里没有这一条"
    step = "请从“我的信用”里打开"
    longest = 40


class ObjectionStands(Plain):
    """An objection to the record is being answered."""

    code = "CREDIT-E132"
    status = 409
    said = "这条记录的异议正在办理"
    step = "请等答复，或先撤回"


class UnknownObjection(Plain):
    """No such objection, or not one of the viewer's."""

    code = "CREDIT-E133"
    status = 404
    said = "没有这件异议"
    step = "请核对编号"
    longest = 40


class UnknownRepair(Plain):
    """No such request for repair, or not one of the viewer's."""

    code = "CREDIT-E134"
    status = 404
    said = "没有这件修复申请"
    step = "请核对编号"
    longest = 40


class RepairNotYet(YinuoError):
    """Conditions of the repair are not met; every one of them is told."""

    code = "CREDIT-E135"
    status = 409

    def __init__(self, place: str, unmet: Sequence[str]) -> None:
        self.unmet = tuple(unmet)
        super().__init__(
            "还不能修复：" + "；".join(unmet), place=place, next_step="条件都满足以后再办"
        )


class RepairStands(Plain):
    """The record is repaired, or a request for it is being decided."""

    code = "CREDIT-E136"
    status = 409
    said = "这条记录已经修复或者正在办理"
    step = "请看“我的信用”里的进度"


class SamePerson(Plain):
    """Whoever accepted the request may not decide on it."""

    code = "CREDIT-E137"
    status = 403
    said = "受理人不能自己决定，须由另一人"
    step = "请另一位经办人决定"


class FacesMissing(Plain):
    """No face for PDF lies where the installation says."""

    code = "CREDIT-E138"
    status = 500
    said = "没有可用来排 PDF 的字体"
    step = "请重新安装，或在这个目录里放一套宋体（.ttf 或 .otf）"
