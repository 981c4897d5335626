"""Taking in a checked project workbook: all of it or nothing, and no promise is overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import IntegrityError

from yinuo.commitments.commands import change, register
from yinuo.commitments.life import Visibility
from yinuo.goals.commands.project_rows import (
    Entering,
    Rows,
    add_project,
    add_stage,
    add_year,
    batch_row,
    figure_row,
    noted,
    permit_row,
)
from yinuo.goals.commands.projects import free_codes, next_codes, set_facts
from yinuo.goals.commands.recount import recount
from yinuo.goals.errors.projects import ProjectsRefused, RegisterChanged
from yinuo.goals.models import (
    Batch,
    Permit,
    Project,
    ProjectFigure,
    ProjectImport,
    ProjectStage,
    ProjectYear,
)
from yinuo.goals.projects.compare import Ask, Changed, Preview
from yinuo.goals.projects.content import NewProject, NewStage, ProjectFile
from yinuo.goals.projects.workbook.check import CheckedProjects
from yinuo.goals.queries.project_counts import NAMES
from yinuo.goals.queries.project_register import preview
from yinuo.goals.workbook.read import Progress, silent
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import (
    By,
    Prepared,
    command,
    prepare_new,
    record,
    record_new,
    record_prepared,
)
from yinuo.ledger.outbox import newest_id
from yinuo.parties.queries import public_viewer
from yinuo.parties.viewer import Viewer

STEP = 100


@dataclass(frozen=True)
class TakenProjects:
    """What an import did."""

    registered: int
    """New projects."""
    promised: int
    """New promises: stages and yearly investments."""
    changed: int
    """Registered projects whose register data changed."""
    figures: int
    permits: int
    requested: int
    """Requests for change that now wait for approval."""
    held: int
    unchanged: int
    wrote: bool


@dataclass(frozen=True)
class ReadyProjects:
    """An import worked out before its transaction."""

    found: Preview
    by: Viewer
    codes: Sequence[str]
    """Those that new projects without a code get, in their order."""
    registration: register.Ready
    parts: Sequence[Prepared | None]
    noted: Sequence[tuple[ProjectFigure, str]]
    """New reports with a note, which is stored in the transaction."""
    promised: int
    newest: int
    """The newest entry when it was worked out: with none since, it still holds."""


def _fresh(by: Viewer) -> Viewer:
    """The same person with the duties of this moment."""
    return by if by.account_id is None else public_viewer(by.account_id)


def prepare(
    *, file: CheckedProjects, by: Viewer, at: datetime, progress: Progress = silent
) -> ReadyProjects:
    """Work an import out, so that its transaction keeps others waiting for the writing alone.

    Writes nothing. Raises `NotAllowed` and `ProjectsRefused`.
    """
    newest = newest_id()
    by = _fresh(by)
    found = preview(file=file, viewer=by)
    if found.refused:
        raise ProjectsRefused(found.refused)
    year = civil_date(at).year
    codes = free_codes(year, _codeless(file.sound(), found))
    ready = _ready(file.sound(), found, codes, by, at, progress)
    return replace(ready, newest=newest)


def _codeless(file: ProjectFile, found: Preview) -> int:
    projects = file.register.projects
    return sum(not projects[number].code for number in found.new)


def _ready(  # noqa: PLR0917  # one caller a way, all of it needed
    file: ProjectFile,
    found: Preview,
    codes: Sequence[str],
    by: Viewer,
    at: datetime,
    progress: Progress,
) -> ReadyProjects:
    office = file.register.office
    acting = by.acting("administrator", office)
    entering = Entering(by.actor, at, civil_date(at), for_office=True)
    rows, free = Rows(), iter(codes)
    for done, number in enumerate(found.new, start=1):
        new = file.register.projects[number]
        add_project(rows, new, new.code or next(free), entering)
        if done % STEP == 0:
            progress("准备登记", done, len(found.new))
    for changed in found.changed:
        _add_to(rows, changed, file, entering)
    documents = set(found.documents)
    registration = register.prepare(
        registration=register.Registration(
            documents=[d for d in file.register.documents if d.code in documents],
            commitments=rows.commitments,
        ),
        office=office,
        by=by,
        at=at,
    )
    batches = [
        batch_row(batch, office) for batch in file.register.batches if batch.code in found.batches
    ]
    plain = [row for row, note in rows.figures if not note]
    parts = (
        prepare_new(batches, verb="project_batch.registered", by=acting, at=at),
        prepare_new(rows.projects, verb="project.registered", by=acting, at=at),
        prepare_new(rows.stages, verb="project_stage.registered", by=acting, at=at),
        prepare_new(rows.years, verb="project_year.registered", by=acting, at=at),
        prepare_new(rows.permits, verb="project_permit.registered", by=acting, at=at),
        prepare_new(plain, verb="project_figure.reported", by=acting, at=at),
    )
    with_note = [(row, note) for row, note in rows.figures if note]
    promised = len(rows.commitments)
    return ReadyProjects(found, by, tuple(codes), registration, parts, with_note, promised, 0)


def _add_to(rows: Rows, changed: Changed, file: ProjectFile, entering: Entering) -> None:
    """The rows that a registered project gets beside those it has."""
    code = changed.code
    new = _as_new(changed, file)
    for stage in changed.new_stages:
        add_stage(rows, new, code, stage, entering)
    if changed.new_year is not None:
        add_year(rows, new, code, changed.new_year)
    if changed.figures:
        first = ProjectFigure.objects.filter(project=code).count() + 1
        for number, figure in enumerate(changed.figures, start=first):
            rows.figures.append((figure_row(code, number, figure, entering), figure.note))
    held = {(p.kind, p.number) for p in Permit.objects.filter(project=code)}
    fresh = [permit for permit in changed.permits if (permit.kind, permit.number) not in held]
    for number, permit in enumerate(fresh, start=len(held) + 1):
        rows.permits.append(permit_row(code, number, permit))


def _as_new(changed: Changed, file: ProjectFile) -> NewProject:
    """The project as the file states it, for the promises it gets from now on."""
    return file.register.projects[changed.number]


def take_in(
    *,
    file: CheckedProjects,
    by: Viewer,
    at: datetime,
    expected: Preview | None = None,
    progress: Progress = silent,
) -> TakenProjects:
    """Register what is new in a checked workbook, revise what is register data, ask for the rest.

    What a promise states is never overwritten: a difference becomes a request that waits for
    approval, marked with the file's hash and cell. Everything new starts 待审查. A file that says
    nothing new writes nothing. With `expected`, the preview that a person confirmed. Raises
    `NotAllowed`, `ProjectsRefused`, `RegisterChanged`.
    """
    ready = prepare(file=file, by=by, at=at, progress=progress)
    if expected is not None and ready.found != expected:
        raise RegisterChanged(ready.found.office)
    if ready.found.changes_nothing:
        return _taken(ready)
    try:
        return _take_in(file=file, by=by, at=at, ready=ready, progress=progress)
    except IntegrityError as error:
        raise RegisterChanged(ready.found.office) from error


def _taken(ready: ReadyProjects) -> TakenProjects:
    found = ready.found
    return TakenProjects(
        registered=len(found.new),
        promised=ready.promised,
        changed=len(found.changed),
        figures=found.figures,
        permits=found.permits,
        requested=len(found.asks),
        held=len(found.held),
        unchanged=found.unchanged,
        wrote=not found.changes_nothing,
    )


@command("project.take_in")
def _take_in(
    *,
    file: CheckedProjects,
    by: Viewer,
    at: datetime,
    ready: ReadyProjects,
    progress: Progress,
) -> TakenProjects:
    found, sound = ready.found, file.sound()
    # Under the lock of the series, so that what was worked out still holds when it is written.
    codes = next_codes(civil_date(at).year, len(ready.codes))
    is_new = newest_id() != ready.newest
    if tuple(codes) != tuple(ready.codes) or (
        is_new and found != preview(file=file, viewer=_fresh(by))
    ):
        raise RegisterChanged(found.office)
    taken = _taken(ready)
    acting = ready.by.acting("administrator", found.office)
    progress("登记项目", 0, len(found.new))
    register.register_prepared(ready=ready.registration, by=ready.by)
    for part in ready.parts:
        record_prepared(part)
    progress("登记项目", len(found.new), len(found.new))
    record_new(noted(ready.noted), verb="project_figure.reported", by=acting, at=at)
    _change_batches(sound, found, acting, at)
    for done, changed in enumerate(found.changed, start=1):
        _change(changed, sound, acting, at)
        if done % STEP == 0:
            progress("更新项目", done, len(found.changed))
    for ask in found.asks:
        _ask(ask, ready.by, acting, at)
    made = ProjectImport(
        office_id=found.office,
        file_name=sound.name[-200:],
        sha256=sound.sha256,
        registered=taken.registered,
        changed=taken.changed,
        requested=taken.requested,
        unchanged=taken.unchanged,
    )
    record(made, verb="project_import.made", by=acting, at=at)
    recount(names=NAMES, at=at, by=by)
    return taken


def _change_batches(file: ProjectFile, found: Preview, acting: By, at: datetime) -> None:
    for batch in file.register.batches:
        if batch.code not in found.changed_batches:
            continue
        row = Batch.objects.select_for_update(of=("self",)).get(pk=batch.code)
        row.title, row.day, row.place = batch.title, batch.day, batch.place
        row.stated_count, row.stated_investment = batch.stated_count, batch.stated_investment
        row.document_id = batch.document
        record(row, verb="project_batch.revised", by=acting, at=at)


def _change(changed: Changed, file: ProjectFile, acting: By, at: datetime) -> None:
    """Write what a file states otherwise of a registered project."""
    if changed.facts:
        row = Project.objects.select_for_update(of=("self",)).get(pk=changed.code)
        set_facts(row, changed.facts)
        record(row, verb="project.revised", by=acting, at=at)
    for stage in changed.restaged:
        _restage(changed, file, stage, acting, at)
    if changed.revised_year is not None:
        year = _as_new(changed, file).year
        plan = ProjectYear.objects.select_for_update(of=("self",)).get(pk=f"{changed.code}/{year}")
        plan.planned = changed.revised_year
        record(plan, verb="project_year.revised", by=acting, at=at)
    for permit in changed.permits:
        held = Permit.objects.select_for_update(of=("self",)).get(
            project=changed.code, kind=permit.kind, number=permit.number
        )
        if (held.day, held.issuer) != (permit.day, permit.issuer):
            held.day, held.issuer = permit.day, permit.issuer
            record(held, verb="project_permit.revised", by=acting, at=at)


def _restage(
    changed: Changed, file: ProjectFile, stage: NewStage, acting: By, at: datetime
) -> None:
    row = ProjectStage.objects.select_for_update(of=("self",)).get(
        pk=f"{changed.code}/{stage.stage.value}"
    )
    if stage.planned is not None:
        row.planned_date = stage.planned
    if stage.promised and row.reached_date is None:
        row.commitment_id = _promise(changed, file, stage, acting, at)
    elif stage.reached is not None and stage.reached != row.reached_date:
        row.reached_date, row.entered_by = stage.reached, acting.actor
    record(row, verb="project_stage.planned", by=acting, at=at)


def _promise(changed: Changed, file: ProjectFile, stage: NewStage, acting: By, at: datetime) -> str:
    """The promise that a registered stage is from now on."""
    if stage.commitment:
        return stage.commitment
    rows = Rows()
    entering = Entering(acting.actor, at, civil_date(at), for_office=True)
    add_stage(rows, _as_new(changed, file), changed.code, stage, entering)
    register.put_commitments(rows.commitments, visibility=Visibility.REVIEW, by=acting, at=at)
    return rows.commitments[0].code


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
    if isinstance(ask.restated, date):
        stage = ProjectStage.objects.select_for_update(of=("self",)).get(pk=ask.row)
        stage.planned_date = ask.restated
        record(stage, verb="project_stage.stated", by=acting, at=at)
    else:
        plan = ProjectYear.objects.select_for_update(of=("self",)).get(pk=ask.row)
        plan.planned = ask.restated
        record(plan, verb="project_year.stated", by=acting, at=at)
