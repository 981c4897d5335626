"""A city whose institutions ask: a hospital, a village, a bank, a scenic spot, a tax window; a lake
with the letters and the lists of serious dishonesty of the simulated village.

Persons and codes are made up by `credit.simulation`; nobody bears them.
"""

import atexit
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

import pyarrow.parquet as pq
import xlsxwriter
from django.test import override_settings
from pytest_django import Settings

from tests.city import PASSWORD, City
from tests.kept import kept
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.credit.commands import consents, landing, publishing
from yinuo.credit.commands.consents import Paper
from yinuo.credit.queries import asking as queries
from yinuo.credit.queries.asking import AnswerView, Asker
from yinuo.credit.simulation.simulate import simulate
from yinuo.kernel.content import content_dir
from yinuo.kernel.instants import civil_date
from yinuo.parties.commands import OPERATOR, NewUnit, found_duties, open_account, register_units
from yinuo.parties.queries import public_viewer_named
from yinuo.web.asking import asking
from yinuo.web.credit import means
from yinuo.web.files import store

FEBRUARY = datetime(2024, 2, 1, 1, 0, tzinfo=UTC)
MARCH = datetime(2024, 3, 4, 1, 30, tzinfo=UTC)
NOW = MARCH + timedelta(days=3)
TODAY = date(2024, 3, 7)
CITY, CENTRE, KEEPER = "210200", "DL-XYZX", "DL-YSJ"
HOSPITAL, VILLAGE, BANK, WINDOW, SCENIC = "YY-DEMO", "CW-DEMO", "YH-DEMO", "210200-ZWZX", "WL-DEMO"
UNITS = {
    CITY: "大连市",
    CENTRE: "市信用中心",
    KEEPER: "市营商局",
    HOSPITAL: "演示医院",
    VILLAGE: "演示村村委会",
    BANK: "演示银行",
    WINDOW: "市政务服务中心",
    SCENIC: "演示景区",
}
PEOPLE = (
    ("hospital", "医甲", "officer", HOSPITAL),
    ("hospital2", "医乙", "officer", HOSPITAL),
    ("village", "村甲", "officer", VILLAGE),
    ("bank", "银甲", "officer", BANK),
    ("window", "窗甲", "officer", WINDOW),
    ("scenic", "景甲", "officer", SCENIC),
    ("keeper", "营甲", "officer", KEEPER),
    ("steward", "信甲", "officer", CENTRE),
    ("admin", "管甲", "administrator", CITY),
    ("admin2", "管乙", "administrator", CITY),
    ("auditor", "审甲", "auditor", CITY),
)
SCENARIOS = ("medicine", "village", "finance", "tax", "tourism")
SOURCES = ("letters", "serious-dishonesty")
RECORDS = 12_000
LAKE, READS = "lake", "reads"
PAPER = "a" * 64
NOBODY = "11010519491231002X"
"""A valid number of nobody, of whom the lake holds nothing."""


@dataclass(frozen=True)
class Household:
    """One of the village, as the truth has it."""

    name: str
    number: str
    broken: bool
    """Whether it broke a letter in the last two years."""
    listed: bool
    """Whether it is on a list of serious dishonesty now."""

    @property
    def qualifies(self) -> bool:
        """By the shipped table."""
        return not self.broken and not self.listed


def prepare(folder: Path, settings: Settings) -> None:
    """A lake and a read log of its own."""
    settings.YINUO_CITY = "大连市"
    settings.YINUO_LAKE = folder / LAKE
    settings.YINUO_READS = folder / READS
    settings.YINUO_CREDIT_CENTRE = CENTRE


def open_city(*, tables: Sequence[str] = SCENARIOS) -> City:
    """Units, people, duties, published tables."""
    units = [
        NewUnit(
            code=code,
            name=name,
            kind="city" if code == CITY else "department",
            gb_code=code if code == CITY else "",
            parent=None if code == CITY else CITY,
        )
        for code, name in UNITS.items()
    ]
    register_units(units=units, by=OPERATOR, at=FEBRUARY)
    for username, name, _role, _unit in PEOPLE:
        open_account(username=username, name=name, password=PASSWORD, by=OPERATOR, at=FEBRUARY)
    found_duties(duties=[(who, role, unit) for who, _name, role, unit in PEOPLE], at=FEBRUARY)
    viewers = {who: public_viewer_named(who) for who, *_ in PEOPLE}
    city = City({who: viewer for who, viewer in viewers.items() if viewer is not None})
    for name in tables:
        publish_table(city, name)
    return city


def publish_table(city: City, scenario: str) -> None:
    """The shipped table of a scenario, by two administrators."""
    data = (content_dir() / "tables" / f"scenario-{scenario}.xlsx").read_bytes()
    name = f"tables/scenario-{scenario}.xlsx"
    made = keep(name=name, data=data, valid_from=date(2024, 2, 2), store=store())
    number = ask_publication(kept=made, reason="发布", store=store(), by=city["admin"], at=FEBRUARY)
    approve_publication(number=number, store=store(), by=city["admin2"], at=FEBRUARY)


def _rows(path: Path) -> list[dict[str, str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.DictReader(path.read_text(encoding).splitlines()))
        except UnicodeDecodeError:
            continue
    raise AssertionError(path)


def households(folder: Path) -> tuple[Household, ...]:
    """The truth of the village, counted here from the files as they were delivered."""
    people = pq.read_table(folder / "truth" / "households.parquet").to_pylist()
    broken = {
        row["承诺人证件号码"]
        for row in _rows(folder / "letters.csv")
        if row["承诺履行状态"] in {"全部未履行", "部分履行"}
        and "2022-03-07" < row["承诺作出日期"].replace("/", "-") <= TODAY.isoformat()
    }
    listed = {
        row["证件号码"]
        for row in _rows(folder / "serious-dishonesty.csv")
        if not row["有效期至"] or row["有效期至"].replace("/", "-") >= TODAY.isoformat()
    }
    return tuple(
        Household(row["name"], row["rid"], row["rid"] in broken, row["rid"] in listed)
        for row in people
    )


@dataclass(frozen=True)
class Counter:
    """What was made."""

    city: City
    folder: Path
    village: tuple[Household, ...]

    def consent(
        self,
        number: str,
        *,
        name: str = "试甲乙",
        who: str = "hospital",
        scenario: str = "medicine",
        kind: str = "person",
        until: date = date(2025, 3, 1),
        at: datetime = NOW,
    ) -> str:
        """Somebody signs at a counter; returns the code of the consent."""
        viewer = self.city[who]
        given = asking()
        (code,) = consents.take_consents(
            papers=(Paper(kind=kind, number=number, name=name, until=until),),
            unit=next(iter(viewer.officer_of)),
            purpose=given.means.purposes[given.scenarios[scenario].purpose],
            paper_sha256=PAPER,
            by=viewer,
            at=at,
            today=civil_date(at),
        )
        return code

    def ask(
        self,
        number: str,
        *,
        who: str = "hospital",
        scenario: str = "medicine",
        kind: str = "person",
        at: datetime = NOW,
    ) -> AnswerView:
        """Ask the question of a unit."""
        return queries.ask(
            asking=asking(),
            scenario=scenario,
            kind=kind,
            number=number,
            viewer=Asker.officer(self.city[who]),
            at=at,
        )

    def looks(self) -> list[str]:
        """The lines of the read log."""
        folder = self.folder / READS
        return [
            line
            for path in sorted(folder.glob("reads-*.jsonl"))
            for line in path.read_text(encoding="utf-8").splitlines()
        ]


@kept
def _made() -> Counter:
    """Letters and lists landed and published, tables published."""
    folder = Path(mkdtemp(prefix="yinuo-test-asking-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    delivered = folder / "delivered"
    simulate(records=RECORDS, out=delivered, seed=7, on=date(2024, 3, 3), dirty=False)
    with override_settings(
        YINUO_LAKE=folder / LAKE, YINUO_READS=folder / READS, YINUO_CREDIT_CENTRE=CENTRE
    ):
        city = open_city()
        for source in SOURCES:
            path = delivered / f"{source}.csv"
            landing.land(
                source=source,
                files=[path],
                names=[path.name],
                simulated=True,
                means=means(),
                by=city["keeper"],
                at=MARCH,
            )
        publishing.publish(means=means(), by=city["steward"], at=MARCH, leave_out=True)
        return Counter(city, folder, households(delivered))


def make_counter(folder: Path) -> Counter:
    """A city of its own in a folder that was prepared, as it was made once for all tests."""
    made = _made()
    copytree(made.folder / LAKE, folder / LAKE, dirs_exist_ok=True)
    return replace(made, folder=folder)


def consent_sheet(rows: Sequence[Mapping[str, object]]) -> bytes:
    """A workbook of consents; dates as text, numbers as text unless they are numbers."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("同意")
        columns = ("姓名", "公民身份号码", "同意截止")
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name)
        for number, row in enumerate(rows, start=1):
            for place, name in enumerate(columns):
                value = row.get(name, "")
                write = sheet.write_number if isinstance(value, int) else sheet.write_string
                write(number, place, value)
    return buffer.getvalue()
