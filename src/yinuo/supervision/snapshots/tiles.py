"""Where districts and zones stand on the map of tiles: read from a city's `maps/tiles.csv`."""

import csv
from pathlib import Path

from yinuo.supervision.errors.snapshots import TilesRefused

COLUMNS = ("unit", "column", "row")
MOST = 12


def tiles(path: Path) -> dict[str, str]:
    """Code of a unit → its place, such as `2,1`; empty where there is no file.

    Raises `TilesRefused` with every fault.
    """
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and tuple(rows[0]) != COLUMNS:
        raise TilesRefused(path.name, (f"表头是 {','.join(rows[0])}",))
    found: dict[str, str] = {}
    faults = []
    for line, row in enumerate(rows, start=2):
        place = _place(row["column"], row["row"])
        if place is None:
            faults.append(f"第 {line} 行的位置 {row['column']},{row['row']} 不在 1 到 {MOST} 之内")
        elif place in found.values() or row["unit"] in found:
            faults.append(f"第 {line} 行的单位或位置与前面重复")
        else:
            found[row["unit"]] = place
    if faults:
        raise TilesRefused(path.name, tuple(faults))
    return found


def _place(column: str | None, row: str | None) -> str | None:
    numbers = [int(text) for text in (column, row) if text and text.isascii() and text.isdigit()]
    whole = len(numbers) == len(COLUMNS) - 1 and all(1 <= number <= MOST for number in numbers)
    return ",".join(map(str, numbers)) if whole else None
