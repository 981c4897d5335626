"""Whether a record is shown to everybody: a state of its own. Pure."""

from enum import StrEnum

from yinuo.credit.regimes.machine import Machine, Step


class Publicity(StrEnum):
    """Where a record stands."""

    WAITING = "待公示"
    PUBLIC = "公示中"
    NOT_PUBLISHED = "不公示"
    """By its rule, or because a person found that it must not be."""
    STOPPED = "已提前终止"
    """By repair."""
    ENDED = "已期满"
    WITHDRAWN = "已撤回"
    """The decision behind it is no more: it counts as if it had never been."""


class PublicityEvent(StrEnum):
    """What happens to it."""

    PUBLISH = "公示"
    REFRAIN = "定为不公示"
    EXPIRE = "期满"
    STOP = "提前终止"
    RESUME = "恢复公示"
    WITHDRAW = "撤回"


_P, _E = Publicity, PublicityEvent
_OWNER, _RULE, _CENTRE = "数据源单位", "按规则自动", "信用中心"
PUBLICITY: Machine[Publicity, PublicityEvent] = Machine(
    "公示",
    _P.WAITING,
    (
        Step(_P.WAITING, _E.PUBLISH, _P.PUBLIC, _RULE),
        Step(_P.WAITING, _E.REFRAIN, _P.NOT_PUBLISHED, _RULE),
        Step(_P.WAITING, _E.EXPIRE, _P.ENDED, _RULE),
        Step(_P.WAITING, _E.WITHDRAW, _P.WITHDRAWN, _OWNER),
        Step(_P.PUBLIC, _E.EXPIRE, _P.ENDED, _RULE),
        Step(_P.PUBLIC, _E.STOP, _P.STOPPED, _CENTRE),
        Step(_P.PUBLIC, _E.WITHDRAW, _P.WITHDRAWN, _OWNER),
        Step(_P.STOPPED, _E.RESUME, _P.PUBLIC, _CENTRE),
        Step(_P.STOPPED, _E.EXPIRE, _P.ENDED, _RULE),
        Step(_P.STOPPED, _E.WITHDRAW, _P.WITHDRAWN, _OWNER),
        Step(_P.NOT_PUBLISHED, _E.WITHDRAW, _P.WITHDRAWN, _OWNER),
        Step(_P.ENDED, _E.WITHDRAW, _P.WITHDRAWN, _OWNER),
    ),
)
