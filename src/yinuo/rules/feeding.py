"""Which table's answer is which table's question: tables in the order of their feeding."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yinuo.rules.table import Aggregator, HitPolicy, Input, Output, Table


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why tables do not fit together; of which table, and what to do."""

    table: Table
    sort: str
    """`clash`, `cycle` or `repeated`."""
    what: str
    next_step: str


def feeds(tables: Sequence[Table]) -> dict[str, Table]:
    """Name of an output → its table, for each name that another table asks for."""
    asked = {each.name for table in tables for each in table.given}
    return {
        output.name: table
        for table in tables
        for output in table.outputs
        if output.name in asked and all(output.name != own.name for own in table.given)
    }


def fed_output(table: Table, name: str) -> Output:
    """The output of that name."""
    return next(output for output in table.outputs if output.name == name)


def in_order(tables: Sequence[Table]) -> list[Table]:
    """Tables after those that feed them; what runs in a circle comes last, as it stood."""
    source = feeds(tables)
    done: list[Table] = []
    waiting = list(tables)
    while waiting:
        ready = [table for table in waiting if not _needs(table, source) & _names(waiting)]
        if not ready:
            break
        done += ready
        waiting = [table for table in waiting if table not in ready]
    return done + waiting


def _names(tables: Iterable[Table]) -> set[str]:
    return {table.name for table in tables}


def _needs(table: Table, source: Mapping[str, Table]) -> set[str]:
    """The tables whose answers it asks for."""
    return {source[each.name].name for each in table.given if each.name in source}


def troubles(tables: Sequence[Table]) -> Iterator[Trouble]:
    """Everything by which the tables do not fit together."""
    yield from _repeated(tables)
    yield from _clashes(tables)
    yield from _answered_twice(tables)
    yield from _unfit_feeds(tables)
    yield from _cycle(tables)


def _repeated(tables: Sequence[Table]) -> Iterator[Trouble]:
    """Two tables of one name must be two versions, valid one after the other."""
    by_name: dict[str, list[Table]] = {}
    for table in tables:
        by_name.setdefault(table.name, []).append(table)
    for versions in by_name.values():
        if len(versions) == 1:
            continue
        dated = sorted(versions, key=lambda each: str(each.valid_from or ""))
        for earlier, later in pairwise(dated):
            ends, begins = earlier.valid_to, later.valid_from
            if ends is None or begins is None or begins <= ends:
                yield Trouble(
                    later,
                    "repeated",
                    f"有两张“{later.name}”，有效期有重叠或没有写",
                    "同名的表是先后的版本：前一张写有效至，后一张写有效自；否则换一个名称",
                )


def _clashes(tables: Sequence[Table]) -> Iterator[Trouble]:
    seen: dict[str, tuple[Input, Table]] = {}
    for table in tables:
        for each in table.given:
            first, other = seen.setdefault(each.name, (each, table))
            if (first.kind, first.unit) != (each.kind, each.unit):
                yield Trouble(
                    table,
                    "clash",
                    f"输入“{each.name}”在本表是{_form(each)}，在“{other.name}”是{_form(first)}",
                    "同一个名称在各表要用同样的类型和单位，或换一个名称",
                )


def _form(column: Input | Output) -> str:
    return f"{column.kind}（{column.unit}）" if column.unit else str(column.kind)


def _answered_twice(tables: Sequence[Table]) -> Iterator[Trouble]:
    seen: dict[str, Table] = {}
    asked = {each.name for table in tables for each in table.given}
    for table in tables:
        for output in table.outputs:
            other = seen.setdefault(output.name, table)
            if other.name != table.name and output.name in asked:
                yield Trouble(
                    table,
                    "repeated",
                    f"“{output.name}”由“{other.name}”和本表都能得出，不知道该用哪一个",
                    "给其中一个输出换名称",
                )


def _unfit_feeds(tables: Sequence[Table]) -> Iterator[Trouble]:
    source = feeds(tables)
    for table in tables:
        for each in table.given:
            origin = source.get(each.name)
            if origin is None or origin is table:
                continue
            output = fed_output(origin, each.name)
            if (output.kind, output.unit) != (each.kind, each.unit):
                yield Trouble(
                    table,
                    "clash",
                    f"“{each.name}”在“{origin.name}”得出的是{_form(output)}，本表要的是{_form(each)}",
                    "把两处的类型和单位写成一样",
                )
            if origin.policy is HitPolicy.COLLECT and origin.aggregator is Aggregator.LIST:
                yield Trouble(
                    table,
                    "clash",
                    f"“{origin.name}”得出的是一个列表，本表不能用作条件",
                    "把那张表的命中方式改为 汇总·求和、汇总·计数 等，或改为 唯一",
                )


def _cycle(tables: Sequence[Table]) -> Iterator[Trouble]:
    order = in_order(tables)
    source = feeds(tables)
    placed: set[str] = set()
    for table in order:
        open_needs = sorted(_needs(table, source) - placed)
        placed.add(table.name)
        if open_needs:
            ring = " → ".join([table.name, *open_needs])
            yield Trouble(
                table,
                "cycle",
                f"几张表互相等待对方的结果：{ring}",
                "去掉其中一个条件，或拆开这张表",
            )
            return


def given_inputs(tables: Iterable[Table], source: Mapping[str, Table]) -> dict[str, Input]:
    """What has to be given from outside, by name."""
    return {each.name: each for table in tables for each in table.given if each.name not in source}
