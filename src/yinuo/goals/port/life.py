"""The states of a batch of declaration events."""

from enum import StrEnum


class BatchStatus(StrEnum):
    """A batch counts until its withdrawal was approved."""

    LOADED = "loaded"
    ASKED = "asked"
    WITHDRAWN = "withdrawn"


STATUS_LABELS = {
    BatchStatus.LOADED: "已装入",
    BatchStatus.ASKED: "已申请撤回",
    BatchStatus.WITHDRAWN: "已撤回",
}
