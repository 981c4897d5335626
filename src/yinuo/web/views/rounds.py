"""调度期次: the office opens, looks on, releases and closes; anyone asked sees their part."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from yinuo.commitments.queries.asking import CHOICE_STATES, MOST, Choice
from yinuo.commitments.queries.sources import document_kinds
from yinuo.commitments.registry import all_kinds
from yinuo.goals.queries.plans import public_goals
from yinuo.kernel.errors import YinuoError
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.commands import rounds as commands
from yinuo.supervision.commands import sheets
from yinuo.supervision.errors.rounds import RoundInvalid
from yinuo.supervision.queries import burden as burdens
from yinuo.supervision.queries import rounds as queries
from yinuo.supervision.queries.asking import Asking, foresee
from yinuo.supervision.queries.rounds import SheetLine, round_page
from yinuo.supervision.rounds.burden import Burden
from yinuo.supervision.rounds.life import RoundSort
from yinuo.web import clock
from yinuo.web.days import day
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.rounds import ACCEPTED, AcceptForm, ChoiceForm, OpenForm, ReopenForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK

REFUSED_SHOWN = 20
UNITS_SHOWN = 100


@signed_in
@require_safe
def rounds(request: Request) -> HttpResponse:
    """The rounds that the viewer may know of."""
    today = clock.today()
    context = {
        "rounds": queries.rounds(viewer=request.viewer, today=today),
        "directs": bool(request.viewer.supervisor_of),
        "todo": queries.to_do(viewer=request.viewer, today=today),
    }
    return render(request, "web/rounds.html", context)


# ── opening ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Foreseen:
    """What a preview says of one unit."""

    name: str
    new: Burden
    month: Burden
    refused: str


def _offered(viewer: Viewer) -> dict[str, list[tuple[str, str]]]:
    names = public_unit_names()
    return {
        "office": [(code, names[code]) for code in sorted(viewer.supervisor_of)],
        "basis": [("", "全部来源"), *((k, k) for k in document_kinds(viewer=viewer))],
        "goal": [("", "全部目标"), *((goal.code, goal.title) for goal in public_goals())],
        "kind": [
            ("", "全部类型"),
            *((k.name, k.label) for k in all_kinds() if not k.by_sheet),
        ],
        "unit": [("", "全部单位"), *names.items()],
        "state": list(CHOICE_STATES.items()),
    }


def _choice(form: ChoiceForm) -> Choice:
    values = form.cleaned_data
    return Choice(
        office=values["office"],
        heading=values["goal"],
        kind=values["kind"],
        unit=values["unit"],
        basis=values["basis"],
        state=values["state"],
        text=values["text"],
        codes=form.named_codes,
    )


def _foreseen(asking: Asking) -> list[Foreseen]:
    names = public_unit_names()
    found = [
        Foreseen(names.get(unit, unit), new, asking.month[unit], asking.refused.get(unit, ""))
        for unit, new in asking.new.items()
    ]
    return sorted(found, key=lambda one: (not one.refused, -one.new.fields, one.name))


@signed_in
def open_round(request: Request) -> HttpResponseBase:
    """Choose, look at what it would ask of whom, and open; the choice stands in the address."""
    viewer, today = request.viewer, clock.today()
    if not viewer.supervisor_of:
        raise NotAllowed("只有督查单位的督查人可以开调度期次")
    asked = request.GET.copy()
    asked.setdefault("office", min(viewer.supervisor_of))
    asked.setdefault("as_of_date", today.isoformat())
    chosen = ChoiceForm(asked, offered=_offered(viewer))
    context = {"choice": chosen, "most": MOST, "form": None}
    if not chosen.is_valid():
        status = INVALID if request.method == "POST" else OK
        return render(request, "web/round_new.html", context, status=status)
    wanted, as_of = _choice(chosen), chosen.cleaned_data["as_of_date"]
    asking = foresee(wanted=wanted, as_of=as_of, viewer=viewer, today=today)
    form = OpenForm(
        request.POST or None,
        refused=bool(asking.refused),
        initial={"sort": RoundSort.MONTHLY, "expected": len(asking.chosen)},
    )
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            code, error, status = _open(request, form, wanted, as_of)
            if code:
                return redirect("round", code=code)
    units = _foreseen(asking)
    context |= {
        "asking": asking,
        "units": units[:UNITS_SHOWN],
        "more_units": max(len(units) - UNITS_SHOWN, 0),
        "form": form,
        "error": error,
    }
    return render(request, "web/round_new.html", context, status=status)


def _open(
    request: Request, form: OpenForm, wanted: Choice, as_of: date
) -> tuple[str, YinuoError | None, int]:
    """The new round's code, or what stood in the way."""
    values = form.cleaned_data
    try:
        done = commands.open_round(
            wanted=wanted,
            sort=RoundSort(values["sort"]),
            as_of=as_of,
            due=values["due"],
            title=values["title"],
            note=values["note"],
            overruled=values.get("overruled", ""),
            expected=values["expected"],
            by=request.viewer,
            at=clock.now(),
        )
    except RoundInvalid as refused:
        form.add_faults(refused.faults)
        return "", None, INVALID
    except YinuoError as refused:
        return "", refused, refused.status
    messages.success(
        request,
        f"已开 {done.code}：{done.sheets:,} 个单位，{done.lines:,} 项承诺，"
        f"请在{day(values['due'])}之前报送。",
    )
    return done.code, None, OK


# ── one round ────────────────────────────────────────────────────────────────────────────────────


@signed_in
@require_safe
def round_of(request: Request, code: str) -> HttpResponse:
    """Who has reported, who partly, who is late and by how much."""
    return _round(request, code, ReopenForm())


def _round(
    request: Request,
    code: str,
    form: PlainForm,
    *,
    accept: AcceptForm | None = None,
    error: YinuoError | None = None,
    status: int = OK,
) -> HttpResponse:
    page = round_page(code=code, viewer=request.viewer, today=clock.today())
    context = {
        "page": page,
        "line": page.line,
        "own_sheet": next((each for each in page.sheets if _owes(each, request.viewer)), None),
        "form": form,
        "accept": accept or AcceptForm(codes=page.acceptable),
        "error": error,
    }
    return render(request, "web/round.html", context, status=status)


def _owes(sheet: SheetLine, viewer: Viewer) -> bool:
    return sheet.unit in viewer.officer_of and bool(sheet.missing)


@signed_in
@require_POST
def accept(request: Request, code: str) -> HttpResponseBase:
    """Accept several sheets that were handed in, with one word for all of them."""
    page = round_page(code=code, viewer=request.viewer, today=clock.today())
    if not page.directs:
        raise NotAllowed("只有督查单位的督查人可以审核报送表", place=code)
    form = AcceptForm(request.POST, codes=page.acceptable)
    if not form.is_valid():
        return _round(request, code, ReopenForm(), accept=form, status=INVALID)
    values = form.cleaned_data
    try:
        done = sheets.accept(
            sheets=values["sheets"],
            note=values["note"] or ACCEPTED,
            by=request.viewer,
            at=clock.now(),
        )
    except YinuoError as error:
        return _round(request, code, ReopenForm(), accept=form, error=error, status=error.status)
    messages.success(request, f"已通过 {done:,} 张报送表。")
    return redirect("round", code=code)


@signed_in
@require_POST
def release(request: Request, code: str) -> HttpResponseBase:
    """Let every unit see how all of them reported."""
    commands.release(round_code=code, by=request.viewer, at=clock.now())
    messages.success(request, "已发布：本期各单位都能看到全部单位的报送情况。")
    return redirect("round", code=code)


@signed_in
@require_POST
def close(request: Request, code: str) -> HttpResponseBase:
    """Lock the round, or say why it cannot be locked yet."""
    try:
        missing = commands.close(round_code=code, by=request.viewer, at=clock.now())
    except RoundInvalid as error:
        return _round(request, code, ReopenForm(), error=error, status=error.status)
    rest = f"{missing:,} 个单位没有报送，在“待认定”里等待认定。" if missing else ""
    messages.success(request, f"{code} 已关闭，不再接收报送。{rest}")
    return redirect("round", code=code)


@signed_in
@require_POST
def reopen(request: Request, code: str) -> HttpResponseBase:
    """Ask that a closed round be opened again, or decide on it as another person."""
    decision = request.POST.get("decision", "")
    if decision in {"approve", "refuse"}:
        approve = decision == "approve"
        commands.decide_reopening(
            round_code=code, approve=approve, by=request.viewer, at=clock.now()
        )
        messages.success(request, "已重新打开，可以补报。" if approve else "未批准，仍然关闭。")
        return redirect("round", code=code)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _round(request, code, form, status=INVALID)
    try:
        commands.ask_reopening(
            round_code=code,
            reason=form.cleaned_data["reason"],
            by=request.viewer,
            at=clock.now(),
        )
    except RoundInvalid as error:
        form.add_faults(error.faults)
        return _round(request, code, form, status=INVALID)
    messages.success(request, "申请已提出，等待另一名督查人决定。")
    return redirect("round", code=code)


@signed_in
@require_safe
def burden(request: Request) -> HttpResponse:
    """Fields asked for, month by month and unit by unit."""
    page = burdens.burden(viewer=request.viewer, today=clock.today())
    return render(request, "web/rounds_burden.html", {"page": page})
