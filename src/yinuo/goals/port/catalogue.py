"""What a city calls the steps of a declaration, its ports and its measures: `content/port/`."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from yinuo.goals.port.directions import Direction
from yinuo.goals.port.scope import Scope, ScopeKind
from yinuo.kernel.decimals import exact
from yinuo.kernel.errors import Faulty, Finding, YinuoError

T = TypeVar("T")

FOLDER = "port"
STEPS, MODES, PORTS, FIRMS = "steps.csv", "modes.csv", "ports.csv", "firms.csv"
MEASURES, TARGETS = "measures.csv", "targets.csv"
FILES = (STEPS, MODES, PORTS, FIRMS, MEASURES, TARGETS)
YES = "是"
ROLES = ("before", "start", "step", "end", "after")
START, END = "start", "end"
ACCEPTED = "accept"
"""Code of the step from which 海关作业时间 counts."""


class BadCatalogue(Faulty):
    """A table of `content/port/` with faults; `findings` holds every one of them."""

    code = "PORT-E002"
    status = 500
    said = "通关环节的表有 {count} 处错误，第一处：{first}"


@dataclass(frozen=True, slots=True)
class Named:
    """A mode of transport or a class of firms."""

    code: str
    name: str
    english: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a declaration."""

    code: str
    name: str
    english: str
    order: int
    direction: Direction | None
    """None for both."""
    role: str
    """One of `ROLES`."""
    note: str

    def of(self, direction: Direction) -> bool:
        """Whether declarations of that direction have it."""
        return self.direction in (None, direction)


@dataclass(frozen=True, slots=True)
class Port:
    """A port, and the customs district it lies in: two scopes."""

    code: str
    name: str
    english: str
    area: str
    area_english: str


@dataclass(frozen=True, slots=True)
class Action:
    """One of the measures that are to make clearance quicker."""

    number: int
    aspect: str
    title: str
    english: str
    step: str
    """Code of the step it acts on; empty for all."""
    direction: Direction | None
    commitment: str
    simulated: bool

    def acts_on(self, step: str, direction: Direction) -> bool:
        """Whether it acts on that step of that direction."""
        return self.step == step and self.direction in (None, direction)


@dataclass(frozen=True, slots=True)
class Target:
    """The most hours that clearance is to take in one year."""

    direction: Direction
    year: int
    hours: Decimal
    source: str
    simulated: bool


@dataclass(frozen=True)
class Catalogue:
    """All six tables."""

    steps: tuple[Step, ...]
    """In their order."""
    modes: tuple[Named, ...]
    ports: tuple[Port, ...]
    firms: tuple[Named, ...]
    actions: tuple[Action, ...]
    targets: tuple[Target, ...]

    def starts(self, direction: Direction) -> str:
        """The name of the step at which the official measure of a direction starts."""
        return next(s.name for s in self.steps if s.role == START and s.of(direction))

    @property
    def end(self) -> str:
        """The name of the step at which every measure ends."""
        return next(step.name for step in self.steps if step.role == END)

    @property
    def accepted(self) -> str:
        """The name of the step at which 海关作业时间 starts."""
        return next(step.name for step in self.steps if step.code == ACCEPTED)

    @property
    def area(self) -> str:
        """The customs district of the city."""
        return self.areas[0]

    @property
    def areas(self) -> tuple[str, ...]:
        """The customs districts, in the order of their first port."""
        return tuple(dict.fromkeys(port.area for port in self.ports))

    def scope(self, port: str) -> Scope | None:
        """The port of that code, the customs district for none; None for an unknown one."""
        if not port:
            return Scope(ScopeKind.DISTRICT, self.area)
        found = next((each for each in self.ports if each.code == port), None)
        return None if found is None else Scope(ScopeKind.PORT, found.name)

    def step_named(self, name: str) -> Step | None:
        """The step that the log calls so."""
        return next((step for step in self.steps if step.name == name), None)

    def target(self, direction: Direction, year: int) -> Target | None:
        """The target of a year, if there is one."""
        found = (t for t in self.targets if (t.direction, t.year) == (direction, year))
        return next(found, None)

    def english(self, name: str) -> str:
        """The English of any name that the log uses; the name itself where none is given."""
        named: tuple[Step | Named | Port, ...] = (
            *self.steps,
            *self.modes,
            *self.ports,
            *self.firms,
        )
        found = {each.name: each.english for each in named}
        found |= {port.area: port.area_english for port in self.ports}
        return found.get(name) or name


@dataclass(frozen=True)
class _Cell:
    """One value with its place, which turns what is wrong into a finding."""

    file: str
    row: int
    column: str
    text: str

    def fault(self, rule: str, next_step: str) -> "_Fault":
        return _Fault(
            Finding(
                code="PORT-E021",
                file=self.file,
                cell=f"第 {self.row} 行",
                field=self.column,
                value=self.text,
                rule=rule,
                next_step=next_step,
            )
        )

    @property
    def filled(self) -> str:
        if not self.text:
            raise self.fault("没有填写", "请填写这一格")
        return self.text

    @property
    def whole(self) -> int:
        try:
            return int(self.text)
        except ValueError as cause:
            raise self.fault(f"“{self.text}”不是整数", "请写成 10 这样") from cause

    @property
    def number(self) -> Decimal:
        try:
            found = exact(self.text)
        except YinuoError as cause:
            raise self.fault(cause.what, cause.next_step) from cause
        if found <= 0:
            raise self.fault("目标须大于 0", "请写成小时数，如 30.0")
        return found

    @property
    def direction(self) -> Direction | None:
        if not self.text:
            return None
        if self.text not in set(Direction):
            raise self.fault(f"没有“{self.text}”", "请写 进口、出口，或留空表示两者")
        return Direction(self.text)


class _Fault(Exception):
    """One finding on its way to the list."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.rule)
        self.finding = finding


class _Line:
    """One row of a table."""

    def __init__(self, file: str, row: int, values: Mapping[str, str | None]) -> None:
        self._file, self._row, self._values = file, row, values

    def __getitem__(self, column: str) -> _Cell:
        text = (self._values.get(column) or "").strip()
        return _Cell(self._file, self._row, column, text)


def _step(line: _Line) -> Step:
    role = line["role"]
    if role.text not in ROLES:
        raise role.fault(f"没有“{role.text}”这种作用", f"请写 {'、'.join(ROLES)} 之一")
    return Step(
        code=line["code"].filled,
        name=line["name"].filled,
        english=line["english"].text,
        order=line["order"].whole,
        direction=line["direction"].direction,
        role=role.text,
        note=line["note"].text,
    )


def _named(line: _Line) -> Named:
    return Named(line["code"].filled, line["name"].filled, line["english"].text)


def _port(line: _Line) -> Port:
    return Port(
        code=line["code"].filled,
        name=line["name"].filled,
        english=line["english"].text,
        area=line["area"].filled,
        area_english=line["area_english"].text,
    )


def _action(line: _Line) -> Action:
    return Action(
        number=line["number"].whole,
        aspect=line["aspect"].text,
        title=line["title"].filled,
        english=line["english"].text,
        step=line["step"].text,
        direction=line["direction"].direction,
        commitment=line["commitment"].text,
        simulated=line["simulated"].text == YES,
    )


def _target(line: _Line) -> Target:
    direction = line["direction"].direction
    if direction is None:
        raise line["direction"].fault("没有填写", "请写 进口 或 出口")
    return Target(
        direction=direction,
        year=line["year"].whole,
        hours=line["hours"].number,
        source=line["source"].text,
        simulated=line["simulated"].text == YES,
    )


def _lines(file: str, text: str) -> Iterator[_Line]:
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        yield _Line(file, number, row)


def _read(
    file: str, text: str, make: Callable[[_Line], T], findings: list[Finding]
) -> tuple[T, ...]:
    found = []
    for line in _lines(file, text):
        try:
            found.append(make(line))
        except _Fault as fault:
            findings.append(fault.finding)
    return tuple(found)


def parse(texts: Mapping[str, str]) -> Catalogue:
    """The catalogue from the text of every one of `FILES`. Raises `BadCatalogue`."""
    findings: list[Finding] = []
    steps = _read(STEPS, texts[STEPS], _step, findings)
    made = Catalogue(
        steps=tuple(sorted(steps, key=lambda step: step.order)),
        modes=_read(MODES, texts[MODES], _named, findings),
        ports=_read(PORTS, texts[PORTS], _port, findings),
        firms=_read(FIRMS, texts[FIRMS], _named, findings),
        actions=_read(MEASURES, texts[MEASURES], _action, findings),
        targets=_read(TARGETS, texts[TARGETS], _target, findings),
    )
    if not findings:
        findings.extend(_whole(made))
    if findings:
        raise BadCatalogue(findings)
    return made


def _whole(made: Catalogue) -> Iterator[Finding]:
    """What is wrong between rows."""
    codes = [step.code for step in made.steps]
    if len(made.areas) > 1:
        yield _between(
            PORTS,
            "area",
            f"有 {len(made.areas)} 个关区",
            "一处安装只管一个关区：各口岸写同一个关区",
        )
    for direction in Direction:
        for role, word in ((START, "起算"), (END, "终止")):
            count = sum(step.role == role and step.of(direction) for step in made.steps)
            if count != 1:
                yield _between(
                    STEPS,
                    "role",
                    f"{direction}有 {count} 个{word}环节",
                    f"{direction}须有且只有一个 {role}",
                )
    if ACCEPTED not in codes:
        yield _between(STEPS, "code", f"没有 {ACCEPTED}（接受申报）", "海关作业时间由它起算")
    yield from _named_once(made)
    for action in made.actions:
        if action.step and action.step not in codes:
            yield _between(
                MEASURES,
                "step",
                f"举措 {action.number} 的环节“{action.step}”不在 {STEPS}",
                f"可用的环节：{'、'.join(codes)}",
            )


def _named_once(made: Catalogue) -> Iterator[Finding]:
    """Tables that are empty or call two things the same."""
    for file, rows in (
        (STEPS, made.steps),
        (MODES, made.modes),
        (PORTS, made.ports),
        (FIRMS, made.firms),
    ):
        names = [row.name for row in rows]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield _between(file, "name", f"“{name}”有两行", "每个名称只能有一行")
        if not names:
            yield _between(file, "name", "一行也没有", "请至少写一行")


def _between(file: str, field: str, rule: str, next_step: str) -> Finding:
    return Finding(code="PORT-E021", file=file, field=field, rule=rule, next_step=next_step)


def read(folders: Sequence[Path]) -> Catalogue:
    """The catalogue; of each file the one in the first folder that has it counts.

    Raises `BadCatalogue`; a file that no folder has is a fault as well.
    """
    texts, findings = {}, []
    for file in FILES:
        path = next((f / FOLDER / file for f in folders if (f / FOLDER / file).is_file()), None)
        if path is None:
            findings.append(_between(file, "", "没有这个文件", "请重新安装，或补上这个文件"))
        else:
            texts[file] = path.read_text(encoding="utf-8-sig")
    if findings:
        raise BadCatalogue(findings)
    return parse(texts)
