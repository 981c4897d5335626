"""What a file states otherwise than the register, and the change of a promise it asks for. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yinuo.commitments.life import CHANGE_LABELS, STATUS_LABELS, ChangeKind, Status
from yinuo.kernel.canonical import Canonical

LONGEST_SHOWN = 60
LONGEST_NAME = 120
HASH_SHOWN = 16


@dataclass(frozen=True)
class Difference:
    """One value that a file wants otherwise."""

    field: str
    """The header of its column."""
    old: str
    new: str
    cell: str
    """Such as `承诺!S12`."""


def hindrance(
    status: str,
    waiting: Mapping[str, Mapping[str, Canonical]],
    kind: ChangeKind,
    new: Mapping[str, Canonical],
) -> str:
    """Why a change of a promise cannot be asked for now, or an empty text.

    `waiting` has the new values of each request that waits, by the kind of change.
    """
    label = CHANGE_LABELS[kind]
    if status != Status.OPEN:
        return f"现在是“{STATUS_LABELS[Status(status)]}”，不能申请“{label}”"
    if kind not in waiting:
        return ""
    if dict(waiting[kind]) == dict(new):
        return f"已有一项同样的“{label}”申请待批准，不重复提交"
    return f"不能提交“{label}”：已有一项待批准"


def cut(text: str) -> str:
    """A value as sentences show it."""
    if not text:
        return "（空）"
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def source(file: str, sha256: str, differences: Sequence[Difference]) -> str:
    """Where a request comes from: the file by name and hash, and the cells."""
    cells = "、".join(each.cell for each in differences)
    return f"{file[-LONGEST_NAME:]} · SHA-256 {sha256[:HASH_SHOWN]} · {cells}"


def reason(file: str, differences: Sequence[Difference]) -> str:
    """The reason given with a request: what the file wants otherwise."""
    parts = "；".join(f"{d.field}由“{cut(d.old)}”改为“{cut(d.new)}”" for d in differences)
    return f"该行在导入文件 {file[-LONGEST_NAME:]} 中，{parts}。"
