"""How the columns and states of a window system become ours: one small table a dialect."""

import csv
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from pathlib import Path

from yinuo.cases.errors.feed import BadMapping
from yinuo.cases.feed.telling import Step

FIELDS = (
    *("event", "case", "item", "step", "happened_at", "ground", "notice", "planned_until"),
    *("stop", "amount", "of", "corrects", "void", "about"),
    *("applicant_name", "applicant_number", "applicant_phone"),
)
REQUIRED = ("event", "case", "step", "happened_at")
LABELS = {
    "event": "事件编号",
    "case": "办件编号",
    "item": "事项编码",
    "step": "办理状态",
    "happened_at": "发生时间",
    "ground": "暂停事由",
    "notice": "文书编号",
    "planned_until": "预计恢复日期",
    "stop": "恢复的是哪一次暂停",
    "amount": "延长多少",
    "of": "延长哪个时限",
    "corrects": "更正哪个事件",
    "void": "是否收回",
    "about": "申请的事",
    "applicant_name": "申请人名称",
    "applicant_number": "申请人证件号码",
    "applicant_phone": "申请人电话",
}
PARTS = ("column", "state", "void", "ground")
HEADINGS = ("part", "theirs", "ours")
JOIN = "+"
MENDED = "@"


@dataclass(frozen=True)
class Mapping:
    """One dialect."""

    name: str
    columns: Map[str, tuple[tuple[str, ...], ...]]
    """Our field → the columns that hold it, the first with a value counts; joined ones together."""
    states: Map[str, Step]
    voids: frozenset[str] = frozenset()
    grounds: Map[str, str] = field(default_factory=dict)

    def value(self, row: Map[str, object], ours: str) -> str:
        """What a row holds for one of our fields; empty where nothing does.

        What the office corrected stands under our own name, such as `@item`, and counts first.
        """
        if (mended := MENDED + ours) in row:
            return plain(row[mended])
        for joined in self.columns.get(ours, ()):
            parts = [plain(row.get(name)) for name in joined]
            if all(parts):
                return ":".join(parts)
        return ""

    def theirs(self, ours: str) -> str:
        """How the source calls one of our fields."""
        return " / ".join(JOIN.join(joined) for joined in self.columns.get(ours, ())) or ours


def plain(value: object) -> str:
    """A cell as text: whole numbers of spreadsheets and JSON without `.0`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    if text.isascii() and "\0" not in text:
        return text
    # Neither a half of a surrogate pair nor a NUL can be stored; the mark for both is seen.
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def as_text(row: object) -> dict[str, str] | str:
    """A row with all its cells as text, as it is read and kept."""
    if isinstance(row, dict):
        return {plain(name): plain(value) for name, value in row.items()}
    return plain(row)


def load(path: Path) -> Mapping:
    """Read the table of a dialect. Raises `BadMapping` with every fault."""
    if not path.is_file():
        raise BadMapping(path.name, [("文件", "没有这个对应表")])
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    faults: list[tuple[str, str]] = []
    columns: dict[str, list[tuple[str, ...]]] = {}
    states: dict[str, Step] = {}
    voids, grounds = set[str](), dict[str, str]()
    for line, row in enumerate(rows, start=2):
        part, theirs, ours = (plain(row.get(name)) for name in HEADINGS)
        if part == "column" and ours in FIELDS and theirs:
            columns.setdefault(ours, []).append(tuple(theirs.split(JOIN)))
        elif part == "state" and ours in set(Step) and theirs:
            states[theirs] = Step(ours)
        elif part == "void" and theirs:
            voids.add(theirs)
        elif part == "ground" and theirs and ours:
            grounds[theirs] = ours
        else:
            faults.append((f"第 {line} 行", f"看不懂“{part},{theirs},{ours}”"))
    faults += [("column", f"没有对应 {name} 的列") for name in REQUIRED if name not in columns]
    if not states:
        faults.append(("state", "没有一个办理状态"))
    if faults:
        raise BadMapping(path.name, faults)
    return Mapping(
        name=path.stem,
        columns={ours: tuple(found) for ours, found in columns.items()},
        states=states,
        voids=frozenset(voids),
        grounds=grounds,
    )
