"""Is the table whole and sound? Gaps, overlaps, rules that can never count, as boxes in words.

A box is one cell an input, so it reads like a rule, and real rows can be counted in it like one.
Columns are cut into pieces within which every rule answers alike; nothing is sampled.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from yinuo.rules.atoms import OTHER, Asked, Atoms, atoms
from yinuo.rules.cells import (
    ANY,
    NOT_NULL,
    NULL,
    AnyValue,
    Cell,
    Interval,
    Not,
    OneOf,
    asks_for_null,
    either,
    write,
)
from yinuo.rules.kinds import Kind
from yinuo.rules.table import HitPolicy, Input, Rule, Table

MOST_STATES = 60_000
"""So many states a search visits before it stops and says so: about a second."""
_WITH_DATA = "可用 yinuo rules screen --coverage 按真实数据查"
MOST_BOXES = 2_000
MOST_OVERLAPS = 200


@dataclass(frozen=True, slots=True)
class Box:
    """A part of everything that can be given: one cell an input."""

    cells: tuple[Cell, ...]

    def words(self, table: Table) -> str:
        """Such as `面积 > 300 平方米；类别 是 新建、扩建`."""
        parts = [
            f"{column.name} {text}"
            for column, cell in zip(table.inputs, self.cells, strict=True)
            if (text := write(cell, column.kind, column.unit)) != "-"
        ]
        return "；".join(parts) or "任何情况"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Rules that hold together where they must not."""

    rules: tuple[str, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class Dead:
    """A rule that never counts, and why."""

    rule: str
    row: int
    why: str


@dataclass
class Verified:
    """What was found about one table."""

    table: Table
    gaps: list[Box] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)
    more_overlaps: int = 0
    """Pairs beyond those listed."""
    dead: list[Dead] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    """What was not looked at to the end, and where it stopped."""

    @property
    def is_sound(self) -> bool:
        """Whether no rule contradicts another and every rule can count."""
        return not self.overlaps and not self.dead


class _Budget(Exception):
    """The search has visited as many states as it may."""


@dataclass(frozen=True)
class _Piece:
    """Values that every rule judges alike."""

    rules: int
    """Those whose cell holds here."""
    numbers: tuple[int, ...]
    """The pieces of the column's atoms that it is made of."""


class _Column:
    """An input cut into pieces, alike ones together."""

    def __init__(self, table: Table, place: int) -> None:
        self.input = table.inputs[place]
        cells = [rule.cells[place] for rule in table.rules]
        asking: dict[Cell, int] = {}
        for number, cell in enumerate(cells):
            asking[cell] = asking.get(cell, 0) | 1 << number
        asked = [Asked(cell, ANY) for cell in (*asking, self.input.allowed)]
        self.atoms: Atoms = atoms(self.input.kind, asked)
        count = self.atoms.pieces
        shown = [n for n in range(count) if self.atoms.answers[n][-1] is not False]
        if self.input.kind is Kind.TRUTH:
            shown = [n for n in shown if n < len(self.atoms.values)]
        if any(asks_for_null(cell) for cell in cells):
            shown.append(count)  # the piece of missing values
        together: dict[int, list[int]] = {}
        for number in shown:
            answers = self.atoms.answers[number]
            mask = sum(m for m, holds in zip(asking.values(), answers, strict=False) if holds)
            together.setdefault(mask, []).append(number)
        self.pieces = [_Piece(mask, tuple(numbers)) for mask, numbers in together.items()]
        self.every = frozenset(shown)

    def cell(self, numbers: frozenset[int]) -> Cell:
        """The pieces as one cell; `-` if they are all there are."""
        if numbers == self.every:
            return ANY
        known = sorted(n for n in numbers if n < self.atoms.pieces)
        if numbers == self.every - {self.atoms.pieces}:
            return NOT_NULL
        parts: list[Cell] = [NULL] if self.atoms.pieces in numbers else []
        if self.input.kind.is_ordered:
            parts += list(self._intervals(known))
        else:
            parts += self._named(known)
        return either(tuple(parts))

    def _named(self, known: Sequence[int]) -> list[Cell]:
        values = self.atoms.values
        named = tuple(values[n] for n in known if n < len(values))
        if len(values) not in known:
            return [OneOf(named)] if named else []
        others = tuple(value for value in values if value not in named and value != OTHER)
        return [Not(OneOf(others))] if others else [ANY]

    def _intervals(self, known: Sequence[int]) -> Iterator[Cell]:
        run: list[int] = []
        for number in [*known, -1]:
            if run and number != run[-1] + 1:
                yield self._interval(run[0], run[-1])
                run = []
            run.append(number)

    def _interval(self, first: int, last: int) -> Cell:
        cuts = self.atoms.cuts
        low = cuts[first - 1] if first > 0 else None
        high = cuts[last] if last < len(cuts) else None
        if low is None and high is None:
            return ANY
        if low and high and low.value == high.value:
            return OneOf((low.value,))
        return Interval(
            low.value if low else None,
            high.value if high else None,
            includes_low=low is None or not low.after,
            includes_high=high is None or high.after,
        )


class _Searcher:
    """Looks for values for which none of some rules holds."""

    def __init__(self, columns: Sequence[_Column], rules: int) -> None:
        # Columns that ask the most first: they leave the fewest rules to follow.
        self.order = sorted(range(len(columns)), key=lambda place: -len(columns[place].pieces))
        self.columns = [columns[place] for place in self.order]
        self.rules = rules
        self.seen: dict[tuple[int, int], list[tuple[frozenset[int], ...]]] = {}
        self.states = 0
        self.deepest = 0
        always = (1 << rules) - 1
        self.asks_no_more = [always]
        for column in reversed(self.columns):
            for piece in column.pieces:
                always &= piece.rules
            self.asks_no_more.insert(0, always)

    def boxes(self, at: int, alive: int) -> list[tuple[frozenset[int], ...]]:
        """Boxes over the columns from `at` on that no living rule covers."""
        if not alive:
            return [tuple(column.every for column in self.columns[at:])]
        if at == len(self.columns) or alive & self.asks_no_more[at]:
            return []
        key = (at, alive)
        if key in self.seen:
            return self.seen[key]
        self.states += 1
        if self.states > MOST_STATES:
            raise _Budget
        together: dict[tuple[frozenset[int], ...], set[int]] = {}
        for piece in self.columns[at].pieces:
            for rest in self.boxes(at + 1, alive & piece.rules):
                together.setdefault(rest, set()).update(piece.numbers)
        found = [(frozenset(numbers), *rest) for rest, numbers in together.items()]
        if len(found) > MOST_BOXES:
            raise _Budget
        self.seen[key] = found
        return found

    def in_table_order(self, box: Sequence[frozenset[int]]) -> list[frozenset[int]]:
        """The parts of a box by input."""
        found: list[frozenset[int]] = [frozenset()] * len(box)
        for part, place in zip(box, self.order, strict=True):
            found[place] = part
        return found


def verify(table: Table) -> Verified:
    """Everything that can be said of a table without data."""
    columns = [_Column(table, place) for place in range(len(table.inputs))]
    found = Verified(table)
    holds = [_pieces_of_rules(column, len(table.rules)) for column in columns]
    _find_dead(table, columns, found)
    if table.policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
        _find_overlaps(table, columns, holds, found)
    if table.policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
        _find_shadowed(table, columns, holds, found)
    if table.policy is not HitPolicy.COLLECT and table.default is None:
        _find_gaps(table, columns, found)
    return found


def _pieces_of_rules(column: _Column, rules: int) -> NDArray[np.float32]:
    """Rule × piece: whether the rule's cell holds."""
    found = np.zeros((rules, max(len(column.pieces), 1)), np.float32)
    for number, piece in enumerate(column.pieces):
        packed = np.frombuffer(piece.rules.to_bytes(-(-rules // 8), "little"), np.uint8)
        found[:, number] = np.unpackbits(packed, bitorder="little")[:rules]
    return found


def _meeting(holds: Sequence[NDArray[np.float32]], rules: int) -> NDArray[np.bool_]:
    """Rule × rule: whether some case is met by both."""
    meet = np.ones((rules, rules), np.bool_)
    for each in holds:
        meet &= (each @ each.T) > 0
    return meet


def _find_dead(table: Table, columns: Sequence[_Column], found: Verified) -> None:
    for number, rule in enumerate(table.rules):
        for column, cell in zip(columns, rule.cells, strict=True):
            if not any(piece.rules >> number & 1 for piece in column.pieces):
                text = write(cell, column.input.kind, column.input.unit)
                allowed = write(column.input.allowed, column.input.kind, column.input.unit)
                why = f"{column.input.name} 要求 {text}，而允许值是 {allowed}"
                found.dead.append(Dead(rule.name, rule.row, why))
                break


def _find_overlaps(
    table: Table,
    columns: Sequence[_Column],
    holds: Sequence[NDArray[np.float32]],
    found: Verified,
) -> None:
    meet = _meeting(holds, len(table.rules))
    if table.policy is HitPolicy.ANY:
        answers = {rule.answer: n for n, rule in enumerate(table.rules)}
        numbers = np.array([answers[rule.answer] for rule in table.rules])
        meet &= numbers[:, None] != numbers[None, :]
    pairs = np.argwhere(np.triu(meet, 1))
    together: dict[tuple[frozenset[int], ...], set[int]] = {}
    for one, other in pairs[: MOST_OVERLAPS * 10]:
        box = tuple(_common(column, int(one), int(other)) for column in columns)
        together.setdefault(box, set()).update((int(one), int(other)))
    listed = list(together.items())[:MOST_OVERLAPS]
    for box, rules in listed:
        names = tuple(table.rules[number].name for number in sorted(rules))
        found.overlaps.append(Overlap(names, _as_box(columns, box)))
    told = sum(len(rules) * (len(rules) - 1) // 2 for _, rules in listed)
    found.more_overlaps = max(len(pairs) - told, 0)


def _common(column: _Column, one: int, other: int) -> frozenset[int]:
    both = 1 << one | 1 << other
    pieces = (piece.numbers for piece in column.pieces if piece.rules & both == both)
    return frozenset(number for numbers in pieces for number in numbers)


def _as_box(columns: Sequence[_Column], parts: Sequence[frozenset[int]]) -> Box:
    return Box(tuple(column.cell(part) for column, part in zip(columns, parts, strict=True)))


def _find_shadowed(
    table: Table,
    columns: Sequence[_Column],
    holds: Sequence[NDArray[np.float32]],
    found: Verified,
) -> None:
    """A rule all of whose cases are taken by rules that prevail over it."""
    ranked = table.ranked
    dead = {each.rule for each in found.dead}
    search = _FreeCase(columns)
    meet = _meeting(holds, len(table.rules))
    for place, number in enumerate(ranked):
        rule = table.rules[number]
        near = [each for each in ranked[:place] if meet[number, each]]
        if rule.name in dead or not near:
            continue
        try:
            if search.exists(number, sum(1 << each for each in near)):
                continue
        except _Budget:
            found.stopped.append(
                f"盖住的规则：查到规则 {rule.name} 时停止（{len(table.rules):,} 条规则 × "
                f"{len(columns)} 列，情况太多）；{_WITH_DATA}"
            )
            return
        names = "、".join(table.rules[each].name for each in near)
        why = f"它的每一种情况都先由规则 {names} 决定"
        found.dead.append(Dead(rule.name, rule.row, why))


class _FreeCase:
    """Looks, for one rule after another, for a case that no prevailing rule takes."""

    def __init__(self, columns: Sequence[_Column]) -> None:
        self.columns = columns
        self.states = 0

    def exists(self, number: int, before: int) -> bool:
        """Whether some case of a rule is met by none of those before. Raises `_Budget`."""
        own = [
            [piece.rules for piece in column.pieces if piece.rules >> number & 1]
            for column in self.columns
        ]
        own.sort(key=len)
        seen: set[tuple[int, int]] = set()

        def free(at: int, alive: int) -> bool:
            if not alive:
                return True
            if at == len(own) or (at, alive) in seen:
                return False
            seen.add((at, alive))
            self.states += 1
            if self.states > MOST_STATES:
                raise _Budget
            # The fewest rules left first: that way leads soonest to none.
            left = sorted({alive & rules for rules in own[at]}, key=int.bit_count)
            return any(free(at + 1, each) for each in left)

        return free(0, before)


def _find_gaps(table: Table, columns: Sequence[_Column], found: Verified) -> None:
    searcher = _Searcher(columns, len(table.rules))
    try:
        boxes = searcher.boxes(0, (1 << len(table.rules)) - 1)
    except _Budget:
        found.stopped.append(
            f"遗漏：查了 {searcher.states:,} 种组合后停止，没有查完"
            f"（{len(table.rules):,} 条规则 × {len(columns)} 列）；{_WITH_DATA}"
        )
        boxes = []
    found.gaps = [_as_box(columns, searcher.in_table_order(box)) for box in _merged(boxes)]


def _merged(boxes: Sequence[tuple[frozenset[int], ...]]) -> list[tuple[frozenset[int], ...]]:
    """Boxes that differ in one column only become one."""
    current = list(boxes)
    for place in range(len(current[0]) if current else 0):
        together: dict[tuple[frozenset[int], ...], frozenset[int]] = {}
        for box in current:
            rest = (*box[:place], *box[place + 1 :])
            together[rest] = together.get(rest, frozenset()) | box[place]
        current = [(*rest[:place], part, *rest[place:]) for rest, part in together.items()]
    return current


def as_table(table: Table, boxes: Sequence[Box], name: str) -> Table:
    """The boxes as rules of a collecting table, so that real rows can be counted in them."""
    rules = tuple(
        Rule(name=str(number), cells=box.cells, answer=table.rules[0].answer)
        for number, box in enumerate(boxes, start=1)
    )
    inputs: tuple[Input, ...] = table.inputs
    return Table(
        name=name,
        policy=HitPolicy.COLLECT,
        sources=table.sources,
        inputs=inputs,
        outputs=table.outputs,
        rules=rules,
    )


def is_any(box: Box) -> bool:
    """Whether the box is everything there is."""
    return all(isinstance(cell, AnyValue) for cell in box.cells)
