"""The built-in functions that SQL has an exact equal of; any other is refused by its name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from yinuo.rules.feel.functions.table import BUILT_IN
from yinuo.rules.feel.temporal import read_date, read_date_time, read_duration
from yinuo.rules.feel.values import NoValue, Value
from yinuo.rules.feel.writing import number_text
from yinuo.rules.sql.comparing import equal, has, in_order, same
from yinuo.rules.sql.constants import constant, listed
from yinuo.rules.sql.expressions import Builtin, Expressions
from yinuo.rules.sql.kinds import (
    DAY,
    MONTHS,
    NOTHING,
    TEXT,
    TRUTH,
    WHOLE,
    Certainty,
    Day,
    Kind,
    Listed,
    Moment,
    Months,
    Nothing,
    Number,
    Seconds,
    Struct,
    Text,
    Truth,
    common,
    word,
)
from yinuo.rules.sql.numbers import (
    APPROXIMATE,
    added,
    as_kind,
    certainty,
    divided,
    multiplied,
    number,
    scale_of,
    to_common,
)
from yinuo.rules.sql.refusals import Refusal
from yinuo.rules.sql.scope import Between, Part, value_of
from yinuo.rules.sql.tree import (
    NO,
    UNKNOWN,
    YES,
    Constant,
    Lambda,
    Operation,
    Sql,
    both,
    choose,
    either,
    is_null,
    null,
    opposite,
    surely,
)

Work: TypeAlias = Callable[[Expressions, Sequence[Sql]], Sql]
ZERO, ONE = number(Decimal(0)), number(Decimal(1))
PLAIN_LETTERS = r"[\x00-\x7F\x{2E80}-\x{9FFF}\x{FF00}-\x{FF20}]*"
"""Letters whose capitals every engine agrees on: ASCII and Chinese."""


@dataclass(frozen=True, slots=True)
class Formal:
    """A parameter: its name and what it may be. `*` takes anything."""

    name: str
    kinds: tuple[type, ...]
    optional: bool = False


def _fits(formal: Formal, given: Sql, expressions: Expressions) -> Sql | None:
    """The argument as the parameter asks for it; None if it never fits."""
    if not formal.kinds or isinstance(given.kind, (*formal.kinds, Nothing)):
        return given
    if Listed in formal.kinds:
        given = expressions.share(given)
        alone = Operation("list", (given,), Listed(given.kind))
        return choose(is_null(given), null(alone.kind), alone)
    # As at the window, a list of one stands for its item only where the first kind is asked for.
    if isinstance(given.kind, Listed) and isinstance(given.kind.element, formal.kinds[0]):
        element = given.kind.element
        given = expressions.share(given)
        single = equal(Operation("size", (given,), WHOLE), ONE)
        one = Operation("item at", (given, Operation("place", (ONE,), WHOLE)), element)
        return choose(single, one, null(element))
    return None


def _function(name: str, work: Work, *formals: Formal) -> tuple[str, Builtin]:
    def run(
        expressions: Expressions, positional: Sequence[Part], named: Mapping[str, Part]
    ) -> Part:
        given = _in_order(name, formals, positional, named)
        if given is None:
            return null(NOTHING)
        parts: list[Sql] = []
        for formal, part in zip(formals, given, strict=False):
            found = _fits(formal, value_of(part, f"给函数 {name}"), expressions)
            if found is None:
                if formal.optional:
                    raise Refusal(f"函数 {name} 的参数", "类型不对，却可以略去", "给对类型或略去")
                return null(NOTHING)
            if formal.kinds and isinstance(found.kind, Nothing):
                if not formal.optional:
                    return null(NOTHING)
                break  # what is null may be left out
            parts.append(expressions.share(found))
        if len(parts) == len(formals) and formals[-1].optional and formals[-1].kinds:
            last = parts[-1]
            if not isinstance(last, Constant):
                return _unless_left_out(
                    work(expressions, parts), work(expressions, parts[:-1]), last
                )
        return work(expressions, parts)

    return name, run


def _unless_left_out(found: Sql, without: Sql, last: Sql) -> Sql:
    """The last argument counts as left out where it is null."""
    one, other = to_common(without, found)
    return choose(is_null(last), one, other)


def _in_order(
    name: str, formals: Sequence[Formal], positional: Sequence[Part], named: Mapping[str, Part]
) -> Sequence[Part] | None:
    """The arguments in the order of the parameters; None if they do not fit in number."""
    least = sum(not each.optional for each in formals)
    if named:
        known = [each.name for each in formals]
        if not named.keys() <= set(known):
            return None
        chosen = [each for each in known if each in named]
        if chosen != known[: len(chosen)]:
            raise Refusal(f"函数 {name} 的参数", "略去了中间的参数", "按顺序给出参数")
        positional = [named[each] for each in chosen]
    return positional if least <= len(positional) <= len(formals) else None


def _many(name: str, work: Work) -> tuple[str, Builtin]:
    """A function of one list, or of its items one by one."""

    def run(
        expressions: Expressions, positional: Sequence[Part], named: Mapping[str, Part]
    ) -> Part:
        given = [value_of(each, f"给函数 {name}") for each in (*positional, *named.values())]
        if not given:
            return null(NOTHING)
        if len(given) == 1 and isinstance(given[0].kind, Listed):
            return work(expressions, [expressions.share(given[0])])
        kinds = given[0].kind
        for each in given:
            found = common(kinds, each.kind)
            if found is None:
                raise Refusal(f"函数 {name} 的参数", "类型不同", "让各个参数的类型相同")
            kinds = found
        if len(given) == 1 and isinstance(given[0].kind, Nothing):
            return null(NOTHING)
        return work(expressions, [expressions.share(listed(list(given)))])

    return name, run


def _several_lists(name: str, work: Work) -> tuple[str, Builtin]:
    """A function of any number of lists; one value stands for a list of it."""

    def run(
        expressions: Expressions, positional: Sequence[Part], named: Mapping[str, Part]
    ) -> Part:
        parts: list[Sql] = []
        for part in (*positional, *named.values()):
            found = _fits(Formal("list", _LIST), value_of(part, f"给函数 {name}"), expressions)
            if found is None or isinstance(found.kind, Nothing):
                return null(NOTHING)
            parts.append(expressions.share(found))
        return work(expressions, parts) if parts else null(NOTHING)

    return name, run


# ── logic ────────────────────────────────────────────────────────────────────────────────────────


def _not(_: Expressions, parts: Sequence[Sql]) -> Sql:
    return opposite(parts[0]) if isinstance(parts[0].kind, Truth) else UNKNOWN


def _all(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
    return _of_truths(expressions, parts[0], universal=True)


def _any(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
    return _of_truths(expressions, parts[0], universal=False)


def _of_truths(expressions: Expressions, items: Sql, *, universal: bool) -> Sql:
    kind = items.kind.element if isinstance(items.kind, Listed) else items.kind
    if kind == TRUTH:
        return expressions.summed(items, universal=universal)
    empty = equal(Operation("size", (items,), WHOLE), ZERO)
    return choose(surely(empty), YES if universal else NO, UNKNOWN)


# ── texts ────────────────────────────────────────────────────────────────────────────────────────


def _text_test(operation: str) -> Work:
    return lambda _, parts: Operation(operation, tuple(parts), TRUTH)


def _contains(_: Expressions, parts: Sequence[Sql]) -> Sql:
    return in_order(">", Operation("position", tuple(parts), WHOLE), ZERO)


def _length(_: Expressions, parts: Sequence[Sql]) -> Sql:
    return Operation("length", (parts[0],), WHOLE)


def _substring(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
    text = parts[0]
    length = expressions.share(Operation("length", (text,), WHOLE))
    at = expressions.share(Operation("towards zero", (parts[1],), WHOLE))
    first = choose(in_order(">", at, ZERO), at, added("+", added("+", length, at), ONE))
    start = Operation("place", (first,), WHOLE)
    fits = both(opposite(equal(at, ZERO)), in_order("<=", Operation("abs", (at,), WHOLE), length))
    if len(parts) == 2:  # noqa: PLR2004  # without a length
        return choose(fits, Operation("substring", (text, start), TEXT), null(TEXT))
    size = Operation("place", (Operation("towards zero", (parts[2],), WHOLE),), WHOLE)
    found = Operation("substring of", (text, start, size), TEXT)
    return choose(both(fits, in_order(">=", parts[2], ONE)), found, null(TEXT))


def _before(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
    at = expressions.share(_position(parts))
    first = Operation("place", (ONE,), WHOLE)
    size = Operation("place", (added("-", at, ONE),), WHOLE)
    found = Operation("substring of", (parts[0], first, size), TEXT)
    return _text_cases(parts, choose(in_order(">", at, ONE), found, constant("")))


def _after(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
    at = expressions.share(_position(parts))
    start = added("+", at, Operation("length", (parts[1],), WHOLE))
    found = Operation("substring", (parts[0], Operation("place", (start,), WHOLE)), TEXT)
    rest = choose(in_order(">", at, ZERO), found, constant(""))
    return _text_cases(parts, choose(equal(parts[1], constant("")), parts[0], rest))


def _position(parts: Sequence[Sql]) -> Sql:
    return Operation("cast", (Operation("position", tuple(parts), WHOLE),), WHOLE)


def _text_cases(parts: Sequence[Sql], found: Sql) -> Sql:
    return choose(either(*map(is_null, parts)), null(TEXT), found)


def _letters(operation: str, name: str) -> Work:
    def work(_: Expressions, parts: Sequence[Sql]) -> Sql:
        plain = Operation("looks like", (parts[0], constant(PLAIN_LETTERS)), TRUTH)
        changed = Operation(operation, (parts[0],), TEXT)
        message = constant(f"函数 {name}：字母不是 ASCII 或汉字，各引擎的结果不同")
        failed = Operation("fail", (message,), TEXT)
        return Operation("case", (is_null(parts[0]), null(TEXT), plain, changed, failed), TEXT)

    return work


def _string(_: Expressions, parts: Sequence[Sql]) -> Sql:
    value = parts[0]
    match value.kind:
        case Text() | Nothing():
            return as_kind(value, TEXT)
        case Truth():
            words = (value, constant("true"), opposite(value), constant("false"), null(TEXT))
            return Operation("case", words, TEXT)
        case Number():
            if isinstance(value, Constant) and isinstance(value.value, Decimal):
                return constant(number_text(value.value))
            why = "窗口照写法保留末尾的 0，列里没有写法"
            raise Refusal("string(数)", why, "把要显示的文本作为另一个输入")
    raise Refusal(f"string({word(value.kind)})", "各引擎的写法不同")


def _join(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
    items = parts[0]
    kind = items.kind.element if isinstance(items.kind, Listed) else items.kind
    if isinstance(kind, Nothing):
        return constant("")
    if not isinstance(kind, Text):
        variable = expressions.variable(kind)
        some = Lambda(variable, opposite(is_null(variable)))
        size = Operation("size", (Operation("keep", (items, some), items.kind),), WHOLE)
        return choose(surely(equal(size, ZERO)), constant(""), null(TEXT))
    variable = expressions.variable(kind)
    kept = Operation("keep", (items, Lambda(variable, opposite(is_null(variable)))), items.kind)
    between = parts[1] if len(parts) > 1 else constant("")
    if not isinstance(between, Constant):
        raise Refusal("string join", "分隔符应是常量", "把分隔符写成引号里的文本")
    found = Operation("texts joined", (kept, between), TEXT)
    return choose(is_null(items), null(TEXT), found)


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


def _element(items: Sql) -> Kind:
    return items.kind.element if isinstance(items.kind, Listed) else items.kind


def _count(_: Expressions, parts: Sequence[Sql]) -> Sql:
    return Operation("size", (parts[0],), WHOLE)


def _aggregate(operation: str, *kinds: type) -> Work:
    def work(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
        items, kind = parts[0], _element(parts[0])
        if not isinstance(kind, kinds):
            return null(kind)
        found = Operation(operation, (items,), kind)
        return choose(expressions.has_null(items), null(kind), found)

    return work


def _mean(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
    total = _aggregate("sum of", Number)(expressions, parts)
    if not isinstance(total.kind, Number):
        return null(NOTHING)
    size = Operation("size", (parts[0],), WHOLE)
    return divided(expressions.share(total), expressions.share(size), expressions.share)


def _list_contains(_: Expressions, parts: Sequence[Sql]) -> Sql:
    return has(parts[0], parts[1])


def _append(
    expressions: Expressions, positional: Sequence[Part], named: Mapping[str, Part]
) -> Part:
    if named:
        raise Refusal("函数 append", "参数写了名称", "按顺序给出参数")
    given = [value_of(each, "给函数 append") for each in positional]
    if len(given) < 2:  # noqa: PLR2004  # a list and an item
        return null(NOTHING)
    items = _fits(Formal("list", _LIST), given[0], expressions)
    if items is None or isinstance(items.kind, Nothing):
        return null(NOTHING)
    return _concatenate(expressions, [expressions.share(items), listed(given[1:])])


def _concatenate(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
    together = to_common(*parts)
    lists = Operation("list", together, Listed(together[0].kind))
    joined = Operation("flatten", (expressions.share(lists),), together[0].kind)
    return choose(either(*map(is_null, parts)), null(joined.kind), joined)


def _reverse(_: Expressions, parts: Sequence[Sql]) -> Sql:
    return Operation("reverse", (parts[0],), parts[0].kind)


def _flatten(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
    found = parts[0]
    while isinstance(_element(found), Listed):
        inner = _element(found)
        variable = expressions.variable(inner)
        alone = Operation("list", (null(_element(Constant(None, inner))),), inner)
        kept = Lambda(variable, choose(is_null(variable), alone, variable))
        whole = expressions.share(Operation("map", (found, kept), found.kind))
        found = Operation("flatten", (whole,), inner)
    return found


def _sublist(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
    items = parts[0]
    size = expressions.share(Operation("size", (items,), WHOLE))
    at = expressions.share(Operation("towards zero", (parts[1],), WHOLE))
    first = expressions.share(
        choose(in_order(">", at, ZERO), at, added("+", added("+", size, at), ONE))
    )
    fits = both(opposite(equal(at, ZERO)), in_order("<=", Operation("abs", (at,), WHOLE), size))
    last = size
    if len(parts) > 2:  # noqa: PLR2004  # with a length
        length = Operation("towards zero", (parts[2],), WHOLE)
        last = added("-", added("+", first, length), ONE)
        fits = both(fits, in_order(">=", parts[2], ZERO), in_order("<=", last, size))
    fits = both(fits, equal(at, parts[1]))
    places = [Operation("place", (each,), WHOLE) for each in (first, last)]
    return choose(fits, Operation("slice", (items, *places), items.kind), null(items.kind))


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _rounding(mode: str) -> Work:
    def work(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
        places = 0
        if len(parts) > 1:
            scale = parts[1]
            if not isinstance(scale, Constant) or not isinstance(scale.value, Decimal):
                raise Refusal("取整的位数", "应是常量", "把位数写成数字")
            places = int(scale.value)
        if places < 0:
            raise Refusal("取整的位数", "不能小于 0", "先除以 10 的幂")
        value = parts[0]
        if places >= scale_of(value):
            return value
        power = number(Decimal(10**places))
        moved = expressions.share(multiplied(value, power))
        down = expressions.share(Operation("floor", (moved,), WHOLE))
        left = expressions.share(added("-", moved, down))
        whole = Operation("cast", (_chosen(mode, moved, down, left),), WHOLE)
        found = multiplied(whole, number(Decimal(1).scaleb(-places)))
        return as_kind(found, Number(places, certainty(value)))

    return work


def _chosen(mode: str, moved: Sql, down: Sql, left: Sql) -> Sql:
    """The whole number below, or the one above it."""
    up = added("+", down, ONE)
    half, is_negative = number(Decimal("0.5")), in_order("<", moved, ZERO)
    some = in_order(">", left, ZERO)
    more, enough = in_order(">", left, half), in_order(">=", left, half)
    odd = opposite(equal(Operation("remainder", (down, number(Decimal(2))), WHOLE), ZERO))
    goes_up = {
        "floor": NO,
        "ceiling": some,
        "up": both(opposite(is_negative), some),
        "down": both(is_negative, some),
        "half up": choose(is_negative, more, enough),
        "half down": choose(is_negative, enough, more),
        "half even": either(more, both(equal(left, half), odd)),
    }[mode]
    return choose(goes_up, up, down)


def _abs(_: Expressions, parts: Sequence[Sql]) -> Sql:
    return Operation("abs", (parts[0],), parts[0].kind)


def _modulo(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
    one, other = (expressions.share(each) for each in to_common(*parts))
    rest = expressions.share(Operation("remainder", (one, other), one.kind))
    differs = opposite(equal(in_order("<", rest, ZERO), in_order("<", other, ZERO)))
    moved = both(opposite(equal(rest, ZERO)), differs)
    return choose(is_null(rest), null(one.kind), choose(moved, added("+", rest, other), rest))


def _approximate(operation: str) -> Work:
    kind = Number(APPROXIMATE, Certainty.ROUNDED)
    return lambda _, parts: Operation(operation, (parts[0],), kind)


def _parity(rest: Sql) -> Work:
    def work(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
        value = parts[0]
        whole = equal(value, Operation("floor", (value,), WHOLE))
        left = Operation("remainder", (value, number(Decimal(2))), value.kind)
        answer = equal(Operation("abs", (left,), value.kind), rest)
        fits = both(opposite(is_null(value)), whole)
        return choose(fits, expressions.share(answer), UNKNOWN)

    return work


# ── dates ────────────────────────────────────────────────────────────────────────────────────────


def _date(  # noqa: PLR0911  # one a kind
    expressions: Expressions, parts: Sequence[Sql]
) -> Sql:
    if len(parts) == 3:  # noqa: PLR2004  # year, month, day
        if not all(isinstance(each.kind, Number) for each in parts):
            return null(DAY)
        whole = both(*(equal(each, Operation("floor", (each,), WHOLE)) for each in parts))
        numbers = [Operation("place", (each,), WHOLE) for each in parts]
        made = Operation("try date", tuple(numbers), DAY)
        return choose(expressions.share(whole), made, null(DAY))
    value = parts[0]
    if len(parts) > 1:
        return null(DAY)
    match value:
        case Constant(str() as text):
            return _read(read_date, text)
    match value.kind:
        case Day():
            return value
        case Moment():
            return Operation("day of moment", (value,), DAY)
        case Text():
            return Operation("read date", (value,), DAY)
    return null(DAY)


def _date_and_time(_: Expressions, parts: Sequence[Sql]) -> Sql:
    if len(parts) > 1:
        raise Refusal("date and time(…, …)", "由几部分拼成的时间没有对应的 SQL")
    value = parts[0]
    match value:
        case Constant(str() as text):
            return _read(read_date_time, text)
    match value.kind:
        case Moment():
            return value
        case Day():
            raise Refusal("date and time(日期)", "结果是零时区的零点，SQL 的时间没有时区")
    raise Refusal("date and time(文本列)", "文本里可能有时区", "让列的类型是 TIMESTAMP")


def _duration(_: Expressions, parts: Sequence[Sql]) -> Sql:
    value = parts[0]
    match value:
        case Constant(str() as text):
            return _read(read_duration, text)
    if isinstance(value.kind, Seconds | Months):
        return value
    raise Refusal("duration(文本列)", "类型要到执行时才知道", "把时长写成常量")


def _read(read: Callable[[str], Value], text: str) -> Sql:
    try:
        return constant(read(text))
    except NoValue:
        return null(NOTHING)


def _months_between(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
    if type(parts[0].kind) is not type(parts[1].kind):
        return null(MONTHS)
    pieces = [
        [expressions.share(Operation(name, (each,), WHOLE)) for name in ("year", "month", "day")]
        for each in parts
    ]
    (year, month, day), (last_year, last_month, last_day) = pieces
    years = multiplied(added("-", last_year, year), number(Decimal(12)))
    months = expressions.share(added("+", years, added("-", last_month, month)))
    less = both(in_order(">", months, ZERO), in_order("<", last_day, day))
    more = both(in_order("<", months, ZERO), in_order(">", last_day, day))
    found = Operation(
        "case", (less, added("-", months, ONE), more, added("+", months, ONE), months), WHOLE
    )
    return Operation("cast", (found,), MONTHS)


def _date_part(operation: str) -> Work:
    return lambda _, parts: Operation(operation, (parts[0],), WHOLE)


def _named_part(operation: str, names: Sequence[str]) -> Work:
    def work(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
        found = expressions.share(Operation(operation, (parts[0],), WHOLE))
        cases: list[Sql] = []
        for place, name in enumerate(names, 1):
            cases += [equal(found, number(Decimal(place))), constant(name)]
        return Operation("case", (*cases, null(TEXT)), TEXT)

    return work


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)

# ── contexts, ranges ─────────────────────────────────────────────────────────────────────────────


def _get_value(expressions: Expressions, parts: Sequence[Sql]) -> Sql:
    key = parts[1]
    if not isinstance(parts[0].kind, Struct):
        return null(NOTHING)
    if not isinstance(key, Constant) or not isinstance(key.value, str):
        raise Refusal("get value", "字段名应是常量", "把字段名写成引号里的文本")
    return expressions.step(parts[0], key.value)


def _of_points(name: str, operator: str) -> tuple[str, Builtin]:
    """`before` and `after` of two points."""

    def run(_: Expressions, positional: Sequence[Part], named: Mapping[str, Part]) -> Part:
        given = [*positional, *named.values()]
        if any(isinstance(each, Between) for each in given):
            raise Refusal(f"函数 {name}", "只能比两个点，不能比区间")
        if any(isinstance(value_of(each).kind, Listed) for each in given):
            raise Refusal(f"函数 {name}", "只能比两个点，不能比列表")
        if len(given) != 2:  # noqa: PLR2004  # two points
            return UNKNOWN
        return in_order(operator, value_of(given[0]), value_of(given[1]))

    return name, run


def _is(_: Expressions, parts: Sequence[Sql]) -> Sql:
    if common(parts[0].kind, parts[1].kind) is None:
        return both(*map(is_null, parts))
    return same(parts[0], parts[1])


def _refused(name: str) -> Builtin:
    def run(*_: object) -> Part:
        why = "没有意思相同的 SQL"
        if name in ("now", "today"):
            why = "SQL 不读时钟：同一句话每天结果不同"
            raise Refusal(f"函数 {name}()", why, "把基准日作为一个输入")
        raise Refusal(f"函数 {name}", why)

    return run


_LIST, _TEXT, _NUMBER = (Listed,), (Text,), (Number,)
_DATES = (Day, Moment)


def _texts(*names: str) -> tuple[Formal, ...]:
    return tuple(Formal(each, _TEXT) for each in names)


def _number(name: str, *, optional: bool = False) -> Formal:
    return Formal(name, _NUMBER, optional)


_N, _SCALE = _number("n"), _number("scale")
_OWN: dict[str, Builtin] = dict(
    (
        _function("not", _not, Formal("negand", ())),
        _many("all", _all),
        _many("any", _any),
        _many("and", _all),
        _many("or", _any),
        _function("contains", _contains, *_texts("string", "match")),
        _function("starts with", _text_test("starts with"), *_texts("string", "match")),
        _function("ends with", _text_test("ends with"), *_texts("string", "match")),
        _function("string length", _length, *_texts("string")),
        _function(
            "substring",
            _substring,
            *_texts("string"),
            _number("start position"),
            _number("length", optional=True),
        ),
        _function("substring before", _before, *_texts("string", "match")),
        _function("substring after", _after, *_texts("string", "match")),
        _function("upper case", _letters("upper", "upper case"), *_texts("string")),
        _function("lower case", _letters("lower", "lower case"), *_texts("string")),
        _function("string", _string, Formal("from", ())),
        _function(
            "string join", _join, Formal("list", _LIST), Formal("delimiter", _TEXT, optional=True)
        ),
        _function("count", _count, Formal("list", _LIST)),
        _many("min", _aggregate("least of", Number, Text, Day, Moment, Seconds, Months)),
        _many("max", _aggregate("greatest of", Number, Text, Day, Moment, Seconds, Months)),
        _many("sum", _aggregate("sum of", Number)),
        _many("mean", _mean),
        _function("list contains", _list_contains, Formal("list", _LIST), Formal("element", ())),
        ("append", _append),
        _several_lists("concatenate", _concatenate),
        _function("reverse", _reverse, Formal("list", _LIST)),
        _function("flatten", _flatten, Formal("list", _LIST)),
        _function(
            "sublist",
            _sublist,
            Formal("list", _LIST),
            _number("start position"),
            _number("length", optional=True),
        ),
        _function("decimal", _rounding("half even"), _N, _SCALE),
        _function("floor", _rounding("floor"), _N, _number("scale", optional=True)),
        _function("ceiling", _rounding("ceiling"), _N, _number("scale", optional=True)),
        _function("round up", _rounding("up"), _N, _SCALE),
        _function("round down", _rounding("down"), _N, _SCALE),
        _function("round half up", _rounding("half up"), _N, _SCALE),
        _function("round half down", _rounding("half down"), _N, _SCALE),
        _function("abs", _abs, Formal("n", (Number, Seconds, Months))),
        _function("modulo", _modulo, _number("dividend"), _number("divisor")),
        _function("sqrt", _approximate("sqrt"), _number("number")),
        _function("log", _approximate("log"), _number("number")),
        _function("exp", _approximate("exp"), _number("number")),
        _function("odd", _parity(ONE), _number("number")),
        _function("even", _parity(ZERO), _number("number")),
        _function(
            "date",
            _date,
            Formal("from", ()),
            Formal("month", (), optional=True),
            Formal("day", (), optional=True),
        ),
        _function(
            "date and time", _date_and_time, Formal("from", ()), Formal("time", (), optional=True)
        ),
        _function("duration", _duration, Formal("from", ())),
        _function(
            "years and months duration",
            _months_between,
            Formal("from", _DATES),
            Formal("to", _DATES),
        ),
        _function("day of year", _date_part("day of year"), Formal("date", _DATES)),
        _function("week of year", _date_part("week of year"), Formal("date", _DATES)),
        _function("day of week", _named_part("weekday", _DAYS), Formal("date", _DATES)),
        _function("month of year", _named_part("month", _MONTHS), Formal("date", _DATES)),
        _function("get value", _get_value, Formal("m", (Struct,)), Formal("key", ())),
        _of_points("before", "<"),
        _of_points("after", ">"),
        _function("is", _is, Formal("value1", ()), Formal("value2", ())),
    )
)
_WINDOW = (*BUILT_IN, "now", "today")
BUILTINS: Mapping[str, Builtin] = {**{name: _refused(name) for name in _WINDOW}, **_OWN}
