"""What can go wrong with deferrals, declarations, letters and consents."""

from yinuo.kernel.errors import Plain, WrongStep, YinuoError


class UnknownDeferral(Plain):
    """No such deferral, or none that the viewer may see."""

    code = "CASE-E501"
    status = 404
    said = "没有编号为 {place} 的容缺承诺"
    step = "请从办件页面打开"


class UnknownDeclaration(Plain):
    """No such declaration, or none that the viewer may see."""

    code = "CASE-E502"
    status = 404
    said = "没有编号为 {place} 的告知承诺"
    step = "请从办件页面打开"


class UnknownLetter(Plain):
    """No such letter, or none that the viewer may see."""

    code = "CASE-E503"
    status = 404
    said = "没有编码为 {place} 的信用承诺书"
    step = "请核对 20 位承诺编码"


class WrongPromiseState(WrongStep):
    """The deferral or declaration is not in a state that allows this."""

    code = "CASE-E504"


class CaseEnded(YinuoError):
    """The case has come to an end in which nothing is waited for any more."""

    code = "CASE-E505"
    status = 409

    def __init__(self, code: str, wanted: str) -> None:
        super().__init__(
            f"办件已经终结，不能{wanted}",
            place=code,
            next_step="没有补交的材料不必再补；请办理单位登记“不必再补”",
        )


class NoRegion(Plain):
    """The unit has no region code, so that a letter it takes in cannot be numbered."""

    code = "CASE-E506"
    status = 409
    said = "单位 {place} 及其上级都没有行政区划代码，承诺书无法编码"
    step = "请管理员在单位登记中补上行政区划代码"


class UnknownConsent(Plain):
    """No such consent, or none that the viewer may see."""

    code = "CASE-E507"
    status = 404
    said = "没有编号为 {place} 的同意书"
    step = "请从办件页面打开"


class NothingHeld(YinuoError):
    """The source has no such document of this applicant."""

    code = "CASE-E508"
    status = 409

    def __init__(self, source: str, name: str) -> None:
        super().__init__(
            f"“{source}”里没有查到申请人的“{name}”",
            place=source,
            next_step="请改为上传，或到窗口提交；不影响受理",
        )


class SourceUnreadable(YinuoError):
    """The source answered, but not with a document."""

    code = "CASE-E509"
    status = 502

    def __init__(self, source: str, why: str) -> None:
        super().__init__(
            f"“{source}”的答复读不了：{why}",
            place=source,
            next_step="请改为上传，或到窗口提交，并告诉维护人员",
        )
