"""From findings to what the estimate is made of, and to the form in which it is kept. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from yinuo.supervision.draws.estimate import METHOD, Counted, Estimate
from yinuo.supervision.draws.frame import read_frame
from yinuo.supervision.draws.life import Result

Found = tuple[str, str]
"""A layer and a result."""


@dataclass(frozen=True)
class Strata:
    """The findings by layer, counted twice."""

    strict: tuple[Counted, ...]
    """Only 不实 is false."""
    wide: tuple[Counted, ...]
    """部分不实 as well."""


def counted(frame: bytes, findings: Sequence[Found]) -> Strata:
    """The findings by layer of a frame."""
    times = Counter(findings)

    def of(false: Sequence[Result]) -> tuple[Counted, ...]:
        return tuple(
            Counted(
                name=stratum.name,
                size=stratum.size,
                drawn=stratum.take,
                false=sum(times[stratum.name, result] for result in false),
                unchecked=times[stratum.name, Result.UNCHECKED],
            )
            for stratum in read_frame(frame).strata
        )

    return Strata(of([Result.FALSE]), of([Result.FALSE, Result.PARTLY]))


def result_data(*, strict: Estimate, wide: Estimate, findings: Sequence[Found]) -> dict[str, Any]:
    """The estimate as it is written down: whole numbers and fractions, no rounding."""
    times = Counter(result for _, result in findings)
    return {
        "method": METHOD,
        "size": strict.size,
        "drawn": strict.drawn,
        "found": {result.value: times[result] for result in Result},
        "strict": _data(strict),
        "wide": _data(wide),
    }


def _data(found: Estimate) -> dict[str, Any]:
    return {
        "about": str(found.about),
        "about_worst": str(found.about_worst),
        "least": found.least,
        "most": found.most,
    }


def estimate_of(result: Mapping[str, Any], name: str) -> Estimate:
    """`strict` or `wide` of what was written down."""
    found, times = result[name], result["found"]
    false = [Result.FALSE] if name == "strict" else [Result.FALSE, Result.PARTLY]
    return Estimate(
        size=result["size"],
        drawn=result["drawn"],
        false=sum(times[each] for each in false),
        unchecked=times[Result.UNCHECKED],
        about=Fraction(found["about"]),
        about_worst=Fraction(found["about_worst"]),
        least=found["least"],
        most=found["most"],
    )
