"""Rules that rows of a file break: numbers that say in words what is wrong, and what to do."""

from enum import IntEnum
from typing import Self


class Rule(IntEnum):
    """A number, the rule for whoever has to mend the file, and the next step."""

    words: str
    next_step: str

    def __new__(cls, number: int, words: str = "", next_step: str = "") -> Self:
        """A rule of this number; a member is given with all three, or its number alone."""
        rule = int.__new__(cls, number)
        rule._value_ = number
        rule.words = words
        rule.next_step = next_step
        return rule
