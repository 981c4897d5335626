"""The facts of entities that a layer changes, grouped by what they say, without their texts.

How many facts say what is told by a look at two columns of numbers; what a saying means is found
in few places: in the new facts, beside the entities of the release, or in the row of an entity.
"""

from collections.abc import Sequence

from yinuo.credit.newest import day_of
from yinuo.credit.publishing.documents import Documents
from yinuo.credit.publishing.entities import SAYINGS, registered_of, summable
from yinuo.credit.publishing.facts import SAYS
from yinuo.credit.publishing.writing import Work
from yinuo.lake.engine import Engine
from yinuo.lake.releases.layers import fact_files, read_entities, read_facts, saying_files
from yinuo.lake.releases.release import Release

NO_REGISTRATION = (
    "SELECT entity, saying, DATE '0001-01-01' AS day, '' AS record FROM groups WHERE false"
)
HEAD = ("kind", "key", "code", "name")
AFFECTED = "entity IN (SELECT entity FROM affected)"


def group(work: Work) -> None:
    """Make the table `groups`: entity, saying, bit (of the source) and n, of all affected entities.

    Those of the release, base_N of each source, less the `old` facts, and the facts `now`.
    """
    engine = work.engine
    arms = (
        f"SELECT entity, saying, {_bit(number)} AS bit FROM base_{number}"  # noqa: S608
        for number in range(len(work.sources))
    )
    bit = bit_of(engine, sorted(work.sources), "source")
    changed = " UNION ALL ".join(
        f"SELECT entity, saying, {bit} AS bit, {n} AS n FROM {table}"  # noqa: S608
        for table, n in (("old", -1), ("now", 1))
    )
    engine.keep(
        "groups",
        "SELECT entity, saying, bit, CAST(sum(n) AS BIGINT) AS n FROM ("  # noqa: S608
        f"SELECT entity, saying, bit, 1 AS n FROM ({' UNION ALL '.join(arms)}) AS f "
        f"WHERE {AFFECTED} UNION ALL {changed}) AS g "
        "GROUP BY entity, saying, bit HAVING sum(n) > 0",
    )


def say_alike(work: Work, previous: Release, documents: Documents) -> None:
    """Make the tables `summed_alike` and `summed_newest` that `sum_up_alike` asks for.

    Asks for `groups`.
    """
    engine = work.engine
    _say(work, previous)
    _find_heads(engine, previous, documents)
    of_row = dict(zip(SAYS, ("key", "code", "kind", "name"), strict=True))
    texts = ", ".join(
        f"CASE WHEN s.entity IS NULL THEN b.{column} ELSE s.{name} END AS {name}"
        for name, column in of_row.items()
    )
    engine.keep(
        "summed_alike",
        f"SELECT g.*, {texts} FROM (SELECT entity, saying, CAST(sum(n) AS BIGINT) AS n, "  # noqa: S608
        "bit_or(bit) AS bits FROM groups GROUP BY entity, saying) AS g "
        "LEFT JOIN said AS s ON s.entity = g.entity AND s.saying = g.saying "
        "LEFT JOIN heads AS b ON b.entity = g.entity",
    )
    _find_newest(work, previous)


def _say(work: Work, previous: Release) -> None:
    """Make the table `said`: entity, saying and the texts of all that do not stand in a row."""
    engine = work.engine
    arms = []
    for number, (name, source) in enumerate(sorted(work.sources.items())):
        if fact_files(work.folder, name):
            arms.append(
                f"SELECT {', '.join(SAYINGS)} FROM ("  # noqa: S608
                f"{summable(engine, source, number, f'now_{number}')}) AS n"
            )
    for number, folder in enumerate(previous.layer_folders):
        engine.read(f"sayings_{number}", saying_files(folder), SAYINGS, packed=True)
        arms.append(f"SELECT {', '.join(SAYINGS)} FROM sayings_{number} WHERE {AFFECTED}")  # noqa: S608
    engine.keep("said", " UNION ".join(arms))


def _find_heads(engine: Engine, previous: Release, documents: Documents) -> None:
    """Make the table `heads`: texts in the rows of entities that say what is not in `said`."""
    engine.keep(
        "unsaid",
        "SELECT DISTINCT g.entity FROM groups AS g WHERE NOT EXISTS "
        "(SELECT 1 FROM said AS s WHERE s.entity = g.entity AND s.saying = g.saying)",
    )
    text = engine.dialect.entity_text.format("entity")
    some = documents.few(engine, f"SELECT {text} FROM unsaid")  # noqa: S608
    said = None if some is None else documents.heads((each for (each,) in some), HEAD)
    if said is None:
        columns = ("entity", *HEAD)
        read_entities(engine, previous.layer_folders, columns, "all_heads", packed=True)
        engine.keep("heads", "SELECT * FROM all_heads WHERE entity IN (SELECT entity FROM unsaid)")
        return
    engine.hold("heads_said", said)
    entity = engine.dialect.entity_of.format("substr(entity, 2)")
    engine.define("heads", f"SELECT {entity} AS entity, {', '.join(HEAD)} FROM heads_said")  # noqa: S608


def _find_newest(work: Work, previous: Release) -> None:
    """Make the table `summed_newest`: the registrations of entities with several sayings."""
    engine, folders = work.engine, (*previous.layer_folders, work.folder)
    arms = [NO_REGISTRATION]
    for number, (name, source) in enumerate(sorted(work.sources.items())):
        if registered_of(source):
            table = f"registered_{number}"
            columns = ("entity", "saying", *registered_of(source))
            read_facts(engine, folders, name, columns, table, packed=True)
            day, record = engine.dialect.name(day_of(source)), engine.dialect.name_text
            arms.append(
                f"SELECT entity, saying, {day} AS day, {record.format('record')} AS record "  # noqa: S608
                f"FROM {table}"
            )
    texts = ", ".join(f"a.{name}" for name in SAYS)
    engine.keep(
        "summed_newest",
        f"SELECT a.entity, {texts}, r.day, r.record FROM ({' UNION ALL '.join(arms)}) AS r "  # noqa: S608
        "JOIN summed_alike AS a ON a.entity = r.entity AND a.saying = r.saying WHERE r.entity IN "
        "(SELECT entity FROM summed_alike GROUP BY entity HAVING count(*) > 1)",
    )


def bit_of(engine: Engine, sources: Sequence[str], column: str) -> str:
    """SQL: the number that stands for the source, of all in order, whose id is in a column."""
    each = (
        f"WHEN {engine.dialect.text(name)} THEN {_bit(number)}"
        for number, name in enumerate(sources)
    )
    return f"CASE {column} {' '.join(each)} END"


def _bit(number: int) -> str:
    """SQL: the number that stands for a source."""
    return f"CAST({1 << number} AS BIGINT)"
