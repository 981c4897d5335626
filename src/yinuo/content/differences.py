"""Two versions of a workbook side by side: which rules came, went, or read otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yinuo.rules.cells import write
from yinuo.rules.expression import write as write_expression
from yinuo.rules.kinds import say
from yinuo.rules.table import Input, Output, Rule, Rulebook, Table


@dataclass(frozen=True)
class Differing:
    """One thing that is not as it was."""

    table: str
    rule: str
    """The rule's name; empty for something about the whole table."""
    what: str
    """Name of the column, or what the line is about."""
    old: str
    """Empty where there was nothing."""
    new: str
    """Empty where there is nothing any more."""


def differences(old: Rulebook, new: Rulebook) -> tuple[Differing, ...]:
    """What the new workbook changes, in the order of its tables; what is gone comes last.

    Tables are matched by name and first day of validity, rules and columns by name.
    """
    return tuple(_differences(_by_name(old), _by_name(new)))


def column_words(column: Input | Output) -> str:
    """A column as people read it: `落后程度（百分点）`, with its arithmetic where it has some."""
    parts = [column.unit] if column.unit else []
    if isinstance(column, Input) and column.expression is not None:
        parts.append(f"= {write_expression(column.expression)}")
    return f"{column.name}（{'，'.join(parts)}）" if parts else column.name


def cells_of(table: Table, rule: Rule) -> dict[str, str]:
    """Column → what the rule says in it, canonically; conditions first, then answers."""
    asked = {
        column.name: write(cell, column.kind, column.unit)
        for column, cell in zip(table.inputs, rule.cells, strict=True)
    }
    answered = {
        output.name: say(value, output.kind, output.unit)
        for output, value in zip(table.outputs, rule.answer, strict=True)
    }
    return {**asked, **answered}


def _by_name(book: Rulebook) -> dict[str, Table]:
    """Tables by name; those of the same name by their first day as well."""
    names = [table.name for table in book.tables]
    return {
        f"{table.name}（{table.valid_from} 起）"
        if names.count(table.name) > 1
        else table.name: table
        for table in book.tables
    }


def _differences(old: Mapping[str, Table], new: Mapping[str, Table]) -> Iterator[Differing]:
    for name, table in new.items():
        before = old.get(name)
        if before is None:
            yield Differing(name, "", "规则表", "", f"新增，{len(table.rules):,} 条规则")
        else:
            yield from _in_table(name, before, table)
    for name in old.keys() - new.keys():
        yield Differing(name, "", "规则表", f"{len(old[name].rules):,} 条规则", "")


def _in_table(name: str, old: Table, new: Table) -> Iterator[Differing]:
    for what, was, now in zip(_ABOUT, _about(old), _about(new), strict=True):
        if was != now:
            yield Differing(name, "", what, was, now)
    before = {rule.name: rule for rule in old.rules}
    after = {rule.name: rule for rule in new.rules}
    for rule in new.rules:
        if rule.name not in before:
            yield Differing(name, rule.name, "规则", "", _sentence(new, rule))
        else:
            yield from _in_rule(name, (old, before[rule.name]), (new, rule))
    for rule in old.rules:
        if rule.name not in after:
            yield Differing(name, rule.name, "规则", _sentence(old, rule), "")
    kept = [rule.name for rule in old.rules if rule.name in after]
    if kept != [rule.name for rule in new.rules if rule.name in before]:
        yield Differing(name, "", "规则的先后", "、".join(kept), "、".join(after))


def _in_rule(name: str, old: tuple[Table, Rule], new: tuple[Table, Rule]) -> Iterator[Differing]:
    was, now = ({**cells_of(*each), "说明": each[1].note} for each in (old, new))
    for column in {**now, **was}:
        if was.get(column, "") != now.get(column, ""):
            yield Differing(name, new[1].name, column, was.get(column, ""), now.get(column, ""))


_ABOUT = ("命中方式", "输入", "结果", "默认结果", "有效期", "依据", "说明")


def _about(table: Table) -> tuple[str, ...]:
    default = table.default
    return (
        f"{table.policy}{f'（{table.aggregator}）' if table.policy.name == 'COLLECT' else ''}",
        "、".join(column_words(column) for column in (*table.sources, *table.inputs)),
        "、".join(column_words(column) for column in table.outputs),
        ""
        if default is None
        else "、".join(
            say(value, output.kind, output.unit)
            for output, value in zip(table.outputs, default, strict=True)
        ),
        validity_words(table),
        table.basis,
        table.note,
    )


def validity_words(table: Table) -> str:
    """`2024-01-01 至 2026-12-31`; `…` for an end that is not stated."""
    return f"{table.valid_from or '…'} 至 {table.valid_to or '…'}"


def _sentence(table: Table, rule: Rule) -> str:
    said = [f"{column} {text}" for column, text in cells_of(table, rule).items() if text != "-"]
    return "；".join(said)
