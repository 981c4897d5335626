"""The kinds of commitment that the installed packages know."""

from dataclasses import dataclass
from enum import StrEnum

from yinuo.commitments.spoken import spoken
from yinuo.kernel.errors import YinuoError


class Promisor(StrEnum):
    """Whose word a commitment is (承诺主体): it follows from the kind and is stored nowhere."""

    CITY = "city"
    """The government, its units, and whoever serves in its stead: what the board counts."""
    OTHERS = "others"
    """Firms and people, who promised something to the city: counted apart."""


PROMISORS = {Promisor.CITY: "政府", Promisor.OTHERS: "企业和群众"}
"""The Chinese words on pages."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of commitment: data, never hooks. Its name is permanent."""

    name: str
    label: str
    """The Chinese word on pages."""
    order: int
    """Where the kind stands in lists of kinds."""
    promisor: Promisor
    by_sheet: bool = False
    """Whether it is reported and declared done only by the sheet of a round."""
    by_origin: bool = False
    """Whether it is declared done and judged only where it arose, by whoever that is owed to."""
    planned: bool = False
    """Whether a plan or a list of tasks may name it; the others have commands of their own."""


class UnknownKind(YinuoError):
    """No installed package registered this kind."""

    code = "COMMIT-E001"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"没有承诺类型 {name}", place=name, next_step="可用的类型：" + "、".join(_kinds)
        )


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called once from a package's `kinds` module."""
    if _kinds.get(kind.name, kind) != kind:
        raise ValueError(f"kind {kind.name} is registered twice, differently")
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind:
    """The kind with this name. Raises `UnknownKind`."""
    if name not in _kinds:
        raise UnknownKind(name)
    return _kinds[name]


def kind_label(name: str) -> str:
    """The word for a kind, in the language of the page. Raises `UnknownKind`."""
    return spoken("kind", kind_named(name).label)


def planned_kinds() -> dict[str, str]:
    """Word → name of the kinds that plans and lists of tasks may name, in display order."""
    return {kind.label: kind.name for kind in all_kinds() if kind.planned}


def promisor_of(name: str) -> Promisor:
    """Whose word the commitments of a kind are. Raises `UnknownKind`."""
    return kind_named(name).promisor


def promisor_label(promisor: Promisor) -> str:
    """The word for a promisor, in the language of the page."""
    return spoken("promisor", PROMISORS[promisor])


def kinds_of_others() -> tuple[str, ...]:
    """Names of the kinds in which firms and people promise, in display order."""
    return tuple(kind.name for kind in all_kinds() if kind.promisor is Promisor.OTHERS)


def all_kinds() -> tuple[Kind, ...]:
    """Every known kind, in display order."""
    return tuple(sorted(_kinds.values(), key=lambda kind: kind.order))
