"""States of what comes in from window systems. Pure."""

from enum import StrEnum


class SourceState(StrEnum):
    """Whether a window system may send."""

    ACTIVE = "active"
    PAUSED = "paused"


SOURCE_LABELS = {SourceState.ACTIVE: "接入中", SourceState.PAUSED: "已暂停"}


class AsideState(StrEnum):
    """What became of a row that was put aside."""

    WAITING = "waiting"
    REPLAYED = "replayed"
    DROPPED = "dropped"


ASIDE_LABELS = {
    AsideState.WAITING: "待处理",
    AsideState.REPLAYED: "已改正并重放",
    AsideState.DROPPED: "不再处理",
}


class Way(StrEnum):
    """By which way a batch came."""

    API = "api"
    FILE = "file"
    REPLAY = "replay"


WAY_LABELS = {Way.API: "接口", Way.FILE: "文件", Way.REPLAY: "改正重放"}
