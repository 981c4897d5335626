"""The port of the demo: a small made-up log of declarations, measured and opened to the public."""

import tempfile
from pathlib import Path

from yinuo.goals.commands import figures, port
from yinuo.goals.commands.port import Means
from yinuo.goals.commands.port_figures import put_figures
from yinuo.goals.port.simulation import simulate
from yinuo.project.event import instant
from yinuo.project.simulated_goals import Cast

EVENTS = 60_000
DAY = "2025-01-10"
KEEPER = "大连市政府口岸办"
LOG = "申报日志（模拟）.parquet"


def watch(cast: Cast, means: Means) -> None:
    """Load the log as the port office, let another person open it, and feed the indicators."""
    at, by = instant(DAY), cast.staff.officers[KEEPER]
    with tempfile.TemporaryDirectory(prefix="yinuo-demo-") as folder:
        log = Path(folder) / "log.parquet"
        simulate(events=EVENTS, out=log, dirty=True)
        loaded = port.load(
            files=[log],
            names=[LOG],
            unit=cast.staff.codes[KEEPER],
            simulated=True,
            means=means,
            by=by,
            at=at,
            mixed_zones=True,  # the few planted with a zone are those of China as well
        )
    port.release(result=loaded.result, by=cast.first, at=at)
    taken = put_figures(
        result=loaded.result,
        catalogue=means.catalogue,
        store=cast.store,
        by=cast.keeper,
        at=at,
    )
    for load in taken.loads:
        figures.release(load=load, by=cast.first, at=at)
