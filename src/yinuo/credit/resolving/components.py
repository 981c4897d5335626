"""Which keys are one entity: edges between keys, and pairs that must stay apart."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from yinuo.kernel.canonical import Canonical

MISSING_DAY = date.min


class Why(StrEnum):
    """On what a join rests."""

    JUDGED = "judged"
    HISTORY = "history"


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """Two keys of one entity, and who says so."""

    left: str
    """The older key, if one is older."""
    right: str
    why: Why
    number: int = 0
    """Of a judgement; 0: none."""
    on: date | None = None
    """The day of the change, if it is known."""
    replaces: bool = False
    """Whether `left` went out of use when `right` came."""
    said: Mapping[str, Canonical] = field(default_factory=dict, compare=False)
    """More of the evidence."""

    @property
    def order(self) -> tuple[bool, int, int, str, str]:
        """People before registers, newer before older; the same for every order of input."""
        day = (self.on or MISSING_DAY).toordinal()
        return (self.why is not Why.JUDGED, -self.number, -day, self.left, self.right)


@dataclass(frozen=True, kw_only=True)
class Components:
    """Keys that were joined."""

    into: Mapping[str, str]
    """Every key of a component of two or more → the key that stands for it."""
    kept: tuple[Edge, ...]
    """The edges that join, a spanning forest."""
    refused: tuple[Edge, ...]
    """Edges that would have brought together what must stay apart."""

    def key(self, key: str) -> str:
        """The key that stands for a key."""
        return self.into.get(key, key)


class _Forest:
    """Union-find in which some trees are enemies."""

    def __init__(self, apart: Iterable[tuple[str, str]]) -> None:
        self.parent: dict[str, str] = {}
        self.size: dict[str, int] = {}
        self.enemies: defaultdict[str, set[str]] = defaultdict(set)
        for left, right in apart:
            self.enemies[left].add(right)
            self.enemies[right].add(left)

    def root(self, node: str) -> str:
        """The root of a node's tree; halves the way there."""
        parent = self.parent
        if parent.setdefault(node, node) == node:
            return node
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(self, left: str, right: str) -> bool | None:
        """True: joined; None: they were one already; False: enemies, left as they are."""
        a, b = self.root(left), self.root(right)
        if a == b:
            return None
        if b in self.enemies.get(a, ()):
            return False
        if self.size.get(a, 1) < self.size.get(b, 1):
            a, b = b, a
        self.parent[b] = a
        self.size[a] = self.size.get(a, 1) + self.size.get(b, 1)
        for enemy in self.enemies.pop(b, ()):
            self.enemies[enemy].discard(b)
            self.enemies[enemy].add(a)
            self.enemies[a].add(enemy)
        return True


def connect(edges: Iterable[Edge], apart: Iterable[tuple[str, str]]) -> Components:
    """Join keys along edges, never two that are in `apart`, however long the way.

    The edge that comes last in `Edge.order` gives way. The same for every order of input.
    """
    forest = _Forest(apart)
    kept: list[Edge] = []
    refused: list[Edge] = []
    replaced: set[str] = set()
    newest: dict[str, bool] = {}
    for edge in sorted(edges, key=lambda each: each.order):
        joined = forest.join(edge.left, edge.right)
        if joined is False:
            refused.append(edge)
            continue
        if joined:
            kept.append(edge)
        if edge.replaces:
            newest.setdefault(edge.left, True)
            newest.setdefault(edge.right, False)
            replaced.add(edge.left)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for node in forest.parent:
        members[forest.root(node)].append(node)

    def rank(node: str) -> tuple[bool, bool, bool, str]:
        """Never replaced first; in a ring, not by the newest change; codes before numbers."""
        return (node in replaced, newest.get(node, False), not node.startswith("o:"), node)

    into = {
        node: stands
        for nodes in members.values()
        if len(nodes) > 1
        for stands in [min(nodes, key=rank)]
        for node in nodes
    }
    return Components(into=into, kept=tuple(kept), refused=tuple(refused))


def ways(components: Components) -> dict[str, tuple[Edge, ...]]:
    """For every key that moves, the edges from it to the key that stands for it."""
    beside: defaultdict[str, list[tuple[str, Edge]]] = defaultdict(list)
    for edge in components.kept:
        beside[edge.left].append((edge.right, edge))
        beside[edge.right].append((edge.left, edge))
    found: dict[str, tuple[Edge, ...]] = {}
    for start in sorted(set(components.into.values())):
        waiting: deque[tuple[str, tuple[Edge, ...]]] = deque([(start, ())])
        found[start] = ()
        while waiting:
            node, way = waiting.popleft()
            for other, edge in beside[node]:
                if other not in found:
                    found[other] = (edge, *way)
                    waiting.append((other, found[other]))
    return {node: way for node, way in found.items() if way}
