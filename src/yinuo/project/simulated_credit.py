"""The credit lake of the demo: 21 made-up sources through the real pipeline. Nobody real.

    simulate ─→ land, source by source ─→ gates ─→ resolve ─→ publish
                     │
                     └─ fire checks delivered with most dates missing: refused, withdrawn, again

One penalty names one firm and bears the valid code of another: it lands in the wrong firm, and
whoever tries the demo can split it off.
"""

import csv
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
OPENED, LANDED, PUBLISHED = instant("2025-01-06"), instant("2025-01-13"), instant("2025-01-14")
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
MISPLACED = "连演罚〔2024〕第 901 号"
WHY_WITHDRAWN = "检查日期多数为空，系统导出时漏了一列；报送单位已重新导出。"
Progress = Callable[[str], None]


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
    progress: Progress = lambda _step: None,
    records: int = RECORDS,
) -> None:
    """Open the centre, let every source deliver, and publish what passed."""
    centre = open_centre(
        city=city, administrators=administrators, passwords=passwords, means=means, at=OPENED
    )
    with tempfile.TemporaryDirectory(prefix="yinuo-demo-") as name:
        folder = Path(name)
        simulate(records=records, out=folder, seed=SEED, on=AS_OF)
        misplace(folder)
        stop(centre, folder)
        for source in sorted(means.sources):
            progress(f"装入信用数据：{means.sources[source].name}")
            land(centre, source, delivered(folder, source), at=LANDED)
    progress("归集并发布信用数据")
    publishing.publish(means=means, by=centre.first, at=PUBLISHED)
