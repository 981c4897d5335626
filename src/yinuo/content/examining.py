"""What a file must hold before anybody may ask that it be published, and what is worth a look."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from yinuo.kernel.errors import Finding
from yinuo.rules.table import Rulebook
from yinuo.rules.trying import Tried, run_examples
from yinuo.rules.verify import Verified, verify
from yinuo.rules.workbook.read import check_bytes


@dataclass(frozen=True)
class Examined:
    """A workbook of decision tables, looked at from all sides as of one day."""

    on: date
    """The day from which it is to be in force."""
    rulebook: Rulebook | None
    """The tables; None while cells are wrong."""
    errors: tuple[Finding, ...]
    notices: tuple[Finding, ...]
    verified: tuple[Verified, ...]
    tried: tuple[Tried, ...]
    """The examples of the workbook, run."""

    @property
    def faults(self) -> tuple[str, ...]:
        """Every reason why it cannot be published; empty for a sound one."""
        return tuple(self._faults())

    @property
    def notes(self) -> tuple[str, ...]:
        """What stops nothing but wants a person's eye."""
        return tuple(self._notes())

    @property
    def passed(self) -> int:
        """How many examples came out as expected."""
        return sum(each.passed for each in self.tried)

    def _faults(self) -> Iterator[str]:
        for found in self.errors:
            yield f"{found.place}：{found.rule} → {found.next_step}"
        for each in self.verified:
            name = each.table.name
            for overlap in each.overlaps:
                where = overlap.box.words(each.table)
                yield f"“{name}”规则 {'、'.join(overlap.rules)} 会同时成立，结果不同：{where}"
            if each.more_overlaps:
                yield f"“{name}”另有 {each.more_overlaps:,} 对规则重叠"
            for dead in each.dead:
                yield f"“{name}”规则 {dead.rule} 永远用不上：{dead.why}"
        if self.rulebook is not None and not self.rulebook.valid_on(self.on):
            yield f"没有一张表在 {self.on} 有效：请核对表头的有效期，或改生效日期"
        for tried in self.tried:
            for difference in tried.differences:
                yield (
                    f"测试表第 {tried.example.row} 行：{difference.what}应得 "
                    f"{difference.expected}，实得 {difference.found}"
                )

    def _notes(self) -> Iterator[str]:
        for found in self.notices:
            yield f"{found.place}：{found.rule}"
        for each in self.verified:
            for gap in each.gaps:
                yield f"“{each.table.name}”没有规则管：{gap.words(each.table)}"
            for text in each.stopped:
                yield f"“{each.table.name}”没有查完：{text}"
        if self.rulebook is not None and not self.tried:
            yield "工作簿里没有“测试”表，没有例子可以试算"


@lru_cache(maxsize=8)
def examine(data: bytes, *, file: str, on: date) -> Examined:
    """Check every cell, look for rules that contradict or never hold, and run the examples.

    `on` is the day from which it is to be in force; examples without a day are run on it.
    """
    checked = check_bytes(data, file=file)
    book = checked.rulebook
    return Examined(
        on=on,
        rulebook=book,
        errors=checked.errors,
        notices=checked.notices,
        verified=() if book is None else tuple(verify(table) for table in book.tables),
        tried=() if book is None else tuple(run_examples(book, on=on)),
    )
