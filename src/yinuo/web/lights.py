"""A light as a mark: never by colour alone."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from yinuo.commitments.lights.words import LightMark
from yinuo.web.language import CHINESE, current, has_han


def light_html(mark: LightMark) -> SafeString:
    """Shape and word in the colour of the light; the reason stands in the title.

    On a foreign page not where it names inputs of the table in Chinese: a title is of one language.
    """
    foreign = current() != CHINESE and has_han(mark.reason)
    return format_html(
        '<span class="mark light light-{}"{}><span aria-hidden="true">{}</span> {}</span>',
        mark.colour.value,
        "" if foreign else format_html(' title="{}"', mark.reason),
        mark.shape,
        mark.word,
    )
