"""What changed, in words: recorded columns before and after, as people read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from yinuo.commitments.curve import SEPARATOR
from yinuo.commitments.registry import kind_label
from yinuo.commitments.terms import operator_label
from yinuo.commitments.words import (
    COLUMNS,
    UNDATED,
    UNOWNED,
    column_label,
    outcome_label,
    status_label,
    visibility_label,
)
from yinuo.kernel.decimals import grouped

NOTHING = {"due": UNDATED, "due_original": UNDATED, "lead_id": UNOWNED}
UNITS = frozenset({"lead_id", "unit_id", "creditor_unit_id", "on_unit_id", "claimed_by_unit_id"})


def _points(text: str) -> str:
    """A curve in one line, its points apart as the language of the page sets them."""
    return text.replace(SEPARATOR, gettext("；"))


LABELS: Mapping[str, Callable[[str], str]] = {
    "status": status_label,
    "outcome": outcome_label,
    "visibility": visibility_label,
    "operator": operator_label,
    "kind": kind_label,
    "value": grouped,
    "tolerance": grouped,
    "baseline": grouped,
    "curve": _points,
}


@dataclass(frozen=True)
class Difference:
    """One column that changed, in words."""

    label: str
    old: str
    new: str


def value_text(column: str, value: object, units: Mapping[str, str]) -> str:
    """A recorded value as people read it; `units` maps unit codes to names."""
    if value in (None, ""):
        return gettext(NOTHING[column]) if column in NOTHING else gettext("无")
    text = str(value)
    if column in UNITS:
        return units.get(text, text)
    return LABELS[column](text) if column in LABELS else text


def differences(
    old: Mapping[str, object], new: Mapping[str, object], units: Mapping[str, str]
) -> tuple[Difference, ...]:
    """The columns of `new` that differ from `old`, in the order of the glossary."""
    return tuple(
        Difference(
            column_label(c), value_text(c, old.get(c), units), value_text(c, new.get(c), units)
        )
        for c in COLUMNS
        if c in new and old.get(c) != new.get(c)
    )
