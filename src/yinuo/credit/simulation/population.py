"""Who there is: firms, sole traders and people, each a function of its number, so of any size."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np
import pyarrow as pa

from yinuo.credit.simulation import codes
from yinuo.credit.simulation.codes import Bytes
from yinuo.credit.simulation.luck import Ints, Luck, Mask
from yinuo.credit.simulation.names import (
    FORM,
    GIVEN,
    LONG_CORES,
    MARKERS,
    SHORT_CORES,
    TRADES,
    firm_names,
    person_names,
)


class Kind(IntEnum):
    """What an entity is."""

    FIRM = 0
    TRADER = 1
    PERSON = 2


KIND_STRIDE = 10_000_000_000
"""An entity has one number: its kind times this, and its own."""
FIRMS, TRADERS, PERSONS = 130, 70, 100
"""For each thousand records: one firm or trader in five records, one person in ten."""
HOUSEHOLDS = 200
"""The first persons are heads of households of one village, whose collective is firm 0."""

CATEGORIES = ("91", "93", "N2", "N1", "12", "51", "52", "A1", "Y1", "92")
"""Departments and kinds of body: companies, cooperatives, collectives, institutions, …, traders."""
_TRADER = CATEGORIES.index("92")
_CATEGORY_SHARES = (955, 25, 6, 1, 5, 3, 3, 1, 1)
"""Per mille of firms, in the order of the categories."""
_CATEGORY_FORMS = (
    *("有限公司", "专业合作社", "村股份经济合作社", "经济联合总社", "服务中心", "协会", "培训学校"),
    *("服务中心", "服务中心", "店"),
)
_FORM_OF_CATEGORY = np.array([FORM[form] for form in _CATEGORY_FORMS])
_FORM_SHARES = (70, 90, 98)
"""Of each hundred companies, up to which have the first, the second and the third form."""
REGIONS = np.array(
    (
        *(210_200, 210_202, 210_203, 210_204, 210_211, 210_212, 210_213, 210_214, 210_231),
        *(210_242, 210_281, 210_283, 210_224),
    )
)
_PLACE_OF_REGION = np.array([0, 2, 3, 4, 5, 6, 7, 8, 5, 7, 9, 10, 11])
_FORMER_BODIES = 300_000_000
"""Old codes lie so far above the current ones."""
_FORMER_CORES = 400_000_000
"""So far the cores of former names."""
RELATED = 19
"""By 20, who bears the core of another and differs in trade alone."""
EPOCH = date(1980, 1, 1)
"""Days are counted from here."""

RENAMED, MOVED, RECODED, NUMBERED = 3, 9, 5, 1
"""Firms whose number leaves this rest: by 16 renamed and moved, by 32 recoded, by 4 with an old
registration number."""


def number_of(day: date) -> int:
    """Days from `EPOCH`."""
    return (day - EPOCH).days


@dataclass(frozen=True)
class Population:
    """Everybody of a simulation; numbers beyond the sizes are those who come later."""

    records: int
    seed: int
    on: date

    @property
    def firms(self) -> int:
        """How many firms there are."""
        return max(self.records * FIRMS // 1000, 20)

    @property
    def traders(self) -> int:
        """How many sole traders there are."""
        return max(self.records * TRADERS // 1000, 10)

    @property
    def persons(self) -> int:
        """How many people there are."""
        return max(self.records * PERSONS // 1000, 20)

    def size(self, kind: Kind) -> int:
        """How many of a kind there are."""
        return (self.firms, self.traders, self.persons)[kind]

    @property
    def luck(self) -> Luck:
        """The stream from which people and firms are made."""
        return Luck(self.seed, "population")

    # ── firms and traders: `party` is twice the number, and one more for traders ─────────────────

    def category(self, party: Ints) -> Ints:
        """Place in `CATEGORIES`."""
        edges = np.cumsum(_CATEGORY_SHARES)
        firm = np.searchsorted(edges, self.luck.below(party, "category", 1000), side="right")
        firm = np.where(party == 0, CATEGORIES.index("N2"), firm)
        return np.where(party % 2 == 1, _TRADER, firm)

    def region_number(self, party: Ints) -> Ints:
        """Place in `REGIONS` of where it was registered first."""
        return self.luck.below(party, "region", len(REGIONS))

    def present_region_number(self, party: Ints) -> Ints:
        """Place in `REGIONS` of where it is now."""
        moved = self.moved(party)
        return (self.region_number(party) + moved * (1 + self.luck.below(party, "move", 9))) % len(
            REGIONS
        )

    def moved(self, party: Ints) -> Mask:
        """Which moved to another region; their codes stay."""
        which: Mask = (party // 2 % 16 == MOVED) & (party % 2 == 0)
        return which

    def renamed_on(self, party: Ints) -> Ints:
        """The day of the change of name; a day before all records for the others."""
        return self._changed_on(party, (party // 2 % 16 == RENAMED) & (party % 2 == 0), "renamed")

    def recoded_on(self, party: Ints) -> Ints:
        """The day of the change of code; a day before all records for the others."""
        return self._changed_on(party, (party // 2 % 32 == RECODED) & (party % 2 == 0), "recoded")

    def _changed_on(self, party: Ints, which: Mask, what: str) -> Ints:
        days = number_of(self.on) - 60 - self.luck.below(party, what, 900)
        return np.where(which, days, 0)

    def founded_on(self, party: Ints) -> Ints:
        """The day of foundation, from 1995 up to four years ago."""
        first, last = number_of(date(1995, 1, 1)), number_of(self.on) - 4 * 366
        return first + self.luck.below(party, "founded", last - first)

    def credit_codes(self, party: Ints, *, former: Mask | None = None) -> Bytes:
        """Unified social credit codes; of those that are `former`, the code they had before."""
        category = np.array([list(each.encode()) for each in CATEGORIES], np.uint8)
        return codes.credit_codes(
            category[self.category(party)],
            REGIONS[self.region_number(party)],
            self._body(party, former),
        )

    def organisations(self, party: Ints, *, former: Mask | None = None) -> Bytes:
        """Organisation codes: the nine characters inside."""
        return codes.organisations(self._body(party, former))

    def tax_numbers(self, party: Ints) -> Bytes:
        """Old tax numbers: region and organisation code, of fifteen characters."""
        regions = np.array([list(b"%06d" % region) for region in REGIONS], np.uint8)
        region = regions[self.region_number(party)]
        return np.concatenate([region, self.organisations(party)], axis=1)

    def registrations(self, party: Ints) -> Bytes:
        """Old registration numbers."""
        return codes.registrations(self.luck.shuffled(party, "registration", codes.REGISTERED))

    def _body(self, party: Ints, former: Mask | None) -> Ints:
        number = party if former is None else party + former * _FORMER_BODIES
        return self.luck.shuffled(number, "body", codes.BODIES)

    # ── names ────────────────────────────────────────────────────────────────────────────────────

    def party_names(
        self,
        party: Ints,
        *,
        former: Mask | None = None,
        variant: Mask | None = None,
        change: Ints | None = None,
    ) -> "pa.Array":
        """Names of firms and traders.

        `former`: the name before a change; `variant`: the same name a little otherwise, as clerks
        write it; `change`: how the core is miswritten (see `firm_names`).
        """
        none = np.zeros(len(party), np.bool_)
        before = none if former is None else former
        other = none if variant is None else variant
        own = np.where(party // 2 % 20 == RELATED, np.maximum(party - 4, party % 2), party)
        short = (party // 2 % 2 == 0) & ~before
        core = np.where(
            short,
            self.luck.shuffled(own // 4 * 2 + own % 2, "core", SHORT_CORES),
            self.luck.shuffled(own + before * _FORMER_CORES, "core", LONG_CORES),
        )
        trade = core % len(TRADES)
        core = np.where(own != party, core - trade + (trade + 1) % len(TRADES), core)
        place = _PLACE_OF_REGION[self.region_number(party)]
        form = self._form(party)
        districted = place > 1  # 大连 and 大连市 are the first two
        return firm_names(
            place=np.where(other & ~districted, 1 - place, place),
            core=core,
            form=np.where(other & districted & (form <= 1), 1 - form, form),
            short=short,
            change=np.zeros(len(party), np.int64) if change is None else change,
        )

    def _form(self, party: Ints) -> Ints:
        category = self.category(party)
        drawn = self.luck.below(party, "form", 100)
        company = np.searchsorted(_FORM_SHARES, drawn, side="right")
        trader = FORM["店"] + drawn % 4
        form = np.where(category == 0, company, _FORM_OF_CATEGORY[category])
        return np.where(category == _TRADER, trader, form)

    def person_names(self, person: Ints, change: Ints | None = None) -> "pa.Array":
        """Names of people; several may bear the same."""
        given = self.luck.below(person, "given", GIVEN)
        if change is not None:
            given = (given + change) % GIVEN
        return person_names(self.luck.below(person, "surname", len(MARKERS)), given)

    def resident_numbers(self, person: Ints) -> Ints:
        """For `codes.residents`."""
        return self.luck.shuffled(person, "resident", codes.RESIDENTS)

    def representatives(self, party: Ints) -> Ints:
        """The person who represents a firm or owns a trade."""
        return self.luck.below(party, "representative", self.persons)
