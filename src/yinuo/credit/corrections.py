"""Rows put aside as a file of comma-separated values: handed out, corrected, read in again.

批次, 位置, 原因, 栏目, 原值      which row it is and what is wrong: not to be changed
then every heading of the source  as it came: what is changed there is a correction
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from yinuo.credit.aside import AsideRow
from yinuo.credit.errors.rows import BadCorrections
from yinuo.kernel.durable import whole_or_not
from yinuo.kernel.errors import Finding
from yinuo.kernel.spreadsheet.plain_text import plain_text

BATCH, PLACE, REASON, FIELD, VALUE = "批次", "位置", "原因", "栏目", "原值"
OURS = (BATCH, PLACE, REASON, FIELD, VALUE)
CODE = "CREDIT-E074"
MOST_CHARACTERS = 1 << 24
"""In one cell; rows put aside may be torn and long."""


@dataclass(frozen=True)
class Correction:
    """One row of the file."""

    batch: str
    key: str
    """`0:17`: number of the file in the batch, and of the row."""
    line: int
    """In the file of corrections."""
    cells: Mapping[str, str]
    """Heading → what stands there now."""

    def changes(self, raw: Mapping[str, str]) -> dict[str, str]:
        """What is not as it came: heading → text."""
        return {
            heading: text
            for heading, text in self.cells.items()
            if (heading in raw and text != plain_text(raw[heading]))
            or (heading not in raw and text)
        }


def write(rows: Iterable[AsideRow], path: Path) -> int:
    """Write rows to a file that spreadsheets open; returns how many. All of it or nothing."""
    found = list(rows)
    headings = list(dict.fromkeys(heading for row in found for heading in row.raw))
    lines = [
        [
            *(row.batch, row.key, row.words, row.field, plain_text(row.value)),
            *(plain_text(row.raw.get(heading, "")) for heading in headings),
        ]
        for row in found
    ]
    with whole_or_not(path) as file:
        text = io.StringIO(newline="")
        csv.writer(text).writerows([[*OURS, *headings], *lines])
        file.write(text.getvalue().encode("utf-8-sig"))
    return len(found)


def read(path: Path) -> tuple[Correction, ...]:
    """The rows of such a file. Raises `BadCorrections` with every fault found."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise BadCorrections(
            path.name, [_finding("", "不是 UTF-8 文本", "另存为“CSV UTF-8”", path)]
        ) from cause
    csv.field_size_limit(MOST_CHARACTERS)
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="", strict=True)
    missing = [name for name in (BATCH, PLACE) if name not in (reader.fieldnames or ())]
    if missing:
        step = "请用 yinuo credit quarantine 写出的文件改"
        raise BadCorrections(
            path.name, [_finding("第 1 行", f"没有“{'”、“'.join(missing)}”列", step, path)]
        )
    findings: list[Finding] = []
    found: dict[tuple[str, str], Correction] = {}
    for row in reader:
        place = f"第 {reader.line_num} 行"
        if "" in row or None in row.values():
            findings.append(_finding(place, "列数与第 1 行不同", "核对这一行的逗号和引号", path))
            continue
        batch, key = row[BATCH].strip(), row[PLACE].strip()
        if (batch, key) in found:
            findings.append(_finding(place, f"{batch} {key} 写了两次", "只留一行", path))
            continue
        cells = {name: value for name, value in row.items() if name not in OURS}
        found[batch, key] = Correction(batch, key, reader.line_num, cells)
    if findings:
        raise BadCorrections(path.name, findings)
    return tuple(found.values())


def _finding(cell: str, rule: str, next_step: str, path: Path) -> Finding:
    return Finding(code=CODE, file=path.name, cell=cell, rule=rule, next_step=next_step)
