"""Who records without a code are: precision and recall against the known truth, and the time.

Simulated sources are landed and resolved; what the model links by itself and what it proposes is
compared with the truth, which resolution never reads. Beside it, in the same run, Splink as its
manual begins: default comparisons on the raw columns, trained on the same data.

With `--traditional 30` of a hundred descriptions without a code thirty are rewritten in traditional
characters before anything is resolved, names, addresses and representatives.

Run: python bench/linkage.py --records 1000000 --memory 4GB [--traditional PER_CENT]
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import splink.comparison_library as cl
from opencc import OpenCC
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from yinuo.credit.linking.exporting import export_descriptions, export_entities
from yinuo.credit.linking.room import room, take_in
from yinuo.credit.linking.settings import Linkage, read_linkage
from yinuo.credit.resolving.live import Live
from yinuo.credit.resolving.resolve import Resolution, resolve
from yinuo.credit.simulation.simulate import simulate
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.landing import land
from yinuo.lake.records.parsing import read_description
from yinuo.lake.records.schema import record_schema

CONTENT = Path(__file__).parents[1] / "content"
ON = date(2026, 6, 30)
AT = datetime(2026, 7, 1, tzinfo=UTC)
RAW_COLUMNS = ("name", "region", "address", "representative")
WRITTEN = ("name", "address", "registered_address", "business_address", "legal_representative")
"""Fields that `--traditional` rewrites."""
SURE = 0.99


def landed(engine: DuckDB, folder: Path, records: int) -> list[Live]:
    """Simulated sources, landed, as live records. Each source comes once, so all are live."""
    simulate(records=records, out=folder / "sources", on=ON)
    found = []
    for path in sorted(each for each in (folder / "sources").iterdir() if each.is_file()):
        data = (CONTENT / "sources" / f"{path.stem}.toml").read_bytes()
        source = read_description(data, id=path.stem)
        batch = land([path], source=source, lake=folder, at=AT)
        table = f"live_{path.stem.replace('-', '_')}"
        parts = sorted(batch.folder.glob("records-*.parquet"))
        engine.read(table, parts, record_schema(source).names)
        found.append(Live(source=source, table=table))
    return found


def in_traditional(engine: DuckDB, live: Live, per_cent: int) -> Live:
    """The same records, that share of those without a key written in traditional characters."""
    convert = OpenCC("s2t").convert
    table, some = f"{live.table}_said", f"key IS NULL AND hash(record) % 100 < {per_cent}"
    columns = [name for name in WRITTEN if name in live.source.by_name]
    said = " UNION ".join(
        f"SELECT {name} AS said FROM {live.table} WHERE {some}"  # noqa: S608  # our own
        for name in columns
    )
    texts = [text for (text,) in engine.ask(said) if text] if columns else []
    if not texts:
        return live
    words = f"{table}_words"
    engine.hold(words, pa.table({"said": texts, "traditional": list(map(convert, texts))}))
    joins = " ".join(f"LEFT JOIN {words} w_{name} ON w_{name}.said = l.{name}" for name in columns)
    changed = ", ".join(
        f"CASE WHEN {some} THEN w_{name}.traditional ELSE l.{name} END AS {name}"
        for name in columns
    )
    engine.keep(table, f"SELECT l.* REPLACE ({changed}) FROM {live.table} l {joins}")  # noqa: S608  # our own
    return Live(source=live.source, table=table)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What work returns, and its processor time."""
    start = time.process_time()
    return work(), time.process_time() - start


@dataclass(frozen=True, kw_only=True)
class Found:
    """Joins against the truth."""

    joins: int
    right: int
    linkable: int

    def __str__(self) -> str:
        precision = self.right / self.joins if self.joins else 1
        recall = self.right / self.linkable if self.linkable else 1
        return f"{self.joins:9,} joins, precision {precision:.4f}, recall {recall:.4f}"


class Truth:
    """The truth that the generator wrote, beside the live records."""

    def __init__(self, engine: DuckDB, live: Sequence[Live], folder: Path) -> None:
        self.database = duckdb.connect()
        parts = " UNION ALL ".join(
            f"SELECT record, '{each.source.id}' AS source, file, line, key FROM {each.table}"  # noqa: S608  # our own
            for each in live
        )
        engine.write(parts, folder / "all")
        self.database.execute(
            f"CREATE TABLE said AS SELECT r.record, r.key, t.entity FROM "  # noqa: S608  # our own
            f"'{folder / 'all' / '*.parquet'}' r "
            f"JOIN '{folder / 'sources/truth/records.parquet'}' t USING (source, file, line)"
        )
        self.database.execute(
            "CREATE TABLE known AS SELECT entity, unnest(keys) AS key FROM "  # noqa: S608  # our own
            f"'{folder / 'sources/truth/entities.parquet'}'"
        )
        # Whom a description can be linked to: an entity of which some record bears a code.
        ((self.linkable,),) = self.database.execute(
            "SELECT count(*) FROM said WHERE key IS NULL AND entity IN "
            "(SELECT entity FROM said JOIN known USING (entity, key))"
        ).fetchall()

    def compare(self, table: str) -> Found:
        """Joins of a table with columns record and key."""
        ((joins, right),) = self.database.execute(
            f"SELECT count(*), count(k.key) FROM {table} j JOIN said s USING (record) "  # noqa: S608  # our own
            "LEFT JOIN known k ON k.entity = s.entity AND k.key = j.key WHERE s.key IS NULL"
        ).fetchall()
        return Found(joins=joins, right=right, linkable=self.linkable)

    def never_sent(self) -> float:
        """Share of entities of whom every record bears a code."""
        ((share,),) = self.database.execute(
            "SELECT avg(CAST(coded AS INTEGER)) FROM "
            "(SELECT bool_and(key IS NOT NULL) AS coded FROM said GROUP BY entity)"
        ).fetchall()
        return float(share)


def by_defaults(engine: DuckDB, live: Sequence[Live], linkage: Linkage, into: Path) -> None:
    """Splink's default comparisons on names, regions, addresses and representatives as written."""
    with room(memory=linkage.memory, temporary=linkage.temporary) as (database, folder):
        export_descriptions(engine, live, linkage.settings, folder / "descriptions")
        export_entities(engine, live, linkage.settings, folder / "entities")
        take_in(database, folder, into={}, settled=(), barred=())
        api = DuckDBAPI(connection=database)
        tables = []
        for source, name in (("entity", "a_entity"), ("description", "b_given")):
            columns = ", ".join(RAW_COLUMNS)
            database.execute(
                f"CREATE TEMP TABLE {name} AS SELECT id AS unique_id, {columns} FROM {source}"  # noqa: S608  # our own
            )
            tables.append(api.register(name, dataset_display_name=name))
        settings = SettingsCreator(
            link_type="link_only",
            comparisons=[
                cl.JaroWinklerAtThresholds("name").configure(term_frequency_adjustments=True),
                cl.ExactMatch("region"),
                cl.LevenshteinAtThresholds("address"),
                cl.JaroWinklerAtThresholds("representative"),
            ],
            blocking_rules_to_generate_predictions=[
                block_on("name"),
                block_on("address"),
                block_on("representative", "region"),
            ],
        )
        linker = Linker(tables, settings, log_level=None)
        linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
        for rule in (block_on("name"), block_on("representative", "region")):
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        scored = linker.inference.predict(threshold_match_probability=SURE).physical_name
        database.execute(
            f"COPY (SELECT r.record, split_part(arg_max(unique_id_l, (match_probability, "  # noqa: S608  # our own
            f"unique_id_l)), '#', 1) AS key FROM {scored} s JOIN record_of r "
            f"ON r.id = s.unique_id_r GROUP BY r.record) TO '{into}' (FORMAT parquet)"
        )


def main() -> None:
    """Simulate, land, resolve, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--memory", default="4GB")
    parser.add_argument("--traditional", type=int, default=0)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        DuckDB(memory=given.memory, threads=2) as engine,
    ):
        folder = Path(name)
        live = [
            in_traditional(engine, each, given.traditional)
            for each in landed(engine, folder, given.records)
        ]
        truth = Truth(engine, live, folder)
        linkage = read_linkage(CONTENT / "linkage", memory=given.memory)
        exact, with_link = folder / "exact", folder / "linked"
        for each in (exact, with_link):
            each.mkdir()
        asked: dict[str, Any] = {
            "engine": engine, "live": live, "judgements": (), "previous": None
        }  # fmt: skip
        codes, spent_exact = timed(lambda: resolve(**asked, into=exact))
        found, spent = timed(lambda: resolve(**asked, into=with_link, link=linkage))
        _, spent_peer = timed(lambda: by_defaults(engine, live, linkage, folder / "peer.parquet"))
        rows = " UNION ALL ".join(f"SELECT key FROM {each.table}" for each in live)  # noqa: S608  # our own
        ((keys,),) = engine.ask(f"SELECT count(DISTINCT key) FROM ({rows}) AS k")  # noqa: S608
        report(found, codes, truth, with_link, keys=keys, spent_exact=spent_exact, spent=spent)
        peer = truth.compare(f"'{folder / 'peer.parquet'}'")
        print(f"Splink, defaults on raw columns    {peer}, {spent_peer:.1f} s of processor")


def report(
    found: Resolution,
    codes: Resolution,
    truth: Truth,
    folder: Path,
    *,
    keys: int,
    spent_exact: float,
    spent: float,
) -> None:
    """Print the figures; `keys` are the codes among the records."""
    linked = truth.compare(f"(FROM '{folder / 'assigned.parquet'}' WHERE how = 'linked')")
    both = truth.compare(
        f"(SELECT record, key FROM '{folder / 'assigned.parquet'}' WHERE how = 'linked' "  # noqa: S608  # our own
        f"UNION ALL SELECT record, key FROM '{folder / 'proposals.parquet'}')"
    )
    print(f"{found.records:,} records, {keys:,} codes, {found.sent:,} records sent to linkage")
    print(f"never sent: {found.never_sent_mille / 10:.1f} % of records, "
          f"{truth.never_sent() * 100:.1f} % of entities")  # fmt: skip
    print(f"exact resolution {spent_exact:.1f} s of processor, {codes.history:,} by old codes")
    only = spent - spent_exact
    print(f"linkage {only:.1f} s: {only / max(keys, 1) * 1e6:.1f} s per million entities, "
          f"{only / max(found.sent, 1) * 1e6:.0f} s per million records sent")  # fmt: skip
    print(f"linked by the model alone          {linked}")
    print(f"linked or proposed to a person     {both}")


if __name__ == "__main__":
    main()
