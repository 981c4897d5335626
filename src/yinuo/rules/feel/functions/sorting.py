"""`sort`, by a function that says which of two comes first."""

from functools import cmp_to_key

from yinuo.rules.feel.functions.declare import Family
from yinuo.rules.feel.functions.judging import of_two
from yinuo.rules.feel.values import Function, Value

SORTING = Family()


@SORTING.add("sort(list: list, precedes: function)")
def sort(items: list[Value], precedes: Function) -> Value:
    """The members in the order of the function; what it does not tell apart stays as it is."""
    before = of_two(precedes)

    def compared(left: Value, right: Value) -> int:
        return -1 if before(left, right) else int(before(right, left))

    return sorted(items, key=cmp_to_key(compared))
