"""What can go wrong with messages, links, addresses and the schedule."""

from collections.abc import Iterable

from yinuo.kernel.errors import Finding, Plain, YinuoError


class BadNotices(YinuoError):
    """`notices.toml` with faults; `findings` holds every one of them."""

    code = "NOTICE-E001"

    def __init__(self, file: str, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(
            f"消息配置有 {len(self.findings)} 处错误：" + "；".join(f.rule for f in self.findings),
            place=first.place or file,
            next_step=first.next_step,
        )


class UnknownAdapter(YinuoError):
    """No adapter of this name is set up."""

    code = "NOTICE-E002"
    status = 404

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"没有名为 {name} 的发送通道",
            place="notices.toml",
            next_step="已配置的：" + ("、".join(known) or "无，请先写 notices.toml"),
        )


class DeadLink(YinuoError):
    """A link that opens nothing: unknown, used, expired, or another person's; never said which."""

    code = "NOTICE-E003"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "链接已失效", next_step="请登录，在“我的工作”中办理；一个链接只能用一次，48 小时内有效"
        )


class WrongCode(YinuoError):
    """The one-time code is not right, or not right any more."""

    code = "NOTICE-E004"
    status = 403

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(
            f"验证码不对，还可以试 {left} 次" if left else "验证码不对或已过期，不能再试",
            place="code",
            next_step="请核对最近收到的 6 位数字" if left else "请重新获取验证码，或登录办理",
        )


class NoCodeToSend(YinuoError):
    """No further code can be sent for this."""

    code = "NOTICE-E005"
    status = 409

    def __init__(self, why: str) -> None:
        super().__init__(why, place="code", next_step="请登录后办理")


class BadAddress(YinuoError):
    """An address that cannot be one of its channel."""

    code = "NOTICE-E006"

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "；".join(what for _, what in self.faults), place="地址", next_step="请改正后重新保存"
        )


class UnknownMessage(YinuoError):
    """No such message, or none of the viewer's."""

    code = "NOTICE-E007"
    status = 404

    def __init__(self, number: int) -> None:
        super().__init__("没有这条消息", place=f"消息 {number}", next_step="请刷新页面")


class UnknownDelivery(YinuoError):
    """No such delivery, or none that can be sent again."""

    code = "NOTICE-E008"
    status = 404

    def __init__(self, number: int) -> None:
        super().__init__(
            "没有这次发送，或者它不需要重发", place=f"发送 {number}", next_step="请刷新页面"
        )


class UnknownJob(YinuoError):
    """No installed package does this kind of job, so nobody would ever do it."""

    code = "NOTICE-E009"
    status = 500

    def __init__(self, kind: str, known: Iterable[str]) -> None:
        super().__init__(
            f"没有名为 {kind} 的定时事务，时限无法设定，因此这一步没有完成",
            place=kind,
            next_step="这是程序的缺陷，请报告给开发者。已有的：" + ("、".join(known) or "无"),
        )


class UnknownAccount(Plain):
    """No such account, or none that the viewer administers."""

    code = "NOTICE-E010"
    status = 404
    said = "没有账号 {place}，或者不归您管理"
    step = "请核对用户名"
