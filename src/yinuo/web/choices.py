"""The choices of a filter, of which there may be hundreds."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from yinuo.web.language import CHINESE, IN_CHINESE, current

Choices = tuple[tuple[str, str], ...]
"""Value → label, in their order."""


Rendered = tuple[str, dict[str, tuple[SafeString, SafeString]]]


@lru_cache(maxsize=50)
def _options(
    language: str, choices: Choices
) -> tuple[str, dict[str, tuple[SafeString, SafeString]]]:
    """All options, none chosen; value → its option unchosen and chosen."""
    lang = mark_safe("" if language == CHINESE else IN_CHINESE)  # noqa: S308  # a constant
    option = '<option value="{}"{}{}>{}</option>'
    found = {
        value: (
            format_html(option, value, lang, "", label),
            format_html(option, value, lang, " selected", label),
        )
        for value, label in choices
    }
    return "".join(off for off, _ in found.values()), found


def options(choices: Choices, chosen: str) -> SafeString:
    """Options whose words stay in Chinese, as names of units and goals do."""
    every, found = _options(current(), choices)
    if chosen in found:
        every = every.replace(*found[chosen], 1)
    return mark_safe(every)  # noqa: S308  # escaped above
