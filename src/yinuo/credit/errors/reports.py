"""What can go wrong with reports, objections and repairs."""

from collections.abc import Sequence

from yinuo.kernel.errors import YinuoError


class NotOwnRecord(YinuoError):
    """No such record among those of the subject; whether it is another's is not said."""

    code = "CREDIT-E131"
    status = 404

    def __init__(self, record: str) -> None:
        super().__init__(
            "您的信用记录里没有这一条", place=record[:40], next_step="请从“我的信用”里打开"
        )


class ObjectionStands(YinuoError):
    """An objection to the record is being answered."""

    code = "CREDIT-E132"
    status = 409

    def __init__(self, code: str) -> None:
        super().__init__("这条记录的异议正在办理", place=code, next_step="请等答复，或先撤回")


class UnknownObjection(YinuoError):
    """No such objection, or not one of the viewer's."""

    code = "CREDIT-E133"
    status = 404

    def __init__(self, code: str) -> None:
        super().__init__("没有这件异议", place=code[:40], next_step="请核对编号")


class UnknownRepair(YinuoError):
    """No such request for repair, or not one of the viewer's."""

    code = "CREDIT-E134"
    status = 404

    def __init__(self, code: str) -> None:
        super().__init__("没有这件修复申请", place=code[:40], next_step="请核对编号")


class RepairNotYet(YinuoError):
    """Conditions of the repair are not met; every one of them is told."""

    code = "CREDIT-E135"
    status = 409

    def __init__(self, place: str, unmet: Sequence[str]) -> None:
        self.unmet = tuple(unmet)
        super().__init__(
            "还不能修复：" + "；".join(unmet), place=place, next_step="条件都满足以后再办"
        )


class RepairStands(YinuoError):
    """The record is repaired, or a request for it is being decided."""

    code = "CREDIT-E136"
    status = 409

    def __init__(self, code: str) -> None:
        super().__init__(
            "这条记录已经修复或者正在办理", place=code, next_step="请看“我的信用”里的进度"
        )


class SamePerson(YinuoError):
    """Whoever accepted the request may not decide on it."""

    code = "CREDIT-E137"
    status = 403

    def __init__(self, code: str) -> None:
        super().__init__(
            "受理人不能自己决定，须由另一人", place=code, next_step="请另一位经办人决定"
        )


class FacesMissing(YinuoError):
    """No face for PDF lies where the installation says."""

    code = "CREDIT-E138"
    status = 500

    def __init__(self, place: str) -> None:
        super().__init__(
            "没有可用来排 PDF 的字体",
            place=place,
            next_step="请重新安装，或在这个目录里放一套宋体（.ttf 或 .otf）",
        )
