"""What can go wrong with a race."""

from datetime import date

from django.utils.translation import gettext

from yinuo.kernel.errors import InvalidFields, Plain, YinuoError


class UnknownRace(YinuoError):
    """No such race, or none that the viewer may see."""

    code = "RACE-E010"
    status = 404

    def __init__(self, code: str) -> None:
        super().__init__(
            gettext("没有编号为 %(code)s 的赛马结果") % {"code": code},
            place=code,
            next_step=gettext("请核对编号，或从赛马列表进入"),
        )


class UnknownInRace(YinuoError):
    """A unit that takes no part in a race."""

    code = "RACE-E011"
    status = 404

    def __init__(self, race: str, unit: str) -> None:
        super().__init__(
            gettext("%(race)s 里没有单位 %(unit)s") % {"race": race, "unit": unit},
            place=f"{race}/{unit}",
            next_step=gettext("请从赛马结果页面选择单位"),
        )


class PeriodRunning(YinuoError):
    """A period that is not over yet."""

    code = "RACE-E012"
    status = 409

    def __init__(self, period: str, last: date) -> None:
        super().__init__(
            f"{period} 要到 {last} 才结束，现在还不能比较",
            place=period,
            next_step=f"请在 {last} 以后再计算",
        )


class NoScheme(YinuoError):
    """Nothing says how units are to be compared."""

    code = "RACE-E013"
    status = 409

    def __init__(self, name: str, period: str) -> None:
        super().__init__(
            f"还没有发布过赛马办法 {name}",
            place=period,
            next_step="请两名管理员先发布它：yinuo content publish",
        )


class SchemeLate(YinuoError):
    """The scheme was published only after the period had begun."""

    code = "RACE-E014"
    status = 409

    def __init__(self, period: str, first: date, published: date, valid_from: date) -> None:
        super().__init__(
            f"办法在 {published} 批准、自 {valid_from} 生效，而 {period} 从 {first} 开始：比赛开始"
            "以后才定的规则，原则上不能用",
            place=period,
            next_step="确需使用的，请写明理由；理由和“办法后定”会一直显示在结果上",
        )


class NoWhy(Plain):
    """Another edition of what was published, without a reason."""

    code = "RACE-E015"
    status = 409
    said = "{place} 已经发布，更正要写明理由"
    step = "请写明错在哪里；原来的一版会保留，并指向新的一版"


class NotADraft(YinuoError):
    """What was published or dropped is no longer decided about."""

    code = "RACE-E016"
    status = 409

    def __init__(self, code: str, state: str) -> None:
        super().__init__(
            f"{code} 是“{state}”，不能这样做",
            place=code,
            next_step="请刷新页面，看清最新状态；已发布的有误，请计算新的一版",
        )


class NotPublished(Plain):
    """A draft cannot be shown to everybody."""

    code = "RACE-E017"
    status = 409
    said = "{place} 没有发布，或者已经向社会公开"
    step = "请刷新页面，看清最新状态"


class UnknownExemption(Plain):
    """No such exemption, or none that the viewer may see."""

    code = "RACE-E018"
    status = 404
    said = "没有编号为 {place} 的免考申请"
    step = "请从赛马列表进入"


class ExemptionDecided(YinuoError):
    """Somebody has decided on it already."""

    code = "RACE-E019"
    status = 409

    def __init__(self, code: str, state: str) -> None:
        super().__init__(f"{code} {state}", place=code, next_step="请刷新页面，看清最新状态")


class ExemptionInvalid(InvalidFields):
    """Values that break a rule, each with its field."""

    code = "RACE-E020"
    status = 422
