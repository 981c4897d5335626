"""What can go wrong with policies, awards and payments."""

from datetime import date

from yinuo.kernel.errors import Plain, WrongStep, YinuoError
from yinuo.kernel.money import say_money


class UnknownPolicy(Plain):
    """No such policy, version or screening, or none that the viewer may see."""

    code = "BENEFIT-E020"
    status = 404
    said = "没有政策 {place}"
    step = "请核对编号"


class UnknownAward(Plain):
    """No such award, payment file or clawback, or none that the viewer may see."""

    code = "BENEFIT-E021"
    status = 404
    said = "没有兑现记录 {place}"
    step = "请核对编号"


class WrongMoneyState(WrongStep):
    """The row is not in a state that allows this."""

    code = "BENEFIT-E022"


class SamePerson(Plain):
    """Who asked for something wants to approve it as well."""

    code = "BENEFIT-E023"
    status = 403
    said = "提出的人不能自己批准"
    step = "请本单位的另一人批准"


class NoPolicyTable(YinuoError):
    """The decision table of a policy is not published, or is not in force on the day."""

    code = "BENEFIT-E024"
    status = 409

    def __init__(self, policy: str, table: str, on: date) -> None:
        super().__init__(
            f"规则表 {table} 在 {on} 没有生效的版本",
            place=policy,
            next_step="先在“内容”中发布这张规则表，由另一人批准",
        )


class BudgetShort(YinuoError):
    """Listing would take more than is left."""

    code = "BENEFIT-E025"
    status = 409

    def __init__(self, policy: str, left: int, wanted: int) -> None:
        super().__init__(
            f"预算还剩 {say_money(left)}，拟兑现 {say_money(wanted)}",
            place=policy,
            next_step="增加预算（发布新版本），或改为按登记先后兑现（shortage = first）",
        )


class WantsAnEye(YinuoError):
    """Proposals that were drawn or that are odd were not looked at."""

    code = "BENEFIT-E026"
    status = 409

    def __init__(self, policy: str, count: int) -> None:
        super().__init__(
            f"还有 {count:,} 条抽中或可疑的没有人看过",
            place=policy,
            next_step="逐条核对，放行或不予兑现，再公示",
        )


class StillListed(YinuoError):
    """The days in which everybody may object are not over."""

    code = "BENEFIT-E027"
    status = 409

    def __init__(self, policy: str, until: date) -> None:
        super().__init__(
            f"公示到 {until} 为止，还没有结束", place=policy, next_step="公示期满后再报批"
        )


class NothingToDo(YinuoError):
    """No row is in the state that the step starts from."""

    code = "BENEFIT-E028"
    status = 409

    def __init__(self, policy: str, what: str) -> None:
        super().__init__(what, place=policy, next_step="请看政策页面上各状态的数目")
