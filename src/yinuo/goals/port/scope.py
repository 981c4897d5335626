"""Of what a figure speaks: which of two near indicators, and which of two kinds of place.

    整体通关时间  运抵 → 放行        大连关区 (a customs district)
    海关作业时间  接受申报 → 放行    东湾集装箱口岸 (a port)

Four combinations, four series. A series knows its own, and two of different ones are never put
beside each other: `require_alike` refuses.
"""

from dataclasses import dataclass
from enum import StrEnum

from yinuo.kernel.errors import YinuoError


class Measure(StrEnum):
    """The two indicators with near names."""

    OVERALL = "overall"
    CUSTOMS = "customs"


MEASURE_NAMES = {Measure.OVERALL: "整体通关时间", Measure.CUSTOMS: "海关作业时间"}


class ScopeKind(StrEnum):
    """A district holds several ports; a port's figure says nothing of the district's."""

    DISTRICT = "district"
    PORT = "port"


@dataclass(frozen=True, slots=True)
class Scope:
    """One customs district or one port, by the name that the log uses."""

    kind: ScopeKind
    name: str


class NotComparable(YinuoError):
    """Two near indicators, or a port and a customs district, were to stand together."""

    code = "PORT-E001"
    status = 409

    def __init__(self, left: str, right: str) -> None:
        super().__init__(
            f"“{left}”与“{right}”不是同一个指标或同一个范围，不能比较，也不能放在一起",
            next_step="请分别查看：整体通关时间与海关作业时间、关区与口岸，各有各的页面",
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """What one series is of."""

    measure: Measure
    scope: Scope

    @property
    def words(self) -> str:
        """Both in words: `大连关区整体通关时间`."""
        return f"{self.scope.name}{MEASURE_NAMES[self.measure]}"


def require_alike(*subjects: Subject) -> None:
    """Raises `NotComparable` unless all are of one measure and one scope."""
    for other in subjects[1:]:
        if other != subjects[0]:
            raise NotComparable(subjects[0].words, other.words)
