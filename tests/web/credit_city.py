"""A small credit lake for tests of pages: registrations, penalties and fire checks, landed, judged
and published by the real commands. Names are made up, codes valid and given to nobody.

One penalty names 示山机械 and bears the code of 示海贸易.
"""

import atexit
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

from django.test import override_settings
from pytest_django import Settings

from tests.city import PASSWORD, City
from tests.kept import kept
from yinuo.credit.aside import AsideRow
from yinuo.credit.commands import landing, publishing
from yinuo.credit.commands.landing import Landed
from yinuo.credit.commands.publishing import Published
from yinuo.credit.queries import entity as entities
from yinuo.credit.queries import quarantine
from yinuo.credit.queries.entity import EntityView, FactView
from yinuo.kernel.uscc import check_character
from yinuo.parties.commands import OPERATOR, NewUnit, found_duties, open_account, register_units
from yinuo.parties.queries import public_viewer_named
from yinuo.web.credit import means

FEBRUARY = datetime(2024, 2, 1, 1, 0, tzinfo=UTC)
MARCH = datetime(2024, 3, 4, 1, 30, tzinfo=UTC)
"""The day on which the data came."""
NOW = MARCH + timedelta(days=3)
CITY, CENTRE, MARKET, FIRE, STRANGE = "210200", "DL-XYZX", "DL-SJJ", "DL-XFJ", "DL-ZWZX"
PEOPLE = (
    # user name, name, role, unit
    ("market", "监甲", "officer", MARKET),
    ("fire", "消甲", "officer", FIRE),
    ("steward", "信甲", "officer", CENTRE),
    ("steward2", "信乙", "officer", CENTRE),
    ("stranger", "窗甲", "officer", STRANGE),
    ("supervisor", "督甲", "supervisor", CITY),
    ("admin", "管甲", "administrator", CITY),
    ("admin2", "管乙", "administrator", CITY),
    ("auditor", "审甲", "auditor", CITY),
    ("protector", "护甲", "protector", CITY),
)
LETTERS = {str(digit): digit for digit in range(10)} | {
    chr(ord("A") + place): 10 + place for place in range(26)
}
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
FIRMS = 60
WRONG, RIGHT = "大连示海贸易有限公司", "大连示山机械有限公司"
WRONG_FIRM, RIGHT_FIRM, LONG_FIRM = 3, 7, 20
LONG = "大连示范" + "超长名称" * 13 + "有限公司"
"""Sixty characters."""
NAMELESS_FIRM, NAMELESS = 60, "连市监罚〔2024〕902号"
"""Its penalty bears no code: a model says whose it is, and a person confirms it."""
NUMBER = "210290196108065343"
"""Of a representative whom nobody is: county 210290 does not exist."""
MISPLACED = "连市监罚〔2024〕901号"
AUTHORITY = "11210200MB0000000X"
REGISTRATION = (
    *("PRIPID", "ENTTYPE_CLASS", "ENTNAME", "UNISCID", "REGNO", "LEREP", "CERNO", "REGORG_AREA"),
    *("DOM", "INDUSTRYCO", "REGCAP", "ESTDATE", "APPRDATE", "REGSTATE"),
)
PENALTY = (
    *(
        "CF_XDR_MC",
        "CF_XDR_LB",
        "CF_XDR_SHXYM",
        "CF_FRDB",
        "CF_FR_ZJHM",
        "CF_WSH",
        "CF_WFXW",
        "CF_SY",
        "CF_YJ",
    ),
    *("CF_CFLB", "CF_NR", "CF_NR_FK", "CF_JDRQ", "CF_CFJG", "CF_CFJGDM", "CF_ZT"),
)
Row = dict[str, str]
LAKE, READS = "lake", "reads"


def code_of(number: int) -> str:
    """The code of a firm; both check characters hold, and nobody bears it."""
    body = f"MX{number:06}"
    total = sum(LETTERS[each] * weight for each, weight in zip(body, WEIGHTS, strict=True))
    inner = "0123456789X"[-total % 11]
    return (start := f"91210200{body}{inner}") + check_character(start)


def name_of(number: int) -> str:
    """Of a firm."""
    if number == LONG_FIRM:
        return LONG
    if number == WRONG_FIRM:
        return WRONG
    return RIGHT if number == RIGHT_FIRM else f"大连示例{number:03}商贸有限公司"


def registrations() -> list[Row]:
    """One row a firm."""
    return [
        {
            "PRIPID": f"2102{number:08}",
            "ENTTYPE_CLASS": "1",
            "ENTNAME": name_of(number),
            "UNISCID": code_of(number),
            "LEREP": f"试{number:03}",
            "CERNO": NUMBER if number == NAMELESS_FIRM else "",
            "REGORG_AREA": "210202",
            "DOM": f"大连市示范路 {number} 号",
            "REGCAP": "100",
            "ESTDATE": "2015-06-01",
            "REGSTATE": "1",
        }
        for number in range(1, FIRMS + 1)
    ]


def penalty(number: int, **changes: str) -> Row:
    """A penalty of a firm."""
    return {
        "CF_XDR_MC": name_of(number),
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": code_of(number),
        "CF_FRDB": f"试{number:03}",
        "CF_WSH": f"连市监罚〔2024〕{number:03}号",
        "CF_WFXW": "未按规定公示",
        "CF_CFLB": "罚款",
        "CF_NR": "罚款 30000 元",
        "CF_NR_FK": "3",
        "CF_JDRQ": "2024-02-20",
        "CF_CFJG": "市市场监管局",
        "CF_CFJGDM": AUTHORITY,
        "CF_ZT": "0",
    } | changes


def penalties() -> list[Row]:
    """Fifty-one: one with another firm's code, one with none, one with a date that never was, one
    without a name."""
    rows = [penalty(number) for number in range(11, 58)]
    wrong = penalty(RIGHT_FIRM, CF_XDR_SHXYM=code_of(WRONG_FIRM), CF_WSH=MISPLACED)
    return [
        *rows,
        wrong,
        penalty(NAMELESS_FIRM, CF_XDR_SHXYM="", CF_FR_ZJHM=NUMBER, CF_WSH=NAMELESS),
        penalty(58, CF_JDRQ="2024年2月31日"),
        penalty(59, CF_XDR_MC=""),
    ]


def fire_checks() -> list[Row]:
    """Ten of them, six without a date, with a column nobody knows: the gates stop such a batch."""
    return [
        {
            "检查记录编号": f"消检〔2024〕{number}号",
            "单位类别": "单位",
            "被检查单位": name_of(number),
            "单位代码": code_of(number),
            "检查结果": "合格",
            "检查日期": "" if number % 5 < 3 else "2024-02-21",
            "检查单位": "市消防救援支队",
            "检查时长": "2",
        }
        for number in range(20, 30)
    ]


def written(path: Path, headings: Sequence[str], rows: Sequence[Row], encoding: str) -> Path:
    """A CSV file as a source would send it."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, headings, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def prepare(folder: Path, settings: Settings) -> None:
    """A lake and a read log of its own."""
    settings.YINUO_CITY = "大连市"
    settings.YINUO_LAKE = folder / LAKE
    settings.YINUO_READS = folder / READS
    settings.YINUO_CREDIT_CENTRE = CENTRE


def open_city() -> City:
    """Units, people and duties."""
    kinds = {CITY: "city"}
    named = {
        CITY: "大连市",
        CENTRE: "市信用中心",
        MARKET: "市市场监管局",
        FIRE: "市消防救援支队",
        STRANGE: "市政务服务中心",
    }
    units = [
        NewUnit(
            code=code,
            name=name,
            kind=kinds.get(code, "department"),
            gb_code=code if code == CITY else "",
            parent=None if code == CITY else CITY,
        )
        for code, name in named.items()
    ]
    register_units(units=units, by=OPERATOR, at=FEBRUARY)
    for username, name, _role, _unit in PEOPLE:
        open_account(username=username, name=name, password=PASSWORD, by=OPERATOR, at=FEBRUARY)
    found_duties(duties=[(who, role, unit) for who, _name, role, unit in PEOPLE], at=FEBRUARY)
    found = {who: public_viewer_named(who) for who, *_ in PEOPLE}
    return City({who: viewer for who, viewer in found.items() if viewer is not None})


def land(city: City, source: str, path: Path, *, who: str, at: datetime = MARCH) -> Landed:
    """One file of a source."""
    return landing.land(
        source=source,
        files=[path],
        names=[path.name],
        simulated=True,
        means=means(),
        by=city[who],
        at=at,
    )


def publish(city: City, *, at: datetime = MARCH) -> Published:
    """All that passed."""
    return publishing.publish(means=means(), by=city["steward"], at=at, leave_out=True)


@dataclass(frozen=True)
class Lake:
    """What was made."""

    city: City
    folder: Path
    penalties: Landed
    refused: Landed
    release: Published

    def look(self, number: int) -> EntityView:
        """A firm, as the credit centre sees it."""
        return entities.by_code(
            code=code_of(number),
            purpose="stewardship",
            means=means(),
            viewer=self.city["steward"],
            at=NOW,
        )

    def entity(self, number: int) -> str:
        """Opaque id of a firm."""
        return self.look(number).entity

    def facts(self, number: int) -> Mapping[str, Sequence[FactView]]:
        """Its facts by source."""
        return {group.source: group.facts for group in self.look(number).sources}

    def aside(self, reason: str) -> AsideRow:
        """The first row of the penalties that was put aside for a reason."""
        page = quarantine.quarantine(
            source="penalty", reason=reason, means=means(), viewer=self.city["steward"]
        )
        return page.rows[0]


@kept
def _made() -> Lake:
    """Three sources landed, one of them stopped by its gates, and a release of the others."""
    folder = Path(mkdtemp(prefix="yinuo-test-lake-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    with override_settings(YINUO_LAKE=folder / LAKE, YINUO_READS=folder / READS):
        city = open_city()
        first = written(folder / "登记.csv", REGISTRATION, registrations(), "utf-8")
        land(city, "registration", first, who="market")
        second = written(folder / "处罚.csv", PENALTY, penalties(), "utf-8")
        landed = land(city, "penalty", second, who="market")
        third = written(folder / "消防.csv", tuple(fire_checks()[0]), fire_checks(), "gb18030")
        refused = land(city, "fire-checks", third, who="fire")
        return Lake(city, folder, landed, refused, publish(city))


def make_lake(folder: Path) -> Lake:
    """A lake of its own in a folder that was prepared, as it was made once for all tests."""
    made = _made()
    copytree(made.folder, folder, dirs_exist_ok=True)
    return replace(made, folder=folder)
