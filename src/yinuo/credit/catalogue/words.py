"""What the catalogue calls things, each with its code.

Source: 政务信息资源目录编制指南（试行）, 发改高技〔2017〕1272号: 共享属性, 开放属性, 更新周期.
"""

from collections.abc import Mapping
from types import MappingProxyType

from yinuo.lake.records.description import Cycle, Openness

CYCLES: Mapping[Cycle, tuple[str, str]] = MappingProxyType(
    {
        Cycle.REALTIME: ("1", "实时"),
        Cycle.DAILY: ("2", "每日"),
        Cycle.WEEKLY: ("3", "每周"),
        Cycle.MONTHLY: ("4", "每月"),
        Cycle.QUARTERLY: ("5", "每季度"),
        Cycle.HALF_YEARLY: ("6", "每半年"),
        Cycle.YEARLY: ("7", "每年"),
        Cycle.IRREGULAR: ("8", "不定期"),
        Cycle.NEVER: ("9", "不更新"),
    }
)
SHARING: Mapping[Openness, tuple[str, str]] = MappingProxyType(
    {
        Openness.UNCONDITIONAL: ("1", "无条件共享"),
        Openness.CONDITIONAL: ("2", "有条件共享"),
        Openness.NONE: ("3", "不予共享"),
    }
)
"""With other units (共享属性)."""
OPENING: Mapping[Openness, tuple[str, str]] = MappingProxyType(
    {
        Openness.UNCONDITIONAL: ("1", "无条件开放"),
        Openness.CONDITIONAL: ("2", "有条件开放"),
        Openness.NONE: ("3", "不予开放"),
    }
)
"""To society (开放属性)."""


def cycle_words(cycle: Cycle) -> str:
    """How often, as people say it.

    >>> cycle_words(Cycle.MONTHLY), cycle_words(Cycle.IRREGULAR)
    ('每月更新', '不定期更新')
    """
    words = CYCLES[cycle][1]
    return words if cycle is Cycle.NEVER else f"{words}更新"


def sharing_words(sharing: Openness) -> str:
    """On what terms other units get it."""
    return SHARING[sharing][1]


def opening_words(opening: Openness) -> str:
    """On what terms society gets it."""
    return OPENING[opening][1]
