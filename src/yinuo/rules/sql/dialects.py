"""How trees become text: one table of operations a dialect, and nothing decided while writing.

In a template `{0}`, `{1}` … are the operands, `{x0}`, `{x1}` … what is fixed, `{type}` the type of
the result.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from yinuo.rules.sql.kinds import (
    DIGITS,
    SECONDS_SCALE,
    Day,
    Kind,
    Listed,
    Moment,
    Months,
    Nothing,
    Number,
    Seconds,
    Struct,
    Text,
    Truth,
)
from yinuo.rules.sql.tree import Column, Constant, Lambda, Operation, Sql, Variable

Template: TypeAlias = "str | Callable[[Dialect, Operation, Sequence[str]], str]"
_HOLE = re.compile(r"\{(type|x?\d+)\}")
MOST_TEXT = 4_000_000
"""Letters of one expression; a longer one has unfolded itself."""


class TooLong(Exception):
    """An expression whose text outgrows every statement."""


class NotOffered(Exception):
    """An operation that the dialect has no exact writing for."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One engine's SQL."""

    name: str
    quote: str
    """What stands around identifiers."""
    types: Mapping[type, str]
    operations: Mapping[str, Template]
    lambda_form: str
    """With `{0}` for the variable and `{1}` for the body."""
    string: Callable[[str], str]
    moment_literal: str
    struct_type: Callable[[Sequence[tuple[str, str]]], str]
    list_type: str
    except_word: str
    """What leaves columns out of `*`."""

    def identifier(self, name: str) -> str:
        """A name in quotes."""
        return self.quote + name.replace(self.quote, self.quote * 2) + self.quote

    def type(self, kind: Kind) -> str:
        """The type of a kind's columns; of null alone that of texts."""
        match kind:
            case Number(scale):
                return f"DECIMAL({DIGITS}, {scale})"
            case Listed(element):
                return self.list_type.replace("{0}", self.type(element))
            case Struct(entries):
                return self.struct_type(
                    [(self.identifier(name), self.type(each)) for name, each in entries]
                )
        return self.types[type(kind)]

    def text(self, node: Sql) -> str:
        """The text of a tree. Raises `NotOffered` and `TooLong`."""
        found = self._text(node)
        if len(found) > MOST_TEXT:
            raise TooLong
        return found

    def _text(self, node: Sql) -> str:
        match node:
            case Constant():
                return self.constant(node)
            case Column(name) | Variable(name):
                return self.identifier(name)
            case Lambda(variable, body):
                variable_text = self.identifier(variable.name)
                return self.lambda_form.replace("{0}", variable_text).replace(
                    "{1}", self.text(body)
                )
        parts = [self.text(each) for each in node.parts]
        template = self.operations.get(node.name)
        if template is None:
            raise NotOffered(node.name)
        if not isinstance(template, str):
            return template(self, node, parts)
        return _HOLE.sub(lambda hole: self._filled(hole[1], node, parts), template)

    def _filled(self, hole: str, node: Operation, parts: Sequence[str]) -> str:
        if hole == "type":
            return self.type(node.kind)
        if hole.startswith("x"):
            return str(node.fixed[int(hole[1:])])
        return parts[int(hole)]

    def constant(self, node: Constant) -> str:
        """A literal, always of its type."""
        value = node.value
        match value:
            case None:
                return f"CAST(NULL AS {self.type(node.kind)})"
            case bool():
                return "TRUE" if value else "FALSE"
            case Decimal():
                return f"CAST({value:f} AS {self.type(node.kind)})"
            case str():
                return self.string(value)
            case datetime():
                return self.moment_literal.replace("{0}", value.isoformat(" "))
            case date():
                return f"DATE '{value.isoformat()}'"


# ── shared writings ──────────────────────────────────────────────────────────────────────────────


def joined(word: str) -> Template:
    """The operands with a word between."""
    return lambda _dialect, _node, parts: "(" + f" {word} ".join(parts) + ")"


def cases(_dialect: Dialect, _node: Operation, parts: Sequence[str]) -> str:
    """Condition and value in turn, at the end what is left."""
    pairs = zip(parts[:-1:2], parts[1::2], strict=True)
    whens = " ".join(f"WHEN {condition} THEN {value}" for condition, value in pairs)
    return f"CASE {whens} ELSE {parts[-1]} END"


def _decimal(scale: int) -> str:
    return f"DECIMAL({DIGITS}, {scale})"


SHARED: Mapping[str, Template] = {
    "cast": "CAST({0} AS {type})",
    "and": joined("AND"),
    "or": joined("OR"),
    "not": "(NOT {0})",
    "is null": "({0} IS NULL)",
    "is true": "({0} IS TRUE)",
    "case": cases,
    "<": "({0} < {1})",
    "<=": "({0} <= {1})",
    ">": "({0} > {1})",
    ">=": "({0} >= {1})",
    "equals": "({0} = {1})",
    "negative": "(- {0})",
    "count": joined("+"),
    "one if": "CASE WHEN {0} THEN 1 ELSE 0 END",
    "abs": "ABS({0})",
    "text join": "({0} || {1})",
    "place": "CAST({0} AS BIGINT)",
    "day of moment": "CAST({0} AS DATE)",
    "year": "CAST(YEAR({0}) AS {type})",
    "month": "CAST(MONTH({0}) AS {type})",
    "day": "CAST(DAY({0}) AS {type})",
    "hour": "CAST(HOUR({0}) AS {type})",
    "minute": "CAST(MINUTE({0}) AS {type})",
    "day of year": "CAST(DAYOFYEAR({0}) AS {type})",
    "to the second": "DATE_TRUNC('second', {0})",
    "upper": "UPPER({0})",
    "lower": "LOWER({0})",
    "sqrt": "CAST(CASE WHEN {0} >= 0 THEN SQRT(CAST({0} AS DOUBLE)) END AS {type})",
    "log": "CAST(CASE WHEN {0} > 0 THEN LN(CAST({0} AS DOUBLE)) END AS {type})",
    "exp": "CAST(EXP(CAST({0} AS DOUBLE)) AS {type})",
    "remainder": "({0} % NULLIF({1}, 0))",
    "floor": "CAST(FLOOR({0}) AS {type})",
    "week of year": "CAST(WEEKOFYEAR({0}) AS {type})",
    "flatten": "FLATTEN({0})",
    "try cast": "TRY_CAST({0} AS {type})",
}


def _of_type(match: str, numbers: str, names: Mapping[str, str], null: str) -> Template:
    """Whether a column of the relation is of a type that holds the kind."""

    def write(dialect: Dialect, node: Operation, parts: Sequence[str]) -> str:
        pattern = dialect.string(f"^({names.get(str(node.fixed[0]), numbers)}|{null})$")
        return f"{match}(TYPEOF({parts[0]}), {pattern})"

    return write


# ── DuckDB ───────────────────────────────────────────────────────────────────────────────────────


def _duckdb_string(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _duckdb_struct(dialect: Dialect, node: Operation, parts: Sequence[str]) -> str:
    names = [dialect.string(str(name)) for name in node.fixed]
    inner = ", ".join(f"{name}: {part}" for name, part in zip(names, parts, strict=True))
    return "{" + inner + "}"


def _listed(opening: str, closing: str) -> Template:
    def write(dialect: Dialect, node: Operation, parts: Sequence[str]) -> str:
        found = opening + ", ".join(parts) + closing
        return found if parts else f"CAST({found} AS {dialect.type(node.kind)})"

    return write


DUCKDB = Dialect(
    name="duckdb",
    quote='"',
    types={
        Text: "VARCHAR",
        Truth: "BOOLEAN",
        Day: "DATE",
        Moment: "TIMESTAMP",
        Seconds: _decimal(SECONDS_SCALE),
        Months: "BIGINT",
        Nothing: "VARCHAR",
    },
    operations={
        **SHARED,
        "same": "({0} IS NOT DISTINCT FROM {1})",
        "is of type": _of_type(
            "REGEXP_MATCHES",
            r"DECIMAL.*|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DOUBLE|FLOAT",
            {
                "Text": "VARCHAR|ENUM.*",
                "Truth": "BOOLEAN",
                "Day": "DATE",
                "Moment": "TIMESTAMP",
            },
            r'"NULL"',
        ),
        "+": "({0} + {1})",
        "-": "({0} - {1})",
        "*": "({0} * {1})",
        "unscaled": "(CAST({0} * CAST({x0} AS DECIMAL(38, 0)) AS HUGEINT) * CAST({x1} AS HUGEINT))",
        "quotient": (
            "(CAST(({0} // NULLIF({1}, 0)) * 10 + CASE WHEN {0} % NULLIF({1}, 0) = 0 THEN 0"
            " WHEN ({0} < 0) = ({1} < 0) THEN 5 ELSE -5 END AS DECIMAL(38, 0))"
            " * CAST({x0} AS DECIMAL(38, {x1})))"
        ),
        "approximate quotient": (
            "CAST(CAST({0} AS DOUBLE) / NULLIF(CAST({1} AS DOUBLE), 0) AS {type})"
        ),
        "power": (
            "CAST(CASE WHEN {0} = 0 AND {1} < 0 OR {0} < 0 AND {1} <> TRUNC({1}) THEN NULL"
            " ELSE POW(CAST({0} AS DOUBLE), CAST({1} AS DOUBLE)) END AS {type})"
        ),
        "towards zero": "CAST(TRUNC({0}) AS {type})",
        "looks like": "REGEXP_FULL_MATCH({0}, {1})",
        "length": "CAST(LENGTH({0}) AS {type})",
        "substring": "SUBSTRING({0}, {1})",
        "substring of": "SUBSTRING({0}, {1}, {2})",
        "position": "STRPOS({0}, {1})",
        "starts with": "STARTS_WITH({0}, {1})",
        "ends with": "ENDS_WITH({0}, {1})",
        "weekday": "CAST(ISODOW({0}) AS {type})",
        "whole second": "CAST(FLOOR(SECOND({0})) AS {type})",
        "days between": "CAST(({1} - {0}) AS DECIMAL(38, 0))",
        "later by days": "({0} + CAST({1} AS INTEGER))",
        "later by months": "CAST({0} + TO_MONTHS(CAST({1} AS INTEGER)) AS {type})",
        "moment seconds": "(CAST(EPOCH_US({0}) AS DECIMAL(38, 0)) * 0.000001)",
        "later by seconds": "({0} + TO_MICROSECONDS(CAST({1} * 1000000 AS BIGINT)))",
        "try date": "TRY(MAKE_DATE({0}, {1}, {2}))",
        "read date": (
            "CASE WHEN REGEXP_FULL_MATCH({0}, '\\d{4}-\\d\\d-\\d\\d')"
            " THEN TRY_CAST({0} AS DATE) END"
        ),
        "list": _listed("[", "]"),
        "struct": _duckdb_struct,
        "field": "STRUCT_EXTRACT({0}, {x0})",
        "map": "LIST_TRANSFORM({0}, {1})",
        "keep": "LIST_FILTER({0}, {1})",
        "size": "CAST(LEN({0}) AS {type})",
        "item at": "LIST_EXTRACT({0}, {1})",
        "slice": "LIST_SLICE({0}, {1}, {2})",
        "has": "LIST_CONTAINS({0}, {1})",
        "reverse": "LIST_REVERSE({0})",
        "upwards": "RANGE({0}, {1} + 1)",
        "downwards": "RANGE({0}, {1} - 1, -1)",
        "sum of": "CAST(LIST_SUM({0}) AS {type})",
        "least of": "LIST_MIN({0})",
        "greatest of": "LIST_MAX({0})",
        "texts joined": "COALESCE(ARRAY_TO_STRING({0}, {1}), '')",
        "fail": "CAST(ERROR({0}) AS {type})",
    },
    lambda_form="lambda {0}: {1}",
    string=_duckdb_string,
    moment_literal="TIMESTAMP '{0}'",
    struct_type=lambda entries: (
        "STRUCT(" + ", ".join(f"{name} {type_}" for name, type_ in entries) + ")"
    ),
    list_type="{0}[]",
    except_word="EXCLUDE",
)


# ── Spark ────────────────────────────────────────────────────────────────────────────────────────


def _spark_string(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _spark_struct(dialect: Dialect, node: Operation, parts: Sequence[str]) -> str:
    names = [dialect.string(str(name)) for name in node.fixed]
    inner = ", ".join(f"{name}, {part}" for name, part in zip(names, parts, strict=True))
    return f"NAMED_STRUCT({inner})"


def _spark_product(_dialect: Dialect, node: Operation, parts: Sequence[str]) -> str:
    """Spark lowers the scale of products of wide decimals, so the factors are made narrower."""
    kinds = [each.kind for each in node.parts]
    scales = [each.scale for each in kinds if isinstance(each, Number)]
    digits = [_digits(each) for each in node.parts]
    room = DIGITS - 1 - sum(scales)
    free = [place for place, known in enumerate(digits) if known is None]
    left = room - sum(each for each in digits if each is not None)
    share = left // max(len(free), 1)
    if share < 1:
        raise NotOffered("*")
    widths = [share if each is None else each for each in digits]
    casts = [
        f"CAST({part} AS DECIMAL({width + scale}, {scale}))"
        for part, width, scale in zip(parts, widths, scales, strict=True)
    ]
    return f"({casts[0]} * {casts[1]})"


def _digits(node: Sql) -> int | None:
    """Digits before the point that a constant needs."""
    if isinstance(node, Constant) and isinstance(node.value, Decimal):
        return max(node.value.adjusted() + 1, 1)
    return None


def _spark_quotient(_dialect: Dialect, node: Operation, parts: Sequence[str]) -> str:
    """The whole quotient and its half place, moved behind the point in steps that keep digits."""
    above, below = parts
    found = (
        f"CAST(CAST(({above} - {above} % NULLIF({below}, 0)) / NULLIF({below}, 0)"
        f" AS DECIMAL(30, 0)) * 10 + CASE WHEN {above} % NULLIF({below}, 0) = 0 THEN 0"
        f" WHEN ({above} < 0) = ({below} < 0) THEN 5 ELSE -5 END AS DECIMAL(31, 0))"
    )
    places, done = int(node.fixed[1]), 0
    while done < places:
        step = min(6, places - done)
        unit = f"CAST({Decimal(1).scaleb(-step):f} AS DECIMAL({step}, {step}))"
        done += step
        found = f"CAST({found} * {unit} AS DECIMAL(31, {done}))"
    return f"CAST({found} AS {_decimal(places)})"


def _spark_total(dialect: Dialect, node: Operation, parts: Sequence[str]) -> str:
    whole = dialect.type(node.kind)
    narrow = whole.replace(str(DIGITS), str(DIGITS - 1), 1)
    adding = f"(a, b) -> CAST(CAST(a AS {narrow}) + CAST(b AS {narrow}) AS {whole})"
    total = f"AGGREGATE({parts[0]}, CAST(0 AS {whole}), {adding})"
    return f"CASE WHEN SIZE({parts[0]}) > 0 THEN {total} END"


def _spark_sum(sign: str) -> Template:
    def write(dialect: Dialect, node: Operation, parts: Sequence[str]) -> str:
        narrow = dialect.type(node.kind).replace(str(DIGITS), str(DIGITS - 1), 1)
        return f"(CAST({parts[0]} AS {narrow}) {sign} CAST({parts[1]} AS {narrow}))"

    return write


SPARK = Dialect(
    name="spark",
    quote="`",
    types={
        Text: "STRING",
        Truth: "BOOLEAN",
        Day: "DATE",
        Moment: "TIMESTAMP_NTZ",
        Seconds: _decimal(SECONDS_SCALE),
        Months: "BIGINT",
        Nothing: "STRING",
    },
    operations={
        **SHARED,
        "same": "({0} <=> {1})",
        "is of type": _of_type(
            "REGEXP_LIKE",
            r"decimal.*|tinyint|smallint|int|bigint|double|float",
            {"Text": "string", "Truth": "boolean", "Day": "date", "Moment": "timestamp_ntz"},
            "void",
        ),
        "looks like": "REGEXP_LIKE({0}, CONCAT('^', {1}, '$'))",
        "+": _spark_sum("+"),
        "-": _spark_sum("-"),
        "*": _spark_product,
        "unscaled": (
            "CAST(CAST(CAST({0} AS DECIMAL({x2}, {x3})) * CAST({x0} AS DECIMAL({x5}, 0))"
            " AS DECIMAL({x4}, 0)) * CAST({x1} AS DECIMAL({x6}, 0)) AS DECIMAL(38, 0))"
        ),
        "quotient": _spark_quotient,
        "approximate quotient": (
            "CAST(CAST({0} AS DOUBLE) / NULLIF(CAST({1} AS DOUBLE), 0D) AS {type})"
        ),
        "power": (
            "CAST(CASE WHEN {0} = 0 AND {1} < 0 OR {0} < 0 AND {1} <> FLOOR({1}) THEN NULL"
            " ELSE POW(CAST({0} AS DOUBLE), CAST({1} AS DOUBLE)) END AS {type})"
        ),
        "towards zero": ("CAST(CASE WHEN {0} < 0 THEN CEIL({0}) ELSE FLOOR({0}) END AS {type})"),
        "length": "CAST(CHAR_LENGTH({0}) AS {type})",
        "substring": "SUBSTRING({0}, CAST({1} AS INT))",
        "substring of": "SUBSTRING({0}, CAST({1} AS INT), CAST({2} AS INT))",
        "position": "CAST(INSTR({0}, {1}) AS BIGINT)",
        "starts with": "STARTSWITH({0}, {1})",
        "ends with": "ENDSWITH({0}, {1})",
        "weekday": "CAST(WEEKDAY({0}) + 1 AS {type})",
        "whole second": "CAST(SECOND({0}) AS {type})",
        "days between": "CAST(DATEDIFF({1}, {0}) AS DECIMAL(38, 0))",
        "later by days": "DATE_ADD({0}, CAST({1} AS INT))",
        "later by months": "CAST({0} + MAKE_YM_INTERVAL(0, CAST({1} AS INT)) AS {type})",
        "list": _listed("ARRAY(", ")"),
        "struct": _spark_struct,
        "field": "{0}.{x1}",
        "map": "TRANSFORM({0}, {1})",
        "keep": "FILTER({0}, {1})",
        "size": "CAST(CASE WHEN {0} IS NOT NULL THEN SIZE({0}) END AS {type})",
        "item at": "TRY_ELEMENT_AT({0}, CAST(NULLIF({1}, 0) AS INT))",
        "reverse": "REVERSE({0})",
        "has": ("CASE WHEN {0} IS NOT NULL THEN COALESCE(ARRAY_CONTAINS({0}, {1}), FALSE) END"),
        "slice": "SLICE({0}, CAST({1} AS INT), CAST({2} - {1} + 1 AS INT))",
        "upwards": "SEQUENCE({0}, {1})",
        "downwards": "SEQUENCE({0}, {1})",
        "sum of": _spark_total,
        "least of": "ARRAY_MIN({0})",
        "greatest of": "ARRAY_MAX({0})",
        "texts joined": "ARRAY_JOIN({0}, {1})",
        "fail": "CAST(RAISE_ERROR({0}) AS {type})",
    },
    lambda_form="{0} -> {1}",
    string=_spark_string,
    moment_literal="TIMESTAMP_NTZ '{0}'",
    struct_type=lambda entries: (
        "STRUCT<" + ", ".join(f"{name}: {type_}" for name, type_ in entries) + ">"
    ),
    list_type="ARRAY<{0}>",
    except_word="EXCEPT",
)
DIALECTS = {each.name: each for each in (DUCKDB, SPARK)}
