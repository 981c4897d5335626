"""Problems as the public reads them: counts always, titles once passed, one's own by its code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import QuerySet
from django.utils.translation import gettext

from yinuo.cases.access.problems import owner_of
from yinuo.cases.errors.problems import UnknownProblemTrack
from yinuo.cases.models import Problem, ProblemTitle
from yinuo.cases.problems.life import OPEN, REOPENABLE, STATUS_LABELS, ProblemStatus
from yinuo.cases.stored.problem_tally import (
    NOBODY,
    Counts,
    counts_by,
    counts_by_owner,
    counts_of,
    recurrences_in,
)
from yinuo.cases.stories.problems import StoryLine, story_for_raiser
from yinuo.cases.tracks import track_mark
from yinuo.commitments.wording import short_wording
from yinuo.kernel.instants import SHANGHAI, civil_date
from yinuo.ledger.remembered import remembered
from yinuo.parties.queries import public_unit_names

MOST = 100


@dataclass(frozen=True)
class PublicProblem:
    """A problem of which a title was passed."""

    code: str
    title: str
    area: str
    owner: str
    label: str
    status: str
    raised_date: date
    age: int
    up: str
    again: int
    simulated: bool


@dataclass(frozen=True)
class PublicProblems:
    """The page of counts."""

    all: Counts
    owners: tuple[Counts, ...]
    """Most open first."""
    areas: tuple[Counts, ...]
    recurrences: int
    shown: tuple[PublicProblem, ...]
    """Those of which a title was passed, the latest first."""
    simulated: bool
    years: tuple[int, ...]


@remembered
def public_problems(*, today: date, year: int | None = None) -> PublicProblems:
    """Counts of the problems raised in a year, or of all, by owner and area."""
    rows = Problem.objects.all()
    first = rows.order_by("raised_at").values_list("raised_at", flat=True).first()
    last = today.year
    years = tuple(range(last, civil_date(first).year - 1, -1)) if first else ()
    if year is not None:
        rows = rows.filter(raised_at__gte=_begin(year), raised_at__lt=_begin(year + 1))
    return PublicProblems(
        all=counts_of(rows, today),
        owners=counts_by_owner(rows, today),
        areas=counts_by(rows, "area_name", today, str),
        recurrences=recurrences_in(rows),
        shown=_titles(rows, today),
        simulated=rows.filter(simulated=True).exists(),
        years=years,
    )


def _begin(year: int) -> datetime:
    return datetime.combine(date(year, 1, 1), time(), tzinfo=SHANGHAI)


def _titles(rows: QuerySet[Problem], today: date) -> tuple[PublicProblem, ...]:
    titles = ProblemTitle.objects.filter(ProblemTitle.public_rows(), problem__in=rows)
    found = titles.select_related("problem", "problem__commitment").order_by("-code")[:MOST]
    names = public_unit_names()
    return tuple(_title(one, names, today) for one in found)


def _title(one: ProblemTitle, names: Mapping[str, str], today: date) -> PublicProblem:
    row = one.problem
    end = civil_date(row.ended_at) if row.ended_at else today
    return PublicProblem(
        code=row.code,
        title=one.title,
        area=row.area_name,
        owner=names.get(owner_of(row) or "") or gettext(NOBODY),
        label=STATUS_LABELS[ProblemStatus(row.status)],
        status=row.status,
        raised_date=civil_date(row.raised_at),
        age=(end - civil_date(row.raised_at)).days,
        up=row.up_where,
        again=row.not_solved + row.reopened,
        simulated=row.simulated,
    )


# ── one's own, by the code ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class TrackedProblem:
    """A problem for who raised it: what they wrote, who has it, by when, what was answered."""

    code: str
    title: str
    said: str
    area: str
    office: str
    owner: str
    label: str
    status: str
    raised_at: datetime
    own_due: date
    due: date | None
    confirm_due: date | None
    answer: str
    """What was said with the last step."""
    up: str
    up_rule: str
    steps: tuple[str, ...]
    """What they may do now: confirm, not_solved, reopen, withdraw."""
    story: tuple[StoryLine, ...]
    simulated: bool


def public_tracked_problem(*, track: str) -> TrackedProblem:
    """The problem of a 查询码. Raises `UnknownProblemTrack`."""
    rows = Problem.objects.select_related("commitment")
    row = rows.filter(track_mark=track_mark(track)).first()
    if row is None:
        raise UnknownProblemTrack
    said = short_wording([row.title_text, row.said_text, row.note_text])
    names = public_unit_names()
    return TrackedProblem(
        code=row.code,
        title=said[row.title_text],
        said=said[row.said_text],
        area=row.area_name,
        office=names[row.office_id],
        owner=names.get(owner_of(row) or "") or gettext(NOBODY),
        label=STATUS_LABELS[ProblemStatus(row.status)],
        status=row.status,
        raised_at=row.raised_at,
        own_due=row.own_due,
        due=row.commitment.due if row.commitment else row.answer_due,
        confirm_due=row.confirm_due,
        answer=said.get(row.note_text, "") if row.status == ProblemStatus.ANSWERED else "",
        up=row.up_where,
        up_rule=row.up_rule,
        steps=_steps(row),
        story=story_for_raiser(row.subject),
        simulated=row.simulated,
    )


def _steps(row: Problem) -> tuple[str, ...]:
    if row.status == ProblemStatus.ANSWERED:
        return ("confirm", "not_solved", "withdraw")
    if row.status in REOPENABLE:
        return ("reopen",)
    return ("withdraw",) if row.status in OPEN else ()
