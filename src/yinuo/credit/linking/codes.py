"""Codes of firms as keys, in bulk: what old and new codes of a history have in common.

A key is `o:` and the nine characters of the organisation code, which a unified credit code and an
old tax number hold too, or `r:` and a registration number of fifteen digits, which holds nothing.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from yinuo.lake.identifiers.checking import Kind, check
from yinuo.lake.identifiers.verdicts import Verdict

_ANY_DAY = date(2000, 1, 1)
"""Codes of firms hold no date; the day is not looked at."""
_REGION, _INNER = 6, slice(8, 17)


def keys_of(codes: Sequence[str]) -> list[str | None]:
    """The key of each code, or None of what is no valid code of a firm.

    Fifteen digits that pass as a registration number are one, even if they also end in a valid
    organisation code; otherwise they are an old tax number: a region of six digits before it.

    >>> keys_of(["91350100M000100Y43", "M000100Y4", "350100M000100Y4", "9135"])
    ['o:M000100Y4', 'o:M000100Y4', 'o:M000100Y4', None]
    """
    found: list[str | None] = [None] * len(codes)
    whole = check(codes, Kind.USCC, on=_ANY_DAY)
    _fill(found, range(len(codes)), whole.verdicts, [f"o:{form[_INNER]}" for form in whole.forms])
    # Most codes are unified ones: only of the rest is anything else asked.
    rest = [place for place, key in enumerate(found) if key is None]
    forms = [whole.forms[place] for place in rest]
    short = [form[_REGION:] if form[:_REGION].isdigit() else "" for form in forms]
    for bodies, kind, start in (
        (forms, Kind.REGISTRATION, "r:"),
        (forms, Kind.ORGANISATION, "o:"),
        (short, Kind.ORGANISATION, "o:"),
    ):
        verdicts = check(bodies, kind, on=_ANY_DAY).verdicts
        _fill(found, rest, verdicts, [f"{start}{body}" for body in bodies])
    return found


def _fill(
    found: list[str | None], places: Sequence[int], verdicts: np.ndarray, keys: Sequence[str]
) -> None:
    for at in np.flatnonzero(verdicts == Verdict.VALID).tolist():
        if found[places[at]] is None:
            found[places[at]] = keys[at]
