"""What can go wrong with a draw."""

from datetime import date

from yinuo.kernel.errors import Plain, WrongStep, YinuoError


class UnknownDraw(Plain):
    """No such draw, or none that the viewer may see."""

    code = "DRAW-E010"
    status = 404
    said = "没有编号为 {place} 的抽查"
    step = "请核对编号"


class NoStrata(YinuoError):
    """No table of layers is in force."""

    code = "DRAW-E011"
    status = 409

    def __init__(self, name: str, on: date) -> None:
        super().__init__(
            f"{on} 没有有效的抽查分层规则表",
            place=name,
            next_step="请管理员先发布：yinuo content publish，或在“规则发布”页面上",
        )


class NothingToDraw(YinuoError):
    """Nothing was reported as kept in the period."""

    code = "DRAW-E012"
    status = 409

    def __init__(self, unit: str, start: date, end: date) -> None:
        super().__init__(
            f"{start} 至 {end} 没有报称已完成的承诺",
            place=unit,
            next_step="请换一个期间；期间按申报的完成日期算",
        )


class WrongDrawState(WrongStep):
    """The draw is not in a state that allows this."""

    code = "DRAW-E013"
    said = "当前为“{state}”，不能{wanted}"


class FrameNotSealed(Plain):
    """The entry of the frame is not sealed yet, so nothing proves that it came first."""

    code = "DRAW-E014"
    status = 409
    said = "抽样框的存证记录还没有封存，现在录入随机数证明不了抽样框在前"
    step = "通常几秒内封存，请稍后再试；一直不行请看 /health"


class RandomnessTooEarly(YinuoError):
    """The value was known before the frame was fixed, or before it was announced to be known."""

    code = "DRAW-E015"
    status = 409

    def __init__(self, code: str, what: str) -> None:
        super().__init__(
            what,
            place=code,
            next_step="已知的随机数不能用。请用公告的那一期；它作废的，请作废这次抽查，另行公告",
        )


class FrameAltered(YinuoError):
    """The file of the frame is not the one whose hash stands on the ledger."""

    code = "DRAW-E016"
    status = 500

    def __init__(self, code: str, recorded: str, found: str) -> None:
        super().__init__(
            f"抽样框文件的哈希是 {found[:16]}…，账本上记的是 {recorded[:16]}…：文件被改动过",
            place=code,
            next_step="请从备份放回原文件，再运行 yinuo files check",
        )


class NotAllFound(YinuoError):
    """Some of those drawn have no finding yet."""

    code = "DRAW-E017"
    status = 409

    def __init__(self, code: str, missing: list[str]) -> None:
        shown = "、".join(missing[:5]) + ("……" if len(missing) > len(missing[:5]) else "")
        super().__init__(
            f"还有 {len(missing)} 项没有核查结论：{shown}",
            place=code,
            next_step="请逐项录入；去不了的，录入“未能核查”和原因",
        )
