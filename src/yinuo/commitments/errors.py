"""What can go wrong with a commitment."""

from django.utils.translation import gettext

from yinuo.kernel.errors import InvalidFields, WrongStep, YinuoError


class UnknownCommitment(YinuoError):
    """No such commitment, or none that the viewer may see."""

    code = "COMMIT-E002"
    status = 404

    def __init__(self, code: str) -> None:
        super().__init__(
            gettext("没有编号为 %(code)s 的承诺") % {"code": code},
            place=code,
            next_step=gettext("请核对编号"),
        )


class WrongState(WrongStep):
    """The commitment is not in a state that allows this."""

    code = "COMMIT-E003"


class Invalid(InvalidFields):
    """Values that break a rule, each with its field."""

    code = "COMMIT-E004"


class ChangeWaiting(YinuoError):
    """A change of the same kind already waits for a decision."""

    code = "COMMIT-E005"
    status = 409

    def __init__(self, code: str, label: str) -> None:
        super().__init__(
            f"已有一项“{label}”申请待批准", place=code, next_step="请等它有结果后再申请"
        )


class ChangeDecided(YinuoError):
    """The change was decided before."""

    code = "COMMIT-E006"
    status = 409

    def __init__(self, code: str, state: str) -> None:
        super().__init__(f"这项申请已处理：{state}", place=code, next_step="请刷新页面")


class ChangeOutdated(YinuoError):
    """The commitment changed after the request was made, so its old values no longer hold."""

    code = "COMMIT-E007"
    status = 409

    def __init__(self, code: str) -> None:
        super().__init__(
            "提出申请之后，承诺的相应内容已变",
            place=code,
            next_step="请不予批准这项申请，由申请人按现状重新提出",
        )


class ThroughSheet(YinuoError):
    """What is declared done by handing in a sheet, and in no other way."""

    code = "COMMIT-E009"
    status = 409

    def __init__(self, code: str) -> None:
        super().__init__(
            "调度报送在报送表里填写和提交，不能单独报送或申请销号",
            place=code,
            next_step="请打开这一期的报送表",
        )


class ThroughOrigin(YinuoError):
    """What is declared done and judged only where it arose."""

    code = "COMMIT-E010"
    status = 409

    def __init__(self, code: str, label: str) -> None:
        super().__init__(
            f"“{label}”的承诺不在这里申请销号、核实或免除",
            place=code,
            next_step="请打开它所属的问题：由提出人确认，单位和督查人都不能代替",
        )


class PromisedByOthers(YinuoError):
    """What a firm or person promised to the city has no unit that could owe it."""

    code = "COMMIT-E011"
    status = 409

    def __init__(self, code: str, label: str, wanted: str) -> None:
        super().__init__(
            f"“{label}”是企业或群众作出的承诺，没有责任单位，不能{wanted}",
            place=code,
            next_step="请在受理它的办件或申请里办理",
        )


class UnknownWait(YinuoError):
    """No such claim to wait, or none that the viewer may see."""

    code = "COMMIT-E040"
    status = 404

    def __init__(self, code: str) -> None:
        super().__init__(f"没有编号为 {code} 的卡点", place=code, next_step="请核对编号")


class UnknownEvidence(YinuoError):
    """No such file, or none that the viewer may see."""

    code = "COMMIT-E060"
    status = 404

    def __init__(self, code: str) -> None:
        super().__init__(
            gettext("没有编号为 %(code)s 的佐证材料") % {"code": code},
            place=code,
            next_step=gettext("请从承诺页面打开"),
        )


class EvidenceErased(YinuoError):
    """The file was erased by law."""

    code = "COMMIT-E061"
    status = 410

    def __init__(self, code: str) -> None:
        super().__init__(
            gettext("文件已依法删除"),
            place=code,
            next_step=gettext("依据和日期见这份材料的页面"),
        )
