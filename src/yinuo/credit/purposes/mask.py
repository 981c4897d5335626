"""Values with their middle taken out. Pure.

Convention: of an 18-character resident number the middle eight go.
"""

from yinuo.credit.purposes.purpose import Shown
from yinuo.lake.records.description import Field, Type

STAR = "*"
RESIDENT_NUMBER = (6, 4)
"""What stays of a resident number where the description of its source says nothing."""


def mask(text: str, keep_left: int, keep_right: int) -> str:
    """The text with all but its ends replaced, one star a character; never all of it shown.

    A text too short to hide anything between its ends keeps its first character at most.

    >>> mask("210202199001011234", 6, 4)
    '210202********1234'
    >>> mask("张三丰", 1, 0), mask("张三", 1, 1), mask("张", 1, 0)
    ('张**', '张*', '*')
    """
    hidden = len(text) - keep_left - keep_right
    if hidden > 0:
        return text[:keep_left] + STAR * hidden + text[len(text) - keep_right :]
    kept = min(keep_left, len(text) - 1, 1)
    return text[:kept] + STAR * (len(text) - kept) if text else ""


def mask_of(field: Field) -> tuple[int, int] | None:
    """Characters left and right that stay of a field; None where it is shown as it is."""
    if field.mask is not None:
        return field.mask
    return RESIDENT_NUMBER if field.type is Type.RID else None


def presented(field: Field, text: str, how: Shown) -> str | None:
    """The value as it may be shown; None where it may not."""
    if how is Shown.HIDDEN:
        return None
    ends = mask_of(field)
    return mask(text, *ends) if ends is not None and how is Shown.MASKED else text
