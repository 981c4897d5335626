"""Functions on lists of numbers."""

from collections import Counter
from decimal import Decimal

from yinuo.rules.feel.arithmetic import number
from yinuo.rules.feel.functions.declare import Family
from yinuo.rules.feel.kinds import said
from yinuo.rules.feel.values import ARITHMETIC, NoValue, Value

STATISTICS = Family()


def _numbers(items: list[Value], least: int = 1) -> list[Decimal]:
    found = [item for item in items if isinstance(item, Decimal)]
    if len(found) < len(items):
        strange = next(item for item in items if not isinstance(item, Decimal))
        raise NoValue(f"列表里有{said(strange)}，应都是数")
    if len(found) < least:
        raise NoValue(f"至少要 {least} 个数，却有 {len(found)} 个")
    return found


def _sum(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for each in numbers:
        total = ARITHMETIC.add(total, each)
    return total


@STATISTICS.add("sum(list: list)")
@STATISTICS.add("sum(n...: Any)")
def total(items: list[Value]) -> Value:
    """The sum; null of none."""
    numbers = _numbers(items)
    return number(lambda: _sum(numbers))


@STATISTICS.add("product(list: list)")
@STATISTICS.add("product(n...: Any)")
def product(items: list[Value]) -> Value:
    """The product; null of none."""
    numbers = _numbers(items)

    def multiplied() -> Decimal:
        found = Decimal(1)
        for each in numbers:
            found = ARITHMETIC.multiply(found, each)
        return found

    return number(multiplied)


@STATISTICS.add("mean(list: list)")
@STATISTICS.add("mean(n...: Any)")
def mean(items: list[Value]) -> Value:
    """The average; null of none."""
    numbers = _numbers(items)
    return number(lambda: _mean(numbers))


def _mean(numbers: list[Decimal]) -> Decimal:
    return ARITHMETIC.divide(_sum(numbers), Decimal(len(numbers)))


@STATISTICS.add("median(list: list)")
@STATISTICS.add("median(n...: Any)")
def median(items: list[Value]) -> Value:
    """The one in the middle, or the mean of the two; null of none."""
    numbers = sorted(_numbers(items))
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return number(lambda: _mean(numbers[middle - 1 : middle + 1]))


@STATISTICS.add("mode(list: list)")
@STATISTICS.add("mode(n...: Any)")
def mode(items: list[Value]) -> Value:
    """The most frequent numbers in ascending order."""
    counted = Counter(_numbers(items, 0))
    most = max(counted.values(), default=0)
    return [*sorted(each for each, times in counted.items() if times == most)]


@STATISTICS.add("stddev(list: list)")
@STATISTICS.add("stddev(n...: Any)")
def stddev(items: list[Value]) -> Value:
    """The standard deviation of a sample."""
    numbers = _numbers(items, 2)

    def deviation() -> Decimal:
        middle = _mean(numbers)
        squares = [ARITHMETIC.power(ARITHMETIC.subtract(each, middle), 2) for each in numbers]
        return ARITHMETIC.sqrt(ARITHMETIC.divide(_sum(squares), Decimal(len(numbers) - 1)))

    return number(deviation)
