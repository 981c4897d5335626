"""One's own credit: report, objection, repair, grade, consents, who looked."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from yinuo.content.calendars import working_calendar
from yinuo.credit.commands.consents import give_consent, withdraw_consent
from yinuo.credit.commands.objections import drop_objection, raise_objection
from yinuo.credit.commands.repairs import ask_repair, drop_repair
from yinuo.credit.commands.reports import issue_report
from yinuo.credit.errors.joins import NoRelease
from yinuo.credit.errors.reports import ObjectionStands, RepairNotYet, RepairStands
from yinuo.credit.grade.grade import Grade
from yinuo.credit.queries.looks import public_own_looks
from yinuo.credit.queries.objections import public_own_objections
from yinuo.credit.queries.own_consents import public_consentable, public_own_consents
from yinuo.credit.queries.own_grade import public_own_grade
from yinuo.credit.queries.own_report import public_own_fact, public_own_facts, public_own_reports
from yinuo.credit.queries.repairs import public_own_repairs
from yinuo.credit.regimes.repair import Conditions, Repair, unmet
from yinuo.credit.regimes.terms_of import PERSON
from yinuo.credit.report.document import Fact, advice_of, sections_of
from yinuo.credit.report.sections import ADVICE
from yinuo.web import clock
from yinuo.web.asking import askers
from yinuo.web.credit import figures, means, regime
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.reports import ConsentForm, ObjectForm, RepairForm, ReportForm
from yinuo.web.reports import grade_book, periods
from yinuo.web.subject import SubjectRequest, subject_only
from yinuo.web.views.mine import shown_number
from yinuo.web.views.steps import INVALID, OK, attempt, handed_in

BETWEEN = "/"
ALL_DONE = Conditions(corrected=True, duties_done=True, promised=True)
OF_PERSONS = "个人的记录不公示，不用申请修复"


@subject_only
@require_safe
def mine_credit(request: SubjectRequest) -> HttpResponse:
    """All facts by section, each with its source and the day on which it stops being public."""
    subject, today = request.subject, clock.today()
    context: dict[str, object] = {
        "subject": subject,
        "shown_number": shown_number(subject),
        "today": today,
        "form": ReportForm(initial={"scope": "all"}),
        "reports": public_own_reports(subject=subject),
        "objections": public_own_objections(subject=subject.code),
        "repairs": public_own_repairs(subject=subject.code),
    }
    try:
        own = public_own_facts(
            subject=subject, means=means(), regime=regime(), on=today, at=clock.now()
        )
    except NoRelease as error:
        return render(request, "web/mine_credit.html", {**context, "lacking": error})
    context |= {
        "own": own,
        "sections": sections_of(own.facts),
        "advice_title": ADVICE,
        "advice": advice_of(own.facts, today),
        "public": sum(fact.is_public for fact in own.facts),
    }
    return render(request, "web/mine_credit.html", context)


@subject_only
@require_POST
def mine_credit_report(request: SubjectRequest) -> HttpResponseBase:
    """Issue a report and hand it over; only its hashes are kept."""
    form = ReportForm(request.POST)
    if not form.is_valid():
        messages.warning(request, gettext("请选择报告的范围。"))
        return redirect("mine_credit")
    issued = issue_report(
        subject=request.subject,
        scope=form.cleaned_data["scope"],
        check_page=request.build_absolute_uri(reverse("report_check").removeprefix("/en")),
        fonts=settings.YINUO_FONTS,
        means=means(),
        regime=regime(),
        on=clock.today(),
        at=clock.now(),
    )
    answer = HttpResponse(issued.file, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{issued.code}.pdf"'
    return answer


@subject_only
@require_safe
def mine_grade(request: SubjectRequest) -> HttpResponse:
    """The grade as what it is: points by a published table, and what would change them."""
    context: dict[str, object] = {"subject": request.subject, "today": clock.today()}
    try:
        context["grade"] = _grade(request)
    except NoRelease as error:
        context["lacking"] = error
    return render(request, "web/mine_credit_grade.html", context)


def _grade(request: SubjectRequest) -> Grade | None:
    today = clock.today()
    book = grade_book(on=today)
    if book is None:
        return None
    return public_own_grade(
        subject=request.subject,
        book=book,
        means=means(),
        figures=figures(),
        regime=regime(),
        on=today,
        at=clock.now(),
    )


def _own_fact(request: SubjectRequest, record: str) -> Fact:
    return public_own_fact(
        record=record,
        subject=request.subject,
        means=means(),
        regime=regime(),
        on=clock.today(),
        at=clock.now(),
    )


@subject_only
def mine_object(request: SubjectRequest, record: str) -> HttpResponseBase:
    """Object to one record; it is marked at once."""
    fact = _own_fact(request, record)
    form = ObjectForm(request.POST if request.method == "POST" else None)
    if fact.states.objection.is_marked and not form.is_bound:
        raise ObjectionStands(fact.objection)
    done, error, status = handed_in(request, form, lambda: _objected(request, record, form))
    if done:
        return redirect("mine_credit")
    context = {"fact": fact, "form": form, "error": error, "subject": request.subject}
    return render(request, "web/mine_credit_object.html", context, status=status)


def _objected(request: SubjectRequest, record: str, form: PlainForm) -> str:
    code = raise_objection(
        record_id=record,
        what=form.cleaned_data["what"],
        subject=request.subject,
        means=means(),
        periods=periods(),
        calendar=working_calendar(),
        at=clock.now(),
    )
    return gettext("异议 %(code)s 已收到，这条记录已标注“有异议”。") % {"code": code}


@subject_only
def mine_repair(request: SubjectRequest, record: str) -> HttpResponseBase:
    """Which conditions of a repair are met and which not; and asking for it."""
    fact = _own_fact(request, record)
    if fact.states.repair in {Repair.ASKED, Repair.ACCEPTED, Repair.GRANTED}:
        raise RepairStands(fact.repair)
    lacking = unmet(fact.term, ALL_DONE, on=clock.today())
    if request.subject.kind == PERSON:
        lacking = (OF_PERSONS,)
    form = RepairForm(request.POST if request.method == "POST" else None)
    error, status = None, OK
    if form.is_bound:
        if lacking:
            raise RepairNotYet(record, lacking)
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _asked(request, record, form))
            if done:
                messages.success(request, done)
                return redirect("mine_credit")
    context = {
        "fact": fact,
        "form": form,
        "lacking": lacking,
        "error": error,
        "subject": request.subject,
    }
    return render(request, "web/mine_credit_repair.html", context, status=status)


def _asked(request: SubjectRequest, record: str, form: RepairForm) -> str:
    code = ask_repair(
        record_id=record,
        done=form.cleaned_data["done"],
        conditions=form.stated,
        subject=request.subject,
        means=means(),
        regime=regime(),
        periods=periods(),
        calendar=working_calendar(),
        at=clock.now(),
    )
    return gettext("信用修复申请 %(code)s 已收到。") % {"code": code}


def _posted(done: Callable[[SubjectRequest, str], str], back: str) -> Callable[..., HttpResponse]:
    def view(request: SubjectRequest, code: str) -> HttpResponse:
        messages.success(request, done(request, code))
        return redirect(back)

    return view


def _objection_dropped(request: SubjectRequest, code: str) -> str:
    drop_objection(objection=code, subject=request.subject.code, at=clock.now())
    return gettext("异议 %(code)s 已撤回。") % {"code": code}


def _repair_dropped(request: SubjectRequest, code: str) -> str:
    drop_repair(repair=code, subject=request.subject.code, at=clock.now())
    return gettext("修复申请 %(code)s 已撤回。") % {"code": code}


def _consent_withdrawn(request: SubjectRequest, code: str) -> str:
    withdraw_consent(consent=code, subject=request.subject.code, at=clock.now())
    return gettext("同意已撤回，马上生效。")


mine_objection_drop = subject_only(require_POST(_posted(_objection_dropped, "mine_credit")))
mine_repair_drop = subject_only(require_POST(_posted(_repair_dropped, "mine_credit")))
mine_consent_withdraw = subject_only(require_POST(_posted(_consent_withdrawn, "mine_consents")))


@subject_only
def mine_consents(request: SubjectRequest) -> HttpResponseBase:
    """The consents given, and giving one."""
    subject, today = request.subject, clock.today()
    able = public_consentable(subject=subject, means=means(), askers=askers())
    choices = [(f"{one.unit}{BETWEEN}{one.purpose}", one.label) for one in able]
    form = ConsentForm(choices, today, request.POST if request.method == "POST" else None)
    done, error, status = handed_in(request, form, lambda: _given(request, form))
    if done:
        return redirect("mine_consents")
    context = {
        "subject": subject,
        "consents": public_own_consents(subject=subject, means=means(), on=today),
        "form": form if able else None,
        "error": error,
    }
    return render(request, "web/mine_consents.html", context, status=status)


def _given(request: SubjectRequest, form: PlainForm) -> str:
    unit, _, purpose = form.cleaned_data["whom"].rpartition(BETWEEN)
    give_consent(
        subject=request.subject.code,
        unit=unit,
        purpose=means().purposes[purpose],
        until=form.cleaned_data["until"],
        at=clock.now(),
        today=clock.today(),
    )
    return gettext("同意已记下，随时可以撤回。")


@subject_only
@require_safe
def mine_looks(request: SubjectRequest) -> HttpResponse:
    """Who looked at one's records: when, which unit, for what purpose."""
    looks = public_own_looks(subject=request.subject, means=means())
    context = {
        "subject": request.subject,
        "looks": [one for one in looks if not one.own],
        "own": sum(one.own for one in looks),
    }
    return render(request, "web/mine_looks.html", context)
