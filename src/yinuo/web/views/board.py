"""The board: how things stand, what changed, the way in."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from yinuo.commitments.queries.board import Standing, standings
from yinuo.commitments.queries.counted import public_by_others
from yinuo.commitments.queries.lights import light_counts
from yinuo.commitments.queries.recent import recent
from yinuo.commitments.registry import kind_label, kinds_of_others
from yinuo.goals.queries.plans import public_goals, public_plans
from yinuo.ledger.snapshot import snapshot
from yinuo.parties.viewer import ANYONE
from yinuo.web import clock
from yinuo.web.bars import Segment, segments
from yinuo.web.lightbars import light_board
from yinuo.web.request import Request, public
from yinuo.web.sentences import Score, board_sentence

NO_GOAL = gettext_noop("未归入目标")
NEWS = 8


@dataclass(frozen=True)
class GoalLine:
    """A goal on the board."""

    code: str
    number: int | None
    title: str
    standing: Standing
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class OthersLine:
    """What firms and people promised to the city in one kind."""

    kind: str
    label: str
    standing: Standing


def others_lines(today: date) -> tuple[OthersLine, ...]:
    """The kinds in which they promised something that may be told."""
    found = public_by_others(today=today)
    return tuple(
        OthersLine(kind, kind_label(kind), Standing.of(found[kind]))
        for kind in kinds_of_others()
        if kind in found
    )


def goal_lines(found: dict[str, Standing]) -> tuple[GoalLine, ...]:
    """Every goal in its order, then what stands under none of them."""
    goals = public_goals()
    lines = [GoalLine(g.code, g.number, g.title, found.get(g.code, Standing()), ()) for g in goals]
    known = {g.code for g in goals}
    rest = sum((s for code, s in found.items() if code not in known), Standing())
    if rest.total or rest.reported:
        lines.append(GoalLine("", None, gettext(NO_GOAL), rest, ()))
    return tuple(
        GoalLine(x.code, x.number, x.title, x.standing, segments(x.standing)) for x in lines
    )


@public
@require_safe
@snapshot()
def board(request: Request) -> HttpResponse:
    """How things stand for whoever looks; the public score counts the city's public promises."""
    today = clock.today()
    found = standings(viewer=request.viewer, today=today)
    total = sum(found.values(), Standing())
    seen_by_all = found
    if request.viewer.signed_in:
        seen_by_all = standings(viewer=ANYONE, today=today)
    everyones = sum(seen_by_all.values(), Standing())
    lines = goal_lines(found)
    lit = light_counts(viewer=request.viewer)
    return render(
        request,
        "web/board.html",
        {
            "plans": public_plans(),
            "total": total,
            "sentence": board_sentence(total),
            "lines": lines,
            "longest": max((line.standing.total for line in lines), default=0),
            "score": Score(on_time=everyones.on_time, fell_due=everyones.fell_due),
            "by_others": others_lines(today),
            "lights": light_board(lit, public_goals()),
            "lights_as_of": lit.as_of,
            "recent": recent(viewer=request.viewer, limit=NEWS),
        },
    )
