"""Scores of pairs by Splink, and why."""

from collections.abc import Sequence

import duckdb
from splink import DuckDBAPI, Linker

from yinuo.credit.linking.blocking import Block, check_blocks
from yinuo.credit.linking.comparing import COMPARISONS, FIRM
from yinuo.credit.linking.evidence import agreeing_sql, evidence_sql
from yinuo.credit.linking.frequencies import KEY, hold_frequency
from yinuo.credit.linking.model import Model, read_model, splink_settings
from yinuo.credit.linking.preparing import prepare
from yinuo.credit.linking.settings import Linkage, LinkageSettings
from yinuo.lake.dialects import DUCKDB

_LOWEST = 0.01
"""Pairs less likely are dropped before they are looked at."""


def score(
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
    if not any(block.pairs for block in blocks):
        return blocks
    model = read_model(linkage.models.get(kind, b""), kind)
    scored = predict(database, kind, model)
    database.execute(f"""
        INSERT INTO {kind}_scored
        SELECT s.unique_id_r, split_part(s.unique_id_l, '#', 1), s.match_probability,
            {evidence_sql(kind, model.version)},
            CASE WHEN s.gamma_name > 0 THEN {agreeing_sql(kind)} + {_sole_sql(kind)} ELSE 0 END
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
    sole = "({0}) IN (SELECT ({0}) FROM firm_entity GROUP BY {0} HAVING count(DISTINCT {1}) = 1)"
    cases = " OR ".join(
        f"(s.gamma_name = {top - place} AND {sole.format(columns, KEY)})"
        for place, columns in enumerate(("entire", "core, trade"))
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
            f"CREATE OR REPLACE TEMP VIEW chosen AS SELECT * FROM {source} "  # noqa: S608  # quoted
            f"WHERE subject IN ({chosen})"
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
    settings = splink_settings(kind, model, max(entities, 2))
    found = Linker(tables, settings, log_level=None, validate_settings=False)
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
