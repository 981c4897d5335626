"""What changed, in words: recorded columns before and after, as people read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from yinuo.commitments.life import (
    OUTCOME_LABELS,
    STATUS_LABELS,
    VISIBILITY_LABELS,
    Outcome,
    Status,
    Visibility,
)
from yinuo.commitments.models import Commitment
from yinuo.commitments.registry import kind_named
from yinuo.commitments.words import COLUMNS, UNDATED, UNOWNED
from yinuo.kernel.decimals import grouped

NOTHING = {"due": UNDATED, "due_original": UNDATED, "lead_id": UNOWNED}
LABELS: Mapping[str, Callable[[str], str]] = {
    "status": lambda v: STATUS_LABELS[Status(v)],
    "outcome": lambda v: OUTCOME_LABELS[Outcome(v)],
    "visibility": lambda v: VISIBILITY_LABELS[Visibility(v)],
    "operator": lambda v: Commitment.Operator(v).label,
    "kind": lambda v: kind_named(v).label,
    "value": grouped,
    "tolerance": grouped,
    "baseline": grouped,
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
        return NOTHING.get(column, "无")
    text = str(value)
    if column in ("lead_id", "unit_id"):
        return units.get(text, text)
    return LABELS[column](text) if column in LABELS else text


def differences(
    old: Mapping[str, object], new: Mapping[str, object], units: Mapping[str, str]
) -> tuple[Difference, ...]:
    """The columns of `new` that differ from `old`, in the order of the glossary."""
    return tuple(
        Difference(COLUMNS[c], value_text(c, old.get(c), units), value_text(c, new.get(c), units))
        for c in COLUMNS
        if c in new and old.get(c) != new.get(c)
    )
