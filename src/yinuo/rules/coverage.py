"""What is wrong with tables, ranked by the number of real rows it touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yinuo.rules.screen import Progress, Report, Wanted, screen
from yinuo.rules.table import Rulebook, Table
from yinuo.rules.verify import Verified, as_table, verify

GAPS, OVERLAPS = "遗漏", "重叠"
LISTED = 60
"""So many gaps and overlaps a table are counted: what fits a word of bits."""


@dataclass(frozen=True, slots=True)
class Touched:
    """One gap, overlap or rule, and the rows it touches."""

    table: str
    sort: str
    """遗漏, 重叠 or 从未命中."""
    what: str
    rows: int
    example: int | None
    """A row it touches, from 1."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """All of them, those that touch the most rows first."""

    touched: tuple[Touched, ...]
    stopped: tuple[str, ...]
    """What a search without data did not see to the end."""


def coverage(
    rulebook: Rulebook,
    report: Report,
    *,
    data: Path,
    on: date,
    allow_missing: bool,
    progress: Progress,
) -> Coverage:
    """Count real rows in the gaps and overlaps of each table, and name rules that hold for none.

    `report` is that of a screening which counted rules.
    """
    found: list[Touched] = []
    checks = [verify(tally.table) for tally in report.tallies]
    extra = tuple(table for check in checks for table in _as_tables(check))
    if extra:
        fed = [*rulebook.valid_on(on), *extra]
        counted = screen(
            Rulebook(tables=tuple(fed)),
            data=data,
            out=None,
            on=on,
            wanted=Wanted(count_rules=True),
            allow_missing=allow_missing,
            progress=progress,
        )
        by_name = {tally.table.name: tally for tally in counted.tallies}
        for check in checks:
            for sort, texts in _texts(check).items():
                tally = by_name.get(_name(check.table, sort))
                if tally is None:
                    continue
                for number, text in enumerate(texts, start=1):
                    rows = tally.fired[str(number)]
                    first = tally.first_row.get(f"规则 {number}")
                    example = None if first is None else first + 1
                    found.append(Touched(check.table.name, sort, text, rows, example))
    for tally in report.tallies:
        for rule in tally.table.rules:
            if not tally.fired[rule.name]:
                what = f"规则 {rule.name}{f'（{rule.note}）' if rule.note else ''}"
                found.append(Touched(tally.table.name, "从未命中", what, 0, None))
    found.sort(key=lambda each: (-each.rows, each.table))
    stopped = tuple(f"{check.table.name}：{text}" for check in checks for text in check.stopped)
    return Coverage(tuple(found), stopped)


def _name(table: Table, sort: str) -> str:
    return f"{table.name}·{sort}"


def _as_tables(check: Verified) -> list[Table]:
    found = []
    boxes = {
        GAPS: check.gaps[:LISTED],
        OVERLAPS: [overlap.box for overlap in check.overlaps[:LISTED]],
    }
    for sort, listed in boxes.items():
        if listed:
            found.append(as_table(check.table, listed, _name(check.table, sort)))
    return found


def _texts(check: Verified) -> dict[str, Sequence[str]]:
    return {
        GAPS: [box.words(check.table) for box in check.gaps[:LISTED]],
        OVERLAPS: [
            f"规则 {'、'.join(overlap.rules)}：{overlap.box.words(check.table)}"
            for overlap in check.overlaps[:LISTED]
        ],
    }
