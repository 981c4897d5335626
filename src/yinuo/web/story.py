"""The story as a page tells it: an approval and the change it brought are one step. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from yinuo.commitments.queries.timeline import Line

APPROVED = "change.approved"
PLANNED = frozenset({"commitment.registered", "commitment.published", "cooperation.registered"})
"""Entries that put the plan on the ledger; of a demo home all others are simulated."""


@dataclass(frozen=True)
class Told:
    """One step of the story with every entry that proves it."""

    line: Line
    proofs: tuple[int | None, ...]
    """Numbers in the sealed log; None for an entry that still waits."""
    planned: bool


def _brought_by(change: Line, approval: Line) -> bool:
    """Whether `change` is the commitment's own entry of the approval written just before it."""
    return (
        approval.verb == APPROVED
        and change.subject.startswith("commitment:")
        and (change.at, change.who, change.why) == (approval.at, approval.who, approval.why)
    )


def story(lines: Iterable[Line]) -> tuple[Told, ...]:
    """The steps, newest first as given. An approved change shows both its entries as proof."""
    told: list[Told] = []
    for line in lines:
        newer = told[-1].line if told else None
        if newer is not None and _brought_by(newer, line):
            told[-1] = Told(line, (line.leaf_index, *told[-1].proofs), planned=False)
        else:
            told.append(Told(line, (line.leaf_index,), line.verb in PLANNED))
    return tuple(told)
