"""What can go wrong with outgoing events."""

from collections.abc import Iterable

from yinuo.kernel.errors import Plain, WrongStep, YinuoError


class UnknownSubscription(Plain):
    """No such subscription, or none that the viewer may see."""

    code = "API-E010"
    status = 404
    said = "没有编号为 {place} 的事件订阅"
    step = "请核对编号"


class WrongSubscriptionState(WrongStep):
    """The subscription is not in a state that allows this."""

    code = "API-E011"
    said = "订阅现在是“{state}”，不能{wanted}"
    step = "请刷新，看清最新状态"


class SamePerson(Plain):
    """Who asked for an outlet of data must not approve it."""

    code = "API-E012"
    status = 403
    said = "申请人不能批准自己的订阅"
    step = "请另一名全市的管理员批准"


class WrongPullToken(YinuoError):
    """A bearer token that belongs to no active subscription."""

    code = "API-E013"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "密钥不对，或订阅已停用",
            place="Authorization",
            next_step="请核对密钥；不带密钥只读公开的事件",
        )


class BadHooks(YinuoError):
    """A `hooks.toml` that cannot be used."""

    code = "API-E014"
    status = 500

    def __init__(self, place: str, faults: Iterable[str]) -> None:
        super().__init__("；".join(faults), place=place, next_step='写成 allow = ["10.20.0.0/16"]')


class NotTakenError(Exception):
    """The receiver did not take an event. Not raised beyond the sender."""

    def __init__(self, why: str, *, whole: bool) -> None:
        super().__init__(why)
        self.why = why
        self.whole = whole
        """Whether it is the receiver that fails, and not this event alone."""
