"""One commitment, whole."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.commitments.errors import UnknownCommitment
from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.alike import taken_in
from yinuo.commitments.queries.detail import Detail, detail
from yinuo.commitments.queries.evidence import evidence_of
from yinuo.commitments.queries.lights import light_page
from yinuo.commitments.queries.office import office
from yinuo.commitments.queries.waits import waits_of
from yinuo.commitments.queries.withheld import public_withheld
from yinuo.goals.queries.bound_indicators import bound_indicator, may_bind
from yinuo.goals.queries.lead_work import lead_of
from yinuo.goals.queries.plans import public_goals
from yinuo.ledger.printed import public_printed
from yinuo.supervision.queries.contests import contests_about
from yinuo.supervision.queries.doubts import doubts_of
from yinuo.supervision.queries.order import orders_about
from yinuo.web import clock
from yinuo.web.request import Request, public
from yinuo.web.sentences import delay, state_sentence
from yinuo.web.steps import BY_NAME, CHANGE
from yinuo.web.story import story

GONE = 410


@dataclass(frozen=True)
class Offer:
    """A step the page offers."""

    path: str
    title: str
    primary: bool


def first_to_decide(shown: Detail) -> str:
    """The oldest request the viewer may decide, which comes before any other step."""
    codes = [change.code for change in shown.changes if change.may_decide]
    return codes[-1] if codes else ""


def offers(shown: Detail, *, signing: bool = False) -> tuple[Offer, ...]:
    """The steps open to the viewer; at most the first is the page's one filled button.

    Deciding a request comes first, and so does signing for the task.
    """
    deciding = first_to_decide(shown) or signing
    found: list[Offer] = []
    for name in shown.actions:
        if name == CHANGE:
            found.append(Offer("change", "申请其他变更", primary=False))
            continue
        step = BY_NAME[name]
        # Nobody is pushed to publish what was closed on purpose.
        wanted = name != "publish" or shown.row.visibility == Visibility.REVIEW
        first = step.primary and wanted and not found and not deciding
        found.append(Offer(step.path, step.title, first))
    return tuple(found)


@public
@require_safe
def commitment(request: Request, code: str) -> HttpResponse:
    """The page of one commitment.

    404 for one that the viewer may not see, but 410 for one that was public once.
    """
    today = clock.today()
    # Before the history is read: whatever this checkpoint covers must then stand on the page.
    sealed = public_printed()
    try:
        shown = detail(code=code, viewer=request.viewer, today=today)
    except UnknownCommitment:
        withheld = public_withheld(code)
        if withheld is None:
            raise
        return render(request, "web/withheld.html", {"withheld": withheld}, status=GONE)
    goals = {goal.code: goal.title for goal in public_goals()}
    inner = office(code=code, viewer=request.viewer, today=today)
    return render(
        request,
        "web/commitment.html",
        {
            "office": inner,
            "bound": bound_indicator(commitment=code, viewer=request.viewer),
            "may_bind": may_bind(commitment=code, viewer=request.viewer),
            "it": shown,
            "row": shown.row,
            "evidence": evidence_of(commitment=code, viewer=request.viewer),
            "lights": light_page(commitment=code, viewer=request.viewer, today=today),
            "sealed": sealed,
            "sentence": state_sentence(shown, today),
            "delay": delay(shown),
            "entered_late": shown.timeline[-1].late,
            "goal_title": goals.get(shown.row.heading, ""),
            "offers": offers(shown, signing=bool(inner and inner.to_answer)),
            "deciding": first_to_decide(shown),
            "waiting": [change for change in shown.changes if change.waiting],
            "story": story(shown.timeline),
            "orders_of": orders_about(commitment=code, viewer=request.viewer, today=today),
            "taken_in": taken_in(commitment=code, viewer=request.viewer),
            "contests": contests_about(
                subjects=[f"commitment:{code}"], viewer=request.viewer, today=today
            ),
            "contestable": {f"commitment:{code}"} if shown.owes else (),
            "lead_of": lead_of(commitment=code, viewer=request.viewer),
            "doubts": doubts_of(commitment=code, viewer=request.viewer),
            "waits": waits_of(commitment=code, viewer=request.viewer, today=today),
        },
    )
