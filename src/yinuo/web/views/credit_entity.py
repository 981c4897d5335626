"""One entity by its code: all facts, where each comes from, why it stands here; and splitting it.

The code comes by POST and stands in no address; the purpose is asked for first, and every look is
in the read log before anything is shown.
"""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from yinuo.credit.commands import judging as commands
from yinuo.credit.errors.joins import NotThere
from yinuo.credit.purposes.purpose import PurposeRefused
from yinuo.credit.queries import entity as queries
from yinuo.credit.queries.entity import EntityView, FactView, SourceFacts
from yinuo.credit.record_kinds import NEVER_LINKED
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock, credit_purpose
from yinuo.web.credit import means
from yinuo.web.credit_words import RECORD, judgement_lines
from yinuo.web.forms.credit import LookForm, PurposeForm, SplitForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt, handed_in

LONGEST = 40


def _choices(request: Request) -> tuple[tuple[str, str], ...]:
    return queries.purposes(means=means(), viewer=request.viewer)


def _seen(request: Request, entity: str) -> EntityView:
    return queries.by_entity(
        entity=entity,
        purpose=credit_purpose.kept(request),
        means=means(),
        viewer=request.viewer,
        at=clock.now(),
    )


@signed_in
def look(request: Request) -> HttpResponseBase:
    """Ask whom and for which purpose; then lead on to the entity by its opaque id."""
    typed = request.POST if request.method == "POST" else None
    choices, known = _choices(request), means().purposes
    form = LookForm(choices, typed, initial={"purpose": credit_purpose.kept(request)})
    status, error = OK, None
    if form.is_bound:
        status = INVALID
        if form.is_valid():
            entity, error, status = attempt(form, lambda: _find(request, form))
            if entity:
                answer = redirect("credit_entity", entity)
                credit_purpose.keep(answer, request, form.cleaned_data["purpose"])
                return answer
    context = {
        "form": form,
        "error": error,
        "purposes": [known[name] for name, _label in choices],
    }
    return render(request, "web/credit_look.html", context, status=status)


def _find(request: Request, form: LookForm) -> str:
    """The opaque id; looking for it is a look as well, and stands in the read log."""
    found = queries.by_code(
        code=form.cleaned_data["code"],
        purpose=form.cleaned_data["purpose"],
        means=means(),
        viewer=request.viewer,
        at=clock.now(),
    )
    return found.entity


@signed_in
@require_POST
def purpose(request: Request) -> HttpResponseBase:
    """Say for which purpose an entity is looked at, or say it anew."""
    entity = request.POST.get("entity", "")[:LONGEST]
    answer = redirect("credit_entity", entity) if entity else redirect("credit_look")
    if "forget" in request.POST:
        credit_purpose.forget(answer)
        return answer
    form = PurposeForm(_choices(request), request.POST)
    if not form.is_valid():
        return _ask(request, entity, form, INVALID)
    credit_purpose.keep(answer, request, form.cleaned_data["purpose"])
    return answer


def _ask(
    request: Request,
    entity: str,
    form: PurposeForm,
    status: int = OK,
    refused: PurposeRefused | None = None,
) -> HttpResponse:
    context = {"entity": entity, "form": form, "refused": refused}
    return render(request, "web/credit_purpose.html", context, status=status)


@signed_in
@require_safe
def entity(request: Request, entity: str) -> HttpResponseBase:
    """All facts that the purpose covers; without a purpose, the question for it."""
    if not credit_purpose.kept(request):
        return _ask(request, entity, PurposeForm(_choices(request)))
    try:
        found = _seen(request, entity)
    except PurposeRefused as error:
        form = PurposeForm(_choices(request))
        return _ask(request, entity, form, error.status, error)
    context = {
        "it": found,
        "grave": NEVER_LINKED,
        "split": {
            each.left.removeprefix(RECORD)
            for each in found.judgements
            if not each.same and each.entity == entity
        },
        "judgements": judgement_lines(found.judgements, request.viewer),
    }
    return render(request, "web/credit_entity.html", context)


@signed_in
def split(request: Request, entity: str, record: str) -> HttpResponseBase:
    """Take a record out of an entity, for good, with reason and case number."""
    if not credit_purpose.kept(request):
        return _ask(request, entity, PurposeForm(_choices(request)))
    found = _seen(request, entity)
    group, fact = _fact(found, record)
    if not fact.may_split:
        raise NotAllowed("只有信用中心的经办人可以拆分记录", place=record)
    form = SplitForm(request.POST if request.method == "POST" else None)
    done, error, status = handed_in(request, form, lambda: _split(request, entity, record, form))
    if done:
        return redirect("credit_entity", entity)
    context = {"it": found, "group": group, "fact": fact, "form": form, "error": error}
    return render(request, "web/credit_split.html", context, status=status)


def _fact(found: EntityView, record: str) -> tuple[SourceFacts, FactView]:
    """The record among those shown. Raises `NotThere`."""
    for group in found.sources:
        for fact in group.facts:
            if fact.record == record:
                return group, fact
    raise NotThere(record)


def _split(request: Request, entity: str, record: str, form: SplitForm) -> str:
    number = commands.split(
        record=record,
        entity=entity,
        reason=form.cleaned_data["reason"],
        case=form.cleaned_data["case"],
        means=means(),
        by=request.viewer,
        at=clock.now(),
    )
    return f"已拆分（第 {number} 号判断），下一个数据版本起不再属于这个主体。"
