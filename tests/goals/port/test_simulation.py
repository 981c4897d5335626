"""Made-up logs: the same for the same seed, near what was published, dirt of known counts."""

from datetime import date
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
import pytest

from yinuo.goals.port.columns import CASE, COLUMNS, DIRECTION, STEP, TIME
from yinuo.goals.port.simulation import is_simulated, simulate


def hours_by_direction(path: Path) -> dict[str, list[float]]:
    """Hours from the start of the official measure to release, as anyone would work them out."""
    rows = pyarrow.parquet.read_table(path).to_pylist()
    starts, ends, ways = {}, {}, {}
    for row in rows:
        ways[row[CASE]] = row[DIRECTION]
        if row[STEP] in ("运抵", "运抵监管区"):
            starts[row[CASE]] = row[TIME]
        elif row[STEP] == "放行":
            ends[row[CASE]] = row[TIME]
    found: dict[str, list[float]] = {"进口": [], "出口": []}
    for case, start in starts.items():
        if case in ends:
            found[ways[case]].append((ends[case] - start).total_seconds() / 3600)
    return found


def test_the_same_seed_gives_the_same_rows_and_another_one_others(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.parquet" for name in "abc"]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        simulate(events=2_000, out=path, seed=seed)
    first, again, other = (pyarrow.parquet.read_table(path) for path in paths)
    assert first.equals(again)
    assert not first.equals(other)


def test_means_lie_near_the_published_ones_and_fall(tmp_path: Path) -> None:
    means = []
    for year in (2023, 2024):
        path = tmp_path / f"{year}.parquet"
        simulate(events=60_000, out=path, first=date(year, 1, 1), last=date(year, 12, 31))
        found = hours_by_direction(path)
        means.append({way: sum(hours) / len(hours) for way, hours in found.items()})
    # Extremes are still in, so a little above the published 31.68 and 0.84.
    assert means[0]["进口"] == pytest.approx(32.2, rel=0.04)
    assert means[0]["出口"] == pytest.approx(0.86, rel=0.04)
    assert means[1]["进口"] < means[0]["进口"]
    assert means[1]["出口"] < means[0]["出口"]


def test_a_declaration_has_seven_to_eleven_events(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    made = simulate(events=8_000, out=path, first=date(2024, 1, 1), last=date(2024, 6, 30))
    rows = pyarrow.parquet.read_table(path)
    counts = rows.group_by(CASE).aggregate([([], "count_all")])["count_all"].to_pylist()
    assert made.events == rows.num_rows
    assert made.declarations == len(counts)
    whole = sorted(counts)[len(counts) // 20 :]  # those at the end of the log are cut off
    assert whole[0] >= 6
    assert whole[-1] <= 11


def test_planted_dirt_is_counted_and_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    made = simulate(events=20_000, out=path, dirty=True)
    text = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, "string"))
    rows = pyarrow.csv.read_csv(path, convert_options=text).to_pylist()
    assert len(rows) == made.events
    assert sum(row[TIME] == "2024-13-45 99:00" for row in rows) == made.dirt["时间读不出"]
    assert sum(row[TIME].startswith("2099") for row in rows) == made.dirt["时间在将来"]
    assert sum(row[STEP] == "补录环节" for row in rows) == made.dirt["不认识的环节"]
    empty = sum(row[CASE] == "" for row in rows)
    assert empty == made.dirt["编号为空"] + made.dirt["串列"]
    assert len(rows) - len({tuple(row.values()) for row in rows}) == made.dirt["重复"]
    assert made.dirt["放行早于运抵"] > 0


def test_a_parquet_log_says_of_itself_that_it_is_made_up(tmp_path: Path) -> None:
    path, other = tmp_path / "log.parquet", tmp_path / "log.csv"
    simulate(events=500, out=path)
    simulate(events=500, out=other)
    assert is_simulated(path)
    assert not is_simulated(other)
