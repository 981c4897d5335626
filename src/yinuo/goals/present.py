"""What the database holds of a plan, in the form of a plan.

Knows no viewers: only this package's queries and commands call it, after they have checked who
asks. The rows of other packages are reached along this package's own keys.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

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
    """The promises and observations of a plan by code."""
    found = (
        PlanRow.objects.filter(plan=plan)
        .select_related("commitment__lead", "observation")
        .prefetch_related("commitment__cooperations", "commitment__changes")
        .order_by("code")
    )
    return {row.code: _kept(row) for row in found.iterator(chunk_size=CHUNK)}


def _kept(row: PlanRow) -> Kept:
    commitment = row.commitment
    if commitment is None:
        return Kept(_observation(row), row.stated, "", {}, {})
    waiting = {
        change.kind: change.new for change in commitment.changes.all() if change.status == WAITING
    }
    told: dict[str, Value] = {
        "lead_name": commitment.lead.name if commitment.lead else None,
        "due_original": commitment.due_original,
        "moved_count": commitment.moved_count,
        "status": STATUS_LABELS[Status(commitment.status)],
        "outcome": OUTCOME_LABELS[Outcome(commitment.outcome)] if commitment.outcome else None,
    }
    return Kept(_commitment(row), row.stated, commitment.status, waiting, told)


def _commitment(row: PlanRow) -> NewCommitment:
    c = row.commitment
    assert c is not None  # noqa: S101  # a database constraint: one of the two is set
    return NewCommitment(
        code=c.code,
        kind=c.kind,
        title=c.title,
        document=c.document_id,
        place=c.place,
        heading=c.heading,
        parent=c.parent_id,
        note=c.note,
        effort=c.effort,
        lead=c.lead_id,
        lead_said=c.lead_said,
        lead_origin=c.lead_origin,
        creditor=c.creditor,
        creditor_unit=c.creditor_unit_id,
        cooperating=tuple(sorted(link.unit_id for link in c.cooperations.all())),
        operator=c.operator,
        operator_origin=c.operator_origin,
        value=c.value,
        unit=c.unit,
        tolerance=c.tolerance,
        baseline=c.baseline,
        texts_known=c.texts_known,
        due=c.due,
        due_origin=c.due_origin,
        due_said=c.due_said,
    )


def _observation(row: PlanRow) -> NewObservation:
    o = row.observation
    assert o is not None  # noqa: S101  # a database constraint: one of the two is set
    return NewObservation(
        code=o.code,
        kind=o.kind,
        title=o.title,
        document=o.document_id,
        place=o.place,
        heading=o.heading,
        parent=o.parent_code,
        subject_said=o.subject_said,
        subject_unit=o.subject_unit_id,
        counterparty=o.counterparty,
        operator=o.operator,
        value=o.value,
        unit=o.unit,
        when_said=o.when_said,
        note=o.note,
    )


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
