"""The credit lake of the demo: 21 made-up sources through the real pipeline. Nobody real.

    simulate ─→ land, source by source ─→ gates ─→ resolve ─→ publish
                     │
                     └─ fire checks delivered with most dates missing: refused, withdrawn, again

What the year needs is planted among them (`simulated_plants`): a penalty that names one firm and
bears the valid code of another, a penalty that may be repaired, and firms that were founded lately.
"""

import csv
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as pq

from yinuo.credit.commands import batches, landing, publishing
from yinuo.credit.means import Means
from yinuo.credit.simulation.population import Population
from yinuo.credit.simulation.simulate import Simulated, simulate
from yinuo.credit.simulation.truth import FOLDER, HOUSEHOLD_FILE
from yinuo.parties.viewer import Viewer
from yinuo.project.event import instant
from yinuo.project.simulated_hiring import Hiring
from yinuo.project.simulated_plants import fine, found_lately, misplace
from yinuo.project.standin.server import Pretended

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
PENALTY, REGISTRATION, INSURANCE = "penalty", "registration", "social-insurance"
KEPT = 5
"""Every n-th row of that delivery has its date."""
WHY_ASKED = "多数行没有检查日期，先放行，日期随后补报。"
WHY_REFUSED = "没有检查日期就算不出保存期限，请重新导出。"
WHY_WITHDRAWN = "系统导出时漏了检查日期；报送单位已重新导出整批数据。"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Centre:
    """Who lands and publishes, with what."""

    first: Viewer
    second: Viewer
    means: Means


@dataclass(frozen=True, kw_only=True)
class Known:
    """Who of the lake plays on in the demo."""

    centre: Centre
    wronged: Pretended
    """Among whose records a penalty lies that names another."""
    fined: Pretended
    """Whose penalty may be repaired."""
    start_ups: tuple[Pretended, ...]
    """Founded lately, paying social insurance each month; the oldest first."""
    village: tuple[Pretended, ...]
    """The heads of the households of one village."""


def fill(
    *,
    hiring: Hiring,
    means: Means,
    records: int = RECORDS,
    progress: Progress = lambda _step: None,
) -> Known:
    """Open the centre, let every source deliver, and publish what passed."""
    first, second, _ = hiring.hire(PEOPLE, units=UNITS, at=OPENED)
    centre = Centre(first, second, means)
    with tempfile.TemporaryDirectory(prefix="yinuo-demo-") as folder:
        made = simulate(records=records, out=Path(folder) / "sources", seed=SEED, on=AS_OF)
        known = plant(made, Population(records, SEED, AS_OF), centre)
        stop(centre, made.files[STOPPED], Path(folder) / f"{STOPPED}.csv")
        for source, file in made.files.items():
            progress(f"装入信用数据：{means.sources[source].name}")
            land(centre, source, file, LANDED)
    progress("归集并发布信用数据")
    publishing.publish(means=means, by=first, at=PUBLISHED)
    return known


def plant(made: Simulated, some: Population, centre: Centre) -> Known:
    """Put into the files what the rest of the demo needs."""
    penalties, register = made.files[PENALTY], made.files[REGISTRATION]
    wronged = misplace(penalties, register)
    fined = fine(penalties, register)
    encoding = centre.means.sources[INSURANCE].encoding
    start_ups = found_lately(register, made.files[INSURANCE], some, encoding=encoding)
    homes = pq.read_table(made.folder / FOLDER / HOUSEHOLD_FILE, columns=["rid", "name"])
    return Known(
        centre=centre,
        wronged=wronged,
        fined=fined,
        start_ups=start_ups,
        village=tuple(Pretended("person", one["rid"], one["name"]) for one in homes.to_pylist()),
    )


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
