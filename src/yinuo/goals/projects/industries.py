"""国民经济行业分类 (GB/T 4754—2017): sections and divisions. Pure.

Deeper classes are not listed: of C3831 the section and the division are checked, of the digits
after them only the shape.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from yinuo.kernel.errors import YinuoError

_SHAPE = re.compile(r"([A-T])?(\d{2,4})?")
COLUMNS = ["section", "division", "name"]
INDUSTRIAL = frozenset("BCD")
"""工业: mining, manufacturing and supply, divisions 06 to 46."""


class NotAnIndustry(YinuoError):
    """A text that is no class of the national classification of industries."""

    code = "PROJECT-E030"

    def __init__(self, text: str, why: str) -> None:
        super().__init__(
            f"“{text[:40]}”不是国民经济行业分类：{why}",
            place="国民经济行业",
            next_step="写门类（C）、大类（C38 或 38）、中类或小类（C3831）的代码，或大类的全名",
        )


@dataclass(frozen=True, slots=True)
class Industry:
    """A class of the classification."""

    code: str
    """With its section: C, C38, C3831."""
    section: str
    division: str
    """Two digits; empty for a whole section."""
    name: str
    """Of the division, or of the section."""

    @property
    def is_industrial(self) -> bool:
        """Whether it belongs to 工业."""
        return self.section in INDUSTRIAL


@dataclass(frozen=True)
class Industries:
    """The classification as listed."""

    sections: Mapping[str, str]
    """Letter → name."""
    divisions: Mapping[str, tuple[str, str]]
    """Two digits → section and name."""

    def read(self, text: str) -> Industry:
        """The class that a text names: C, 38, C38, C3831, or the name of a section or division.

        Raises `NotAnIndustry` for what does not exist, and for a section that contradicts the
        division.
        """
        plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
        match = _SHAPE.fullmatch(plain)
        if match is None or not plain:
            return self._named(text)
        section, digits = match.groups()
        if digits is None:
            return Industry(section, section, "", self.sections[section])
        division = digits[:2]
        if division not in self.divisions:
            raise NotAnIndustry(text, f"没有大类 {division}")
        own, name = self.divisions[division]
        if section is not None and section != own:
            raise NotAnIndustry(text, f"大类 {division}（{name}）属于门类 {own}，不是 {section}")
        return Industry(f"{own}{digits}", own, division, name)

    def _named(self, text: str) -> Industry:
        wanted = "".join(text.split())
        for division, (section, name) in self.divisions.items():
            if name == wanted:
                return Industry(f"{section}{division}", section, division, name)
        for section, name in self.sections.items():
            if name == wanted:
                return Industry(section, section, "", name)
        raise NotAnIndustry(text, "不是代码，也不是门类或大类的名称")

    def name_of(self, code: str) -> str:
        """The name of the division or section of a stored code; empty for no code."""
        return self.read(code).name if code else ""


class IndustriesUnfit(YinuoError):
    """The file of industries is not as it must be."""

    code = "PROJECT-E031"
    status = 500

    def __init__(self, file: str, why: str) -> None:
        super().__init__(
            f"行业分类表读不出来：{why}",
            place=file,
            next_step="请恢复随软件附带的 content/industries/gbt4754.csv",
        )


def read_industries(text: str, *, file: str) -> Industries:
    """The classification from a CSV of section, division, name. Raises `IndustriesUnfit`."""
    reader = csv.DictReader(text.splitlines())
    if reader.fieldnames != COLUMNS:
        raise IndustriesUnfit(file, f"表头应是 {','.join(COLUMNS)}")
    sections: dict[str, str] = {}
    divisions: dict[str, tuple[str, str]] = {}
    for row in reader:
        if row["division"]:
            if row["section"] not in sections:
                raise IndustriesUnfit(file, f"大类 {row['division']} 在门类之前")
            divisions[row["division"]] = (row["section"], row["name"])
        else:
            sections[row["section"]] = row["name"]
    return Industries(sections, divisions)
