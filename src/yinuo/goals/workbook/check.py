"""Checking a workbook: a whole plan, or every reason why it is none."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils.cell import coordinate_to_tuple

from yinuo.goals.errors.plans import ImportRefused
from yinuo.goals.plan import PlanFile
from yinuo.goals.workbook.findings import FileRefused
from yinuo.goals.workbook.layout import SHEETS
from yinuo.goals.workbook.read import Progress, load, read, silent
from yinuo.goals.workbook.records import content, unstated
from yinuo.goals.workbook.relations import resolve
from yinuo.goals.workbook.rows import rows
from yinuo.goals.workbook.tables import tables
from yinuo.kernel.errors import Finding
from yinuo.kernel.findings import Log


@dataclass(frozen=True)
class Checked:
    """What a check found."""

    plan: PlanFile | None
    """The plan, if no error stands against it."""
    errors: tuple[Finding, ...]
    notices: tuple[Finding, ...]
    """What was read leniently or looks odd; blocks nothing."""

    def sound(self) -> PlanFile:
        """The plan. Raises `ImportRefused` with the errors of a file that has any."""
        if self.plan is None:
            raise ImportRefused(self.errors)
        return self.plan


def check(path: Path, *, progress: Progress = silent) -> Checked:
    """Check the workbook at a path; see `check_bytes`."""
    try:
        data = load(path)
    except FileRefused as refused:
        return Checked(None, (refused.finding,), ())
    return check_bytes(data, file=path.name, progress=progress)


def check_bytes(data: bytes, *, file: str, progress: Progress = silent) -> Checked:
    """Check a whole workbook and collect everything that is wrong with it.

    `file` is its name, used in findings and as the source of requests.
    """
    log = Log(file)
    try:
        book = read(data, file=file, progress=progress)
    except FileRefused as refused:
        return Checked(None, (refused.finding,), ())
    found = tables(book, log)
    parsed = {name: rows(table, log, progress) for name, table in found.items()}
    whole = [name for name, table in found.items() if table.complete]
    resolved = resolve(parsed, whole, log)
    plan = None
    if not log.errors:
        plan = PlanFile(
            name=file,
            sha256=hashlib.sha256(data).hexdigest(),
            content=content(resolved, log),
            places={
                name: table.places({row.code: row.line.number for row in resolved[name]})
                for name, table in found.items()
            },
            unstated={row.code: unstated(row) for row in resolved["承诺"]},
        )
    return Checked(plan, _in_order(log.errors), _in_order(log.notices))


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings as the file has them: by sheet, row and column; of a whole sheet first."""
    return tuple(sorted(findings, key=_position))


def _position(found: Finding) -> tuple[int, int, int]:
    names = [sheet.name for sheet in SHEETS]
    sheet = names.index(found.sheet) if found.sheet in names else len(names)
    if not found.cell:
        return sheet, 0, 0
    row, column = coordinate_to_tuple(found.cell.partition(":")[0])
    return sheet, row, column
