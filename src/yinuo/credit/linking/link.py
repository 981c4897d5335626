"""Linkage of the remainder: who a description without a code most likely is, and how sure."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker

from yinuo.credit.linking.blocking import Block, check_blocks
from yinuo.credit.linking.codes import keys_of
from yinuo.credit.linking.comparing import COMPARISONS, FIRM, SUBJECTS
from yinuo.credit.linking.evidence import agreeing_sql, evidence_sql
from yinuo.credit.linking.exporting import Records, export_descriptions, export_entities
from yinuo.credit.linking.frequencies import KEY, hold_frequency
from yinuo.credit.linking.model import Model, read_model, splink_settings
from yinuo.credit.linking.preparing import RAW, prepare
from yinuo.credit.linking.settings import Linkage, LinkageSettings
from yinuo.lake.dialects import DUCKDB
from yinuo.lake.engine import Engine

_LEAST_AGREEING = 2
"""A model links by itself only if the name agrees and something else, each a reason of its own. The
name of a firm that no other in the register bears counts twice (see `_sole_sql`)."""
_LOWEST = 0.01
"""Pairs less likely are dropped before they are looked at."""


TEXT = pa.string()
ASSIGNED = pa.schema(
    [
        ("record", TEXT),
        ("key", TEXT),
        ("how", TEXT),
        ("score_mille", pa.int32()),
        ("evidence", TEXT),
    ]
)
PROPOSALS = ASSIGNED.remove(2)


@dataclass(frozen=True, kw_only=True)
class Linked:
    """What linkage says."""

    assigned: pa.Table = field(default_factory=ASSIGNED.empty_table)
    """Joins so sure that a model may make them; never of a kind in `NEVER_LINKED`."""
    proposals: pa.Table = field(default_factory=PROPOSALS.empty_table)
    """The others, for a person."""
    alike: tuple[tuple[str, ...], ...] = ()
    """Records that nobody linked and that say the same of their subject, more than a name."""
    sent: int = 0
    """Records of which linkage was asked."""
    descriptions: int = 0
    """Different descriptions among them: each was compared once."""
    pairs: Mapping[str, int] = field(default_factory=dict)
    """Candidate pairs by blocking rule."""


def link_records(
    *,
    engine: Engine,
    live: Sequence[Records],
    linkage: Linkage,
    into: Mapping[str, str],
    settled: Sequence[str],
    barred: Sequence[tuple[str, str]],
) -> Linked:
    """Link live records without a code to registered entities.

    `into` says which keys stand for others, `settled` which records a person has placed, `barred`
    which record never belongs to which key. Raises `TooManyPairs`, `BadModel`.
    """
    with room(memory=linkage.memory, temporary=linkage.temporary) as (database, folder):
        export_descriptions(engine, live, linkage.settings, folder / "descriptions")
        export_entities(engine, live, linkage.settings, folder / "entities")
        take_in(database, folder, into=into, settled=settled, barred=barred)
        pairs = {
            f"{kind}: {' + '.join(block.columns)}": block.pairs
            for kind, subjects in SUBJECTS.items()
            for block in _score(database, kind, subjects, linkage)
        }
        _decide(database, linkage.settings)
        return Linked(
            assigned=_table(
                database,
                "SELECT record, key, 'linked' AS how, score_mille, evidence FROM decided "
                "WHERE sure AND NOT never",
            ),
            proposals=_table(
                database,
                "SELECT record, key, score_mille, evidence FROM decided WHERE never OR NOT sure",
            ),
            alike=_alike(database),
            sent=_count(database, "record_of"),
            descriptions=_count(database, "description"),
            pairs=pairs,
        )


@contextmanager
def room(
    *, memory: str, temporary: Path | None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A database of its own and a folder, both gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="yinuo-linkage-", dir=temporary))
    try:
        with duckdb.connect(
            config={
                "memory_limit": memory,
                "temp_directory": str(folder / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        ) as database:
            yield database, folder
    finally:
        shutil.rmtree(folder)


def take_in(
    database: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    into: Mapping[str, str],
    settled: Sequence[str],
    barred: Sequence[tuple[str, str]],
) -> None:
    """Tables description and entity with the columns of `RAW`; record_of, barred, stands."""
    hold(database, "stands", ("key", "stands"), list(into.items()))
    hold(database, "barred", ("record", "key"), barred)
    hold(database, "settled", ("record",), [(each,) for each in settled])
    columns = ", ".join(RAW[1:])
    database.execute(f"""
        CREATE TEMP TABLE record_of AS
        SELECT record, never, {_SAID} AS id, {columns}
        FROM read_parquet({_files(folder / "descriptions")})
        WHERE record NOT IN (SELECT record FROM settled)
    """)  # noqa: S608  # quoted
    database.execute(
        f"CREATE TEMP TABLE description AS SELECT DISTINCT id, {columns} FROM record_of"  # noqa: S608  # our own names
    )
    keyed(database, "entity", folder / "entities")


_TEXTS = ", ".join(f"coalesce({name}, '')" for name in RAW[1:])
_SAID = f"md5(concat_ws(chr(31), {_TEXTS}))"
"""SQL: a hash of everything that is said."""


def _files(folder: Path) -> str:
    return DUCKDB.text(str(folder / "*.parquet"))


def keyed(database: duckdb.DuckDBPyConnection, table: str, folder: Path) -> None:
    """A table of Parquet files with a key and the columns of `RAW`.

    Its id is the key that stands for it (table stands) and a hash of what is said.
    """
    columns = ", ".join(RAW[1:])
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS "
        f"SELECT DISTINCT coalesce(stands, key) || '#' || {_SAID} AS id, {columns} "  # noqa: S608  # our own names
        f"FROM read_parquet({_files(folder)}) LEFT JOIN stands USING (key)"
    )


def _score(
    database: duckdb.DuckDBPyConnection, kind: str, subjects: Sequence[str], linkage: Linkage
) -> tuple[Block, ...]:
    """Table <kind>_scored: id, key, score, evidence, agreeing."""
    database.execute(
        f"CREATE TEMP TABLE {kind}_scored (id VARCHAR, key VARCHAR, score DOUBLE, "
        "evidence VARCHAR, agreeing INTEGER)"
    )
    prepared(database, kind, subjects, linkage.settings)
    blocks = check_blocks(
        database,
        kind,
        entity=f"{kind}_entity",
        given=f"{kind}_given",
        per_given=linkage.settings.pairs_per_description,
    )
    if not sum(block.pairs for block in blocks):
        return blocks
    model = read_model(linkage.models.get(kind, b""), kind)
    scored = predict(database, kind, model)
    database.execute(f"""
        INSERT INTO {kind}_scored
        SELECT s.unique_id_r, split_part(s.unique_id_l, '#', 1), s.match_probability,
            {evidence_sql(kind, model.version)}, CASE WHEN s.gamma_name > 0 THEN {agreeing_sql(kind)} + {_sole_sql(kind)} ELSE 0 END
        FROM {scored} s JOIN {kind}_entity e ON e.unique_id = s.unique_id_l
    """)  # noqa: S608  # our own names
    return blocks


def _sole_sql(kind: str) -> str:
    """SQL: 1 if a firm's name agrees that no other registered firm bears, else 0.

    The whole name, or core and trade: the same authority registers neither a second time
    (企业名称登记管理规定).
    """
    if kind != FIRM:
        return "0"
    top = len(COMPARISONS[FIRM][0].levels)
    cases = " OR ".join(
        f"(s.gamma_name = {top - place} AND ({columns}) IN (SELECT ({columns}) FROM firm_entity "  # noqa: S608  # our own names
        f"GROUP BY {columns} HAVING count(DISTINCT {KEY}) = 1))"
        for place, columns in ((0, "entire"), (1, "core, trade"))
    )
    return f"CAST(e.form <> '' AND ({cases}) AS INTEGER)"


def prepared(
    database: duckdb.DuckDBPyConnection,
    kind: str,
    subjects: Sequence[str],
    settings: LinkageSettings,
) -> None:
    """Tables <kind>_entity and <kind>_given, ready to be compared, from entity and description."""
    chosen = ", ".join(map(DUCKDB.text, subjects))
    words = settings.words if kind == FIRM else {}
    for source, into in (("entity", f"{kind}_entity"), ("description", f"{kind}_given")):
        database.execute(
            f"CREATE OR REPLACE TEMP VIEW chosen AS "
            f"SELECT * FROM {source} WHERE subject IN ({chosen})"  # noqa: S608  # quoted
        )
        prepare(database, "chosen", into, words)


def linker(database: duckdb.DuckDBPyConnection, kind: str, model: Model | None) -> Linker:
    """Splink over two prepared tables; entities are its left side. None: an untrained model."""
    ((entities,),) = database.execute(
        f"SELECT count(DISTINCT {KEY}) FROM {kind}_entity"  # noqa: S608  # our own names
    ).fetchall()
    api = DuckDBAPI(connection=database)
    names = (f"{kind}_entity", f"{kind}_given")
    tables = [api.register(name, dataset_display_name=name) for name in names]
    found = Linker(tables, splink_settings(kind, model, max(entities, 2)), log_level=None)
    for column, ppm in (model.namesakes if model else {}).items():
        frequencies = api.register(hold_frequency(database, kind, column, ppm))
        found.table_management.register_term_frequency_lookup(frequencies, column)
    return found


def predict(database: duckdb.DuckDBPyConnection, kind: str, model: Model) -> str:
    """Score all pairs of all blocks; the name of the table."""
    found = linker(database, kind, model).inference.predict(
        threshold_match_probability=_LOWEST, warning_mode="never"
    )
    return str(found.physical_name)


def _decide(database: duckdb.DuckDBPyConnection, settings: LinkageSettings) -> None:
    """Table decided: record, never, key, score_mille, evidence, sure.

    The best entity of each description, unless what is written as its code is a valid code of
    another one. A description whose second best is near is for a person.
    """
    _hold_valid(database)
    database.execute(f"""
        CREATE TEMP TABLE decided AS
        WITH scored AS (
            SELECT id, key, max(score) AS score, arg_max(evidence, (score, evidence)) AS evidence,
                max(agreeing) AS agreeing
            FROM (FROM firm_scored UNION ALL FROM person_scored) s
            WHERE NOT EXISTS (
                FROM valid v WHERE v.id = s.id AND substr(s.key, 1, 2) = 'o:' AND v.key <> s.key
            )
            GROUP BY id, key
        ), ranked AS (
            SELECT *, least(999, CAST(floor(score * 1000) AS INTEGER)) AS score_mille,
                row_number() OVER best AS place, lead(score, 1, 0) OVER best AS second
            FROM scored WINDOW best AS (PARTITION BY id ORDER BY score DESC, key)
        )
        SELECT record, never, key, score_mille, evidence,
            score_mille >= {settings.link_mille} AND agreeing >= {_LEAST_AGREEING}
                AND (score - second) * 1000 >= {settings.margin_mille} AS sure
        FROM ranked JOIN record_of USING (id)
        WHERE place = 1 AND score_mille >= {settings.propose_mille}
            AND NOT EXISTS (FROM barred b WHERE b.record = record_of.record AND b.key = ranked.key)
    """)  # noqa: S608  # numbers


def _hold_valid(database: duckdb.DuckDBPyConnection) -> None:
    """Table valid: descriptions in whose written code a valid organisation code stands."""
    found = database.execute(
        "SELECT unique_id, inner_code FROM firm_given WHERE length(inner_code) = 9"
    ).fetchall()
    stands: dict[str, str] = dict(database.execute("FROM stands").fetchall())
    keys = keys_of([code for _, code in found])
    rows = [
        (unique_id, stands.get(key, key))
        for (unique_id, _), key in zip(found, keys, strict=True)
        if key is not None
    ]
    hold(database, "valid", ("id", "key"), rows)


def _alike(database: duckdb.DuckDBPyConnection) -> tuple[tuple[str, ...], ...]:
    """Groups of records that nobody linked and that say the same: the whole name, the region, and
    the address or the representative.
    """
    rows = database.execute("""
        SELECT list(record ORDER BY record) FROM record_of
        WHERE NOT never AND record NOT IN (SELECT record FROM decided)
            AND (address IS NOT NULL OR representative IS NOT NULL)
        GROUP BY id HAVING count(*) > 1 ORDER BY min(record)
    """).fetchall()
    return tuple(tuple(records) for (records,) in rows)


def _table(database: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    return database.sql(sql).to_arrow_table()


def _count(database: duckdb.DuckDBPyConnection, table: str) -> int:
    ((rows,),) = database.execute(f"SELECT count(*) FROM {table}").fetchall()  # noqa: S608  # our own names
    return int(rows)


def hold(
    database: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, ...]],
) -> None:
    """A small table of texts, in place of any of that name."""
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    table = pa.table(
        {
            column: pa.array(list(some), pa.string())
            for column, some in zip(columns, values, strict=True)
        }
    )
    database.register("given", table)
    database.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM given")  # noqa: S608  # our own names
    database.unregister("given")
