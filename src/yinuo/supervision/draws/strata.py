"""From the published table to layers of risk and how many of each are drawn. Pure."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from yinuo.kernel.errors import YinuoError
from yinuo.rules.decision import State
from yinuo.rules.single import Tables
from yinuo.rules.table import Rulebook
from yinuo.supervision.draws.frame import Stratum

LAYER, LEAST, SHARE, MOST = "抽查层", "最少", "比例", "最多"
"""Names of outputs, as the table has them."""
OF_LAYER = "层"
"""Name of the input by which sizes are asked."""
LAYERS, SIZES = "抽查分层", "抽查数量"
"""Names of the tables."""
PLACES = Decimal("0.0001")
WHOLE = 100


class StrataUnfit(YinuoError):
    """The table in force puts something into no layer, or a layer has no size."""

    code = "DRAW-E003"

    def __init__(self, place: str, why: str) -> None:
        super().__init__(
            f"规则表分不出层：{why}",
            place=place,
            next_step=f"请管理员改好规则表：“{LAYERS}”对每一项都要有结果，"
            f"“{SIZES}”对每一层都要写明最少、比例和最多",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What the layer of one commitment depends on."""

    doubts: int
    on_last_day: bool
    moved: int
    jump: Fraction
    """A share of the promise."""
    wan: Decimal
    checked: bool

    @property
    def given(self) -> Mapping[str, object]:
        """The facts by the names of the table."""
        jump = Decimal(self.jump.numerator * WHOLE) / Decimal(self.jump.denominator)
        return {
            "未结疑点": self.doubts,
            "到期当天申报": self.on_last_day,
            "调整次数": self.moved,
            "报送跃升": jump.quantize(PLACES, ROUND_HALF_UP),
            "金额": self.wan,
            "抽查过": self.checked,
        }


@dataclass(frozen=True, slots=True)
class Layered:
    """The layer of one commitment, and the rule that put it there."""

    stratum: str
    rule: str
    note: str
    """What the rule says of itself."""


class Layering:
    """The tables in force on a day."""

    def __init__(self, book: Rulebook, on: date) -> None:
        self._tables = Tables(book, on)

    def layer(self, risk: Risk, *, place: str) -> Layered:
        """The layer of one commitment. Raises `StrataUnfit`, naming `place`."""
        found = self._tables.decide(risk.given).decisions.get(LAYERS)
        if found is None:
            raise StrataUnfit(place, f"没有有效的“{LAYERS}”")
        if found.state is not State.HIT:
            lacking = "、".join(found.lacking)
            raise StrataUnfit(place, f"{found.state}" + (f"，缺少{lacking}" if lacking else ""))
        rule = found.counted[0]
        return Layered(str(found.answer()[LAYER]), rule.name, rule.note)

    def strata(self, layers: Sequence[str]) -> tuple[Stratum, ...]:
        """The layers that hold anything, with how many are drawn; those drawn most densely first.

        Raises `StrataUnfit`.
        """
        sizes = Counter(layers)
        found = [Stratum(name, size, self._take(name, size)) for name, size in sizes.items()]
        return tuple(sorted(found, key=lambda each: (-self._share(each.name), each.name)))

    def _sizes(self, name: str) -> Mapping[str, object]:
        found = self._tables.decide({OF_LAYER: name}).decisions.get(SIZES)
        if found is None or found.state not in (State.HIT, State.DEFAULT):
            raise StrataUnfit(name, f"没有写明“{name}”要抽几项")
        return found.answer()

    def _share(self, name: str) -> Fraction:
        return Fraction(str(self._sizes(name)[SHARE])) / WHOLE

    def _take(self, name: str, size: int) -> int:
        sizes = self._sizes(name)
        least, most = (int(Decimal(str(sizes[each]))) for each in (LEAST, MOST))
        wanted = math.ceil(size * self._share(name))
        # Of a layer of which none is drawn nothing could be said.
        return min(size, max(1, min(most, max(least, wanted))))
