"""What a credit record can be. A description of a source names one kind; names are permanent.

Source of the kinds: sections of the public credit report (信用中国) and 全国公共信用信息基础目录.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class RecordKind:
    """One kind of record."""

    name: str
    """In descriptions, files and entries."""
    label: str
    """What people call it."""
    never_linked: bool = False
    """A model alone never says whose it is: a person confirms it, or it stays nobody's."""


KINDS = (
    RecordKind(name="registration", label="登记"),
    RecordKind(name="history", label="代码变更"),
    RecordKind(name="licence", label="行政许可"),
    RecordKind(name="penalty", label="行政处罚", never_linked=True),
    RecordKind(name="arrears", label="欠缴"),
    RecordKind(name="payment", label="缴纳"),
    RecordKind(name="listing", label="名录"),
    RecordKind(name="blacklist", label="严重失信", never_linked=True),
    RecordKind(name="honour", label="守信激励"),
    RecordKind(name="judgment", label="司法判决执行", never_linked=True),
    RecordKind(name="commitment", label="信用承诺"),
    RecordKind(name="inspection", label="检查"),
    RecordKind(name="grade", label="行业评价"),
    RecordKind(name="contract", label="履约"),
    RecordKind(name="relation", label="关系"),
)

BY_NAME: Mapping[str, RecordKind] = MappingProxyType({kind.name: kind for kind in KINDS})

NEVER_LINKED = frozenset(kind.name for kind in KINDS if kind.never_linked)
"""What hurts most if it lands on the wrong entity."""
