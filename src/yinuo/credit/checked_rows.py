"""Tables that a city keeps as CSV, read with every fault found. Pure."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from yinuo.kernel.errors import Faulty, Finding

SEPARATOR = "、"
TRUTHS = {"是": True, "否": False}
FIRST_LINE = 2
"""Under the headings."""


class BadTable(Faulty):
    """A table under `content/credit/` with faults; `findings` holds every one of them."""

    code = "CREDIT-E090"
    status = 500
    said = "信用规则的表有 {count} 处错误，第一处：{first}"


class Row:
    """One line; what cannot be read becomes a finding, and an empty value takes its place."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str], into: list[Finding]) -> None:
        self.line = line
        self._file, self._cells, self._findings = file, cells, into

    def fault(self, code: str, column: str, rule: str, next_step: str) -> None:
        """Add a finding about one cell."""
        self._findings.append(
            Finding(
                code=code,
                file=self._file,
                cell=f"第 {self.line} 行",
                field=column,
                value=self._cells[column],
                rule=rule,
                next_step=next_step,
            )
        )

    def text(self, column: str) -> str:
        """What stands there, which may be nothing."""
        return self._cells[column]

    def filled(self, column: str) -> str:
        """What stands there; a finding where nothing does."""
        if not self._cells[column]:
            self.fault("CREDIT-E093", column, "没有填写", "请填写这一格")
        return self._cells[column]

    def one_of(self, column: str, known: Collection[str]) -> str:
        """One of the known words."""
        text = self.filled(column)
        if text and text not in known:
            self._unknown(column, (text,), known)
        return text

    def some_of(self, column: str, known: Collection[str], *, least: int = 0) -> frozenset[str]:
        """Known words, separated by 、; strange ones are findings and left out."""
        words = [each.strip() for each in self._cells[column].split(SEPARATOR) if each.strip()]
        if strange := [each for each in words if each not in known]:
            self._unknown(column, strange, known)
        if len(words) < least:
            self.fault("CREDIT-E093", column, "没有填写", f"至少写 {least} 个，以{SEPARATOR}隔开")
        return frozenset(words) & frozenset(known)

    def _unknown(self, column: str, strange: Sequence[str], known: Collection[str]) -> None:
        rule = f"不认得“{SEPARATOR.join(strange)}”"
        self.fault("CREDIT-E094", column, rule, f"可用的：{SEPARATOR.join(known)}")

    def truth(self, column: str) -> bool:
        """是 or 否."""
        return TRUTHS.get(self.one_of(column, TRUTHS), False)

    def whole(self, column: str, *, least: int = 0) -> int:
        """A whole number; 0 for an empty cell."""
        text = self._cells[column] or "0"
        if not text.isascii() or not text.lstrip("-").isdigit() or int(text) < least:
            self.fault("CREDIT-E094", column, f"须是不小于 {least} 的整数", "请写成 90 这样")
            return least
        return int(text)

    def day(self, column: str) -> date | None:
        """A day, 2026-04-01; None for an empty cell."""
        text = self._cells[column]
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.fault("CREDIT-E094", column, "不是日期", "请写成 2026-04-01 这样")
            return None


def rows(data: bytes, *, file: str, columns: Sequence[str], into: list[Finding]) -> Iterator[Row]:
    """The lines of a table in UTF-8, a byte order mark or none, under exactly these headings.

    What is wrong with the file as a whole goes `into` the findings, and no line is given.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        rule, step = "文件不是 UTF-8 编码", "在表格软件中另存为“CSV UTF-8（逗号分隔）”"
        into.append(Finding(code="CREDIT-E091", file=file, rule=rule, next_step=step))
        return
    lines = [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text))]
    if not lines or lines[0] != list(columns):
        rule = f"第一行应为表头：{'，'.join(columns)}"
        step = "按此次序写表头，不增不减"
        into.append(Finding(code="CREDIT-E092", file=file, rule=rule, next_step=step))
        return
    for number, line in enumerate(lines[1:], start=FIRST_LINE):
        if not any(line):
            continue
        if len(line) != len(columns):
            rule, step = f"有 {len(line)} 格，应有 {len(columns)} 格", "补齐或删去多出的格"
            place = f"第 {number} 行"
            into.append(
                Finding(code="CREDIT-E092", file=file, cell=place, rule=rule, next_step=step)
            )
            continue
        yield Row(file, number, dict(zip(columns, line, strict=True)), into)


def sound(findings: Sequence[Finding]) -> None:
    """Raises `BadTable` where there is any finding."""
    if findings:
        raise BadTable(findings)
