"""One inbox: everything that waits for a person, of all parts, in the order in which it is due."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from heapq import nsmallest
from typing import Protocol

from django.urls import reverse

from yinuo.commitments.queries.signing import SigningView
from yinuo.commitments.queries.work import Work
from yinuo.commitments.words import days_left
from yinuo.parties.viewer import Viewer
from yinuo.supervision.queries import contests, doubts, draws, orders, races, rounds
from yinuo.supervision.todo import ToDo
from yinuo.web import (
    benefit_todos,
    building_todos,
    case_todos,
    credit_todos,
    deferral_todos,
    forgetting_todos,
    goal_todos,
    problem_todos,
)

MOST = 30
MOST_LATE = 10
"""Late lines that stand before what is still to come, if anything is: nobody scrolls past forty."""
SOON = timedelta(days=7)


class Source(Protocol):
    """A part of supervision that knows what waits in it."""

    def __call__(self, *, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
        """What waits for a person."""


SOURCES: tuple[Source, ...] = (
    rounds.to_do,
    orders.to_do,
    doubts.to_do,
    contests.to_do,
    draws.to_do,
    races.to_do,
    goal_todos.of_leads,
    goal_todos.of_figures,
    goal_todos.of_projects,
    case_todos.of_cases,
    case_todos.of_extensions,
    case_todos.of_items,
    case_todos.of_feeds,
    deferral_todos.of_deferrals,
    building_todos.of_buildings,
    problem_todos.of_problems,
    problem_todos.of_ratings,
    benefit_todos.of_benefits,
    credit_todos.of_objections,
    credit_todos.of_repairs,
    credit_todos.of_batches,
    credit_todos.of_deliveries,
    credit_todos.of_joins,
    credit_todos.of_exchange,
    credit_todos.of_payments,
    forgetting_todos.of_forgettings,
)


@dataclass(frozen=True)
class Line:
    """One thing to do as a line of the page."""

    todo: ToDo
    href: str
    left: str
    """The distance to the day in words; empty without a day."""
    late: bool
    first_to_come: bool = False
    """Whether it is the first that is not late."""


@dataclass(frozen=True)
class Inbox:
    """The first lines, and how many there are."""

    lines: tuple[Line, ...]
    total: int
    late: int
    soon: int
    """Due within `SOON`, today included."""


def inbox(*, viewer: Viewer, today: date, work: Work, to_sign: Sequence[SigningView] = ()) -> Inbox:
    """What waits for the viewer: late first, then what is due soonest, undated last.

    However much is late, what is still to come has its place.
    """
    found = [todo for source in SOURCES for todo in source(viewer=viewer, today=today)]
    told = {arg for todo in found for arg in todo.args}
    found += [*_signatures(to_sign), *_promises(work, told)]
    late = [todo for todo in found if todo.due is not None and todo.due < today]
    to_come = [todo for todo in found if todo.due is None or todo.due >= today]
    room = MOST if not to_come else MOST_LATE
    shown = _first(late, room)
    coming = [_line(todo, today) for todo in _first(to_come, MOST - len(shown))]
    if coming:
        coming[0] = replace(coming[0], first_to_come=True)
    return Inbox(
        lines=(*(_line(todo, today) for todo in shown), *coming),
        total=len(found),
        late=len(late),
        soon=sum(todo.due is not None and todo.due <= today + SOON for todo in to_come),
    )


def _first(some: Iterable[ToDo], most: int) -> list[ToDo]:
    """Those due first, undated last."""
    return nsmallest(most, some, key=lambda todo: (todo.due is None, todo.due or date.max))


def _line(todo: ToDo, today: date) -> Line:
    return Line(
        todo=todo,
        href=reverse(todo.page, args=todo.args),
        left=days_left(todo.due, today),
        late=todo.due is not None and todo.due < today,
    )


def _signatures(some: Sequence[SigningView]) -> Iterator[ToDo]:
    for view in some:
        yield ToDo(
            due=view.sign_by,
            what="签收",
            title=view.title,
            under=view.commitment,
            page="commitment",
            args=(view.commitment,),
        )


def _promises(work: Work, told: Collection[str]) -> Iterator[ToDo]:
    """What is owed soon, but for what a part has told already, such as the reply to an order."""
    for row in work.soon:
        if row.code not in told:
            yield ToDo(
                due=row.due,
                what="完成",
                title=row.title,
                under=row.code,
                page="commitment",
                args=(row.code,),
            )
    for change in work.to_decide:
        if change.may_decide:
            yield ToDo(
                due=None,
                what="决定",
                title=change.title,
                under=change.label,
                page="decide",
                args=(change.code,),
            )
