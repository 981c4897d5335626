"""Columns that can be compared, made once for descriptions and for entities alike.

DuckDB's distances count bytes: 王 and 李 differ by three, 张三 and 张四 by three of six. So no
distance is ever taken of Han text; it is compared by equality, by pairs of characters in common,
and by toneless pinyin, which is plain ASCII.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

import duckdb
import pyarrow as pa
from pypinyin import pinyin_dict

from yinuo.credit.linking.folding import EVERYDAY, foldings, simplified
from yinuo.lake.dialects import DUCKDB

RAW = (
    "id", "subject", "name", "region", "address", "representative", "document", "phone", "account",
    "written",
)  # fmt: skip
"""What `prepare` needs; all texts, any of them null but `id` and `subject`."""
_NEVER = r"\x00"
_FOLDED = ("name", "address", "representative", "written")
"""Columns of which the characters are folded."""


def prepare(
    database: duckdb.DuckDBPyConnection,
    source: str,
    into: str,
    words: Mapping[str, Sequence[str]],
) -> None:
    """Make table `into` from a table with the columns of `RAW`.

    `words` are regions, forms and trades that stand around the core of a firm's name; without any
    a name is all core, as of persons.
    """
    regions, forms, trades = (
        "|".join(re.escape(word.translate(simplified())) for word in words.get(kind, ())) or _NEVER
        for kind in ("regions", "forms", "trades")
    )
    text = DUCKDB.text
    plain = dict(zip(_FOLDED, _plain(database, source), strict=True))
    database.execute(f"""
        CREATE OR REPLACE TEMP TABLE {into}_plain AS
        SELECT id, subject, region, document, phone, account,
            {plain["name"]} AS entire,
            regexp_replace({plain["address"]}, {text(f"^({regions})+")}, '') AS place,
            {plain["representative"]} AS representative,
            upper({plain["written"]}) AS written
        FROM {source}
    """)  # noqa: S608  # our own names
    database.execute(f"""
        CREATE OR REPLACE TEMP TABLE {into}_parts AS
        WITH bare AS (
            SELECT DISTINCT entire, coalesce(nullif(regexp_replace(
                entire, {text(f"({regions})")}, '', 'g'), ''), entire) AS bare
            FROM {into}_plain WHERE entire IS NOT NULL
        ), shaped AS (
            SELECT entire, bare, regexp_extract(bare, {text(f"({forms})$")}) AS form FROM bare
        ), cut AS (
            SELECT entire, form,
                coalesce(nullif(left(bare, length(bare) - length(form)), ''), bare) AS rest
            FROM shaped
        ), traded AS (
            SELECT entire, form, rest, regexp_extract(rest, {text(f"({trades})$")}) AS trade
            FROM cut
        )
        SELECT entire, form, trade,
            coalesce(nullif(left(rest, length(rest) - length(trade)), ''), rest) AS core,
            {_pairs("rest")} AS pairs
        FROM traded
    """)  # noqa: S608  # quoted
    _hold_pinyin(database, into)
    database.execute(f"""
        CREATE OR REPLACE TEMP TABLE {into} AS
        SELECT p.id AS unique_id, p.subject, p.entire, n.core, n.trade, n.form, c.pinyin,
            n.pairs, p.region, p.place, {_pairs("p.place")} AS place_pairs,
            array_to_string(regexp_extract_all(p.place, '[0-9]+'), '-') AS numbers,
            p.representative, r.pinyin AS representative_pinyin, p.document, p.phone,
            p.account, p.written,
            CASE WHEN length(p.written) = 18 THEN substr(p.written, 9, 9)
                 WHEN length(p.written) = 15 THEN substr(p.written, 7, 9)
                 ELSE p.written END AS inner_code
        FROM {into}_plain p
        LEFT JOIN {into}_parts n USING (entire)
        LEFT JOIN {into}_pinyin c ON c.said = n.core
        LEFT JOIN {into}_pinyin r ON r.said = p.representative
    """)  # noqa: S608  # our own names
    for made in ("plain", "parts", "pinyin"):
        database.execute(f"DROP TABLE {into}_{made}")


def _plain(database: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    """SQL of each folded column: without punctuation and blanks; null where nothing is left."""
    said = " UNION ALL ".join(f"SELECT {column} AS said FROM {source}" for column in _FOLDED)  # noqa: S608  # our own names
    found = database.execute(
        f"SELECT DISTINCT unnest(string_split(said, '')) FROM ({said}) ORDER BY 1"  # noqa: S608  # our own names
    ).fetchall()
    # A part may be several characters: a letter and what is combined with it.
    folds = foldings("".join(part for (part,) in found))
    return [f"nullif({_translated(column, folds)}, '')" for column in _FOLDED]


def _translated(column: str, folds: Mapping[str, str]) -> str:
    """SQL: the column with these characters folded, or dropped where nothing stands for them.

    DuckDB takes in the whole list anew for every text. So rare characters, which may be thousands,
    are looked for only in the few texts that hold any.
    """
    rare = "".join(each for each in folds if each not in EVERYDAY)
    if rare:
        holds = f"regexp_matches({column}, {DUCKDB.text(f'[{rare}]')})"
        column = f"CASE WHEN {holds} THEN {_into(column, rare, folds)} ELSE {column} END"
    return _into(column, "".join(each for each in folds if each in EVERYDAY), folds)


def _into(column: str, some: str, folds: Mapping[str, str]) -> str:
    """SQL: `translate`; what is dropped comes last, where it finds nothing to put instead."""
    ordered = "".join(sorted(some, key=lambda each: not folds[each]))
    becomes = "".join(folds[each] for each in ordered)
    return f"translate({column}, {DUCKDB.text(ordered)}, {DUCKDB.text(becomes)})"


def _pairs(column: str) -> str:
    """SQL: the distinct pairs of characters that stand side by side."""
    return (
        f"list_distinct(list_transform(range(1, greatest(length({column}), 2)), "
        f"lambda i: substr({column}, i, 2)))"
    )


def _hold_pinyin(database: duckdb.DuckDBPyConnection, into: str) -> None:
    said = database.sql(
        f"SELECT core FROM {into}_parts UNION "  # noqa: S608  # our own names
        f"SELECT representative FROM {into}_plain WHERE representative IS NOT NULL"
    ).to_arrow_table()
    texts = said.column(0).to_pylist()
    rows = pa.table(
        {"said": pa.array(texts, pa.string()), "pinyin": pa.array(pinyin(texts), pa.string())}
    )
    database.register("pinyin_given", rows)
    database.execute(f"CREATE OR REPLACE TEMP TABLE {into}_pinyin AS SELECT * FROM pinyin_given")  # noqa: S608  # our own names
    database.unregister("pinyin_given")


def pinyin(texts: Sequence[str]) -> list[str]:
    """Toneless pinyin, the first reading of each character; ASCII as it is, all else by number.

    Not the reading a dictionary of words would choose: the same character always sounds alike.

    >>> pinyin(["瑞丰", "锐锋A2"])
    ['ruifeng', 'ruifenga2']
    """
    table = _sounds()
    return ["".join(map(table.__getitem__, text)) for text in texts]


class _Sounds(dict[str, str]):
    def __missing__(self, character: str) -> str:
        return character.lower() if character.isascii() else f"u{ord(character):x}"


@cache
def _sounds() -> Mapping[str, str]:
    """Character → its first reading without tones, ü as v."""
    return _Sounds(
        (chr(code), _toneless(readings.split(",")[0]))
        for code, readings in pinyin_dict.pinyin_dict.items()
    )


def _toneless(reading: str) -> str:
    apart = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(each for each in apart if each.isascii())
