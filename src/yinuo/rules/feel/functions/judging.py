"""Functions that are handed to functions and say yes or no of two values."""

from collections.abc import Callable

from yinuo.rules.feel.calling import call
from yinuo.rules.feel.kinds import said
from yinuo.rules.feel.values import Function, NoValue, Value

_PAIR = 2


def of_two(function: Function) -> Callable[[Value, Value], bool]:
    """The function as one of Python's. Raises `NoValue` unless it takes two values."""
    if not any(len(each.parameters) == _PAIR for each in function.signatures):
        raise NoValue("交来判断的函数应有两个参数")

    def judge(left: Value, right: Value) -> bool:
        found = call(function, (left, right), {})
        if not isinstance(found, bool):
            raise NoValue(f"函数的结果是{said(found)}，应是“是”或“否”")
        return found

    return judge
