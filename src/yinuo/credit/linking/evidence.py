"""Why a model thinks so, in words that a steward understands, written by SQL."""

from yinuo.credit.linking.comparing import COMPARISONS, DIFFERENT, Comparison
from yinuo.lake.dialects import DUCKDB


def agreeing_sql(kind: str) -> str:
    """SQL: how many comparisons agree that are reasons of their own, of a scored pair."""
    return " + ".join(
        f"CAST(gamma_{each.id} > 0 AS INTEGER)" for each in COMPARISONS[kind] if each.counts
    )


def evidence_sql(kind: str, model: str) -> str:
    """SQL: canonical JSON of a scored pair: levels, model, weights in thousandths of a bit, words.

    A weight of 1000 doubles the odds that both are the same; a negative one speaks against it.
    """
    some = sorted(COMPARISONS[kind], key=lambda each: each.id)
    words = f"concat_ws('；', {', '.join(map(_words, COMPARISONS[kind]))})"
    return _object(
        [
            ("levels", _object([(each.id, _quoted(_level(each))) for each in some])),
            ("model", _quoted(DUCKDB.text(model))),
            ("weights", _object([(each.id, _weight(each)) for each in some])),
            ("words", _quoted(words)),
        ]
    )


def _object(parts: list[tuple[str, str]]) -> str:
    """SQL: the text of a JSON object of names and SQL of their values."""
    inner = " || ',' || ".join(DUCKDB.text(f'"{name}":') + " || " + value for name, value in parts)
    return f"'{{' || {inner} || '}}'"


def _quoted(sql: str) -> str:
    """SQL: a text of our own words, which hold nothing to escape, as a JSON string."""
    return f"'\"' || ({sql}) || '\"'"


def _weight(comparison: Comparison) -> str:
    columns = [f"coalesce(mw_{comparison.id}, 0)"]
    if any(level.common for level in comparison.levels):
        columns.append(f"coalesce(mw_tf_adj_{comparison.id}, 0)")
    return f"CAST(CAST(round(({' + '.join(columns)}) * 1000) AS BIGINT) AS VARCHAR)"


def _level(comparison: Comparison) -> str:
    names = [DIFFERENT, *(level.id for level in reversed(comparison.levels))]
    return _by_gamma(comparison, names, "missing")


def _words(comparison: Comparison) -> str:
    label = comparison.label
    said = [f"{label}不同", *(f"{label}{level.words}" for level in reversed(comparison.levels))]
    return _by_gamma(comparison, said, None)


def _by_gamma(comparison: Comparison, values: list[str], otherwise: str | None) -> str:
    cases = " ".join(
        f"WHEN {place} THEN {DUCKDB.text(value)}" for place, value in enumerate(values)
    )
    other = "NULL" if otherwise is None else DUCKDB.text(otherwise)
    return f"CASE gamma_{comparison.id} {cases} ELSE {other} END"
