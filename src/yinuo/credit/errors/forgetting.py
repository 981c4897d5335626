"""What can go wrong when a person is to be forgotten in the credit lake."""

from yinuo.kernel.errors import Plain, YinuoError


class UnknownForgetting(YinuoError):
    """No such request."""

    code = "CREDIT-E240"
    status = 404

    def __init__(self, code: str) -> None:
        super().__init__(
            f"没有申请 {code[:20]}", place=code[:20], next_step="核对编号：yinuo credit forget list"
        )


class WrongForgettingState(YinuoError):
    """The request does not stand where this could be done."""

    code = "CREDIT-E241"
    status = 409

    def __init__(self, code: str, label: str, wanted: str) -> None:
        super().__init__(
            f"{code} 现在是“{label}”，不是“{wanted}”",
            place=code,
            next_step="核对进度：yinuo credit forget list",
        )


class OtherPerson(YinuoError):
    """The number is not the one that the request was made for."""

    code = "CREDIT-E242"
    status = 409

    def __init__(self, code: str) -> None:
        super().__init__(
            "这个号码不是申请时的那一个，没有删除任何内容",
            place=code,
            next_step="向申请人核对号码；确是另一个人的，另提一份申请",
        )


class ForgettingWaits(YinuoError):
    """Somebody already asked that this person be forgotten."""

    code = "CREDIT-E243"
    status = 409

    def __init__(self, code: str) -> None:
        super().__init__("这个人已有申请在办", place=code, next_step=f"接着办理 {code}")


class ForgettingUnderWay(Plain):
    """The request was given to the worker, which has not ended with it."""

    code = "CREDIT-E249"
    status = 409
    said = "{place} 已经交给后台执行，还没有结束"
    step = "请等它做完；没有做成的，页面会写明原因，可以再执行"
