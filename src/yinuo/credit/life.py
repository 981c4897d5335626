"""The states of a landed batch, and what can become of a row that was put aside."""

from enum import StrEnum


class BatchStatus(StrEnum):
    """Only batches that passed their gates, or were waived by two persons, are published."""

    LANDED = "landed"
    REFUSED = "refused"
    """The gates found something."""
    ASKED = "asked"
    """Somebody asked that it be published all the same; another person decides."""
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"


STATUS_LABELS = {
    BatchStatus.LANDED: "检查通过",
    BatchStatus.REFUSED: "检查未通过",
    BatchStatus.ASKED: "已申请放行",
    BatchStatus.WAIVED: "已放行",
    BatchStatus.WITHDRAWN: "已撤回",
}
PUBLISHABLE = (BatchStatus.LANDED, BatchStatus.WAIVED)
HELD = (BatchStatus.REFUSED, BatchStatus.ASKED)
"""Landed, but kept from every release until somebody decides."""
LIVE = tuple(each for each in BatchStatus if each is not BatchStatus.WITHDRAWN)

FOLLOWS = {
    "credit_batch.landed": (None,),
    "credit_batch.checked": tuple(BatchStatus),
    "credit_batch.waiver_asked": (BatchStatus.REFUSED,),
    "credit_batch.waived": (BatchStatus.ASKED,),
    "credit_batch.waiver_refused": (BatchStatus.ASKED,),
    "credit_batch.withdrawn": LIVE,
    "credit_batch.expired": tuple(BatchStatus),
}
"""What was done to a batch → in which states it may have been; None: not there yet."""
UNMOVED = frozenset({"credit_batch.expired"})
"""What leaves the state as it is."""


def wrong_batch_step(before: str | None, after: str, verb: str) -> str | None:
    """What is wrong with a recorded change of a batch's state; None for nothing."""
    if verb not in FOLLOWS or before not in FOLLOWS[verb]:
        return f"{verb} 不能从“{before}”开始"
    if verb in UNMOVED and before != after:
        return f"{verb} 不能把“{before}”改成“{after}”"
    return None


class RowState(StrEnum):
    """What was decided about rows that were put aside."""

    OPEN = "open"
    CORRECTED = "corrected"
    """Landed anew, in a batch of corrections."""
    RETURNED = "returned"
    """Given back to the source, which is to deliver them again."""
    WAIVED = "waived"
    """Left out for good."""


ROW_LABELS = {
    RowState.OPEN: "待处理",
    RowState.CORRECTED: "已更正",
    RowState.RETURNED: "已退回来源单位",
    RowState.WAIVED: "不再处理",
}
DECIDED = tuple(each for each in RowState if each is not RowState.OPEN)
