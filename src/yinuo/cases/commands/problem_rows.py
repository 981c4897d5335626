"""Rows of problems for a change: found by code or by 查询码, locked, moved along one step."""

from datetime import datetime

from django.db.models import F

from yinuo.cases.access.cases import as_applicant
from yinuo.cases.access.problems import visible_problems
from yinuo.cases.errors.problems import UnknownProblem, UnknownProblemTrack, WrongProblemState
from yinuo.cases.models import Problem, ProblemSeries
from yinuo.cases.problems.life import LIFE, OPEN, STATUS_LABELS, ProblemStatus
from yinuo.cases.tracks import track_mark
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By
from yinuo.parties.viewer import Viewer


def next_code(series: str, at: datetime) -> str:
    """The next code of a series, such as WT-2024-000012: a row for each year is the lock."""
    row, _made = ProblemSeries.objects.get_or_create(name=series, year=civil_date(at).year)
    ProblemSeries.objects.filter(pk=row.pk).update(last=F("last") + 1)
    row.refresh_from_db()
    return f"{series}-{row.year}-{row.last:06}"


def fetch(code: str, by: Viewer, version: int | None) -> Problem:
    """The problem, locked for this transaction.

    Raises `UnknownProblem`; with a stale `version` the guarded write refuses later.
    """
    rows = Problem.objects.select_for_update(of=("self",)).filter(code=code)
    row = rows.first()
    if row is None or not Problem.objects.filter(visible_problems(by), code=code).exists():
        raise UnknownProblem(code)
    if version is not None and row.version != version:
        row.version = version
    return row


def fetch_tracked(track: str) -> tuple[Problem, By]:
    """The problem of a 查询码, locked, and who raised it as who acts.

    Raises `UnknownProblemTrack`.
    """
    rows = Problem.objects.select_for_update(of=("self",))
    row = rows.filter(track_mark=track_mark(track)).first()
    if row is None:
        raise UnknownProblemTrack
    return row, as_applicant(row.applicant_id)


def advance(row: Problem, verb: str, wanted: str, at: datetime) -> None:
    """Move the row along one permitted step. Raises `WrongProblemState`."""
    target = LIFE.target(row.status, verb)
    if target is None:
        raise WrongProblemState(row.code, STATUS_LABELS[ProblemStatus(row.status)], wanted)
    row.status = target
    row.ended_at = None if target in OPEN else at
    if target != ProblemStatus.ANSWERED:
        row.confirm_due = None
