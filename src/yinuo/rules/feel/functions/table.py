"""All built-in functions by name, but for those that tell the time."""

from collections.abc import Mapping
from types import MappingProxyType

from yinuo.rules.feel.functions.contexts import CONTEXTS
from yinuo.rules.feel.functions.conversion import CONVERSION
from yinuo.rules.feel.functions.dates import DATES
from yinuo.rules.feel.functions.lists import LISTS
from yinuo.rules.feel.functions.numbers import NUMBERS
from yinuo.rules.feel.functions.ranges import RANGES
from yinuo.rules.feel.functions.relations import RELATIONS
from yinuo.rules.feel.functions.sorting import SORTING
from yinuo.rules.feel.functions.statistics import STATISTICS
from yinuo.rules.feel.functions.texts import TEXTS
from yinuo.rules.feel.values import Function

BUILT_IN: Mapping[str, Function] = MappingProxyType(
    {
        **CONVERSION.functions,
        **TEXTS.functions,
        **LISTS.functions,
        **STATISTICS.functions,
        **NUMBERS.functions,
        **DATES.functions,
        **RANGES.functions,
        **RELATIONS.functions,
        **CONTEXTS.functions,
        **SORTING.functions,
    }
)
