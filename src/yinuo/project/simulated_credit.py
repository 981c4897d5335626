"""The credit lake of the demo: 21 made-up sources through the real pipeline. Nobody real.

    simulate ─→ land, source by source ─→ gates ─→ resolve ─→ publish
                     │
                     └─ fire checks delivered with most dates missing: refused, withdrawn, again

One penalty names one firm and bears the valid code of another: it lands in the wrong firm, and
whoever tries the demo can split it off.
"""

import csv
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from yinuo.credit.commands import batches, landing, publishing
from yinuo.credit.means import Means
from yinuo.credit.simulation.simulate import simulate
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_unit_names, public_viewer_named
from yinuo.parties.viewer import Viewer
from yinuo.project.event import instant

RECORDS, SEED = 200_000, 20_250_113
AS_OF = date(2025, 1, 10)
OPENED, STOPPED_AT = instant("2025-01-06"), instant("2025-01-07")
ANSWERED, LANDED, PUBLISHED = instant("2025-01-08"), instant("2025-01-13"), instant("2025-01-14")
CENTRE, KEEPER = "DL-XYZX", "DL-SJJ"
UNITS: Mapping[str, str] = {
    CENTRE: "大连市信用中心",
    KEEPER: "大连市市场主体登记数据单位",
    "DL-FY": "大连市法院执行数据单位",
    "DL-HBJ": "大连市生态环境检查数据单位",
    "DL-XFJ": "大连市消防检查数据单位",
    "DL-GAS": "大连市燃气企业",
    "DL-CZJ": "大连市政府采购数据单位",
    "DL-HEAT": "大连市供热企业",
    "DL-GJJ": "大连市住房公积金数据单位",
    "DL-YSJ": "大连市行政许可数据单位",
    "DL-POWER": "大连市供电企业",
    "DL-YJJ": "大连市安全生产检查数据单位",
    "DL-RSJ": "大连市社会保险数据单位",
    "DL-SWJ": "大连市税务数据单位",
    "DL-WATER": "大连市供水企业",
}
"""Units that own the sources of content/sources, and the centre that publishes."""
PEOPLE = (
    ("xinyong1", "演示信用中心人员甲", "officer", CENTRE),
    ("xinyong2", "演示信用中心人员乙", "officer", CENTRE),
    ("xinyuan", "演示数据源人员", "officer", KEEPER),
)
"""User name, name, role, unit: those to sign in as."""
STOPPED, MISSING = "fire-checks", "检查日期"
"""The source whose first delivery is stopped, and the column that it lacks."""
PENALTY, REGISTRATION = "penalty", "registration"
KEPT = 5
"""Every n-th row of that delivery has its date."""
FIRST = 40
"""The firm in the register to which the misplaced penalty goes."""
MISPLACED = "连演罚〔2024〕第 901 号"
WHY_ASKED = "多数行没有检查日期，先放行，日期随后补报。"
WHY_REFUSED = "没有检查日期就算不出保存期限，请重新导出。"
WHY_WITHDRAWN = "系统导出时漏了检查日期；报送单位已重新导出整批数据。"
Progress = Callable[[str], None]
Row = Mapping[str, str]


@dataclass(frozen=True)
class Centre:
    """Who lands and publishes, with what."""

    first: Viewer
    second: Viewer
    means: Means


def fill(
    *,
    city: str,
    administrators: tuple[str, str],
    passwords: Mapping[str, str],
    means: Means,
    records: int = RECORDS,
    progress: Progress = lambda _step: None,
) -> None:
    """Open the centre, let every source deliver, and publish what passed.

    `passwords` by user name, those of `PEOPLE` among them.
    """
    first, second, _ = open_centre(city, administrators, passwords)
    centre = Centre(first, second, means)
    with tempfile.TemporaryDirectory(prefix="yinuo-demo-") as folder:
        made = simulate(records=records, out=Path(folder) / "sources", seed=SEED, on=AS_OF)
        misplace(made.files[PENALTY], made.files[REGISTRATION])
        stop(centre, made.files[STOPPED], Path(folder) / f"{STOPPED}.csv")
        for source, file in made.files.items():
            progress(f"装入信用数据：{means.sources[source].name}")
            land(centre, source, file, LANDED)
    progress("归集并发布信用数据")
    publishing.publish(means=means, by=first, at=PUBLISHED)


def open_centre(
    city: str, administrators: tuple[str, str], passwords: Mapping[str, str]
) -> tuple[Viewer, ...]:
    """Register the units that own sources, and hire the people."""
    units = [
        NewUnit(code=code, name=name, kind="department", parent=city)
        for code, name in UNITS.items()
        if code not in public_unit_names()
    ]
    register_units(units=units, by=OPERATOR, at=OPENED)
    keeper, approver = (_viewer(name) for name in administrators)
    for username, name, role, unit in PEOPLE:
        open_account(
            username=username, name=name, password=passwords[username], by=OPERATOR, at=OPENED
        )
        duty = ask_duty(username=username, role=role, unit=unit, by=keeper, at=OPENED)
        approve_duty(duty=duty, by=approver, at=OPENED)
    return tuple(_viewer(username) for username, *_ in PEOPLE)


def _viewer(username: str) -> Viewer:
    found = public_viewer_named(username)
    if found is None:
        raise LookupError(username)
    return found


def land(centre: Centre, source: str, file: Path, at: datetime) -> str:
    """One file as a batch; returns its code."""
    return landing.land(
        source=source,
        files=[file],
        names=[f"{centre.means.sources[source].name}（模拟）{file.suffix}"],
        simulated=True,
        means=centre.means,
        by=centre.first,
        at=at,
    ).batch


def misplace(penalties: Path, registrations: Path) -> None:
    """Add a penalty that names one firm and bears the valid code of another."""
    with registrations.open(encoding="utf-8", errors="replace", newline="") as file:
        firms = (row for row in csv.DictReader(file) if row["UNISCID"].startswith("9121"))
        bearer, named = islice(firms, FIRST, FIRST + 2)
    with penalties.open(encoding="utf-8", errors="replace", newline="") as file:
        headings, like = next(reader := csv.reader(file)), next(reader)
    row: Row = dict(zip(headings, like, strict=True)) | {
        "CF_XDR_MC": named["ENTNAME"],
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": bearer["UNISCID"],
        "CF_FRDB": named["LEREP"],
        "CF_FR_ZJHM": "",
        "CF_WSH": MISPLACED,
        "CF_JDRQ": "2024-11-20",
        "CF_ZT": "0",
    }
    with penalties.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, headings).writerow(row)


def stop(centre: Centre, whole: Path, broken: Path) -> None:
    """A first delivery without most of its dates: stopped, a waiver refused, withdrawn."""
    encoding = centre.means.sources[STOPPED].encoding
    with whole.open(encoding=encoding, errors="replace", newline="") as file:
        rows = list(csv.DictReader(file))
    with broken.open("w", encoding=encoding, errors="replace", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(
            row | {MISSING: row[MISSING] if number % KEPT == 0 else ""}
            for number, row in enumerate(rows)
        )
    batch = land(centre, STOPPED, broken, STOPPED_AT)
    means, first, second = centre.means, centre.first, centre.second
    batches.ask_waiver(batch=batch, reason=WHY_ASKED, means=means, by=first, at=STOPPED_AT)
    batches.decide_waiver(
        batch=batch, approve=False, reason=WHY_REFUSED, means=means, by=second, at=ANSWERED
    )
    batches.withdraw(batch=batch, reason=WHY_WITHDRAWN, means=means, by=first, at=ANSWERED)
