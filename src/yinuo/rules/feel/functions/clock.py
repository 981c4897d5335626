"""`now()` and `today()`: the moment of the question, which is given and never read from a clock."""

from collections.abc import Mapping, Sequence

from yinuo.rules.feel.values import DateTime, Function, NoValue, Signature, Value


def clock_functions(at: DateTime | None) -> Mapping[str, Function]:
    """The two functions for a question asked at that moment."""

    def moment() -> DateTime:
        if at is None:
            raise NoValue("没有给定现在的时间")
        return at

    def now(_: Sequence[Value]) -> Value:
        return moment()

    def today(_: Sequence[Value]) -> Value:
        return moment().date

    return {
        "now": Function("now", (Signature((), now),)),
        "today": Function("today", (Signature((), today),)),
    }
