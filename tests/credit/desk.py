"""A credit centre for all tests of the credit lake: units, people, a lake in a folder of its own.

The centre 市信用中心 publishes and judges; 市市场监管局 owns sources. All names and codes are made
up; the sources are the shipped ones.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from tests.city import PASSWORD, City
from tests.kept import kept
from yinuo.credit.means import Means
from yinuo.credit.reads.log import ReadLog
from yinuo.parties.commands import OPERATOR, NewUnit, found_duties, open_account, register_units
from yinuo.parties.queries import public_viewer_named
from yinuo.web.credit import purposes, sources

FEBRUARY = datetime(2024, 2, 1, 1, 0, tzinfo=UTC)
MONDAY = datetime(2024, 3, 4, 1, 30, tzinfo=UTC)
TUESDAY = datetime(2024, 3, 5, 1, 30, tzinfo=UTC)
WEDNESDAY = datetime(2024, 3, 6, 1, 30, tzinfo=UTC)
ON = date(2024, 3, 3)

CITY, CENTRE, MARKET, TAX = "210200", "DL-XYZX", "DL-SJJ", "DL-SWJ"
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
    owners = sorted({source.owner for source in sources().values()} - {CITY} | {CENTRE})
    units = [NewUnit(code=CITY, name="大连市", kind="city", gb_code=CITY)]
    units += [
        NewUnit(code=code, name=f"单位{code}", kind="department", parent=CITY) for code in owners
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
