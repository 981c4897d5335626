"""Whether a record is passed on to others and used by them: a state of its own. Pure."""

from enum import StrEnum

from yinuo.credit.regimes.machine import Machine, Step


class Sharing(StrEnum):
    """Whether receivers have it."""

    HELD = "未共享"
    SHARED = "共享中"
    SUSPENDED = "暂停共享"
    """For a time, such as during a restructuring (国办发〔2025〕22号)."""
    STOPPED = "已停止共享和使用"
    """Receivers are told to stop using it too."""


class SharingEvent(StrEnum):
    """What happens to it."""

    SHARE = "共享"
    SUSPEND = "暂停共享"
    RESUME = "恢复共享"
    STOP = "停止共享和使用"


_S, _E = Sharing, SharingEvent
_CENTRE = "信用中心"
SHARING: Machine[Sharing, SharingEvent] = Machine(
    "共享",
    _S.HELD,
    (
        Step(_S.HELD, _E.SHARE, _S.SHARED, _CENTRE),
        Step(_S.HELD, _E.STOP, _S.STOPPED, _CENTRE),
        Step(_S.SHARED, _E.SUSPEND, _S.SUSPENDED, _CENTRE),
        Step(_S.SHARED, _E.STOP, _S.STOPPED, _CENTRE),
        Step(_S.SUSPENDED, _E.RESUME, _S.SHARED, _CENTRE),
        Step(_S.SUSPENDED, _E.STOP, _S.STOPPED, _CENTRE),
        Step(_S.STOPPED, _E.RESUME, _S.SHARED, _CENTRE),
    ),
)
