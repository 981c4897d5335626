"""What credit knows on a day, for those who ask about the standing of an applicant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yinuo.content.queries import public_book, public_in_force
from yinuo.credit.means import Means
from yinuo.credit.models import CreditRelease
from yinuo.credit.overlay import in_use
from yinuo.credit.profile.figures import Figure
from yinuo.credit.profile.terms import Regime
from yinuo.credit.released import current_row, serving_of
from yinuo.credit.standing import FILE, Known
from yinuo.kernel.instants import civil_date
from yinuo.lake.identifiers.checking import plain

PURPOSE = "service"
"""For which windows look: 办件核对."""


@dataclass(frozen=True, kw_only=True)
class Knowing:
    """Gives what is known on a day; nothing is read before somebody asks."""

    means: Callable[[], Means]
    figures: Callable[[], tuple[Figure, ...]]
    regime: Callable[[], Regime]

    def __call__(self, on: date) -> Known | None:
        """What is in force on a day; None before the first release."""
        row = current_row()
        if row is None:
            return None
        means = self.means()
        published = public_in_force(FILE, on=on)
        return Known(
            by_code=_Reader(row, means),
            as_of=civil_date(row.published_at),
            sources={name: means.sources[name] for name in row.counts["facts"]},
            figures=self.figures(),
            regime=self.regime(),
            purpose=means.purposes[PURPOSE],
            book=public_book(published) if published is not None else None,
        )


@dataclass(frozen=True)
class _Reader:
    """Point reads of one release by code, each on a connection of its own."""

    row: CreditRelease
    means: Means

    def __call__(self, code: str) -> Mapping[str, Any] | None:
        with serving_of(self.row, self.means) as serving:
            found = serving.by_code(plain(code))
        return in_use(found) if found is not None else None
