"""The choices of a filter, of which there may be hundreds."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from yinuo.web.language import CHINESE, IN_CHINESE, current

Choices = tuple[tuple[str, str], ...]
"""Value → label, in their order."""


@lru_cache(maxsize=50)
def _options(language: str, choices: Choices) -> tuple[tuple[str, SafeString, SafeString], ...]:
    """Value, and its option unchosen and chosen."""
    lang = mark_safe("" if language == CHINESE else IN_CHINESE)  # noqa: S308  # a constant
    option = '<option value="{}"{}{}>{}</option>'
    return tuple(
        (
            value,
            format_html(option, value, lang, "", label),
            format_html(option, value, lang, " selected", label),
        )
        for value, label in choices
    )


def options(choices: Choices, chosen: str) -> SafeString:
    """Options whose words stay in Chinese, as names of units and goals do."""
    found = (on if value == chosen else off for value, off, on in _options(current(), choices))
    return mark_safe("".join(found))  # noqa: S308  # escaped above
