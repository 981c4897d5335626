"""A credit centre for all tests of the credit lake: units, people, a lake in a folder of its own.

The centre 市信用中心 publishes and judges; 市市场监管局 owns sources. All names and codes are made
up; the sources are the shipped ones.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_django import Settings

from tests.city import PASSWORD, City
from tests.credit import landed
from tests.kept import kept
from yinuo.credit.commands.landing import Landed, land
from yinuo.credit.commands.publishing import Published, publish
from yinuo.credit.means import Means
from yinuo.credit.queries.entity import EntityView, by_code
from yinuo.credit.reads.log import ReadLog
from yinuo.lake.records.description import Disclosure, Field, Type
from yinuo.parties.commands import OPERATOR, NewUnit, found_duties, open_account, register_units
from yinuo.parties.queries import public_viewer_named
from yinuo.project.cli import credit_landing
from yinuo.web.credit import purposes, sources

FEBRUARY = datetime(2024, 2, 1, 1, 0, tzinfo=UTC)
MONDAY = datetime(2024, 3, 4, 1, 30, tzinfo=UTC)
TUESDAY = datetime(2024, 3, 5, 1, 30, tzinfo=UTC)
WEDNESDAY = datetime(2024, 3, 6, 1, 30, tzinfo=UTC)
ON = date(2024, 3, 3)

CITY, CENTRE, MARKET, TAX = "210200", "DL-XYZX", "DL-SJJ", "DL-SWJ"
OWNERS = (
    *(MARKET, TAX, "DL-CZJ", "DL-FY", "DL-GAS", "DL-GJJ", "DL-HBJ", "DL-HEAT", "DL-POWER"),
    *("DL-RSJ", "DL-WATER", "DL-XFJ", "DL-YJJ", "DL-YSJ"),
)
"""Of the shipped sources."""
PEOPLE = (
    # user name, name, role, unit
    ("centre", "信甲", "officer", CENTRE),
    ("centre2", "信乙", "officer", CENTRE),
    ("market", "监甲", "officer", MARKET),
    ("tax", "税甲", "officer", TAX),
    ("supervisor", "督甲", "supervisor", CITY),
    ("auditor", "审甲", "auditor", CITY),
)
MEMORY = "512MB"


@kept
def open_desk() -> City:
    """Register the units that own sources, open accounts, found the duties."""
    units = [NewUnit(code=CITY, name="大连市", kind="city", gb_code=CITY)]
    units += [
        NewUnit(code=code, name=f"单位{code}", kind="department", parent=CITY)
        for code in (CENTRE, *OWNERS)
    ]
    register_units(units=units, by=OPERATOR, at=FEBRUARY)
    for username, name, _role, _unit in PEOPLE:
        open_account(username=username, name=name, password=PASSWORD, by=OPERATOR, at=FEBRUARY)
    found_duties(duties=[(who, role, unit) for who, _name, role, unit in PEOPLE], at=FEBRUARY)
    found = {who: public_viewer_named(who) for who, *_ in PEOPLE}
    return City({who: viewer for who, viewer in found.items() if viewer is not None})


def means(folder: Path, **changes: object) -> Means:
    """A lake in a folder, with the shipped sources and purposes and no linkage."""
    lake = folder / "lake"
    lake.mkdir(parents=True, exist_ok=True)
    plain = Means(
        lake=lake,
        salt="test",
        sources=sources(),
        purposes=purposes(),
        reads=ReadLog(folder / "reads"),
        centre=CENTRE,
        made_with="test",
        memory=MEMORY,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


SOURCES = {source.id: source for source in landed.SOURCES}
"""Small ones: registration, penalty and listing, all of 市市场监管局."""
LETTERS = landed.source(
    "letters",
    "commitment",
    Field(name="rid", label="身份证号", headings=("身份证号",), type=Type.RID),
    landed.DECIDED,
    subject="person",
    disclosure=Disclosure.PURPOSE,
    owner=TAX,
)
"""Of persons, for purposes only."""
PERSON = "11010519491231002X"
Delivered = Sequence[Mapping[str, str]]


def registered(*firms: int) -> Delivered:
    """Registrations of some firms."""
    return [
        {"编号": f"R{n}", "名称": name_of(n), "代码": landed.code(n), "日期": "2020-01-02"}
        for n in firms
    ]


def penalty(
    number: str, firm: int, *, name: str = "", fine: str = "500", **more: str
) -> dict[str, str]:
    """A penalty that bears the code of a firm."""
    said = {"编号": number, "名称": name or name_of(firm), "代码": landed.code(firm)}
    return {**said, "日期": "2024-02-20", "罚款": fine, "状态": "正常", **more}


def letter(number: str, person: str = PERSON) -> dict[str, str]:
    """A letter of a made-up person."""
    said = {"编号": number, "名称": "试甲乙", "代码": "", "身份证号": person}
    return {**said, "日期": "2024-01-05"}


def name_of(firm: int) -> str:
    """What a made-up firm is called."""
    return f"测试{firm}号商贸有限公司"


def delivery(folder: Path, name: str, rows: Delivered) -> Path:
    """A file of rows as a source delivers it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@dataclass(frozen=True)
class Desk:
    """The centre with a lake of its own."""

    city: City
    means: Means
    folder: Path

    def land(
        self,
        source: str,
        rows: Delivered,
        *,
        at: datetime = MONDAY,
        by: str = "centre",
        simulated: bool = True,
    ) -> Landed:
        """Land rows of a source."""
        number = len(list(self.folder.glob("*.csv")))
        path = delivery(self.folder, f"{source}-{number}.csv", rows)
        return land(
            source=source,
            files=[path],
            names=[path.name],
            simulated=simulated,
            means=self.means,
            by=self.city[by],
            at=at,
        )

    def publish(self, *, at: datetime = MONDAY, **more: Any) -> Published:
        """Publish whatever passed."""
        return publish(means=self.means, by=self.city["centre"], at=at, **more)

    def look(self, firm: int, *, by: str = "centre", purpose: str = "stewardship") -> EntityView:
        """Look a firm up by its code."""
        return by_code(
            code=landed.code(firm),
            purpose=purpose,
            means=self.means,
            viewer=self.city[by],
            at=WEDNESDAY,
        )


def set_up(folder: Path, **changes: object) -> Desk:
    """A desk with the small sources and an empty lake."""
    return Desk(open_desk(), means(folder, **{"sources": SOURCES, **changes}), folder / "delivered")


def command_line(
    settings: Settings, patch: pytest.MonkeyPatch, folder: Path, modules: Sequence[ModuleType]
) -> None:
    """A desk of its own for `yinuo credit`, whose modules take it to be Monday."""
    settings.INSTALLATION = "tests"
    settings.YINUO_DEMO_DATE = "2024-03-04"
    settings.YINUO_LAKE = folder / "lake"
    settings.YINUO_READS = folder / "reads"
    settings.YINUO_CONTENT = folder / "content"
    for module in modules:
        patch.setattr(module, "now", lambda: MONDAY)
    patch.setattr(credit_landing, "today", MONDAY.date)
    open_desk()


def numbers(view: EntityView, source: str) -> list[str]:
    """The numbers of the records of a source that stand under an entity."""
    facts = [fact for each in view.sources if each.source == source for fact in each.facts]
    return sorted(f.text for fact in facts for f in fact.fields if f.name == "number")
