"""What people have said: this is the same subject, or it is not. Never deleted, only outvoted."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from yinuo.kernel.errors import Finding, YinuoError

RECORD = "rec:"
"""Before the 32 hex digits of a record; everything else is a key."""
_NODE = re.compile(r"o:[0-9A-Z]{8}[0-9X]|r:\d{15}|p:\d{17}[0-9X]|rec:[0-9a-f]{32}")


class BadJudgements(YinuoError):
    """Judgements about things that are no keys and no records, or that number two things alike."""

    code = "CREDIT-E020"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        said = "；".join(f"{each.place} {each.rule}" for each in self.findings[:3])
        super().__init__(
            f"{len(self.findings)} 处归并判断读不懂：{said}",
            place="归并判断",
            next_step="两端应为主体代码键（o:、r:、p:）或 rec: 加记录编号，编号不可重复",
        )


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """One person's word on two nodes: `o:…`, `r:…` or `p:…`, a key, or `rec:…`, a record.

    With two records `left` is the one that comes or goes: it belongs, or never belongs, where
    `right` does.
    """

    number: int
    """Rises with time: of two words on the same pair the greater number holds."""
    left: str
    right: str
    same: bool
    reason: str
    case: str
    """Number of the objection or file on which it was decided."""
    at: datetime

    @property
    def pair(self) -> tuple[str, str]:
        """Both ends, in the order of their texts."""
        return (self.left, self.right) if self.left <= self.right else (self.right, self.left)


def standing(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """The newest word on each pair, the newest first. Raises `BadJudgements` with all faults.

    Whatever the order in which they are given.
    """
    newest: dict[tuple[str, str], Judgement] = {}
    numbers: set[int] = set()
    findings: list[Finding] = []
    for each in judgements:
        findings += _faults(each, numbers)
        numbers.add(each.number)
        held = newest.get(each.pair)
        if held is None or held.number < each.number:
            newest[each.pair] = each
    if findings:
        raise BadJudgements(findings)
    return tuple(sorted(newest.values(), key=lambda each: -each.number))


def _faults(each: Judgement, numbers: set[int]) -> list[Finding]:
    rules = [
        ("number", str(each.number), "编号重复", each.number in numbers),
        ("left", each.left, "左端不是键也不是记录", not _NODE.fullmatch(each.left)),
        ("right", each.right, "右端不是键也不是记录", not _NODE.fullmatch(each.right)),
        ("right", each.right, "两端相同", each.left == each.right),
        ("right", each.right, "个人与单位是两个主体，不能归并", each.same and _differ(each)),
    ]
    return [
        Finding(
            code=BadJudgements.code,
            sheet=f"第 {each.number} 号",
            field=field,
            value=value,
            rule=rule,
            next_step="另记一条新的判断，旧的保留",
        )
        for field, value, rule, wrong in rules
        if wrong
    ]


def _differ(each: Judgement) -> bool:
    """Whether one end is a person's key and the other a firm's."""
    kinds = {node[0] for node in (each.left, each.right) if not is_record(node)}
    return "p" in kinds and len(kinds) > 1


def is_record(node: str) -> bool:
    """Whether a node is a record, not a key."""
    return node.startswith(RECORD)
