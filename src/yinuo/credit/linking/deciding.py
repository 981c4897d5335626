"""From scores to joins: what a model may do by itself, and what a person has to see."""

import duckdb

from yinuo.credit.linking.codes import keys_of
from yinuo.credit.linking.room import hold
from yinuo.credit.linking.settings import LinkageSettings

_LEAST_AGREEING = 2
"""A model links by itself only if the name agrees and something else, each a reason of its own. The
name of a firm that no other in the register bears counts twice (see `scoring`)."""


def decide(database: duckdb.DuckDBPyConnection, settings: LinkageSettings) -> None:
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


def alike(database: duckdb.DuckDBPyConnection) -> tuple[tuple[str, ...], ...]:
    """Groups of records that nobody linked and that say exactly the same, more than a name."""
    rows = database.execute("""
        SELECT list(record ORDER BY record) FROM record_of
        WHERE NOT never AND record NOT IN (SELECT record FROM decided)
            AND (address IS NOT NULL OR representative IS NOT NULL)
        GROUP BY id HAVING count(*) > 1 ORDER BY min(record)
    """).fetchall()
    return tuple(tuple(records) for (records,) in rows)
