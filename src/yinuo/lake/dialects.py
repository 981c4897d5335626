"""What DuckDB and Spark write differently; everything else is one text for both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from yinuo.lake.trimming import PER_MILLE


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """The places where the two engines differ."""

    label: str
    quote: str
    escape: Callable[[str], str]
    micros: str
    """Microseconds since 1970 of an instant; {0} is the column."""
    divide: str
    """Whole quotient of {0} and {1}, both not negative."""
    month: str
    """202411 of {0}, days since 1970."""
    exact_sum: str
    """The sum of whole numbers {0}, never overflowing."""
    sequence: Callable[[str, Sequence[str]], str]
    """The column's texts of a group as one text, in the order of some columns."""
    quantiles: Callable[[str, Sequence[str], Sequence[int]], str]
    """Statistics of `d` of a table by keys, see `statistics`."""
    by_code: bool
    """Whether texts of few values are better compared by their place in a list."""
    place: str
    """The place of text {1} in a list of texts {0}, from 1; NULL or 0 where it is not."""
    item: str
    """The element of list {0} at place {1}, from 1."""
    number: str
    """A whole number of its own for each row."""
    sha256: str
    """SHA-256 of text {0}, in lower-case hexadecimal digits."""
    md5: str
    """The MD5 of text {0}, in the form of which `halves` are taken."""
    hash64: Callable[[Sequence[str]], str]
    """A whole number of 63 bits that tells some columns apart, quickly; NULL is a value."""
    hashed_by: str
    """Whose `hash64` it is: those of two are not compared."""
    halves: tuple[str, str]
    """Its bytes 1 to 8 and 9 to 16 as whole numbers, the lowest byte first; {0} is the MD5."""
    name_type: str
    """The type of names (see `names`)."""
    name_of: str
    """The name whose 32 digits the text {0} is."""
    name_text: str
    """The digits of name {0}."""
    name_bytes: str
    """The 16 bytes of name {0}."""
    entity_of: str
    """The name of the entity whose text is E and the first 24 digits of the text {0}."""
    entity_text: str
    """The text of the name {0} of an entity."""
    entity_bytes: str
    """The 12 bytes of the name {0} of an entity, and four zeros."""

    def name(self, name: str) -> str:
        """A column's name, quoted."""
        return f"{self.quote}{name}{self.quote}"

    def text(self, value: str) -> str:
        """A text as a literal."""
        return self.escape(value)

    def texts(self, values: Sequence[str]) -> str:
        """A list of texts as a literal."""
        inner = ", ".join(map(self.text, values))
        return f"array({inner})" if self.label == "spark" else f"[{inner}]"


SEPARATOR = "\x1f"
"""Between the steps of a variant; landed texts hold no control characters."""


def _duckdb_text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _spark_text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _duckdb_sequence(column: str, order: Sequence[str]) -> str:
    return f"string_agg({column}, chr(31) ORDER BY {', '.join(order)})"


def _spark_sequence(column: str, order: Sequence[str]) -> str:
    parts = ", ".join((*order, f"{column} AS said"))
    return f"concat_ws(char(31), transform(array_sort(collect_list(struct({parts}))), x -> x.said))"


def _duckdb_quantiles(table: str, keys: Sequence[str], mills: Sequence[int]) -> str:
    """Decimal literals, which quantile_disc takes exactly; a double would miss ranks."""
    wanted = ", ".join(f"{mill / PER_MILLE:.3f}" for mill in mills)
    picked = "".join(f", q[{place}] AS q_{mill}" for place, mill in enumerate(mills, start=1))
    columns = "".join(f"{key}, " for key in keys)
    return (
        f"SELECT * EXCLUDE (q){picked} FROM (SELECT {columns}count(*) AS n, sum(d) AS total, "  # noqa: S608  # our own names
        f"min(d) AS low, max(d) AS high, quantile_disc(d, [{wanted}]) AS q "
        f"FROM {table}{_grouped(keys)})"
    )


def _spark_quantiles(table: str, keys: Sequence[str], mills: Sequence[int]) -> str:
    columns = "".join(f"{key}, " for key in keys)
    over = f"PARTITION BY {', '.join(keys)}" if keys else "PARTITION BY 1"
    picked = "".join(
        f", max(CASE WHEN r = greatest(1, (n * {mill} + 999) div {PER_MILLE}) THEN d END)"
        f" AS q_{mill}"
        for mill in mills
    )
    return (
        f"SELECT {columns}count(*) AS n, sum(CAST(d AS DECIMAL(38, 0))) AS total, "  # noqa: S608  # our own names
        f"min(d) AS low, max(d) AS high{picked} FROM (SELECT {columns}d, "
        f"row_number() OVER ({over} ORDER BY d) AS r, count(*) OVER ({over}) AS n FROM {table})"
        f"{_grouped(keys)}"
    )


def _grouped(keys: Sequence[str]) -> str:
    return f" GROUP BY {', '.join(keys)}" if keys else ""


def _spark_half(start: int) -> str:
    """Sixteen hexadecimal digits of {0} from `start` as a number, the lowest byte first."""
    pairs = ", ".join(f"substr({{0}}, {at}, 2)" for at in range(start + 14, start - 1, -2))
    return f"CAST(conv(concat({pairs}), 16, 10) AS DECIMAL(20, 0))"


def _duckdb_hash64(columns: Sequence[str]) -> str:
    return f"CAST(hash({', '.join(columns)}) >> 1 AS BIGINT)"


def _spark_hash64(columns: Sequence[str]) -> str:
    """It passes over NULL, so that beside each column stands whether it is one."""
    said = ", ".join(f"{each}, {each} IS NULL" for each in columns)
    return f"shiftrightunsigned(xxhash64({said}), 1)"


_MONTH = "(year(DAY) * 100 + month(DAY))"

DUCKDB = Dialect(
    label="duckdb",
    quote='"',
    escape=_duckdb_text,
    micros="epoch_us({0})",
    divide="({0} // {1})",
    month=_MONTH.replace("DAY", "(DATE '1970-01-01' + CAST({0} AS INTEGER))"),
    exact_sum="sum({0})",
    sequence=_duckdb_sequence,
    quantiles=_duckdb_quantiles,
    by_code=True,
    place="list_position({0}, {1})",
    item="({0})[{1}]",
    number="row_number() OVER ()",
    sha256="sha256({0})",
    md5="md5_number({0})",
    hash64=_duckdb_hash64,
    hashed_by=f"duckdb {duckdb.__version__}",
    halves=(f"CAST({{0}} & {(1 << 64) - 1}::UHUGEINT AS UBIGINT)", "CAST({0} >> 64 AS UBIGINT)"),
    name_type="UUID",
    name_of="CAST(unhex({0}) AS UUID)",
    name_text="lower(hex(CAST({0} AS BLOB)))",
    name_bytes="CAST({0} AS BLOB)",
    entity_of="CAST(unhex(substr({0}, 1, 24) || substr({0}, 1, 8)) AS UUID)",
    entity_text="('E' || substr(lower(hex(CAST({0} AS BLOB))), 1, 24))",
    entity_bytes="(CAST({0} AS BLOB)[1:12] || '\\x00\\x00\\x00\\x00'::BLOB)",
)
SPARK = Dialect(
    label="spark",
    quote="`",
    escape=_spark_text,
    micros="unix_micros({0})",
    divide="({0} div {1})",
    month=_MONTH.replace("DAY", "date_add(DATE'1970-01-01', CAST({0} AS INT))"),
    exact_sum="sum(CAST({0} AS DECIMAL(38, 0)))",
    sequence=_spark_sequence,
    quantiles=_spark_quantiles,
    by_code=False,
    place="array_position({0}, {1})",
    item="element_at({0}, {1})",
    number="monotonically_increasing_id()",
    sha256="sha2({0}, 256)",
    md5="md5({0})",
    hash64=_spark_hash64,
    hashed_by="spark",
    halves=(_spark_half(1), _spark_half(17)),
    name_type="STRING",
    name_of="{0}",
    name_text="{0}",
    name_bytes="unhex({0})",
    entity_of="concat('E', substr({0}, 1, 24))",
    entity_text="{0}",
    entity_bytes="unhex(concat(substr({0}, 2), '00000000'))",
)
