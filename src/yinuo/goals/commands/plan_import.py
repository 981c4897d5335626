"""Taking in a checked workbook: all of it or nothing, and nothing is overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from django.db import IntegrityError

from yinuo.commitments.commands import change, register
from yinuo.goals.compare import Ask, Preview
from yinuo.goals.errors.plans import ImportRefused, PreviewOutdated, TakenMeanwhile
from yinuo.goals.models import Goal, Import, Plan, PlanRow
from yinuo.goals.plan import NewGoal, NewRow, PlanFile, canonical_texts
from yinuo.goals.queries.plans import anchor, preview
from yinuo.goals.workbook.check import Checked
from yinuo.goals.workbook.read import Progress, silent
from yinuo.ledger.commands.recording import (
    By,
    Prepared,
    command,
    prepare_new,
    record,
    record_prepared,
)
from yinuo.parties.commands import NewUnit, register_units
from yinuo.parties.queries import public_viewer
from yinuo.parties.viewer import Viewer

STEP = 100


class _Child(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def parent(self) -> str | None: ...


T = TypeVar("T", bound=_Child)


@dataclass(frozen=True)
class Taken:
    """What an import did."""

    plan: str
    registered: int
    """New rows of all sheets."""
    requested: int
    """Requests for change that now wait for approval."""
    held: int
    """Changes that could not be asked for."""
    unchanged: int
    wrote: bool
    """Whether anything was written at all."""
    persons: int = 0
    """Tasks that got 责任领导 or 联络员 from the sheet."""


def parents_first(rows: Sequence[T]) -> list[T]:
    """The rows so that each stands after its parent, if that is among them."""
    by_code = {row.code: row for row in rows}
    ordered: dict[str, T] = {}
    for row in rows:
        path: list[T] = []
        step: T | None = row
        while step is not None and step.code not in ordered:
            path.append(step)
            step = by_code.get(step.parent or "")
        ordered.update((child.code, child) for child in reversed(path))
    return list(ordered.values())


def _new(rows: Sequence[T], codes: Sequence[str]) -> list[T]:
    wanted = set(codes)
    return parents_first([row for row in rows if row.code in wanted])


@dataclass(frozen=True)
class Ready:
    """An import worked out before its transaction: the preview, and the rows it will write."""

    found: Preview
    by: Viewer
    registration: register.Ready
    plan: Sequence[Prepared | None]
    """Goals, and the rows of the plan."""


def prepare(*, file: Checked, by: Viewer, at: datetime) -> Ready | None:
    """Work an import out, so that its transaction keeps others waiting for the writing alone.

    Writes nothing. None where the import registers units first, refuses, or does nothing. Raises
    `NotAllowed` and `ImportRefused`.
    """
    by = _fresh(by)
    found = preview(file=file, viewer=by)
    if found.refused or found.changes_nothing or found.units:
        return None
    return _ready(file.sound(), found, by, at)


def _ready(file: PlanFile, found: Preview, by: Viewer, at: datetime) -> Ready:
    acting = by.acting("administrator", file.content.office)
    return Ready(
        found=found,
        by=by,
        registration=_registration(file, found, by, at),
        plan=_plan_rows(file, found, acting, at),
    )


def take_in(
    *,
    file: Checked,
    by: Viewer,
    at: datetime,
    expected: Preview | None = None,
    ready: Ready | None = None,
    progress: Progress = silent,
) -> Taken:
    """Register what is new in a checked file and ask for what it changes, in one transaction.

    Everything new starts 待审查. Registered values are never overwritten: a difference becomes a
    request that waits for approval, marked with the file's hash and cells. A file that says
    nothing new writes nothing. With `expected`, the preview that a person confirmed. `ready` is
    what `prepare` worked out, for a caller with a transaction of its own; it is used only if
    nothing changed since. Raises `NotAllowed`, `ImportRefused`, `PreviewOutdated`,
    `TakenMeanwhile`.
    """
    ready = ready or prepare(file=file, by=by, at=at)
    try:
        return _take_in(file=file, by=by, at=at, expected=expected, ready=ready, progress=progress)
    except IntegrityError as error:
        raise TakenMeanwhile(file.sound().content.code) from error


@command("plan.take_in")
def _take_in(
    *,
    file: Checked,
    by: Viewer,
    at: datetime,
    expected: Preview | None,
    ready: Ready | None,
    progress: Progress,
) -> Taken:
    by = _fresh(by)
    found = preview(file=file, viewer=by)
    plan = file.sound()
    if expected is not None and found != expected:
        raise PreviewOutdated(found.plan)
    if found.refused:
        raise ImportRefused(found.refused)
    taken = Taken(
        plan=found.plan,
        registered=found.registered,
        requested=len(found.asks),
        held=len(found.held),
        unchanged=found.unchanged,
        wrote=not found.changes_nothing,
    )
    if found.changes_nothing:
        return taken
    viewer = _register_units(plan, found, by, at)
    if ready is None or (ready.found, ready.by) != (found, viewer):
        ready = _ready(plan, found, viewer, at)
    acting = viewer.acting("administrator", plan.content.office)
    register.register_prepared(ready=ready.registration, by=viewer)
    progress("登记承诺", len(found.commitments), len(found.commitments))
    _register_plan(plan, found, acting, at)
    for part in ready.plan:
        record_prepared(part)
    for done, ask in enumerate(found.asks, start=1):
        _ask(ask, viewer, acting, at)
        if done % STEP == 0:
            progress("提交申请", done, len(found.asks))
    made = Import(
        plan_id=found.plan,
        file_name=plan.name[-200:],
        sha256=plan.sha256,
        registered=taken.registered,
        requested=taken.requested,
        unchanged=taken.unchanged,
    )
    record(made, verb="import.made", by=acting, at=at)
    return taken


def _register_units(file: PlanFile, found: Preview, by: Viewer, at: datetime) -> Viewer:
    """Register new units; returns the viewer, whose duties now reach the units below too."""
    units: list[NewUnit] = _new(file.content.units, found.units)
    if not units:
        return by
    acting = by.acting("administrator", anchor(content=file.content, viewer=by))
    register_units(units=units, by=acting, at=at)
    return _fresh(by)


def _fresh(by: Viewer) -> Viewer:
    """The same person with the duties of this moment; a viewer may be older than an import."""
    return by if by.account_id is None else public_viewer(by.account_id)


def _registration(file: PlanFile, found: Preview, by: Viewer, at: datetime) -> register.Ready:
    content = file.content
    documents = set(found.documents)
    observations = set(found.observations)
    registration = register.Registration(
        documents=[row for row in content.documents if row.code in documents],
        commitments=_new(content.commitments, found.commitments),
        observations=[row for row in content.observations if row.code in observations],
    )
    return register.prepare(registration=registration, office=content.office, by=by, at=at)


def _register_plan(file: PlanFile, found: Preview, acting: By, at: datetime) -> None:
    content = file.content
    if found.new_plan:
        plan = Plan(
            code=content.code,
            title=content.title,
            office_id=content.office,
            document_id=content.document,
        )
        record(plan, verb="plan.registered", by=acting, at=at)


def _plan_rows(
    file: PlanFile, found: Preview, acting: By, at: datetime
) -> tuple[Prepared | None, Prepared | None]:
    content = file.content
    goals = [_goal(goal, content.code) for goal in _new(content.goals, found.goals)]
    new = {*found.commitments, *found.observations}
    rows = [
        *(_row(r, content.code, commitment=r.code) for r in content.commitments if r.code in new),
        *(_row(r, content.code, observation=r.code) for r in content.observations if r.code in new),
    ]
    return (
        prepare_new(goals, verb="goal.registered", by=acting, at=at),
        prepare_new(rows, verb="plan_row.registered", by=acting, at=at),
    )


def _goal(goal: NewGoal, plan: str) -> Goal:
    return Goal(
        code=goal.code, plan_id=plan, number=goal.number, title=goal.title, parent_id=goal.parent
    )


def _row(
    row: NewRow, plan: str, *, commitment: str | None = None, observation: str | None = None
) -> PlanRow:
    return PlanRow(
        code=row.code,
        plan_id=plan,
        commitment_id=commitment,
        observation_id=observation,
        stated=canonical_texts(row),
    )


def _ask(ask: Ask, by: Viewer, acting: By, at: datetime) -> None:
    """Ask for one change, and remember what the file stated so that it asks only once."""
    change.ask(
        commitment=ask.commitment,
        kind=ask.kind,
        new=ask.new,
        reason=ask.reason,
        by=by,
        at=at,
        source=ask.source,
    )
    row = PlanRow.objects.select_for_update(of=("self",)).get(pk=ask.commitment)
    stated: Mapping[str, str] = row.stated
    row.stated = {**stated, **ask.stated}
    record(row, verb="plan_row.stated", by=acting, at=at)
