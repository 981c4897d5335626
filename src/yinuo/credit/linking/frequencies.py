"""How telling a value is: among how many entities, the one in question apart, it is found.

Splink counts how often a value occurs in both tables, so a name that one firm bears counts as
found at random in one of N, and no name, however rare, could outweigh the N firms it is compared
with. Here the bearer itself is left out. What remains of a name that nobody else in the register
bears is the chance of a namesake outside of it, which is learnt (see `training`).
"""

from collections.abc import Mapping

import duckdb

from yinuo.credit.linking.comparing import COMPARISONS

MILLION = 1_000_000


def common_columns(kind: str) -> tuple[str, ...]:
    """The columns whose frequent values count less."""
    return tuple(
        dict.fromkeys(
            level.common for each in COMPARISONS[kind] for level in each.levels if level.common
        )
    )


def hold_frequency(
    database: duckdb.DuckDBPyConnection, kind: str, column: str, namesakes_ppm: int
) -> str:
    """A table of each value and `tf_<column>`; its name.

    `namesakes_ppm`: of a million values that one entity alone bears, how many mean somebody else.
    """
    table = f"{kind}_tf_{column}"
    database.execute(f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT {column}, (count(DISTINCT {KEY}) - 1 + {namesakes_ppm} / {MILLION})
            / (SELECT count(DISTINCT {KEY}) FROM {kind}_entity) AS tf_{column}
        FROM {kind}_entity WHERE {column} IS NOT NULL GROUP BY {column}
    """)  # noqa: S608  # our own names
    return table


KEY = "split_part(unique_id, '#', 1)"
"""SQL: the key of an entity, or of a description whose entity is known."""


def namesakes(database: duckdb.DuckDBPyConnection, kind: str) -> Mapping[str, int]:
    """Column → per million, from descriptions whose entity is known.

    Of those whose value one entity alone bears, how many are of another; never none.
    """
    found = {}
    for column in common_columns(kind):
        ((others, alone),) = database.execute(f"""
            SELECT count(*) FILTER (a.key <> split_part(g.unique_id, '#', 1)), count(*)
            FROM {kind}_given g JOIN (
                SELECT {column}, any_value({KEY}) AS key FROM {kind}_entity
                WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(DISTINCT {KEY}) = 1
            ) a USING ({column})
        """).fetchall()  # noqa: S608  # our own names
        found[column] = (others + 1) * MILLION // (alone + 2)
    return found
