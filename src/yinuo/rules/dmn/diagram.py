"""Where the nodes of a model stand in its picture: what rests on others stands above them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from yinuo.rules.dmn.index import references
from yinuo.rules.dmn.model import Decision, DecisionService, Model

WIDE, HIGH = 160, 70
BETWEEN, ABOVE = 40, 90
TITLE = 120
"""Room for the name that editors print above a picture."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A node's box."""

    id: str
    x: int
    y: int

    @property
    def top(self) -> tuple[int, int]:
        """Where lines leave it."""
        return self.x + WIDE // 2, self.y

    @property
    def bottom(self) -> tuple[int, int]:
        """Where lines reach it."""
        return self.x + WIDE // 2, self.y + HIGH


@dataclass(frozen=True, slots=True)
class Edge:
    """A requirement's line, from what is required to what requires it."""

    id: str
    start: tuple[int, int]
    end: tuple[int, int]


def requirement_id(node: str, required: str) -> str:
    """The id of a requirement, by which its line is named."""
    return f"{node}_needs_{required}"


def drawn(model: Model) -> tuple[list[Shape], list[Edge]]:
    """The picture of a model's own nodes; those of other models are left out."""
    needs = _needs(model)
    shapes = {shape.id: shape for shape in _placed(needs)}
    edges = [
        Edge(requirement_id(node, required), shapes[required].top, shapes[node].bottom)
        for node, listed in needs.items()
        for required in listed
    ]
    return list(shapes.values()), edges


def _needs(model: Model) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {source.id: [] for source in model.sources}
    own = {*found, *(node.id for node in model.nodes())}
    for node in model.nodes():
        listed = references(node)
        if isinstance(node, Decision):
            listed = (*listed, *node.authorities)
        if isinstance(node, DecisionService):
            listed = ()  # it names decisions, but requires none
        found[node.id] = [
            each.id
            for each in dict.fromkeys(listed)
            if each.namespace == model.namespace and each.id in own
        ]
    return found


def _placed(needs: Mapping[str, Sequence[str]]) -> Iterator[Shape]:
    rows: dict[int, list[str]] = {}
    for node, level in _levels(needs).items():
        rows.setdefault(level, []).append(node)
    highest = max(rows, default=0)
    widest = max(map(len, rows.values()), default=0)
    for level, nodes in rows.items():
        aside = (widest - len(nodes)) * (WIDE + BETWEEN) // 2
        for place, node in enumerate(nodes):
            across = BETWEEN + aside + place * (WIDE + BETWEEN)
            yield Shape(node, across, TITLE + (highest - level) * (HIGH + ABOVE))


def _levels(needs: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How far each node stands above the lowest; of a circle, as far as can be told."""
    levels = dict.fromkeys(needs, 0)
    for _ in range(len(needs)):
        raised = {
            node: max((levels[each] + 1 for each in listed if each != node), default=0)
            for node, listed in needs.items()
        }
        if raised == levels:
            break
        levels = raised
    return levels
