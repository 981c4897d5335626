"""Days left to an answer, in words."""

from datetime import date

from django.template import Library

from yinuo.commitments.words import days_left

register = Library()


@register.filter
def left(due: date | None, today: date) -> str:
    """The distance from a day to the last day for an answer."""
    return days_left(due, today)
