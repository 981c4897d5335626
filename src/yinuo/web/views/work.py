"""What waits for the person who is signed in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.commitments.queries.observed import waiting_observations
from yinuo.commitments.queries.signing import to_sign, to_sign_count, unsigned, unsigned_counts
from yinuo.commitments.queries.sources import source_counts
from yinuo.commitments.queries.waits import WaitWork, wait_work
from yinuo.commitments.queries.work import MOST, Work
from yinuo.commitments.queries.work import work as query
from yinuo.content.queries import waiting_count
from yinuo.parties.queries import public_units
from yinuo.web import clock
from yinuo.web.forms.office import SignForm
from yinuo.web.inbox import inbox
from yinuo.web.request import Request, signed_in

FIRST = 20
"""Lines of signatures here; a page of their own lists all."""


def office_work(request: Request) -> dict[str, Any]:
    """Signatures that the viewer's units owe, and what the viewer's office waits for."""
    viewer, today = request.viewer, clock.today()
    found: dict[str, Any] = {"officer": bool(viewer.officer_of)}
    if viewer.officer_of:
        owed = to_sign(viewer=viewer, today=today, most=FIRST)
        found |= {
            "to_sign": owed,
            "to_sign_total": to_sign_count(viewer=viewer),
            "form": SignForm(codes=[view.code for view in owed]),
        }
    if viewer.supervisor_of:
        found |= {
            "office": True,
            "unsigned": unsigned(viewer=viewer, today=today, most=FIRST),
            "unsigned_total": unsigned_counts(viewer=viewer, today=today)[""],
            "sources": source_counts(viewer=viewer, today=today),
        }
    return found


ALONE = {
    "owed": "我单位的承诺",
    "handed_in": "已申请销号，等待核实",
    "to_verify": "待核实",
    "to_find": "待认定：已逾期",
    "to_find_of_others": "待认定：企业和群众逾期的承诺",
}
"""The sections that `?show=` shows alone, all of it, with their titles."""


@dataclass(frozen=True)
class Jump:
    """The way down to a section that holds something."""

    id: str
    title: str
    number: int


def _jumps(waits: Work, claims: WaitWork, office: dict[str, Any], reported: int) -> list[Jump]:
    """What waits, in the order of the page: the answer before one has scrolled."""
    every = (
        Jump("to-sign", "待签收", office.get("to_sign_total", 0)),
        Jump("decide", "待您决定", sum(change.may_decide for change in waits.to_decide)),
        Jump("verify", "待核实", waits.to_verify.total),
        Jump("find", "待认定", waits.to_find.total),
        Jump("find-others", "待认定：企业和群众", waits.to_find_of_others.total),
        Jump("review", "待公开审查", waits.to_publish.total + reported),
        Jump("unsigned", "未签收、已退回", office.get("unsigned_total", 0)),
        Jump("owed", "我单位的承诺", waits.owed.total),
        Jump("wait-rule", "待裁定的卡点", len(claims.to_rule)),
        Jump("wait-answer", "待确认的卡点", len(claims.to_answer)),
    )
    return [jump for jump in every if jump.number]


@signed_in
@require_safe
def work(request: Request) -> HttpResponse:
    """The viewer's tasks in both duties, by deadline; `?show=` one section, all of it."""
    viewer = request.viewer
    alone = request.GET.get("show", "")
    if alone in ALONE:
        found = query(viewer=viewer, today=clock.today(), alone=alone)
        context = {"title": ALONE[alone], "section": getattr(found, alone)}
        return render(request, "web/work_alone.html", context)
    units = public_units()
    waits = query(viewer=viewer, today=clock.today())
    claims = wait_work(viewer=viewer, today=clock.today())
    office = office_work(request)
    reviewed = waiting_observations(viewer=viewer) if viewer.supervisor_of else 0
    context = {
        "inbox": inbox(
            viewer=viewer,
            today=clock.today(),
            work=waits,
            to_sign=office.get("to_sign", ()),
        ),
        "work": waits,
        "jumps": _jumps(waits, claims, office, reviewed),
        "wait_work": claims,
        "office_work": office,
        "observations_to_publish": reviewed,
        "officer_units": [unit for unit in units if unit.code in viewer.officer_of],
        "supervisor_units": [unit for unit in units if unit.code in viewer.supervisor_of],
        "administers": bool(viewer.administrator_of),
        "audits": bool(viewer.auditor_of),
        "publications_waiting": waiting_count(viewer=viewer),
        "most": MOST,
    }
    return render(request, "web/work.html", context)
