"""The window: the day's cases by clock, and taking one in."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from yinuo.cases.commands import intake
from yinuo.cases.queries import desk as query
from yinuo.cases.queries.applying import public_items_to_apply
from yinuo.kernel.errors import YinuoError
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.case_clocks import left_words
from yinuo.web.case_items import Applied, applied
from yinuo.web.files import store
from yinuo.web.forms.applying import WindowForm
from yinuo.web.held import fetch_held
from yinuo.web.request import Request, signed_in
from yinuo.web.views.apply import hand_over, new_once, page_of, receipt_again, show_receipt
from yinuo.web.views.steps import INVALID, OK, attempt

LONGEST = 80
SHOWS = {
    "open": "待办",
    "late": "已逾期",
    "today": "今天到期",
    "week": "一周内到期",
    "received": "待受理",
    "correcting": "待补正",
    "accepted": "办理中",
    "stopped": "暂停计时",
    "decided": "待送达",
    "done": "已了结",
    "all": "全部",
}
"""What the list can show, in the words of the page."""


@dataclass(frozen=True)
class Show:
    """One of the lists with how many stand in it."""

    label: str
    count: query.Bounded
    chosen: bool
    address: str


def _wanted(request: Request) -> query.Wanted:
    def part(name: str) -> str:
        return request.GET.get(name, "").replace("\0", "").strip()[:LONGEST]

    show = part("show")
    return query.Wanted(
        show=show if show in SHOWS else "open",
        item=part("item"),
        unit=part("unit"),
        window=part("window"),
        code=part("code"),
    )


def _shows(request: Request, counts: Mapping[str, query.Bounded], chosen: str) -> list[Show]:
    """The lists that hold something, and the one that is shown; other filters stay."""
    others = {k: str(v) for k, v in request.GET.items() if k not in ("show", "after")}
    return [
        Show(label, counts[name], name == chosen, "?" + urlencode({**others, "show": name}))
        for name, label in SHOWS.items()
        if name in counts and (counts[name].number or name in (chosen, "open"))
    ]


@signed_in
@require_safe
def desk(request: Request) -> HttpResponse:
    """The cases a viewer works on, by the next day somebody has to act."""
    wanted = _wanted(request)
    after = request.GET.get("after", "").replace("\0", "")[:200]
    viewer, at = request.viewer, clock.now()
    page = query.cases(viewer=viewer, at=at, wanted=wanted, after=after)
    counts = query.counts(viewer=viewer, at=at, wanted=wanted)
    context = {
        "page": page,
        "lines": [(row, left_words(row.days_left)) for row in page.rows],
        "asked": wanted,
        "after": after,
        "filtered": wanted != query.Wanted(show=wanted.show),
        "shows": _shows(request, counts, wanted.show),
        "show_label": SHOWS[wanted.show],
        "options": query.choices(viewer=viewer),
        "may_take_in": bool(viewer.officer_of),
        "demo_rows": any(row.simulated for row in page.rows),
    }
    return render(request, "web/desk.html", context)


def _windows(request: Request) -> dict[str, str]:
    """The units for which the viewer may take in. Raises `NotAllowed` for none."""
    own = request.viewer.officer_of
    if not own:
        raise NotAllowed("只有窗口和办理单位的工作人员可以收件")
    return {code: name for code, name in public_unit_names().items() if code in own}


@signed_in
@require_safe
def choose(request: Request) -> HttpResponse:
    """Which item it is for."""
    _windows(request)
    text = request.GET.get("text", "").replace("\0", "").strip()[:LONGEST]
    items = public_items_to_apply(text=text, on=clock.today())
    return render(request, "web/desk_choose.html", {"items": items, "text": text})


@signed_in
def take_in(request: Request, code: str) -> HttpResponseBase:
    """What an applicant brings to the window; ends with the receipt to print."""
    windows = _windows(request)
    it = applied(code, clock.today())
    now = clock.now()
    given = {**it.for_form(now), "windows": windows, "now": now}
    if request.method != "POST":
        return _show(request, it, WindowForm(initial={"once": new_once()}, **given), None, OK)
    again = receipt_again(request, "desk_receipt")
    if again is not None:
        return again
    typed = WindowForm(request.POST, request.FILES, **given)
    if not typed.is_valid():
        return _show(request, it, typed, None, INVALID)
    made: list[intake.Receipt] = []
    done, error, status = attempt(typed, lambda: _take_in(request, typed, it, made))
    if not done:
        return _show(request, it, typed, error, status)
    for said in fetch_held(made[0].code, typed.held(), by=request.viewer):
        messages.warning(request, said)
    answer = redirect("desk_receipt")
    hand_over(answer, made[0], typed)
    return answer


def _take_in(request: Request, typed: WindowForm, it: Applied, made: list[intake.Receipt]) -> str:
    values = typed.cleaned_data
    made.append(
        intake.take_in(
            item=it.definition.code,
            window=values["window_unit"],
            applicant=typed.applicant(),
            about=values["about"],
            choices=typed.choices(),
            store=store(),
            by=request.viewer,
            at=clock.now(),
            happened_at=values["received"],
            simulated=it.definition.simulated,
        )
    )
    return made[0].code


def _show(
    request: Request, it: Applied, typed: WindowForm, error: YinuoError | None, status: int
) -> HttpResponse:
    context = {**page_of(it), "form": typed, "error": error, "window": True}
    return render(request, "web/apply_form.html", context, status=status)


@signed_in
@require_safe
def receipt(request: Request) -> HttpResponseBase:
    """The receipt of what was just taken in, to be printed for the applicant."""
    return show_receipt(request, window=True)
