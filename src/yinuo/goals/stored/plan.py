"""What the database holds of a plan, in the form of a plan.

Knows no viewers: only this package's queries and commands call it, after they have checked who
asks. The rows of other packages are reached along this package's own keys.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from django.db.models import Model, QuerySet

from yinuo.commitments.commands.register import NewCommitment, NewDocument, NewObservation
from yinuo.commitments.life import OUTCOME_LABELS, STATUS_LABELS, Outcome, Status
from yinuo.goals.models import Goal, Plan, PlanRow
from yinuo.goals.plan import NewGoal, NewRow, PlanContent, PlanFile, Value
from yinuo.kernel.canonical import Canonical
from yinuo.parties.commands import NewUnit
from yinuo.parties.queries import public_unit_kinds, public_units

CHUNK = 500
"""Keys in one query; SQLite takes few parameters."""
WAITING = "asked"
"""Status of a change that waits for a decision."""


@dataclass(frozen=True)
class Kept:
    """One row of a plan as it stands now."""

    record: NewRow
    stated: Mapping[str, str]
    """Field → what the last file that was taken in said."""
    status: str
    """Of a commitment; empty for an observation."""
    waiting: Mapping[str, Mapping[str, Canonical]]
    """Kind of change → the new values of a request that waits."""
    told: Mapping[str, Value]
    """What export adds for people."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """The plan itself."""

    code: str
    title: str
    office: str
    document: str


@dataclass(frozen=True, kw_only=True)
class Present:
    """Everything with which a file is compared."""

    head: Head | None
    units: Mapping[str, NewUnit]
    documents: Mapping[str, NewDocument]
    """Of those that the file or the plan names."""
    goals: Mapping[str, NewGoal]
    rows: Mapping[str, Kept]
    rows_elsewhere: frozenset[str]
    """Codes of rows in the file that stand outside this plan."""
    goals_elsewhere: frozenset[str]


def present(file: PlanFile) -> Present:
    """What is registered under the codes of a file."""
    content = file.content
    kept = rows(content.code)
    codes = {r.code for r in content.commitments} | {r.code for r in content.observations}
    goal_codes = {goal.code for goal in content.goals}
    other_goals = Goal.objects.filter(pk__in=goal_codes).exclude(plan=content.code)
    registered = goals(content.code)
    return Present(
        head=head(content.code),
        units=units(),
        documents=documents(document.code for document in content.documents),
        goals=registered,
        rows=kept,
        rows_elsewhere=frozenset(
            _existing(_pointed_at(PlanRow, "commitment"), codes - kept.keys())
            | _existing(_pointed_at(PlanRow, "observation"), codes - kept.keys())
        ),
        goals_elsewhere=frozenset(other_goals.values_list("pk", flat=True)),
    )


def head(plan: str) -> Head | None:
    """The plan of this code, if it is registered."""
    row = Plan.objects.filter(pk=plan).first()
    if row is None:
        return None
    return Head(code=row.code, title=row.title, office=row.office_id, document=row.document_id)


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


def _pointed_at(model: type[Model], key: str) -> QuerySet[Model]:
    """All rows of the model that a key of this package points at."""
    target = model._meta.get_field(key).related_model
    assert isinstance(target, type)  # noqa: S101  # every key here names a model
    return target._base_manager.all()


def _existing(found: QuerySet[Model], codes: Iterable[str]) -> set[str]:
    keys = (found.filter(pk__in=chunk).values_list("pk", flat=True) for chunk in _chunks(codes))
    return {key for chunk in keys for key in chunk}


def documents(codes: Iterable[str]) -> dict[str, NewDocument]:
    """The registered documents among these codes."""
    columns = [column.name for column in fields(NewDocument)]
    found = {}
    for chunk in _chunks(codes):
        for row in _pointed_at(Plan, "document").filter(pk__in=chunk).values(*columns):
            found[row["code"]] = NewDocument(**row)
    return found


def goals(plan: str) -> dict[str, NewGoal]:
    """The goals of a plan by code, in their order."""
    return {
        goal.code: NewGoal(
            code=goal.code, number=goal.number, title=goal.title, parent=goal.parent_id
        )
        for goal in Goal.objects.filter(plan=plan).order_by("number")
    }


def rows(plan: str) -> dict[str, Kept]:
    """The promises and observations of a plan by code: three queries, however many rows."""
    found = PlanRow.objects.filter(plan=plan)
    cooperating, waiting = _cooperating(found), _waiting(found)
    kept = {
        str(row["code"]): _promised(row, cooperating, waiting)
        for row in found.exclude(commitment=None).values("code", "stated", *_PROMISED.values())
    }
    reported = found.exclude(observation=None).values("code", "stated", *_REPORTED.values())
    kept |= {str(row["code"]): _reported(row) for row in reported}
    return dict(sorted(kept.items()))


_PROMISED: dict[str, str] = {
    **{f.name: f"commitment__{f.name}" for f in fields(NewCommitment) if f.name != "cooperating"},
    **{name: f"commitment__{name}" for name in ("due_original", "moved_count", "status")},
    "outcome": "commitment__outcome",
    "lead_name": "commitment__lead__name",
}
"""Field → where it stands, of a promise and of what export tells beside it."""
_REPORTED: dict[str, str] = {
    **{f.name: f"observation__{f.name}" for f in fields(NewObservation)},
    "parent": "observation__parent_code",
}
_TOLD = ("lead_name", "due_original", "moved_count", "status", "outcome")

Row: TypeAlias = Mapping[str, Any]


def _cooperating(found: QuerySet[PlanRow]) -> dict[str, list[str]]:
    """Commitment → the units that cooperate now, in order."""
    units = defaultdict(list)
    lasting = found.filter(
        commitment__cooperations__isnull=False, commitment__cooperations__ended_date=None
    )
    pairs = lasting.values_list("code", "commitment__cooperations__unit")
    for code, unit in pairs.order_by("code", "commitment__cooperations__unit"):
        units[code].append(unit)
    return units


def _waiting(found: QuerySet[PlanRow]) -> dict[str, dict[str, Mapping[str, Canonical]]]:
    """Commitment → kind of a change that waits → the new values."""
    asked: defaultdict[str, dict[str, Mapping[str, Canonical]]] = defaultdict(dict)
    rows = found.filter(commitment__changes__status=WAITING)
    for code, kind, new in rows.values_list(
        "code", "commitment__changes__kind", "commitment__changes__new"
    ):
        asked[code][kind] = new
    return asked


def _promised(
    row: Row,
    cooperating: Mapping[str, list[str]],
    waiting: Mapping[str, Mapping[str, Mapping[str, Canonical]]],
) -> Kept:
    code = row["code"]
    values = {name: row[place] for name, place in _PROMISED.items()}
    told = {name: values.pop(name) for name in _TOLD}
    status, outcome = told["status"], told["outcome"]
    told["status"] = STATUS_LABELS[Status(status)]
    told["outcome"] = OUTCOME_LABELS[Outcome(outcome)] if outcome else None
    record = NewCommitment(**values, cooperating=tuple(cooperating.get(code, ())))
    return Kept(record, row["stated"], status, waiting.get(code, {}), told)


def _reported(row: Row) -> Kept:
    values = {name: row[place] for name, place in _REPORTED.items()}
    return Kept(NewObservation(**values), row["stated"], "", {}, {})


def content(found: Head) -> tuple[PlanContent, dict[str, Mapping[str, Value]]]:
    """A registered plan with its present values, and what export tells beside them."""
    kept = rows(found.code)
    records = [row.record for row in kept.values()]
    whole = PlanContent(
        code=found.code,
        title=found.title,
        office=found.office,
        document=found.document,
        documents=tuple(documents([found.document, *(r.document for r in records)]).values()),
        units=tuple(units().values()),
        goals=tuple(goals(found.code).values()),
        commitments=tuple(r for r in records if isinstance(r, NewCommitment)),
        observations=tuple(r for r in records if isinstance(r, NewObservation)),
    )
    return whole, {code: row.told for code, row in kept.items() if row.told}
