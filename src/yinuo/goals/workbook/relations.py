"""What holds between rows: codes once, references to something, no circles, whole terms."""

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from yinuo.goals.plan import Value
from yinuo.goals.workbook.columns import DONE, Column, Form
from yinuo.goals.workbook.findings import Rule
from yinuo.goals.workbook.rows import Row
from yinuo.goals.workbook.tables import nearest
from yinuo.kernel.findings import Log

Rows = Mapping[str, Sequence[Row]]
SHARED = ("承诺", "据报道")
"""Sheets whose codes stand in one list."""
MOST_GUESSES = 20
"""Unknown words for which a near one is sought; seeking is slow among thousands."""


def resolve(rows: Rows, whole: Collection[str], log: Log) -> dict[str, list[Row]]:
    """The rows with every reference turned into a code; faults between rows are in the log.

    Only the sheets in `whole` have all their columns; what others may lack is not held against
    anything, as the missing sheet or column is reported already.
    """
    _check_codes(rows, log)
    resolver = _Resolver(rows, whole, log)
    found = {name: [resolver.row(row) for row in sheet] for name, sheet in rows.items()}
    for name in whole:
        _check_circles(found[name], log)
        for row in found[name]:
            for check in _CHECKS.get(name, ()):
                check(row, log)
    _check_numbers(found.get("目标", []), log)
    return found


def _check_codes(rows: Rows, log: Log) -> None:
    seen: dict[tuple[str, str], Row] = {}
    for name, sheet in rows.items():
        for row in sheet:
            if not row.code:
                continue
            scope = "承诺" if name in SHARED else name
            first = seen.setdefault((scope, row.code.casefold()), row)
            if first is not row:
                where = f"{first.table.sheet.name}!{first.spot('code').cell}"
                log.add(
                    Rule.REPEATED_CODE,
                    f"编号“{row.code}”已用在 {where}（不分大小写）",
                    "请换一个编号，或删去重复的行",
                    row.spot("code"),
                )


def _said_code(row: Row) -> str:
    """The row's code, or what stands in its place: a bad code is one fault, not many."""
    cell = row.line.cells.get("code")
    return row.code or (cell.raw.strip() if cell else "")


class _Resolver:
    """Turns what a reference says into the code it means."""

    def __init__(self, rows: Rows, whole: Collection[str], log: Log) -> None:
        self.log, self.whole = log, whole
        self.codes = {name: {_said_code(row) for row in sheet} for name, sheet in rows.items()}
        self.names: dict[str, list[str]] = {}
        for row in rows.get("单位", []):
            self.names.setdefault(row.text("name"), []).append(row.code)
        self.guesses = 0

    def row(self, row: Row) -> Row:
        """The row with codes in place of names."""
        values: dict[str, Value] = dict(row.values)
        bad = set(row.bad)
        for column in row.table.sheet.columns:
            said = values.get(column.field)
            if column.form not in (Form.REFERENCE, Form.REFERENCES) or not said:
                continue
            if not set(column.to) <= set(self.whole):
                continue
            words = said if isinstance(said, tuple) else (str(said),)
            codes = [self.code(word, column, row) for word in words]
            if "" in codes:
                bad.add(column.field)
            values[column.field] = tuple(codes) if isinstance(said, tuple) else codes[0]
        return replace(row, values=values, bad=frozenset(bad))

    def code(self, word: str, column: Column, row: Row) -> str:
        """The code that a word means, or an empty text with a finding."""
        narrow = "".join(unicodedata.normalize("NFKC", word).split())
        for candidate in (word, narrow):
            if any(candidate in self.codes.get(sheet, ()) for sheet in column.to):
                if candidate != word:
                    what = f"全角字符或空格已统一，读作“{candidate}”"
                    self.log.add(Rule.WIDTH, what, "如果不对，请改正", row.spot(column.field))
                return candidate
        named = self.names.get(word, []) if "单位" in column.to else []
        if len(named) == 1:
            return named[0]
        if named:
            what = f"名称“{word}”对应几个单位：{'、'.join(named)}"
            self.log.add(Rule.AMBIGUOUS_NAME, what, "请填代码", row.spot(column.field))
        else:
            self._unknown(word, column, row)
        return ""

    def _unknown(self, word: str, column: Column, row: Row) -> None:
        sheets = "”或“".join(column.to)
        near = ""
        if self.guesses < MOST_GUESSES:
            self.guesses += 1
            known = set().union(*(self.codes.get(sheet, set()) for sheet in column.to))
            names = set(self.names) if "单位" in column.to else set()
            near = nearest(word, known | names)
        step = f"是不是“{near}”？" if near else ""
        self.log.add(
            Rule.UNKNOWN,
            f"“{sheets}”表中没有“{word}”",
            f"{step}请改正，或先在“{column.to[0]}”表中加上",
            row.spot(column.field),
        )


def _check_circles(sheet: Sequence[Row], log: Log) -> None:
    by_code = {row.code: row for row in sheet if row.code}
    for circle in circles({code: row.text("parent") for code, row in by_code.items()}):
        what = f"上级关系成环：{' → '.join((*circle, circle[0]))}"
        log.add(Rule.CYCLE, what, "请改正其中一处的上级", by_code[circle[0]].spot("parent"))


def circles(parents: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Each circle once, from its first member in the given order.

    >>> list(circles({"a": "b", "b": "a", "c": "a", "d": "d"}))
    [('a', 'b'), ('d',)]
    """
    done: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        code = start
        while code in parents and code not in done and code not in path:
            path[code] = None
            code = parents[code]
        if code in path:
            members = list(path)
            yield tuple(members[members.index(code) :])
        done |= path.keys()


def _check_terms(row: Row, log: Log) -> None:
    if row.bad & {"operator", "value", "tolerance", "texts_known"}:
        return
    operator, value = row.text("operator"), row.text("value")
    if value and operator in ("", "done"):
        log.add(
            Rule.OPERATOR,
            "有数值，却没有写明怎样比较",
            "请选 ≥、>、≤、<、= 或 ≈",
            row.spot("operator"),
        )
    if not value and operator not in ("", "done"):
        log.add(
            Rule.OPERATOR,
            "有比较方式，却没有数值",
            f"请填数值，或把比较方式改为“{DONE}”",
            row.spot("value"),
        )
    if not value and row.text("baseline"):
        log.add(Rule.PLEASE_CHECK, "有基数，却没有数值", "请核对", row.spot("baseline"))
    tolerance = row.text("tolerance")
    if operator == "about" and not tolerance:
        log.add(
            Rule.TOLERANCE, "≈ 必须写明允许偏差", "请填相差多少以内仍算做到", row.spot("tolerance")
        )
    if operator != "about" and tolerance:
        log.add(Rule.PLEASE_CHECK, "只有 ≈ 才用到允许偏差", "请核对", row.spot("tolerance"))
    if tolerance.startswith("-") or tolerance == "0":
        log.add(Rule.TOLERANCE, "允许偏差必须大于 0", "请填正数", row.spot("tolerance"))
    known = row.values.get("texts_known")
    if isinstance(known, int) and value.isdigit() and known > int(value):
        what = f"已知文本数 {known} 大于承诺的 {value}"
        log.add(Rule.PLEASE_CHECK, what, "请核对", row.spot("texts_known"))


def _check_figure(row: Row, log: Log) -> None:
    if row.bad & {"operator", "value"}:
        return
    operator, value = row.text("operator"), row.text("value")
    if value and not operator:
        log.add(Rule.OPERATOR, "有数值，却没有比较方式", "请选 =、>、< 等", row.spot("operator"))
    if operator and not value:
        log.add(
            Rule.OPERATOR, "有比较方式，却没有数值", "请填数值，或删去比较方式", row.spot("value")
        )


def _check_units(row: Row, log: Log) -> None:
    cooperating = row.listed("cooperating")
    repeated = {code for code in cooperating if code and cooperating.count(code) > 1}
    for code in sorted(repeated):
        what = f"配合单位“{code}”写了两次"
        log.add(Rule.SAME_UNIT, what, "请只保留一个", row.spot("cooperating"))
    if row.text("lead") and row.text("lead") in cooperating:
        what = f"“{row.text('lead')}”既是责任单位，又是配合单位"
        log.add(Rule.SAME_UNIT, what, "请从配合单位中删去", row.spot("cooperating"))


def _check_origin(row: Row, log: Log) -> None:
    if "lead" in row.bad:
        return
    origin = row.text("lead_origin")
    if not row.text("lead") and origin in ("text", "inferred"):
        what = "没有责任单位，来源却不是“未明确”"
        log.add(Rule.PLEASE_CHECK, what, "请核对责任单位", row.spot("lead_origin"))


def _check_numbers(goals: Sequence[Row], log: Log) -> None:
    seen: dict[Value, Row] = {}
    for row in goals:
        number = row.values.get("number")
        if number is None:
            continue
        first = seen.setdefault(number, row)
        if number == 0 or first is not row:
            what = (
                "序号从 1 起"
                if number == 0
                else f"序号 {number} 已用在 {first.spot('number').cell}"
            )
            log.add(Rule.REPEATED_CODE, what, "请换一个序号", row.spot("number"))


_CHECKS: Mapping[str, tuple[Callable[[Row, Log], None], ...]] = {
    "承诺": (_check_terms, _check_units, _check_origin),
    "据报道": (_check_figure,),
}
