"""Codes of firms as keys, in bulk: what old and new codes of a history have in common.

A key is `o:` and the nine characters of the organisation code, which a unified credit code and an
old tax number hold too, or `r:` and a registration number of fifteen digits, which holds nothing.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from yinuo.lake.identifiers.checking import Checked, Kind, check
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
    rest = _fill(found, range(len(codes)), whole, "o:", _INNER)
    # Most codes are unified ones: only of what is left each time is anything else asked.
    for kind, start, region in (
        (Kind.REGISTRATION, "r:", 0),
        (Kind.ORGANISATION, "o:", 0),
        (Kind.ORGANISATION, "o:", _REGION),
    ):
        forms = [whole.forms[place] for place in rest]
        bodies = [form[region:] if not region or form[:region].isdigit() else "" for form in forms]
        rest = _fill(found, rest, check(bodies, kind, on=_ANY_DAY), start, slice(None))
    return found


def _fill(
    found: list[str | None], places: Sequence[int], checked: Checked, start: str, inner: slice
) -> list[int]:
    """Make keys of the valid codes of these places; returns the places that are left."""
    valid = checked.verdicts == Verdict.VALID
    for at in np.flatnonzero(valid).tolist():
        found[places[at]] = start + checked.forms[at][inner]
    return [places[at] for at in np.flatnonzero(~valid).tolist()]
