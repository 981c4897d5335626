"""What can go wrong with questions that systems ask, and with their keys."""

from yinuo.kernel.errors import Plain, WrongStep, YinuoError


class WrongAnswerKey(YinuoError):
    """No key, or one that is not in use."""

    code = "CREDIT-E184"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "密钥不对，或已停用",
            place="Authorization",
            next_step="请核对密钥；没有的向市信用中心申请",
        )


class AskedTooOften(YinuoError):
    """A key asked more than it may; `seconds` says when to come again."""

    code = "CREDIT-E185"
    status = 429

    def __init__(self, what: str, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(what, place="密钥", next_step=f"请 {seconds} 秒后再问")


class OtherQuestion(YinuoError):
    """An `Idempotency-Key` that was used for another question."""

    code = "CREDIT-E186"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            "这个 Idempotency-Key 已经用于另一个问题",
            place="Idempotency-Key",
            next_step="每个问题用一个新的，重试时才用原来的",
        )


class UnknownAnswerKey(YinuoError):
    """No key has this code."""

    code = "CREDIT-E187"
    status = 404

    def __init__(self, code: str) -> None:
        super().__init__(f"没有编号为 {code[:40]} 的密钥", place=code[:40], next_step="请核对编号")


class WrongKeyState(WrongStep):
    """The key is not in a state that allows this."""

    code = "CREDIT-E188"
    said = "密钥现在是“{state}”，不能{wanted}"
    step = "请刷新，看清最新状态"


class SameAdministrator(Plain):
    """Who asked for a key must not approve it."""

    code = "CREDIT-E189"
    status = 403
    said = "申请人不能批准自己的密钥"
    step = "请另一名全市的管理员批准"
