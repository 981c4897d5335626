"""What the rules that hold amount to, by hit policy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yinuo.rules.dmn.model import Aggregation, DecisionTable, HitPolicy
from yinuo.rules.feel.values import ARITHMETIC, Value

Row = tuple[Value, ...]
"""One value an output."""


class NoAnswer(Exception):
    """The rules that hold give no answer together; says why. The table's value is null."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that holds."""

    place: int
    """Its place in the table, from 0."""
    answers: Row


Same = Callable[[Value, Value], bool]


def resolved(  # noqa: C901, PLR0911  # one branch a policy
    table: DecisionTable,
    hits: Sequence[Hit],
    order: Sequence[Sequence[Value]],
    same: Same,
) -> tuple[list[Row], tuple[Hit, ...]]:
    """The rows that count, one only of single and aggregated answers; and the hits they rest on.

    `order` lists the allowed values of each output, for the policies that sort by them.
    Raises `NoAnswer`.
    """
    match table.policy:
        case HitPolicy.UNIQUE:
            if len(hits) > 1:
                raise NoAnswer(f"命中方式是 UNIQUE，却有 {len(hits)} 条规则成立：{_names(hits)}")
            return [hits[0].answers], (hits[0],)
        case HitPolicy.ANY:
            first = hits[0]
            for other in hits[1:]:
                if not _same_row(first.answers, other.answers, same):
                    raise NoAnswer(f"命中方式是 ANY，成立的规则结果却不同：{_names(hits)}")
            return [first.answers], tuple(hits)
        case HitPolicy.FIRST:
            return [hits[0].answers], (hits[0],)
        case HitPolicy.PRIORITY:
            chosen = by_output(hits, order, same)[0]
            return [chosen.answers], (chosen,)
        case HitPolicy.OUTPUT_ORDER:
            listed = by_output(hits, order, same)
            return [hit.answers for hit in listed], tuple(listed)
        case HitPolicy.RULE_ORDER:
            return [hit.answers for hit in hits], tuple(hits)
        case HitPolicy.COLLECT:
            if table.aggregation is None:
                return [hit.answers for hit in hits], tuple(hits)
            return [_aggregated(table, hits)], tuple(hits)


def by_output(hits: Sequence[Hit], order: Sequence[Sequence[Value]], same: Same) -> list[Hit]:
    """The hits by the place of their answers among the allowed values, output by output."""

    def places(hit: Hit) -> tuple[int, ...]:
        return tuple(
            next((k for k, each in enumerate(allowed) if same(each, value)), len(allowed))
            for value, allowed in zip(hit.answers, order, strict=True)
        )

    return sorted(hits, key=places)


def _same_row(left: Row, right: Row, same: Same) -> bool:
    return all(same(one, other) for one, other in zip(left, right, strict=True))


def _names(hits: Sequence[Hit]) -> str:
    listed = "、".join(f"第 {hit.place + 1} 条" for hit in hits[:5])
    return listed + (" 等" if len(hits) > 5 else "")  # noqa: PLR2004  # enough to find them


def _aggregated(table: DecisionTable, hits: Sequence[Hit]) -> Row:
    """One value an output."""
    return tuple(
        _column(table, [hit.answers[place] for hit in hits]) for place in range(len(table.outputs))
    )


def _column(table: DecisionTable, values: list[Value]) -> Value:
    if table.aggregation is Aggregation.COUNT:
        return Decimal(len(values))
    if any(value is None for value in values):
        raise NoAnswer(f"{table.aggregation} 的结果里有 null")
    numbers = [value for value in values if isinstance(value, Decimal)]
    if len(numbers) == len(values):
        if table.aggregation is Aggregation.SUM:
            total = Decimal(0)
            for number in numbers:
                total = ARITHMETIC.add(total, number)
            return total
        return min(numbers) if table.aggregation is Aggregation.MIN else max(numbers)
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) == len(values) and table.aggregation is not Aggregation.SUM:
        return min(texts) if table.aggregation is Aggregation.MIN else max(texts)
    raise NoAnswer(f"{table.aggregation} 只能用于数；文本只能求 MIN 和 MAX")
