"""How pages write steps of declarations and their shares."""

from django import template

from yinuo.goals.port.catalogue import Action
from yinuo.goals.queries.port import StepRow
from yinuo.lake.durations.results import hours
from yinuo.web.language import ENGLISH, current, zh_text
from yinuo.web.port import catalogue
from yinuo.web.port_charts import share_words

register = template.Library()
HUNDREDTHS = 2


@register.filter
def logged(name: str) -> str:
    """A name of the log in the language of the page; what the catalogue lacks stays as it is."""
    return catalogue().english(name) if current() == ENGLISH else name


@register.filter
def share(row: StepRow) -> str:
    """The share of a step in the whole."""
    return share_words(row)


@register.filter
def in_hours(micros: int | None) -> str:
    """Microseconds as hours; empty for none."""
    return "" if micros is None else hours(micros, HUNDREDTHS)


@register.simple_tag
def acted(action: Action) -> object:
    """The title of a measure in the language of the page, in Chinese where it has no other."""
    if current() == ENGLISH and action.english:
        return action.english
    return zh_text(action.title)
