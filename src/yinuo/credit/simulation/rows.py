"""Some rows of a source: whose they are, with which faults, and their columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yinuo.credit.simulation import cells, codes
from yinuo.credit.simulation.faults import NUMBER, OF_WHOM, Fault
from yinuo.credit.simulation.luck import MILLION, Ints, Luck, Mask
from yinuo.credit.simulation.names import SIZE
from yinuo.credit.simulation.population import (
    KIND_STRIDE,
    NUMBERED,
    Kind,
    Population,
    number_of,
)

YEARS_BACK = 1_000
"""Days before the end in which things happen."""


class Format(StrEnum):
    """How a source delivers its files."""

    CSV = "csv"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"
    WORKBOOK = "xlsx"


@dataclass(frozen=True, kw_only=True)
class Marks:
    """Headings of the columns that faults spoil; empty where a source has none."""

    name: str
    date: str
    code: str = ""
    amount: str = ""
    uscc: str = ""
    org: str = ""
    changed: str = ""
    """What differs in a second version of a row; empty: the name."""
    unit: str = "元"
    """Of the amount."""


@dataclass(frozen=True, kw_only=True)
class SimulatedSource:
    """One city system as it delivers."""

    id: str
    per_mille: int
    """Of all records."""
    columns: Callable[["Rows"], dict[str, "pa.Array"]]
    marks: Marks
    mix: tuple[int, int, int] = (1000, 0, 0)
    """Per mille of firms, traders, people."""
    format: Format = Format.CSV
    encoding: str = "utf-8"
    delimiter: str = ","
    quoted: bool = False
    rows_each: int = 1
    """Rows of one account, one behind the other."""
    most: int = 2**40
    """No more rows than that."""
    old_number: str = ""
    """The older identifier it may bear in place of the code: reg, org, tax."""
    codes_fail: bool = True
    """Whether codes are missing or wrong; not where the code is the key."""
    full: bool = False
    """Whether every delivery is the whole."""
    revocable: bool = False
    current: bool = False
    """Whether it names everybody as they are now, not as they were on the day."""
    holders: "Callable[[Population, Ints], tuple[Ints, Ints]] | None" = None
    """Kind and number of whose each row is; None: drawn."""

    def count(self, population: Population) -> int:
        """How many rows it has."""
        return min(max(population.records * self.per_mille // 1000, 5), self.most)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows of one source by their numbers, put in order: firms, traders, people."""

    source: SimulatedSource
    population: Population
    numbers: Ints
    dirty: bool = True
    revision: int = 0
    """1 for the same rows with other content."""
    revoked: bool = False
    today: bool = False
    """Whether they happened on the day after the last."""
    luck: Luck = field(init=False, repr=False)
    kind: Ints = field(init=False, repr=False)
    holder: Ints = field(init=False, repr=False)
    """Number among its kind."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "luck", self.population.luck.of(self.source.id))
        kind, holder = (self.source.holders or self._drawn)(self.population, self.numbers)
        order = np.argsort(kind, kind="stable")
        object.__setattr__(self, "numbers", self.numbers[order])
        object.__setattr__(self, "kind", kind[order])
        object.__setattr__(self, "holder", holder[order])

    def __len__(self) -> int:
        return len(self.numbers)

    def _drawn(self, population: Population, numbers: Ints) -> tuple[Ints, Ints]:
        account = numbers // self.source.rows_each
        edges = np.cumsum(self.source.mix)[:-1]
        kind = np.searchsorted(edges, self.luck.below(account, "kind", 1000), side="right")
        holder = np.zeros(len(numbers), np.int64)
        for each in Kind:
            mine = kind == each
            if mine.any():
                holder[mine] = self.luck.skewed(account[mine], "holder", population.size(each))
        return kind.astype(np.int64), holder

    # ── whose ────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def parties(self) -> int:
        """How many of the rows are of firms and traders; the others are of people."""
        return int(np.searchsorted(self.kind, Kind.PERSON))

    @cached_property
    def party(self) -> Ints:
        """Firms and traders as the population counts them."""
        return self.holder[: self.parties] * 2 + self.kind[: self.parties]

    @cached_property
    def person(self) -> Ints:
        """People."""
        return self.holder[self.parties :]

    @property
    def entity(self) -> Ints:
        """One number for each entity."""
        return self.kind * KIND_STRIDE + self.holder

    @cached_property
    def day(self) -> Ints:
        """When it happened."""
        if self.today:
            return np.full(len(self), number_of(self.population.on) + 1)
        back = self.luck.below(self.numbers, "day", YEARS_BACK)
        return number_of(self.population.on) - back

    @cached_property
    def fault(self) -> Ints:
        """What is the matter with whose it is, by place in `FAULTS`."""
        found = np.zeros(len(self), np.int64)
        if self.dirty:
            found = _drawn_fault(self.luck, self.numbers)
        if not self.source.codes_fail:
            found[~np.isin(found, [NUMBER[Fault.VARIANT], NUMBER[Fault.TYPO]])] = 0
        head = found[: self.parties]
        head[(head == NUMBER[Fault.OLD_NUMBER]) & ~self._has_old_number] = 0
        head[(head == 0) & self._renamed] = NUMBER[Fault.RENAMED]
        head[(head == 0) & self._recoded] = NUMBER[Fault.OLD_CODE]
        if self.source.current:
            head[(head == 0) & self.population.moved(self.party)] = NUMBER[Fault.MOVED]
        tail = found[self.parties :]
        tail[tail == NUMBER[Fault.VARIANT]] = 0
        old = tail == NUMBER[Fault.OLD_NUMBER]
        tail[old & ~codes.may_be_old(self.population.resident_numbers(self.person))] = 0
        return found

    @cached_property
    def _has_old_number(self) -> Mask:
        if self.source.old_number == "reg":
            which: Mask = self.party // 2 % 4 == NUMBERED
            return which
        return np.full(self.parties, bool(self.source.old_number))

    @cached_property
    def _renamed(self) -> Mask:
        """Whose present name was not yet theirs on the day."""
        return self._before(self.population.renamed_on(self.party))

    @cached_property
    def _recoded(self) -> Mask:
        return self._before(self.population.recoded_on(self.party))

    def _before(self, changed_on: Ints) -> Mask:
        earlier: Mask = self.day[: self.parties] < changed_on
        return earlier & (not self.source.current)

    def having(self, *faults: Fault) -> Mask:
        """Which rows have one of these."""
        return np.isin(self.fault, [NUMBER[fault] for fault in faults])

    # ── columns of identity ──────────────────────────────────────────────────────────────────────

    def names(self) -> "pa.Array":
        """Names, with their faults."""
        misspelt = self.having(Fault.TYPO, Fault.NO_CODE_TYPO)
        change = misspelt * (1 + self.luck.below(self.numbers, "typo", SIZE - 2))
        change = np.where(misspelt & (change % 2 == 0), 1, change)
        head, tail = change[: self.parties], change[self.parties :]
        parts = []
        if self.parties:
            variant = self.having(Fault.VARIANT)[: self.parties]
            parts.append(
                self.population.party_names(
                    self.party, former=self._renamed, variant=variant, change=head
                )
            )
        if self.parties < len(self):
            parts.append(self.population.person_names(self.person, tail))
        return pa.concat_arrays(parts) if parts else pa.array([], pa.string())

    def uscc(self) -> "pa.Array":
        """Unified social credit codes of firms and traders, with their faults; none of people."""
        other = self.having(Fault.OTHER_CODE)[: self.parties]
        party = np.where(other, self._others(Kind.FIRM), self.party)
        made = self.population.credit_codes(party, former=self._recoded & ~other)
        codes.spoil_check(made, self.having(Fault.WRONG_CODE)[: self.parties])
        none = self.having(Fault.NO_CODE, Fault.NO_CODE_TYPO, Fault.OLD_NUMBER)[: self.parties]
        return self._headed(cells.only(codes.texts(made), ~none))

    def _others(self, kind: Kind) -> Ints:
        """Somebody else of a kind for each firm or trader, or for each person."""
        which = slice(self.parties) if kind is Kind.FIRM else slice(self.parties, None)
        size = self.population.size(kind)
        own = self.holder[which]
        other = (own + 1 + self.luck.below(self.numbers[which], "other", size - 1)) % size
        return other * 2 if kind is Kind.FIRM else other

    def rid(self) -> "pa.Array":
        """Resident numbers of people, with their faults; none of firms and traders."""
        fault = self.fault[self.parties :]
        person = np.where(fault == NUMBER[Fault.OTHER_CODE], self._others(Kind.PERSON), self.person)
        made = codes.residents(self.population.resident_numbers(person))
        codes.spoil_check(made, fault == NUMBER[Fault.WRONG_CODE])
        column = codes.texts(made)
        old = fault == NUMBER[Fault.OLD_NUMBER]
        if old.any():
            short = codes.texts(codes.old_residents(made))
            column = pc.if_else(pa.array(old), short, column)
        none = np.isin(fault, [NUMBER[Fault.NO_CODE], NUMBER[Fault.NO_CODE_TYPO]])
        return pa.concat_arrays([pa.nulls(self.parties, pa.string()), cells.only(column, ~none)])

    def old(self, kind: str, per_mille: int = 0) -> "pa.Array":
        """Older identifiers where they stand in place of the code, and beside it in some rows."""
        made = {
            "reg": self.population.registrations,
            "org": self.population.organisations,
            "tax": self.population.tax_numbers,
        }[kind](self.party)
        shown = self.having(Fault.OLD_NUMBER)[: self.parties] & (self.source.old_number == kind)
        if per_mille:
            sound = (self.fault[: self.parties] == 0) & ~self._recoded
            beside = self.luck.below(self.numbers[: self.parties], kind, 1000) < per_mille
            if kind == "reg":
                beside &= self.party // 2 % 4 == NUMBERED
            shown = shown | (sound & beside)
        return self._headed(cells.only(codes.texts(made), shown))

    def numbered(self) -> "pa.Array":
        """The old registration numbers of all who have one."""
        party = self.party
        made = codes.texts(self.population.registrations(party))
        return self._headed(cells.only(made, party // 2 % 4 == NUMBERED))

    def tax(self) -> "pa.Array":
        """Taxpayer numbers: the credit code, or the old number."""
        old = self.having(Fault.OLD_NUMBER)
        return pc.if_else(pa.array(old), self.old("tax"), self.uscc())

    def _headed(self, column: "pa.Array") -> "pa.Array":
        """A column of the firms and traders, empty for the people."""
        return pa.concat_arrays([column, pa.nulls(len(self) - self.parties, pa.string())])

    def representatives(self) -> "pa.Array":
        """Names of those who represent firms or own trades."""
        who = self.population.representatives(self.party)
        return self._headed(self.population.person_names(who))

    def representative_numbers(self) -> "pa.Array":
        """Their resident numbers."""
        who = self.population.representatives(self.party)
        return self._headed(codes.texts(codes.residents(self.population.resident_numbers(who))))

    def kinds(self, firm: str, trader: str = "", person: str = "") -> "pa.Array":
        """What the source calls whose it is."""
        return cells.of_words((firm, trader, person), self.kind)

    # ── other columns ────────────────────────────────────────────────────────────────────────────

    def drawn(self, what: str, limit: int) -> Ints:
        """A number below a limit for each row."""
        return self.luck.below(self.numbers, what, limit)

    def words(self, what: str, words: Mapping[str, int] | Sequence[str]) -> "pa.Array":
        """One of the words for each row: each as often, or by its share per mille."""
        if not isinstance(words, Mapping):
            return cells.of_words(words, self.drawn(what, len(words)))
        edges = np.cumsum(list(words.values()))[:-1]
        number = np.searchsorted(edges, self.drawn(what, 1000), side="right")
        return cells.of_words(tuple(words), number.astype(np.int64))

    def state(self, words: Mapping[str, int], revoked: str = "撤销") -> "pa.Array":
        """As `words`, or the word for what was taken back."""
        if self.revoked:
            return cells.of_words([revoked], np.zeros(len(self), np.int64))
        return self.words("state", words)

    def edited(self, what: str, words: Sequence[str]) -> "pa.Array":
        """As `words`; another text in a later version of the row."""
        column = self.words(what, words)
        if not self.revision:
            return column
        return cells.joined(pc.fill_null(column, ""), "（更正）")

    def nothing(self) -> "pa.Array":
        """An empty column."""
        return pa.nulls(len(self), pa.string())

    def serial(self, before: int | str) -> "pa.Array":
        """A running number with something before it, for each row another."""
        if isinstance(before, int):
            return cells.whole(before * MILLION * 10_000 + self.numbers)
        return cells.joined(before, cells.whole(10_000_000_000 + self.numbers))

    def past(self, days: Ints) -> Mask:
        """Which days have come."""
        come: Mask = days <= number_of(self.population.on)
        return come

    def dates(self, days: Ints, form: int = cells.DASHED) -> "pa.Array":
        """Dates as the source writes them."""
        if self.source.format in {Format.PARQUET, Format.WORKBOOK}:
            return cells.typed_dates(days)
        return cells.dates(days, form)

    def months(self) -> Ints:
        """The first of a month: rows of one account follow each other, others are drawn."""
        each = self.source.rows_each
        back = self.numbers % each if each > 1 else self.drawn("month", 24)
        last = np.datetime64(self.population.on, "M").astype(np.int64)
        first = (last - 1 - back).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
        return np.asarray(first - np.datetime64("1980-01-01", "D").astype(np.int64))

    def money(self, what: str, hundredths: int) -> "pa.Array":
        """Amounts below a limit, small ones oftener; another in a later version of the row."""
        drawn = 100 + self.luck.skewed(self.numbers, what, hundredths) + 500 * self.revision
        if self.source.format in {Format.PARQUET, Format.WORKBOOK}:
            return cells.typed_money(drawn)
        return cells.money(drawn)

    def addresses(self) -> "pa.Array":
        """Made-up addresses: everybody's own in nine rows of ten, in the region they are in."""
        elsewhere = self.luck.happens(self.numbers, "elsewhere", ELSEWHERE)
        whose = np.where(elsewhere, self.numbers + 7 * KIND_STRIDE, self.entity)
        luck = self.population.luck
        district = luck.below(whose, "district", len(DISTRICTS))
        region = self.population.present_region_number(self.party)
        at_home = ~elsewhere[: self.parties]
        district[: self.parties][at_home] = DISTRICT_OF_REGION[region[at_home]]
        street = district * len(ROADS) + luck.below(whose, "road", len(ROADS))
        house = cells.whole(1 + luck.below(whose, "house", 400))
        return cells.joined(cells.of_words(STREETS, street), house, "号")


def _drawn_fault(luck: Luck, numbers: Ints) -> Ints:
    drawn = luck.below(numbers, "identity", MILLION)
    edges = np.cumsum(list(OF_WHOM.values()))
    found = np.array([NUMBER[fault] for fault in OF_WHOM] + [0])
    return found[np.searchsorted(edges, drawn, side="right")]


DISTRICTS = (
    *("中山区", "西岗区", "沙河口区", "甘井子区", "旅顺口区", "金州区", "普兰店区", "瓦房店市"),
    *("庄河市", "长海县"),
)
DISTRICT_OF_REGION = np.array([0, 0, 1, 2, 3, 4, 5, 6, 3, 5, 7, 8, 9])
"""By place in `REGIONS`; a zone lies in its host."""
ROADS = ("海晏", "云帆", "松涛", "星澜", "锦程", "望海", "清泉", "长兴", "和安", "明德")
STREETS = tuple(f"大连市{district}试{road}路" for district in DISTRICTS for road in ROADS)
ELSEWHERE = 100_000
"""Per million rows, whose address is another."""
