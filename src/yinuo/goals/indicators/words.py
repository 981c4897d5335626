"""What indicators and figures can be, with the words people read. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Frequency(StrEnum):
    """How often a figure is expected; `named` for stretches that have names of their own."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"
    NAMED = "named"


class ValueKind(StrEnum):
    """What a value covers. Values of different kinds are never compared or added."""

    CURRENT = "current"
    CUMULATIVE = "cumulative"
    END = "end"
    RATIO = "ratio"


class SeriesKind(StrEnum):
    """Whether a figure came about or was planned."""

    ACTUAL = "actual"
    PLANNED = "planned"


class Standing(StrEnum):
    """How firm a figure is."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    REVISED = "revised"


class Measure(StrEnum):
    """What a figure says: the value itself, or a comparison as its source states it.

    A stated comparison is kept beside the value, so that what is computed can be held against it.
    """

    VALUE = "value"
    YEAR_ON_YEAR = "yoy"
    PERIOD_ON_PERIOD = "pop"
    SHARE = "share"
    COMPRESSION = "compression"


DIRECTION_LABELS = {
    Direction.UP: "越高越好",
    Direction.DOWN: "越低越好",
    Direction.NONE: "不分好坏",
}
FREQUENCY_LABELS = {
    Frequency.YEAR: "年",
    Frequency.HALF: "半年",
    Frequency.QUARTER: "季",
    Frequency.MONTH: "月",
    Frequency.DAY: "日",
    Frequency.NAMED: "不定期",
}
KIND_LABELS = {
    ValueKind.CURRENT: "当期值",
    ValueKind.CUMULATIVE: "累计值",
    ValueKind.END: "期末值",
    ValueKind.RATIO: "比率",
}
SERIES_LABELS = {SeriesKind.ACTUAL: "实际", SeriesKind.PLANNED: "计划"}
STANDING_LABELS = {
    Standing.PRELIMINARY: "初步",
    Standing.FINAL: "最终",
    Standing.REVISED: "修订",
}
MEASURE_LABELS = {
    Measure.VALUE: "数值",
    Measure.YEAR_ON_YEAR: "同比",
    Measure.PERIOD_ON_PERIOD: "环比",
    Measure.SHARE: "占比",
    Measure.COMPRESSION: "压缩",
}


Word = TypeVar("Word", bound=StrEnum)


def by_word(labels: Mapping[Word, str]) -> dict[str, str]:
    """Word → stored value.

    >>> by_word(SERIES_LABELS)
    {'实际': 'actual', '计划': 'planned'}
    """
    return {word: str(value) for value, word in labels.items()}
