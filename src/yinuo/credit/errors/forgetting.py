"""What can go wrong when a person is to be forgotten in the credit lake."""

from yinuo.kernel.errors import YinuoError


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


class TooMuchForPage(YinuoError):
    """Carrying it out would take longer than a page should wait."""

    code = "CREDIT-E248"
    status = 409

    def __init__(self, code: str, records: int, most: int) -> None:
        super().__init__(
            f"现用的数据版本有 {records:,} 条记录，超过 {most:,} 条的不在网页上执行",
            place=code,
            next_step=f"在服务器上执行：yinuo credit forget carry-out {code} --by … < number.txt",
        )
