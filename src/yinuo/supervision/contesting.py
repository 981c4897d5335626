"""Who may decide on a contested figure and who may see it, and by when it is decided."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Q

from yinuo.content.queries import InForce, public_book, public_in_force
from yinuo.kernel.calendar import Calendar
from yinuo.parties.queries import public_parent
from yinuo.parties.viewer import Viewer
from yinuo.rules.single import Tables
from yinuo.supervision.errors.contests import NoContestTerms
from yinuo.supervision.models import Contest

NAME = "tables/contests.xlsx"
TERMS, ABOUT, DAYS = "异议时限", "对象", "工作日数"
"""Names of the table, its input and its output."""
COMMITMENT, OBSERVATION, RACE = "commitment", "observation", "race"
WORDS = {COMMITMENT: "承诺", OBSERVATION: "据报道", RACE: "赛马"}
"""Kind of subject → as the table has it."""
MOST_KEPT = 8


@dataclass(frozen=True)
class Terms:
    """By when a contest is to be decided, and by which edition of the table."""

    due: date
    edition: int


@lru_cache(maxsize=MOST_KEPT)
def _tables(table: InForce, on: date) -> Tables:
    return Tables(public_book(table), on)


def terms(*, kind: str, calendar: Calendar, today: date) -> Terms:
    """The last day for a decision on something of a kind. Raises `NoContestTerms`."""
    table = public_in_force(NAME, on=today)
    word = WORDS[kind]
    found = None
    if table is not None:
        found = _tables(table, today).decide({ABOUT: word}).decisions.get(TERMS)
    if table is None or found is None or DAYS not in found.answer():
        raise NoContestTerms(NAME, today, word)
    days = int(str(found.answer()[DAYS]))
    return Terms(calendar.add_working_days(today, days), table.edition)


def decides(contest: Contest, viewer: Viewer) -> bool:
    """Whether the viewer may decide: supervises for the office, has nothing to do with the unit."""
    sides = {contest.unit_id, public_parent(contest.unit_id)} - {None}
    return contest.office_id in viewer.supervisor_of and not sides & viewer.held_for


def visible_contests(viewer: Viewer) -> Q:
    """Those of the viewer's units, and those of offices that the viewer watches."""
    watched = viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of
    return Q(unit__in=viewer.officer_of) | Q(office__in=watched)
