"""An approval flow: its stages, their items, what is used again, which utilities learn of it. Pure.

Read from the tables of `content/construction/` and checked as a whole. The flow is what a city
publishes (审批流程); SPGL_DFXMSPLCXXB, …JDXXB and …JDSXXXB carry the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from yinuo.cases.errors.construction import UnknownFlow
from yinuo.kernel.limits import Limit, parse_limit

ALL, ANY, SOME, NO_OBJECTION = "all", "any", "some", "no_objection"
JOINS = (ALL, ANY, SOME, NO_OBJECTION)
AT_ITEM, AT_STAGE = "item:", "stage:"
"""Of what event a utility is told: a permit granted, a stage ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowItem:
    """One item of a stage (阶段事项)."""

    code: str
    """Code of the item in the catalogue (SPSXBM)."""
    name: str
    kind: str
    """事项类型, such as 行政许可."""
    unit: str
    standard: str
    """对应标准事项编码; empty where it is not known."""
    legal: str
    promised: str
    previous: tuple[str, ...]
    """前置事项: granted before this one can be decided; those of earlier stages before it opens."""
    grounds: tuple[str, ...]
    basis: str
    materials: tuple[tuple[str, str], ...]
    """Key and name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStage:
    """One stage of a flow (审批阶段)."""

    code: str
    order: int
    standard: str
    """对应标准阶段序号, 1 to 5."""
    name: str
    limit: str
    """The city's word for the whole stage, such as `18wd`."""
    milestone: str
    """The item with which it ends."""
    join: str
    need: int | None
    object_within: str
    """For `no_objection`: until when a branch may object, such as `5wd`."""
    silence_basis: str
    items: tuple[FlowItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReuseKind:
    """A result that stands in for a document of an item (区域评估, 多测合一)."""

    code: str
    kind: str
    name: str
    item: str
    material: str
    years: int | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Utility:
    """A public utility that learns of a project by shared data."""

    code: str
    name: str
    unit: str
    """Code of the unit that provides it; empty for a firm that is none."""
    provider: str
    """Its name."""
    event: str
    answer: str
    """How long it has to answer, such as `3wd`."""
    shares: tuple[str, ...]
    """Fields of the project that it is told."""

    @property
    def item(self) -> str:
        """The item at whose grant it is told; empty for none."""
        return self.event.removeprefix(AT_ITEM) if self.event.startswith(AT_ITEM) else ""

    @property
    def stage(self) -> str:
        """The stage at whose end it is told; empty for none."""
        return self.event.removeprefix(AT_STAGE) if self.event.startswith(AT_STAGE) else ""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One approval flow, whole."""

    code: str
    version: str
    kind: str
    """审批流程类型 SPLCLX."""
    name: str
    limit: str
    """All stages together."""
    simulated: bool
    note: str
    stages: tuple[FlowStage, ...]
    reuses: tuple[ReuseKind, ...]
    utilities: tuple[Utility, ...]

    @cached_property
    def items(self) -> Mapping[str, FlowItem]:
        """Every item by code."""
        return {item.code: item for stage in self.stages for item in stage.items}

    def stage(self, code: str) -> FlowStage:
        """The stage of that code. Raises `UnknownFlow`."""
        found = next((stage for stage in self.stages if stage.code == code), None)
        if found is None:
            raise UnknownFlow(f"{self.code}/{code}", "审批阶段")
        return found

    def stage_of(self, item: str) -> FlowStage | None:
        """The stage in which an item stands; None for an item of another flow."""
        return next((s for s in self.stages if any(i.code == item for i in s.items)), None)

    def first_needed(self, stage: FlowStage) -> dict[str, tuple[str, ...]]:
        """Item of the stage → items of earlier stages that must be granted before it opens."""
        inside = {item.code for item in stage.items}
        return {
            item.code: tuple(code for code in item.previous if code not in inside)
            for item in stage.items
        }

    def reuses_of(self, item: str) -> Sequence[ReuseKind]:
        """What may stand in for documents of an item."""
        return [one for one in self.reuses if one.item == item]


def limit_of(text: str, *, name: str = "", start: str = "受理", basis: str = "") -> Limit:
    """A limit of a table as the clock takes it. Raises `UnknownLimit`, `BadLimit`."""
    number, unit = parse_limit(text)
    return Limit(number=number, day_type=unit, name=name, start_event=start, legal_basis=basis)


def limit_words(text: str) -> str:
    """A limit as people say it; empty stays empty.

    >>> limit_words("18wd")
    '18 个工作日'
    """
    return limit_of(text).words if text else ""
