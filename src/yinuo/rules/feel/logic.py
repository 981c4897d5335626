"""Truth with a third answer: null, where it cannot be told."""

from collections.abc import Iterable

from yinuo.rules.feel.values import Value


def all_hold(answers: Iterable[Value]) -> bool | None:
    """`and`: false as soon as one is; null if one is neither true nor false.

    >>> all_hold([True, None]), all_hold([False, None]), all_hold([])
    (None, False, True)
    """
    unknown = False
    for answer in answers:
        if answer is False:
            return False
        unknown = unknown or answer is not True
    return None if unknown else True


def any_holds(answers: Iterable[Value]) -> bool | None:
    """`or`: true as soon as one is; null if one is neither true nor false.

    >>> any_holds([False, None]), any_holds([True, None]), any_holds([])
    (None, True, False)
    """
    unknown = False
    for answer in answers:
        if answer is True:
            return True
        unknown = unknown or answer is not False
    return None if unknown else False


def negation(answer: Value) -> bool | None:
    """`not`: null of what is neither true nor false."""
    return not answer if isinstance(answer, bool) else None
