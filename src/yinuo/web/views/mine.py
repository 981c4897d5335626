"""What is owed to a firm or citizen, what they owe, what there is for them."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yinuo.benefits.commands.telling import tell_account, tell_field
from yinuo.benefits.life import AwardState
from yinuo.benefits.queries.owed import public_owed, public_own_award
from yinuo.cases.queries.own import public_own
from yinuo.commitments.queries.named import public_vowed
from yinuo.credit.commands.subjects import acting_as
from yinuo.credit.matters import MatterView
from yinuo.credit.purposes.mask import RESIDENT_NUMBER, mask
from yinuo.credit.queries.objections import public_own_objections
from yinuo.credit.queries.own_figures import public_own_figures
from yinuo.credit.queries.payments import public_own_payments
from yinuo.credit.queries.repairs import public_own_repairs
from yinuo.credit.queries.subjects import SubjectView, public_entity_of
from yinuo.kernel.instants import civil_date
from yinuo.web import clock
from yinuo.web.benefits import matches_of
from yinuo.web.credit import figures, means, regime
from yinuo.web.files import store
from yinuo.web.forms.benefits import AccountForm, FieldForm
from yinuo.web.subject import SubjectRequest, agent_of, subject_only
from yinuo.web.views.steps import INVALID, OK, attempt

LATELY = timedelta(days=30)
"""How long an answer stands on the first page."""


@subject_only
@require_safe
def mine(request: SubjectRequest) -> HttpResponse:
    """待政府兑现, 待我履行, and the policies in force."""
    subject, today = request.subject, clock.today()
    entity = public_entity_of(subject=subject, means=means())
    own = public_own(kind=subject.kind, number=subject.number, today=today)
    owed = public_owed(entity=entity)
    had = {one.policy for one in owed.awards}
    waiting = [one for one in owed.awards if one.state not in {"paid", "refused"}]
    running = [one for one in own.cases if not one.over]
    owing = [one for one in own.promises if one.open]
    back = [one for one in owed.clawbacks if not one.done]
    payments = public_own_payments(subject=subject.code, today=today)
    bills = [one for one in payments if one.state == "open"]
    repairs = public_own_repairs(subject=subject.code)
    vows = public_vowed(commitments=[one.promise for one in repairs if one.promise], today=today)
    context = {
        "subject": subject,
        "shown_number": shown_number(subject),
        "agent": agent_of(request),
        "own": own,
        "owed": owed,
        "running": running,
        "over": [one for one in own.cases if one.over],
        "owing": owing,
        "kept": [one for one in own.promises if not one.open],
        "waiting": waiting,
        "to_us": len(waiting) + len(running),
        "from_us": len(owing) + len(back) + len(bills) + len(vows),
        "vows": vows,
        "bills": bills,
        "money": sum(one.amount or 0 for one in waiting),
        "returned": [one for one in owed.clawbacks if one.done],
        "ended": [one for one in owed.awards if one.state in {"paid", "refused"}],
        "back": back,
        "matches": [
            one
            for one in matches_of(subject.kind, _facts(subject, today), on=today)
            if one.line.code not in had
        ],
        "matters": _matters(subject.code, repairs, today),
        "payments": payments,
        "today": today,
    }
    return render(request, "web/mine.html", context)


def _matters(subject: str, repairs: Iterable[MatterView], today: date) -> list[MatterView]:
    """Objections and repairs that are open, and those answered lately, the newest first."""
    both = (*public_own_objections(subject=subject), *repairs)
    told = [one for one in both if one.open or today - civil_date(one.changed_at) <= LATELY]
    return sorted(told, key=lambda one: one.changed_at, reverse=True)


@subject_only
def mine_award(request: SubjectRequest, code: str) -> HttpResponseBase:
    """One award of one's own: the one missing field, or the account to be paid into."""
    entity = public_entity_of(subject=request.subject, means=means())
    it = public_own_award(entity=entity, code=code)
    typed = request.POST if request.method == "POST" else None
    start = {"version": it.version}
    form: AccountForm | FieldForm | None = None
    if it.lacking:
        form = FieldForm(typed, asked=it.lacking, initial=start)
    elif it.wants_account:
        form = AccountForm(typed, initial=start)
    error, status = None, OK
    if request.method == "POST" and form is not None:
        status = INVALID
        if form.is_valid():
            given = form
            done, error, status = attempt(form, lambda: _told(request, code, given))
            if done:
                messages.success(request, done)
                return redirect("mine")
    context = {"it": it, "subject": request.subject, "form": form, "error": error}
    return render(request, "web/mine_award.html", context, status=status)


def _facts(subject: SubjectView, on: date) -> Mapping[str, object]:
    """What the lake counts of the subject; the look stands in the read log."""
    return public_own_figures(
        subject=subject, means=means(), figures=figures(), regime=regime(), on=on, at=clock.now()
    )


def shown_number(subject: SubjectView) -> str:
    """A firm's code as it is; of a person's number only the ends: somebody may look on."""
    return mask(subject.number, *RESIDENT_NUMBER) if subject.kind == "person" else subject.number


def _told(request: SubjectRequest, code: str, form: AccountForm | FieldForm) -> str:
    by, at = acting_as(request.subject.code), clock.now()
    if isinstance(form, AccountForm):
        tell_account(award=code, by=by, at=at, **form.cleaned_data)
        return gettext("账号已记下，到账前还可以改。")
    on = clock.today()
    state = tell_field(
        award=code,
        known=_facts(request.subject, on),
        by=by,
        at=at,
        on=on,
        store=store(),
        **form.cleaned_data,
    )
    if state is AwardState.REFUSED:
        return gettext("按您补的内容不符合条件，理由见下。")
    return gettext("符合条件，接下来公示。")
