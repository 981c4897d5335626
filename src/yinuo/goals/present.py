"""What the database holds of a plan, in the form of a plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yinuo.commitments.commands.register import NewCommitment, NewDocument, NewObservation
from yinuo.commitments.life import OUTCOME_LABELS, STATUS_LABELS, Outcome, Status
from yinuo.goals.models import Goal, Plan, PlanRow
from yinuo.goals.plan import NewGoal, PlanContent, Value
from yinuo.kernel.canonical import Canonical
from yinuo.parties.commands import NewUnit
from yinuo.parties.queries import public_unit_kinds, public_units

CHUNK = 500
"""Keys in one query; SQLite takes few parameters."""


@dataclass(frozen=True)
class Kept:
    """One row of a plan as it stands now."""

    plan: str
    record: NewCommitment | NewObservation
    stated: Mapping[str, str]
    """Field → what the last file that was taken in said."""
    status: str = ""
    """Of a commitment."""
    waiting: Mapping[str, Mapping[str, Canonical]] | None = None
    """Of a commitment: kind of change → its new values, for requests that wait."""


def units() -> dict[str, NewUnit]:
    """Every registered unit by code."""
    kinds = {label: kind for kind, label in public_unit_kinds().items()}
    return {
        unit.code: NewUnit(
            code=unit.code,
            name=unit.name,
            kind=kinds[unit.kind],
            gb_code=unit.gb_code,
            parent=unit.parent,
            valid_from=unit.valid_from,
        )
        for unit in public_units()
    }


def _chunks(keys: Iterable[str]) -> Iterable[list[str]]:
    listed = sorted(set(keys))
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


def documents(codes: Iterable[str]) -> dict[str, NewDocument]:
    """The registered documents among these codes."""
    found = {}
    for chunk in _chunks(codes):
        # The rows that this package's keys point at: reading them needs no foreign model.
        for row in Plan.document.get_queryset().filter(pk__in=chunk):
            found[row.pk] = NewDocument(
                code=row.code,
                title=row.title,
                kind=row.kind,
                number=row.number,
                issuer=row.issuer,
                said_date=row.said_date,
                said_text=row.said_text,
                sha256=row.sha256,
            )
    return found


def goals(plan: str) -> dict[str, NewGoal]:
    """The registered goals of a plan by code, in their order."""
    return {
        goal.code: NewGoal(
            code=goal.code, number=goal.number, title=goal.title, parent=goal.parent_id
        )
        for goal in Goal.objects.filter(plan=plan).order_by("number")
    }


def rows(plan: str) -> dict[str, Kept]:
    """The rows of a plan by code."""
    return {row.code: _kept(row) for row in _loaded(PlanRow.objects.filter(plan=plan))}


def rows_elsewhere(codes: Iterable[str], plan: str) -> dict[str, str]:
    """Code → plan, for those of the codes that belong to another plan."""
    found: dict[str, str] = {}
    for chunk in _chunks(codes):
        others = PlanRow.objects.filter(pk__in=chunk).exclude(plan=plan)
        found.update(others.values_list("code", "plan_id"))
    return found


def goals_elsewhere(codes: Iterable[str], plan: str) -> dict[str, str]:
    """Code → plan, for those of the goals that belong to another plan."""
    others = Goal.objects.filter(pk__in=set(codes)).exclude(plan=plan)
    return dict(others.values_list("code", "plan_id"))


def _loaded(found: "object") -> Iterable[PlanRow]:
    raise NotImplementedError
