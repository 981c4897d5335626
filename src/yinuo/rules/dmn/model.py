"""A DMN model, typed and frozen: what stands in the file, and nothing of how it is evaluated.

    Model
    ├── ItemDefinition      types: base, components, collections, allowed values, functions
    ├── InputData           what is given
    ├── Decision            what is decided, from what, by which boxed expression
    ├── KnowledgeModel      a function that decisions call
    └── DecisionService     decisions offered as one function

FEEL stands as text, with the line it stands on: which names it may use depends on where it is used.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

ANY_TYPE = ""
"""The type of what is not typed."""


class HitPolicy(StrEnum):
    """What counts when several rules hold."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    ANY = "ANY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"

    @property
    def is_multiple(self) -> bool:
        """Whether the answer is a list."""
        return self in (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)


class Aggregation(StrEnum):
    """What COLLECT makes of its hits; none keeps the list."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


class IteratorKind(StrEnum):
    """What a boxed iterator asks."""

    FOR = "for"
    SOME = "some"
    EVERY = "every"


@dataclass(frozen=True, slots=True)
class Reference:
    """An element by the namespace of its model and its id."""

    namespace: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """An element of another namespace, kept as it stood."""

    namespace: str
    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    children: tuple["Extension", ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """The attribute of that name."""
        return dict(self.attributes).get(name, default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A name with a type."""

    name: str
    type_name: str = ANY_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A FEEL expression as text."""

    text: str
    type_name: str = ANY_TYPE
    is_feel: bool = True
    """False where another expression language is named."""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnaryTests:
    """What a cell or a type asks of a value, as FEEL text."""

    text: str
    line: int = field(default=0, compare=False)


# ── decision tables ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause:
    """A column of conditions."""

    expression: Literal
    allowed: UnaryTests | None = None
    id: str = ""
    label: str = ""
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause:
    """A column of answers."""

    name: str = ""
    type_name: str = ANY_TYPE
    allowed: UnaryTests | None = None
    default: Literal | None = None
    id: str = ""
    label: str = ""
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: a test an input, an answer an output, a note an annotation."""

    tests: tuple[UnaryTests, ...]
    answers: tuple[Literal, ...]
    annotations: tuple[str, ...] = ()
    id: str = ""
    description: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable:
    """Rules over inputs."""

    policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation | None = None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    annotations: tuple[str, ...] = ()
    """Names of the columns of notes."""
    id: str = ""
    output_label: str = ""
    type_name: str = ANY_TYPE
    line: int = field(default=0, compare=False)


# ── other boxed expressions ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry:
    """An entry of a context; the result of the context, if it has no variable."""

    variable: Variable | None
    expression: "Boxed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedContext:
    """Entries, each seeing those before it."""

    entries: tuple[ContextEntry, ...]
    type_name: str = ANY_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedList:
    """A list of expressions."""

    items: tuple["Boxed", ...]
    type_name: str = ANY_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A list of contexts that have the same entries."""

    columns: tuple[Variable, ...]
    rows: tuple[tuple["Boxed", ...], ...]
    type_name: str = ANY_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What a parameter of an invocation is."""

    parameter: Variable
    expression: "Boxed | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A function called with parameters by name."""

    called: "Boxed"
    bindings: tuple[Binding, ...]
    type_name: str = ANY_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDefinition:
    """A function; `language` is FEEL, Java or PMML."""

    parameters: tuple[Variable, ...]
    body: "Boxed | None"
    language: str = "FEEL"
    type_name: str = ANY_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional:
    """If, then, else."""

    condition: "Boxed"
    then: "Boxed"
    otherwise: "Boxed"
    type_name: str = ANY_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedFilter:
    """The items of a list for which something holds."""

    items: "Boxed"
    match: "Boxed"
    type_name: str = ANY_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedIterator:
    """For, some or every over a list."""

    kind: IteratorKind
    variable: str
    items: "Boxed"
    body: "Boxed"
    type_name: str = ANY_TYPE


Boxed: TypeAlias = (
    Literal
    | DecisionTable
    | BoxedContext
    | BoxedList
    | Relation
    | Invocation
    | FunctionDefinition
    | Conditional
    | BoxedFilter
    | BoxedIterator
)

# ── types ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionItem:
    """The type of a function."""

    parameters: tuple[Variable, ...]
    result: str = ANY_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition:
    """A type: another type, narrowed; or a structure; or a function."""

    name: str
    base: str = ANY_TYPE
    components: tuple["ItemDefinition", ...] = ()
    function: FunctionItem | None = None
    is_collection: bool = False
    allowed: UnaryTests | None = None
    """Of a collection: what each of its items may be."""
    constraint: UnaryTests | None = None
    """What the whole value must satisfy (DMN 1.5)."""
    label: str = ""


# ── what depends on what ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData:
    """What is given from outside."""

    id: str
    name: str
    type_name: str = ANY_TYPE
    description: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something decided."""

    id: str
    name: str
    type_name: str = ANY_TYPE
    expression: Boxed | None = None
    decisions: tuple[Reference, ...] = ()
    inputs: tuple[Reference, ...] = ()
    knowledge: tuple[Reference, ...] = ()
    authorities: tuple[Reference, ...] = ()
    question: str = ""
    allowed_answers: str = ""
    description: str = ""
    extensions: tuple[Extension, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeModel:
    """A function that decisions call (business knowledge model)."""

    id: str
    name: str
    type_name: str = ANY_TYPE
    """Of the function itself, or of its result."""
    logic: FunctionDefinition | None = None
    knowledge: tuple[Reference, ...] = ()
    description: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService:
    """Decisions offered as one function."""

    id: str
    name: str
    type_name: str = ANY_TYPE
    outputs: tuple[Reference, ...] = ()
    encapsulated: tuple[Reference, ...] = ()
    decisions: tuple[Reference, ...] = ()
    """Decisions whose values are given when it is called."""
    inputs: tuple[Reference, ...] = ()
    description: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeSource:
    """A law or a document that a decision rests on."""

    id: str
    name: str
    location: str = ""
    line: int = field(default=0, compare=False)


Node: TypeAlias = InputData | Decision | KnowledgeModel | DecisionService


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Another model, its names used behind the import's name; without one, as they are."""

    namespace: str
    name: str = ""
    location: str = ""
    """Where the file says it is, seen from its own folder; only a hint."""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One file."""

    namespace: str
    name: str
    version: str
    """The edition of DMN it is written in: 1.1 to 1.5."""
    file: str = field(default="", compare=False)
    id: str = ""
    imports: tuple[Import, ...] = ()
    types: tuple[ItemDefinition, ...] = ()
    inputs: tuple[InputData, ...] = ()
    decisions: tuple[Decision, ...] = ()
    knowledge: tuple[KnowledgeModel, ...] = ()
    services: tuple[DecisionService, ...] = ()
    sources: tuple[KnowledgeSource, ...] = ()
    description: str = ""
    extensions: tuple[Extension, ...] = ()

    def nodes(self) -> Iterator[Node]:
        """Everything that can be required, as it stands in the file by kind."""
        yield from self.inputs
        yield from self.decisions
        yield from self.knowledge
        yield from self.services


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """A model with all that it imports; the first is the one that was asked for."""

    models: tuple[Model, ...]
    sha256: str = field(default="", compare=False)

    @property
    def main(self) -> Model:
        """The model that was asked for."""
        return self.models[0]
