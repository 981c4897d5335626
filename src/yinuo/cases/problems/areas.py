"""Which office keeps which kind of problem, and which units may own it: content/problems/. Pure."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from yinuo.cases.errors.problems import BadAreas
from yinuo.kernel.errors import Finding

FILE = ("problems", "areas.csv")
COLUMNS = ("code", "name", "english", "office", "owners", "hint")
BETWEEN = ";"


@dataclass(frozen=True, slots=True)
class Area:
    """One kind of problem (问题领域)."""

    code: str
    name: str
    english: str
    office: str
    """Code of the unit that keeps these problems and watches over them."""
    owners: tuple[str, ...]
    """Codes of the units that may own one; with a single one it is asked at once."""
    hint: str
    """For who raises one: what belongs here."""

    @property
    def first_asked(self) -> str | None:
        """The unit that is asked at once; None where the office has to choose."""
        return self.owners[0] if len(self.owners) == 1 else None


@dataclass(frozen=True)
class Areas:
    """All areas by code, in the order of the file."""

    by_code: Mapping[str, Area]

    def __iter__(self) -> Iterator[Area]:
        return iter(self.by_code.values())

    def get(self, code: str) -> Area | None:
        """The area of that code."""
        return self.by_code.get(code)

    def within(self, units: Collection[str]) -> "Areas":
        """Those whose office is among these units, with the owners that are."""
        found = (
            replace(area, owners=tuple(unit for unit in area.owners if unit in units))
            for area in self
            if area.office in units
        )
        return Areas({area.code: area for area in found if area.owners})

    def name_of(self, code: str) -> str:
        """Its name; the code itself where the file no longer has it."""
        area = self.by_code.get(code)
        return area.name if area else code


def load(path: Path) -> Areas:
    """Read the file, UTF-8. Raises `BadAreas` with every fault."""
    text = path.read_text("utf-8-sig") if path.is_file() else ""
    return read(text, file=path.name)


def read(text: str, *, file: str) -> Areas:
    """The areas in a text. Raises `BadAreas` with every fault."""
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BadAreas([_fault(file, 1, "表头", f"缺少列 {'、'.join(missing)}")])
    lines = [(number, _plain(line)) for number, line in enumerate(reader, start=2)]
    faults = list(_faults(file, lines))
    if not lines:
        faults.append(_fault(file, 2, "code", "一个领域也没有"))
    if faults:
        raise BadAreas(faults)
    return Areas({line["code"]: _area(line) for _, line in lines})


def _plain(line: Mapping[str | None, object]) -> dict[str, str]:
    return {name: str(line.get(name) or "").strip() for name in COLUMNS}


def _area(line: Mapping[str, str]) -> Area:
    owners = tuple(filter(None, (each.strip() for each in line["owners"].split(BETWEEN))))
    return Area(
        code=line["code"],
        name=line["name"],
        english=line["english"],
        office=line["office"],
        owners=owners,
        hint=line["hint"],
    )


def _faults(file: str, lines: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, line in lines:
        for name in ("code", "name", "office", "owners"):
            if not line[name]:
                yield _fault(file, number, name, "不能为空")
        if line["code"] in seen:
            yield _fault(file, number, "code", f"领域 {line['code']} 重复")
        seen.add(line["code"])


def _fault(file: str, line: int, field: str, rule: str) -> Finding:
    return Finding(
        code="CASE-E701",
        file=file,
        cell=f"第 {line} 行",
        field=field,
        rule=rule,
        next_step="请改正后保存为 UTF-8 的 CSV",
    )
