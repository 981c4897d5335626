"""Every rule of the form asked of many letters at once. Pure.

What a text can be is asked once of each distinct one, by the very functions that check a single
letter; the rest compares columns. `tests/credit/letters_bulk` holds the two against each other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from yinuo.commitments.letters.codec import OTHER_BEFORE, from_data
from yinuo.commitments.letters.fields import BY_ATTRIBUTE, FIELDS
from yinuo.commitments.letters.letter import Fulfilment, LetterType, PromisorKind, Publicity
from yinuo.credit.letters_bulk.rules import Rule
from yinuo.kernel.regions import Regions
from yinuo.kernel.written_dates import written_date
from yinuo.lake.identifiers.checking import Kind, check
from yinuo.lake.identifiers.verdicts import Remark, Verdict

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
NO_DAY = np.iinfo(np.int64).min
EPOCH = date(1970, 1, 1)
NEVER = date(9999, 12, 31)
"""A letter may be of a person of any age: who was born when is not asked here."""
SERIALS = 1_000_000
OTHERS = frozenset({LetterType.OTHER.value, "0", OTHER_BEFORE})


def name_of(attribute: str) -> str:
    """What the form calls an item."""
    return BY_ATTRIBUTE[attribute].name


@dataclass(frozen=True)
class Judged:
    """What was found of some letters."""

    rules: NDArray[np.uint8]
    """By `Rule`: the first that each breaks."""
    public: Flags
    """Sound, of a firm or trader, and open to the public."""
    days: Mapping[str, pa.Array]
    """Attribute → its dates."""


@dataclass
class Judge:
    """Judges piece after piece, and remembers the codes that it has seen."""

    regions: Regions
    _regions_known: dict[str, bool] = field(default_factory=dict)
    _seen: list[Numbers] = field(default_factory=list)

    def judge(self, rows: pa.Table) -> Judged:
        """Judge letters: columns of text under the names of the form."""
        it = _Columns(rows)
        made = it.day("made_date")
        code_form = ~it.matches("code", r"^[0-9]{14}[0-9]{6}$") | it.ends_with("code", "000000")
        faults = [
            (it.missing, Rule.MISSING),
            (it.too_long, Rule.TOO_LONG),
            (it.unknown_word, Rule.UNKNOWN_WORD),
            (it.bad_date, Rule.BAD_DATE),
            (code_form, Rule.CODE_FORM),
            (~self._regions_fit(it, made, ~code_form), Rule.CODE_REGION),
            (~_code_dates_fit(it), Rule.CODE_DATE),
            (~_promisors_fit(it), Rule.PROMISOR_CODE),
            (~(_codes_fit(it, "accepting_code") & _codes_fit(it, "finder_code")), Rule.UNIT_CODE),
            (_too_early(it, made), Rule.DATES),
            (_unmet(it), Rule.UNMET),
            (it.filled("finder_code") & ~it.filled("finder"), Rule.FINDER),
        ]
        rules = np.select(
            [flags for flags, _ in faults], [np.uint8(rule) for _, rule in faults], np.uint8(0)
        ).astype(np.uint8)
        rules[self._repeated(it, rules == Rule.NONE)] = Rule.REPEATED
        person = it.is_one("promisor_kind", {PromisorKind.PERSON.value})
        public = (rules == Rule.NONE) & ~person & it.is_one("publicity", {Publicity.PUBLIC.value})
        return Judged(rules, public, {name: it.dates(name) for name in DATES})

    def _regions_fit(self, it: "_Columns", made: Numbers, shaped: Flags) -> Flags:
        """Whether the region of a code was in force when the letter was made."""
        asked = shaped & (made != NO_DAY)
        pairs = pc.binary_join_element_wise(
            pc.utf8_slice_codeunits(it.column("code"), 0, 6), pa.array(made).cast(pa.string()), "|"
        ).dictionary_encode()
        known = self._regions_known
        words = pairs.dictionary.to_pylist()
        wanted = set(np.unique(pairs.indices.to_numpy()[asked]).tolist())
        for place in wanted:
            pair = words[place]
            if pair not in known:
                region, _, day = pair.partition("|")
                known[pair] = not self.regions.fault(region, _date(int(day)))
        good = np.array([known.get(pair, True) for pair in words], np.bool_)
        found: Flags = (
            good[pairs.indices.to_numpy()] if len(words) else np.ones(len(made), np.bool_)
        )
        return found

    def _repeated(self, it: "_Columns", sound: Flags) -> Flags:
        """Which sound letters bear a code that stood in an earlier one."""
        repeated = np.zeros(len(sound), np.bool_)
        places = np.flatnonzero(sound)
        keys = _keys(it.column("code").take(pa.array(places)))
        fresh, first = np.unique(keys, return_index=True)
        again = np.ones(len(keys), np.bool_)
        again[first] = False
        for earlier in self._seen:
            near = np.minimum(np.searchsorted(earlier, keys), len(earlier) - 1)
            again |= earlier[near] == keys
        repeated[places[again]] = True
        if len(fresh):
            self._remember(fresh)
        return repeated

    def _remember(self, fresh: Numbers) -> None:
        """Keep sorted runs, each more than twice as long as the next: few have to be asked."""
        while self._seen and len(self._seen[-1]) < 2 * len(fresh):
            fresh = np.union1d(self._seen.pop(), fresh)
        self._seen.append(fresh)


def _date(days: int) -> date:
    return date.fromordinal(EPOCH.toordinal() + days)


def _keys(codes: pa.Array) -> Numbers:
    """Sound codes as whole numbers: region and serial in one, the day in days beside them."""
    region = pc.utf8_slice_codeunits(codes, 0, 6).cast(pa.int64()).to_numpy()
    day = pc.utf8_slice_codeunits(codes, 6, 14).cast(pa.int64()).to_numpy()
    serial = pc.utf8_slice_codeunits(codes, 14, 20).cast(pa.int64()).to_numpy()
    # Years from 1900 fit: 6 + 7 + 6 digits are less than 2⁶³.
    compact: Numbers = (region * 10_000_000 + (day - 19_000_000)) * SERIALS + serial
    return compact


DATES = ("made_date", "valid_until", "found_date")
CLOSED = ("promisor_kind", "type", "fulfilment", "publicity")


class _Columns:
    """The columns of some letters, and what is asked of them."""

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows
        self._columns: dict[str, pa.Array] = {}
        self._days: dict[str, Numbers] = {}

    def column(self, attribute: str) -> pa.Array:
        """The texts of an item."""
        if attribute not in self._columns:
            self._columns[attribute] = self._rows[name_of(attribute)].combine_chunks()
        return self._columns[attribute]

    def filled(self, attribute: str) -> Flags:
        """Where an item says anything."""
        return _flags(pc.not_equal(self.column(attribute), ""))

    def matches(self, attribute: str, pattern: str) -> Flags:
        """Where an item is of a form."""
        return _flags(pc.match_substring_regex(self.column(attribute), pattern))

    def ends_with(self, attribute: str, end: str) -> Flags:
        """Where an item ends so."""
        return _flags(pc.ends_with(self.column(attribute), end))

    def is_one(self, attribute: str, words: set[str]) -> Flags:
        """Where an item is one of these."""
        return _flags(pc.is_in(self.column(attribute), pa.array(sorted(words))))

    def each(self, attribute: str, ask: Callable[[str], bool]) -> Flags:
        """Ask once of each distinct text."""
        coded = self.column(attribute).dictionary_encode()
        said = np.array([ask(text) for text in coded.dictionary.to_pylist()], np.bool_)
        found: Flags = said[coded.indices.to_numpy()] if len(said) else np.zeros(0, np.bool_)
        return found

    def day(self, attribute: str) -> Numbers:
        """Days since 1970, `NO_DAY` for none or what is no date."""
        if attribute not in self._days:
            coded = self.column(attribute).dictionary_encode()
            days = np.array([_day(text) for text in coded.dictionary.to_pylist()], np.int64)
            self._days[attribute] = (
                days[coded.indices.to_numpy()] if len(days) else np.zeros(0, np.int64)
            )
        return self._days[attribute]

    def dates(self, attribute: str) -> pa.Array:
        """The same as dates, null for none."""
        days = self.day(attribute)
        none = days == NO_DAY
        return pa.array(np.where(none, 0, days).astype(np.int32), pa.int32(), mask=none).cast(
            pa.date32()
        )

    @cached_property
    def missing(self) -> Flags:
        """Where a required item is empty."""
        empty = [~self.filled(each.attribute) for each in FIELDS if each.required]
        return _any(empty)

    @cached_property
    def too_long(self) -> Flags:
        """Where an item is longer than it may be."""
        wide = [
            _flags(pc.greater(pc.utf8_length(self.column(each.attribute)), each.longest))
            for each in FIELDS
            if each.longest is not None and each.attribute != "code"
        ]
        return _any(wide)

    @cached_property
    def unknown_word(self) -> Flags:
        """Where a closed item holds another word, or a type that is not said."""
        return _any([self.each(name, _unread(name)) for name in CLOSED])

    @cached_property
    def bad_date(self) -> Flags:
        """Where something is written and is no date."""
        return _any([self.filled(name) & (self.day(name) == NO_DAY) for name in DATES])


def _any(faults: list[Flags]) -> Flags:
    found: Flags = np.logical_or.reduce(faults)
    return found


def _flags(found: pa.Array) -> Flags:
    flags: Flags = found.to_numpy(zero_copy_only=False)
    return flags


def _day(text: str) -> int:
    found = written_date(text)
    return NO_DAY if found is None else (found - EPOCH).days


def _unread(attribute: str) -> Callable[[str], bool]:
    """Whether a text is none of the words of a closed item."""
    name = name_of(attribute)

    def ask(text: str) -> bool:
        if not text:
            return False
        if attribute == "type" and text in OTHERS:
            return True
        return any(fault.name == name for fault in from_data({name: text}).faults)

    return ask


def _code_dates_fit(it: _Columns) -> Flags:
    """Whether the day in a code is the day on which the letter was made."""
    coded = it.column("made_date").dictionary_encode()
    said = [
        f"{day:%Y%m%d}" if (day := written_date(text)) else ""
        for text in coded.dictionary.to_pylist()
    ]
    wanted = pa.array(said, pa.string()).take(coded.indices)
    return _flags(pc.equal(pc.utf8_slice_codeunits(it.column("code"), 6, 14), wanted))


def _sound(column: pa.Array, kind: Kind) -> Flags:
    """Whether a code passes, written in its one form."""
    coded = column.dictionary_encode()
    found = check(coded.dictionary.to_pylist(), kind, on=NEVER)
    rewritten = found.remarks & np.uint8(Remark.REWRITTEN | Remark.OLD)
    good: Flags = (found.verdicts == Verdict.VALID) & (rewritten == 0)
    return good[coded.indices.to_numpy()] if len(good) else np.zeros(0, np.bool_)


def _promisors_fit(it: _Columns) -> Flags:
    codes = it.column("promisor_code")
    person = it.is_one("promisor_kind", {PromisorKind.PERSON.value})
    fits = np.zeros(len(person), np.bool_)
    for which, kind in ((person, Kind.RID), (~person, Kind.USCC)):
        fits[which] = _sound(codes.filter(pa.array(which)), kind)
    return fits


def _codes_fit(it: _Columns, attribute: str) -> Flags:
    return _sound(it.column(attribute), Kind.USCC) | ~it.filled(attribute)


def _too_early(it: _Columns, made: Numbers) -> Flags:
    ends = (it.day(name) for name in ("valid_until", "found_date"))
    return _any([(day != NO_DAY) & (day < made) for day in ends])


def _unmet(it: _Columns) -> Flags:
    """Items 12 and 13 exactly where item 11 is not 全部履行."""
    whole = it.is_one("fulfilment", {Fulfilment.WHOLE.value})
    unmet, pursued = it.filled("unmet"), it.filled("pursued")
    return np.where(whole, unmet | pursued, ~(unmet & pursued))
