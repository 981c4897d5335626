"""Reading `content/construction/`: every fault in every table, then the flows. Pure."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yinuo.cases.construction.codes import FLOW_KINDS, STANDARD_STAGES
from yinuo.cases.construction.flow import (
    AT_ITEM,
    AT_STAGE,
    JOINS,
    NO_OBJECTION,
    SOME,
    Flow,
    FlowItem,
    FlowStage,
    ReuseKind,
    Utility,
)
from yinuo.cases.errors.construction import BadFlow
from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.limits import parse_limit

FOLDER = "construction"
FLOWS, STAGES, ITEMS = "flows.csv", "stages.csv", "items.csv"
REUSES, UTILITIES = "reuses.csv", "utilities.csv"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    FLOWS: ("code", "version", "kind", "name", "limit", "simulated", "note"),
    STAGES: (
        *("flow", "code", "order", "standard", "name", "limit", "milestone"),
        *("join", "need", "object_within", "silence_basis"),
    ),
    ITEMS: (
        *("flow", "stage", "item", "standard", "name", "kind", "unit", "legal", "promised"),
        *("previous", "grounds", "basis", "materials"),
    ),
    REUSES: ("code", "kind", "name", "item", "material", "years", "note"),
    UTILITIES: ("code", "name", "unit", "provider", "event", "answer", "shares"),
}
FILES = tuple(COLUMNS)
REUSE_KINDS = ("区域评估", "多测合一")
SHARES = {
    "title": "项目名称",
    "site": "建设地点",
    "land": "用地面积",
    "building": "建筑面积",
    "use": "建设规模及内容",
    "start": "拟开工时间",
}
"""What may be shared with a utility; nothing of persons is among it."""
YES, NO = "是", "否"
_FIX = "改正后再用"


@dataclass(frozen=True)
class Line:
    """One row of a table; collects its own faults."""

    file: str
    number: int
    values: Mapping[str, str]
    faults: list[Finding]

    def __getitem__(self, column: str) -> str:
        """The value of a column, without blanks around it."""
        return self.values.get(column, "")

    def wrong(self, column: str, rule: str, next_step: str = _FIX) -> None:
        """Note a fault of a column."""
        self.faults.append(
            Finding(
                code=BadFlow.code,
                file=self.file,
                cell=f"第 {self.number} 行",
                field=column,
                value=self[column],
                rule=rule,
                next_step=next_step,
            )
        )

    def among(self, column: str, known: Mapping[str, object] | Sequence[str]) -> str:
        """One of the known values."""
        if self[column] not in known:
            self.wrong(column, f"“{self[column]}”不在 {'、'.join(known)} 之中")
        return self[column]

    def needed(self, column: str) -> str:
        """A value that may not be empty."""
        if not self[column]:
            self.wrong(column, "不能空着")
        return self[column]

    def limit(self, column: str, *, needed: bool = True) -> str:
        """A time limit as it stands, once it can be read."""
        if self[column] or needed:
            try:
                parse_limit(self[column])
            except YinuoError as error:
                self.wrong(column, error.what, error.next_step)
        return self[column]

    def whole(self, column: str) -> int | None:
        """A whole number; None where it is empty."""
        if not self[column]:
            return None
        if not self[column].isascii() or not self[column].isdigit():
            self.wrong(column, f"“{self[column]}”不是整数")
            return None
        return int(self[column])

    def listed(self, column: str) -> tuple[str, ...]:
        """Values between semicolons."""
        return tuple(part.strip() for part in self[column].split(";") if part.strip())


def _lines(file: str, text: str, faults: list[Finding]) -> list[Line]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in COLUMNS[file] if name not in (reader.fieldnames or ())]
    if missing:
        Line(file, 1, {}, faults).wrong("", f"缺少列 {'、'.join(missing)}", "补上这些列")
        return []
    return [
        Line(file, number, {k: (v or "").strip() for k, v in row.items() if k}, faults)
        for number, row in enumerate(reader, start=2)
    ]


def read_flows(texts: Mapping[str, str]) -> tuple[Flow, ...]:
    """The flows of the tables, each of `FILES` → its text. Raises `BadFlow` with every fault."""
    faults: list[Finding] = []
    tables = {file: _lines(file, texts.get(file, ""), faults) for file in FILES}
    flows = tuple(_flow(line, tables) for line in tables[FLOWS])
    known = {flow.code for flow in flows}
    for file in (STAGES, ITEMS):
        for line in tables[file]:
            line.among("flow", sorted(known))
    _once(tables[FLOWS], lambda line: line["code"], "code")
    _once(tables[STAGES], lambda line: f"{line['flow']}/{line['code']}", "code")
    _once(tables[ITEMS], lambda line: f"{line['flow']}/{line['item']}", "item")
    _once(tables[UTILITIES], lambda line: line["code"], "code")
    for line in tables[ITEMS]:
        _check_item(line, flows)
    for line in tables[STAGES]:
        _check_stage(line, flows)
    for line in (*tables[REUSES], *tables[UTILITIES]):
        _check_reference(line, flows)
    if faults:
        raise BadFlow(faults)
    return flows


def _once(lines: Sequence[Line], key: Callable[[Line], str], column: str) -> None:
    seen: dict[str, int] = {}
    for line in lines:
        first = seen.setdefault(key(line), line.number)
        if first != line.number:
            line.wrong(column, f"和第 {first} 行重复")


def _flow(line: Line, tables: Mapping[str, Sequence[Line]]) -> Flow:
    code = line.needed("code")
    stages = [_stage(one, tables[ITEMS]) for one in tables[STAGES] if one["flow"] == code]
    return Flow(
        code=code,
        version=line.needed("version"),
        kind=line.among("kind", FLOW_KINDS),
        name=line.needed("name"),
        limit=line.limit("limit"),
        simulated=line.among("simulated", (YES, NO)) == YES,
        note=line["note"],
        stages=tuple(sorted(stages, key=lambda stage: stage.order)),
        reuses=tuple(map(_reuse, tables[REUSES])),
        utilities=tuple(map(_utility, tables[UTILITIES])),
    )


def _stage(line: Line, items: Sequence[Line]) -> FlowStage:
    here = [one for one in items if (one["flow"], one["stage"]) == (line["flow"], line["code"])]
    return FlowStage(
        code=line.needed("code"),
        order=line.whole("order") or 0,
        standard=line.among("standard", STANDARD_STAGES),
        name=line.needed("name"),
        limit=line.limit("limit"),
        milestone=line["milestone"],
        join=line.among("join", JOINS),
        need=line.whole("need"),
        object_within=line.limit("object_within", needed=line["join"] == NO_OBJECTION),
        silence_basis=line["silence_basis"],
        items=tuple(_item(one) for one in here),
    )


def _item(line: Line) -> FlowItem:
    return FlowItem(
        code=line.needed("item"),
        name=line.needed("name"),
        kind=line.needed("kind"),
        unit=line.needed("unit"),
        standard=line["standard"],
        legal=line.limit("legal"),
        promised=line.limit("promised"),
        previous=line.listed("previous"),
        grounds=line.listed("grounds"),
        basis=line.needed("basis"),
        materials=tuple(_materials(line)),
    )


def _materials(line: Line) -> Iterator[tuple[str, str]]:
    for one in line.listed("materials"):
        key, _, name = one.partition(" ")
        if not name.strip():
            line.wrong("materials", f"“{one}”应写成编号、空格、名称", "写成 M1 设计方案")
        yield key, name.strip()


def _reuse(line: Line) -> ReuseKind:
    return ReuseKind(
        code=line.needed("code"),
        kind=line["kind"],
        name=line.needed("name"),
        item=line["item"],
        material=line["material"],
        years=line.whole("years"),
        note=line["note"],
    )


def _utility(line: Line) -> Utility:
    return Utility(
        code=line.needed("code"),
        name=line.needed("name"),
        unit=line["unit"],
        provider=line.needed("provider"),
        event=line["event"],
        answer=line.limit("answer"),
        shares=line.listed("shares"),
    )


def _check_item(line: Line, flows: Sequence[Flow]) -> None:
    """Its stage exists, and what comes first: in this stage or earlier, without a circle."""
    flow = next((one for one in flows if one.code == line["flow"]), None)
    if flow is None:
        return
    stage = flow.stage_of(line["item"])
    if stage is None:
        line.wrong("stage", f"流程 {flow.code} 没有阶段 {line['stage']}")
        return
    for code in line.listed("previous"):
        before = flow.stage_of(code)
        if before is None:
            line.wrong("previous", f"前置事项 {code} 不在流程 {flow.code} 中")
        elif before.order > stage.order:
            line.wrong("previous", f"前置事项 {code} 在更后的阶段")
    if _needs_itself(line["item"], flow):
        line.wrong("previous", "前置事项绕了一圈，谁也不能先办")


def _needs_itself(item: str, flow: Flow) -> bool:
    seen: set[str] = set()
    waiting = list(flow.items[item].previous)
    while waiting:
        code = waiting.pop()
        if code == item:
            return True
        if code not in seen and code in flow.items:
            seen.add(code)
            waiting += flow.items[code].previous
    return False


def _check_stage(line: Line, flows: Sequence[Flow]) -> None:
    flow = next((one for one in flows if one.code == line["flow"]), None)
    if flow is None:
        return
    items = [item.code for item in flow.stage(line["code"]).items]
    if not items:
        line.wrong("code", "这个阶段没有事项", "在 items.csv 中补上")
    if line["milestone"] not in items:
        line.wrong("milestone", f"里程碑事项 {line['milestone']} 不在本阶段")
    if line["join"] == SOME and not 1 <= (line.whole("need") or 0) <= len(items):
        line.wrong("need", f"“至少若干”要写明几个，1 至 {len(items)}")
    if line["join"] != SOME and line["need"]:
        line.wrong("need", "只有“至少若干”才写")
    if line["join"] == NO_OBJECTION and not line["silence_basis"]:
        line.wrong("silence_basis", "没有法律依据，沉默不能算作同意", "写明依据，或改用 all")


def _check_reference(line: Line, flows: Sequence[Flow]) -> None:
    if line.file == REUSES:
        line.among("kind", REUSE_KINDS)
        items = [flow.items[line["item"]] for flow in flows if line["item"] in flow.items]
        if not items:
            line.wrong("item", f"事项 {line['item']} 不在任何流程中")
        elif all(line["material"] not in dict(item.materials) for item in items):
            line.wrong("material", f"事项 {line['item']} 没有材料 {line['material']}")
        return
    event = line["event"]
    known = {f"{AT_ITEM}{code}" for flow in flows for code in flow.items}
    known |= {f"{AT_STAGE}{stage.code}" for flow in flows for stage in flow.stages}
    if event not in known:
        line.wrong("event", f"“{event}”不是任何流程的事项（item:代码）或阶段（stage:代码）")
    for field in line.listed("shares"):
        if field not in SHARES:
            line.wrong("shares", f"“{field}”不在可共享的项目信息之中：{'、'.join(SHARES)}")
