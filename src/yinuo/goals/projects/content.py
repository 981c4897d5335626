"""Projects as data: what a workbook states or a form sends, in one form. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from yinuo.commitments.commands.register import NewDocument
from yinuo.goals.projects.stages import Stage

Scalar: TypeAlias = str | int | date | None


@dataclass(frozen=True, kw_only=True)
class NewBatch:
    """Projects announced together."""

    code: str
    title: str
    document: str
    day: date | None = None
    stated_count: int | None = None
    stated_investment: int | None = None
    """分."""
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class NewStage:
    """A stage with a date or a promise."""

    stage: Stage
    planned: date | None = None
    reached: date | None = None
    """The day on which it was reached without a promise."""
    promised: bool = False
    """Whether the unit promises to reach it."""
    commitment: str = ""
    """Code of a registered promise that is this very stage; empty for one of its own."""
    said: str = ""
    """The deadline in the words of the document."""
    inferred: bool = False
    """Whether the planned date is our reading of those words."""


@dataclass(frozen=True, kw_only=True)
class NewPermit:
    """A permit of a project."""

    kind: str
    number: str = ""
    day: date | None = None
    issuer: str = ""


@dataclass(frozen=True, kw_only=True)
class NewFigure:
    """How far a project had come on a day; amounts in 分."""

    as_of: date
    invested_year: int | None = None
    invested_total: int | None = None
    progress: str = ""
    """Percent, canonical decimal."""
    payable: int | None = None
    paid: int | None = None
    workers: int | None = None
    note: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether it holds no figure at all."""
        return all(getattr(self, name) in (None, "") for name in FIGURE_FIELDS)


FIGURE_FIELDS = ("invested_year", "invested_total", "progress", "payable", "paid", "workers")


@dataclass(frozen=True, kw_only=True)
class NewProject:
    """A project; codes refer to units, documents, batches and goals."""

    name: str
    office: str
    """The unit that keeps the register."""
    document: str
    code: str = ""
    """Empty: the next of the register's series."""
    national_code: str = ""
    unit: str | None = None
    firm_name: str = ""
    firm_code: str = ""
    region: str | None = None
    address: str = ""
    longitude_e6: int | None = None
    latitude_e6: int | None = None
    industry: str = ""
    """With its section, as `Industry.code`."""
    fields: str = ""
    scope: str = ""
    batch: str | None = None
    heading: str = ""
    total_investment: int | None = None
    """分."""
    place: str = ""
    stages: tuple[NewStage, ...] = ()
    year: int | None = None
    year_investment: int | None = None
    """分 planned for `year`."""
    permits: tuple[NewPermit, ...] = ()
    figures: tuple[NewFigure, ...] = ()
    simulated: bool = False


FACTS = (
    "national_code",
    "name",
    "unit",
    "firm_name",
    "firm_code",
    "region",
    "address",
    "longitude_e6",
    "latitude_e6",
    "industry",
    "fields",
    "scope",
    "batch",
    "heading",
    "total_investment",
    "document",
    "place",
)
"""The facts of a project that a later file or form may state otherwise."""


@dataclass(frozen=True, kw_only=True)
class Register:
    """What one workbook states."""

    office: str
    documents: tuple[NewDocument, ...] = ()
    batches: tuple[NewBatch, ...] = ()
    projects: tuple[NewProject, ...] = ()


@dataclass(frozen=True)
class ProjectFile:
    """A workbook that passed every check."""

    name: str
    sha256: str
    register: Register
    rows: Sequence[int]
    """Row of the sheet 项目, one a project."""
    columns: Mapping[str, str]
    """Field of the sheet 项目 → its column letter; a field without one states nothing."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Field → its header."""

    def cell(self, number: int, name: str) -> str:
        """Address of one value of a project, such as `F12`; empty where the sheet has none."""
        return f"{self.columns[name]}{self.rows[number]}" if name in self.columns else ""


def shown(value: Any) -> str:  # noqa: ANN401  # any field of the records above
    """A value as it is compared and shown: ISO date, digits, empty for none."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
