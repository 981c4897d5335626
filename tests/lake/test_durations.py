from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lake.logs import AS_OF, EDGES, GROUPS, LOG, TRIMS, WORKING, logs
from tests.lake.oracle import Event, differences, measure_slowly, write
from yinuo.lake.durations.measuring import measure
from yinuo.lake.engine import DuckDB
from yinuo.lake.trimming import Trim
from yinuo.lake.working import WorkingTime


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    found=logs(),
    trim=st.sampled_from(TRIMS),
    working=st.sampled_from(WORKING),
    smallest=st.integers(1, 3),
)
def test_sql_says_what_plain_python_says(
    tmp_path: Path,
    found: list[Event],
    trim: Trim,
    working: WorkingTime | None,
    smallest: int,
) -> None:
    path = write(found, LOG, tmp_path / "log.parquet")
    wanted: dict[str, Any] = {"trim": trim, "groups": GROUPS, "as_of": AS_OF, "calendar": working}
    wanted |= {"smallest": smallest, "edges": EDGES, "variants": 3}
    with DuckDB(threads=1) as engine:
        ours = measure([path], log=LOG, engine=engine, **wanted)
    assert differences(ours, measure_slowly(found, log=LOG, **wanted)) == []
