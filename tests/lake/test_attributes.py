"""However many values an attribute has, it is gathered as plain Python would."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.lake.logs import AS_OF, CHECKED, DECLARED
from tests.lake.oracle import Event, differences, measure_slowly, write
from yinuo.lake.durations.attributes import BITS, FEW, gathered
from yinuo.lake.durations.measuring import measure
from yinuo.lake.engine import DuckDB
from yinuo.lake.events import Column, EventLog, Measure, Step
from yinuo.lake.trimming import KeepAll

FIRST = 1_706_572_800_000_000
VALUES: dict[str, list[str | None]] = {
    "方向": ["进", "出", "进'", "", None],
    "从不填": [None],
    "关区": [f"关{n}" for n in range(BITS - 5)] + [None],
    "隶属": [f"属{n}" for n in range(BITS)],
    "口岸": [f"岸{n}" for n in range(BITS + 20)] + [None],
    "企业": [f"企{n}" for n in range(FEW + 50)] + [None],
}
LOG = EventLog(
    name="各种属性",
    case=Column("case"),
    step=Column("step"),
    time=Column("at"),
    attributes=tuple(map(Column, VALUES)),
    steps=(Step(DECLARED), Step(CHECKED)),
    measures=(
        Measure(name="进口", starts=DECLARED, ends=CHECKED, where=(("方向", "进"),)),
        Measure(name="没有的", starts=DECLARED, ends=CHECKED, where=(("方向", "过境"),)),
    ),
)


def random_log(cases: int, changing: float) -> list[Event]:
    """Cases of every value and of none; a share of their events says something else."""
    chance = random.Random(1)  # noqa: S311  # made-up rows
    found = []
    for number in range(cases):
        said = [chance.choice(values) for values in VALUES.values()]
        for place, step in enumerate((DECLARED, CHECKED, CHECKED)):
            us = FIRST + (number * 40 + place * chance.choice((0, 7))) * 60_000_000
            own = [
                chance.choice(values) if chance.random() < changing else each
                for each, values in zip(said, VALUES.values(), strict=True)
            ]
            found.append(Event(f"{number:04}", step, us, "complete", tuple(own)))
    return found


@pytest.mark.parametrize("changing", [0, 0.1])
def test_few_and_many_values_say_what_plain_python_says(tmp_path: Path, changing: float) -> None:
    found = random_log(1_000, changing)
    path = write(found, LOG, tmp_path / "log.parquet")
    wanted: dict[str, Any] = {"trim": KeepAll(), "as_of": AS_OF, "steps": False, "variants": 0}
    wanted |= {"groups": [(name,) for name in VALUES]}
    with DuckDB(threads=1) as engine:
        ours = measure([path], log=LOG, engine=engine, **wanted)
    assert differences(ours, measure_slowly(found, log=LOG, **wanted)) == []
    assert {each.attribute for each in ours.changed} == (
        VALUES.keys() - {"从不填"} if changing else set()
    )
    assert ours.measure("没有的").whole.stats.count == 0


def test_values_beyond_the_first_rows_are_found(tmp_path: Path) -> None:
    rows = [
        Event(f"{n:05}", DECLARED, FIRST, "complete", ("进",) * len(VALUES)) for n in range(9_000)
    ]
    rows += [
        Event("late", DECLARED, FIRST, "complete", (f"值{n}",) * len(VALUES)) for n in range(4)
    ]
    path = write(rows, LOG, tmp_path / "log.parquet")
    with DuckDB(threads=1) as engine:
        engine.read("events", [path], LOG.attribute_names)
        found = gathered(engine, "events", LOG.attribute_names)
    assert [each.name for each in found.attributes] == list(LOG.attribute_names)
    assert all(f"值{n}" in found.attributes[0].text for n in range(4))


def test_a_log_without_attributes_has_figures(tmp_path: Path) -> None:
    log = replace(
        LOG, attributes=(), measures=(Measure(name="全部", starts=DECLARED, ends=CHECKED),)
    )
    found = [replace(each, attributes=()) for each in random_log(20, 0)]
    path = write(found, log, tmp_path / "log.parquet")
    wanted: dict[str, Any] = {"trim": KeepAll(), "as_of": AS_OF, "groups": [("month",)]}
    with DuckDB(threads=1) as engine:
        ours = measure([path], log=log, engine=engine, **wanted)
    assert differences(ours, measure_slowly(found, log=log, **wanted)) == []
    assert ours.measures[0].whole.stats.count > 0
