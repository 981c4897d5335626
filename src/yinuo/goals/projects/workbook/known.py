"""What is registered already, as far as a file may refer to it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from yinuo.goals.projects.codes import Box
from yinuo.goals.projects.industries import Industries


@dataclass(frozen=True, slots=True)
class KnownProject:
    """A registered project, by which a row recognises it."""

    code: str
    office: str
    national_code: str
    name: str
    firm_name: str


@dataclass(frozen=True)
class Known:
    """Units, documents, batches and projects that are registered, and the lists of the city."""

    units: Mapping[str, str]
    """Code → name."""
    industries: Industries
    documents: Collection[str] = frozenset()
    batches: Collection[str] = frozenset()
    projects: Mapping[str, KnownProject] = field(default_factory=dict)
    """By code."""
    regions: Collection[str] = frozenset()
    """Beginnings of the region codes of this city."""
    box: Box | None = None

    @cached_property
    def units_by_name(self) -> Mapping[str, tuple[str, ...]]:
        """Name → the codes of the units that have it."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for code, name in self.units.items():
            found[name].append(code)
        return {name: tuple(codes) for name, codes in found.items()}

    @cached_property
    def by_national_code(self) -> Mapping[tuple[str, str], str]:
        """Office and 项目代码 → code of the project."""
        return {
            (each.office, each.national_code): each.code
            for each in self.projects.values()
            if each.national_code
        }

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Office and name → codes of the projects."""
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for each in self.projects.values():
            found[each.office, each.name].append(each.code)
        return {key: tuple(codes) for key, codes in found.items()}

    def recognised(self, *, office: str, national_code: str, name: str, firm_name: str) -> str:
        """Code of the registered project that a row without a code means; empty for a new one.

        By 项目代码, else by the same name and firm.
        """
        if national_code:
            found = self.by_national_code.get((office, national_code))
            if found:
                return found
        same = [
            code
            for code in self.by_name.get((office, name), ())
            if self.projects[code].firm_name == firm_name
            and national_code in ("", self.projects[code].national_code)
        ]
        return same[0] if len(same) == 1 else ""
