"""What can go wrong with questions, consents and deferred payments."""

from datetime import date

from yinuo.kernel.errors import Plain, YinuoError


class UnknownConsent(Plain):
    """No such consent in force, or not this subject's."""

    code = "CREDIT-E173"
    status = 404
    said = "没有这份有效的同意"
    step = "请看“我的同意”"


class MayNotAsk(YinuoError):
    """The unit may not ask this question."""

    code = "CREDIT-E174"
    status = 403

    def __init__(self, scenario: str, why: str) -> None:
        step = "请信用中心在 content/scenarios/askers.csv 写明身份，或先取得本人同意"
        super().__init__(why, place=scenario, next_step=step)


class UnknownPayment(Plain):
    """No such deferred payment, or not one of the viewer's units."""

    code = "CREDIT-E175"
    status = 404
    said = "没有后付款 {place}"
    step = "请核对编号"


class PaymentSettled(YinuoError):
    """The deferred payment is paid or waived already."""

    code = "CREDIT-E176"
    status = 409

    def __init__(self, code: str, state: str) -> None:
        super().__init__(f"这笔后付款{state}", place=code, next_step="请刷新页面")


class NotToday(YinuoError):
    """Paying later is not open to this payer now."""

    code = "CREDIT-E177"
    status = 409

    def __init__(self, scenario: str, reason: str) -> None:
        super().__init__(
            f"现在不能后付：{reason}", place=scenario, next_step="请照常收费，不得因此拒绝服务"
        )


class BadNumber(YinuoError):
    """What was typed is no number of a person or firm; it is not repeated."""

    code = "CREDIT-E178"
    status = 422

    def __init__(self, what: str) -> None:
        super().__init__(what, place="证件号码", next_step="请照证件重新填写")


class NoScenarioTable(YinuoError):
    """No decision table of a scenario is published for the day."""

    code = "CREDIT-E179"
    status = 409

    def __init__(self, scenario: str, table: str, on: date) -> None:
        super().__init__(
            f"规则表 {table}.xlsx 在 {on} 没有发布",
            place=scenario,
            next_step="请管理员在“规则与内容”发布这张表",
        )
