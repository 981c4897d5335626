"""A register is written row by row: a longer one takes no more memory."""

import io
import tempfile
import tracemalloc
from collections.abc import Iterator

from tests.goals.projects.registers import MADE_AT, UNITS, plant, register
from yinuo.goals.projects.workbook.write import Told, write_register
from yinuo.goals.queries.project_register import public_industries
from yinuo.kernel.spreadsheet.cells import read


def told(count: int) -> Iterator[Told]:
    """So many projects, each made when it is asked for."""
    for number in range(count):
        name = f"项目{number:05}"
        yield plant(code=f"P-{number:05}", name=name), {"stage": "在建"}


def peak_kib(count: int) -> float:
    """What writing so many takes at most, beyond what is held before."""
    with tempfile.TemporaryFile() as file:
        tracemalloc.start()
        try:
            write_register(
                file,
                register(),
                units=UNITS,
                industries=public_industries(),
                year=2024,
                told=told(count),
                made_at=MADE_AT,
            )
            return tracemalloc.get_traced_memory()[1] / 1024
        finally:
            tracemalloc.stop()


def test_memory_does_not_grow_with_the_register() -> None:
    peak_kib(10)  # what is loaded and kept at the first time
    short, long = peak_kib(100), peak_kib(1_000)
    assert long < short * 1.5, f"{short:,.0f} KiB for 100 projects, {long:,.0f} KiB for 1,000"


def test_every_project_comes_once_with_what_is_told_beside_it() -> None:
    file = io.BytesIO()
    write_register(
        file,
        register(),
        units=UNITS,
        industries=public_industries(),
        year=2024,
        told=told(30),
        made_at=MADE_AT,
    )
    grid = read(file.getvalue(), file="项目册.xlsx").grids["项目"]
    columns = {str(cell.value): at for at, cell in grid.rows[1].items()}
    codes = [grid.rows[row][columns["编号"]].value for row in sorted(grid.rows)[1:]]
    assert codes == [f"P-{number:05}" for number in range(30)]
