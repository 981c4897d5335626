"""One question of credit: asked at the counter, answered yes, no or not determined.

The number comes by POST and stands in no address; every look is in the read log before the answer
is shown.
"""

from collections.abc import Mapping
from io import BytesIO

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.credit.commands import consents, deferred_payments
from yinuo.credit.commands.consents import Paper
from yinuo.credit.consent_sheet import ConsentsRefused, read_consents
from yinuo.credit.errors.asking import MayNotAsk
from yinuo.credit.purposes.purpose import Purpose
from yinuo.credit.queries import asking as queries
from yinuo.credit.queries import payments as payment_queries
from yinuo.credit.queries import village as village_queries
from yinuo.credit.queries.asking import About, Asker, ScenarioView
from yinuo.credit.queries.payments import PaymentView
from yinuo.credit.queries.village import VillageList
from yinuo.credit.scenarios.definition import UnknownScenario
from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed
from yinuo.web import asked, clock
from yinuo.web.asking import asking, scenarios
from yinuo.web.forms.asking import (
    AskForm,
    ConsentForm,
    ManyConsentsForm,
    OpenPaymentForm,
    PaidForm,
    WaiveForm,
)
from yinuo.web.forms.base import VersionedForm
from yinuo.web.media_types import XLSX
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt, handed_in
from yinuo.web.workbook import Column, write_sheet

VILLAGE = village_queries.SCENARIO
LONGEST = 40


def _mine(request: Request) -> Mapping[str, ScenarioView]:
    found = queries.scenarios(asking=asking(), viewer=Asker.officer(request.viewer))
    return {one.id: one for one in found}


def _scenario(request: Request, name: str) -> ScenarioView:
    """A question of the viewer's units. Raises `UnknownScenario`, `MayNotAsk`."""
    found = _mine(request).get(name)
    if found is None and name not in scenarios():
        raise UnknownScenario(name, scenarios())
    if found is None:
        raise MayNotAsk(scenarios()[name].name, "您的单位不能问这个问题")
    return found


def _kinds(one: ScenarioView) -> tuple[str, ...]:
    return tuple(kind for kind, asks in (("person", one.persons), ("firm", one.firms)) if asks)


@signed_in
@require_safe
def ask_list(request: Request) -> HttpResponse:
    """The questions that my unit may ask."""
    mine = _mine(request).values()
    context = {
        "mine": mine,
        "village": VILLAGE,
        "units": public_unit_names(),
        "pays": any(scenarios()[one.id].pays_later for one in mine),
    }
    return render(request, "web/asking.html", context)


@signed_in
def ask_one(request: Request, scenario: str) -> HttpResponseBase:
    """Ask one question about one person or firm."""
    one = _scenario(request, scenario)
    form = AskForm(_kinds(one), request.POST if request.method == "POST" else None)
    error: YinuoError | None = None
    status, refused = OK, False
    if form.is_bound:
        status = INVALID
        if form.is_valid():
            at = clock.now()
            asked.check_pace(request, at=at)
            name, error, status = attempt(form, lambda: _ask(request, one, form))
            if name:
                return redirect("ask_answer", name)
            if isinstance(error, MayNotAsk):
                asked.note_refusal(request, at=at)
                refused = one.consent
    context = {"one": one, "form": form, "error": error, "refused": refused}
    return render(request, "web/asking_one.html", context, status=status)


def _ask(request: Request, one: ScenarioView, form: AskForm) -> str:
    answer = queries.ask(
        asking=asking(),
        scenario=one.id,
        kind=form.kind,
        number=form.cleaned_data["number"],
        viewer=Asker.officer(request.viewer),
        at=clock.now(),
    )
    return asked.keep(request, answer)


@signed_in
def ask_answer(request: Request, name: str) -> HttpResponseBase:
    """The answer, big; on a yes to paying later, the bill can be opened at once."""
    it = asked.kept(request, name)
    form, error, status = None, None, OK
    if it.pays_later and it.on == clock.today() and it.unit in request.viewer.officer_of:
        form = OpenPaymentForm(request.POST if request.method == "POST" else None)
        if form.is_bound:
            status = INVALID
            if form.is_valid():
                given = form
                code, error, status = attempt(
                    form,
                    lambda: deferred_payments.open_payment(
                        answer=it,
                        by=request.viewer,
                        at=clock.now(),
                        simulated=bool(settings.YINUO_DEMO_DATE),
                        **given.cleaned_data,
                    ),
                )
                if code:
                    asked.use_up(request, name)
                    messages.success(request, f"已记下后付款 {code}。")
                    return redirect("payment", code)
    elif request.method == "POST":
        raise NotAllowed("这个答复不能用来后付", place=it.name)
    units = public_unit_names()
    context = {"it": it, "unit_name": units.get(it.unit, it.unit), "form": form, "error": error}
    return render(request, "web/asking_answer.html", context, status=status)


# ── consent on paper ─────────────────────────────────────────────────────────────────────────────


def _purpose(one: ScenarioView) -> Purpose:
    given = asking()
    return given.means.purposes[given.scenarios[one.id].purpose]


@signed_in
def ask_consent(request: Request, scenario: str) -> HttpResponseBase:
    """Take in what somebody signed at the counter."""
    one = _consenting(request, scenario)
    posted = request.method == "POST"
    form = ConsentForm(
        _kinds(one), request.POST if posted else None, request.FILES if posted else None
    )
    done, error, status = handed_in(request, form, lambda: _take_one(request, one, form))
    if done:
        return redirect("ask_one", scenario)
    context = {"one": one, "form": form, "error": error}
    return render(request, "web/asking_consent.html", context, status=status)


def _consenting(request: Request, scenario: str) -> ScenarioView:
    one = _scenario(request, scenario)
    if not one.consent:
        raise MayNotAsk(one.name, "这个问题不需要同意")
    return one


def _take_one(request: Request, one: ScenarioView, form: ConsentForm) -> str:
    given = form.cleaned_data
    about = About.of(form.kind, given["number"], on=clock.today())
    paper = Paper(kind=about.kind, number=about.number, name=given["name"], until=given["until"])
    _take(request, one, (paper,), given["paper"])
    return "已登记同意，现在可以问了。"


def _take(
    request: Request, one: ScenarioView, papers: tuple[Paper, ...], sha256: str
) -> tuple[str, ...]:
    at = clock.now()
    return consents.take_consents(
        papers=papers,
        unit=one.unit,
        purpose=_purpose(one),
        paper_sha256=sha256,
        by=request.viewer,
        at=at,
        today=civil_date(at),
        simulated=bool(settings.YINUO_DEMO_DATE),
    )


# ── a village ────────────────────────────────────────────────────────────────────────────────────


@signed_in
def village(request: Request) -> HttpResponseBase:
    """The list of consenting households that qualify: made on the spot, to be printed or saved."""
    one = _scenario(request, VILLAGE)
    viewer, at = Asker.officer(request.viewer), clock.now()
    made: VillageList | None = None
    if request.method == "POST":
        made = village_queries.village_list(asking=asking(), viewer=viewer, at=at)
        if request.POST.get("as") == "xlsx":
            return _sheet(made)
    context = {
        "one": one,
        "made": made,
        "waiting": village_queries.consenting(asking=asking(), viewer=viewer, on=civil_date(at)),
        "unit_name": public_unit_names().get(one.unit, one.unit),
    }
    return render(request, "web/village.html", context)


def _sheet(made: VillageList) -> FileResponse:
    """The list as a workbook without formulas."""
    counts = f"同意的 {made.asked} 户中符合 {len(made.qualify)} 户"
    remark = f"{made.on} 答复，有效到 {made.until}；{counts}"
    if settings.YINUO_DEMO_DATE:
        remark += "（演示数据）"
    file = BytesIO()
    write_sheet(
        file,
        name="名单",
        title=f"{made.name}名单",
        remark=remark,
        columns=(Column("序号", 8), Column("姓名", 16), Column("公民身份号码", 24)),
        rows=(
            (number, each.name, each.number) for number, each in enumerate(made.qualify, start=1)
        ),
    )
    file.seek(0)
    answer = FileResponse(
        file, as_attachment=True, filename=f"village-{made.on}.xlsx", content_type=XLSX
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@signed_in
def village_consents(request: Request) -> HttpResponseBase:
    """Take in what many households signed, from one workbook; with all findings, or all of it."""
    one = _consenting(request, VILLAGE)
    posted = request.method == "POST"
    form = ManyConsentsForm(request.POST if posted else None, request.FILES if posted else None)
    error: YinuoError | None = None
    findings: tuple[Finding, ...] = ()
    status = OK
    if form.is_bound:
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _take_many(request, one, form))
            if isinstance(error, ConsentsRefused):
                findings = error.findings
            if done:
                messages.success(request, done)
                return redirect("village")
    context = {"one": one, "form": form, "error": error, "findings": findings}
    return render(request, "web/village_consents.html", context, status=status)


def _take_many(request: Request, one: ScenarioView, form: ManyConsentsForm) -> str:
    file = form.cleaned_data["table"]
    found = read_consents(file.read(), file=str(file.name)[:LONGEST], on=clock.today())
    papers = tuple(
        Paper(
            kind=queries.PERSON,
            number=each.number,
            name=each.name,
            until=each.until,
            place=f"第 {each.row} 行：",
        )
        for each in found
    )
    taken = _take(request, one, papers, form.cleaned_data["paper"])
    return f"已登记 {len(taken):,} 户的同意。"


# ── bills that are paid later ────────────────────────────────────────────────────────────────────


@signed_in
@require_safe
def payment_list(request: Request) -> HttpResponse:
    """The bills of my unit by due day."""
    state = request.GET.get("state", "open")
    state = state if state in {*payment_queries.STATES, "all"} else "open"
    page = payment_queries.payments(
        viewer=request.viewer,
        today=clock.today(),
        state="" if state == "all" else state,
        cursor=request.GET.get("cursor", "")[:LONGEST],
    )
    states = [*payment_queries.STATES.items(), ("all", "全部")]
    context = {"page": page, "state": state, "states": states}
    return render(request, "web/payments.html", context)


STEPS: Mapping[str, tuple[str, type[VersionedForm]]] = {
    "paid": ("记下付清", PaidForm),
    "waive": ("免除", WaiveForm),
}


@signed_in
def payment(request: Request, code: str) -> HttpResponseBase:
    """One bill: note that it was paid, or ask for it no more."""
    it = payment_queries.payment(code=code, viewer=request.viewer, today=clock.today())
    step = request.GET.get("do", "paid")
    form: VersionedForm | None = None
    error, status = None, OK
    if it.acts and step in STEPS:
        typed = request.POST if request.method == "POST" else None
        start = {"version": it.version, "on": clock.today()}
        form = STEPS[step][1](typed, initial=start)
        if form.is_bound:
            status = INVALID
            if form.is_valid():
                given = form
                done, error, status = attempt(form, lambda: _settle(request, it, step, given))
                if done:
                    messages.success(request, done)
                    return redirect("payment", code)
    elif request.method == "POST":
        raise NotAllowed("只有提供服务的单位的经办人可以这样做，已了结的不能再改", place=code)
    context = {"it": it, "step": step, "steps": STEPS, "form": form, "error": error}
    return render(request, "web/payment.html", context, status=status)


def _settle(request: Request, it: PaymentView, step: str, form: VersionedForm) -> str:
    by, at, given = request.viewer, clock.now(), form.cleaned_data
    if step == "paid":
        kept = deferred_payments.note_paid(payment=it.code, by=by, at=at, **given)
        return "已记下：按期付清。" if kept else "已记下：逾期付清，下次再问会算进去。"
    deferred_payments.waive_payment(payment=it.code, by=by, at=at, **given)
    return "已免除。"
