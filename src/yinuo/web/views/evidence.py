"""佐证材料: one file's page, the file itself, its review, and handing in more."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.commitments.commands import evidence as commands
from yinuo.commitments.errors import UnknownEvidence
from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.detail import detail
from yinuo.commitments.queries.evidence import (
    EvidenceDetail,
    Serving,
    public_withdrawn,
    serving,
    target,
)
from yinuo.commitments.queries.evidence import evidence as one_evidence
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.media.derived import MEDIA_TYPES, Copy
from yinuo.ledger.printed import public_printed
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.files import derived, store
from yinuo.web.forms.evidence import AddForm, ReviewEvidenceForm
from yinuo.web.request import Request, public, signed_in
from yinuo.web.sending import Sent, send
from yinuo.web.views.steps import CONFLICT, handed_in

GONE = 410


class NothingToAdd(YinuoError):
    """What files should be handed in to takes none from this viewer now."""

    code = "WEB-E060"
    status = CONFLICT

    def __init__(self, commitment: str) -> None:
        super().__init__(
            "现在不能为它补充佐证材料",
            place=commitment,
            next_step="进展在承诺了结之前可以补充，申请销号在核实之前可以补充；请回到承诺页面",
        )


def _code(code: str, number: int) -> str:
    return f"{code}/E{number}"


@public
@require_safe
def evidence(request: Request, code: str, number: int) -> HttpResponse:
    """The page of one file: 404 for one that the viewer may not see, 410 for a withdrawn one."""
    sealed = public_printed()
    try:
        shown = one_evidence(code=_code(code, number), viewer=request.viewer)
    except UnknownEvidence:
        withdrawn = public_withdrawn(_code(code, number))
        if withdrawn is None:
            raise
        context: dict[str, object] = {"withdrawn": withdrawn, "commitment": code}
        return render(request, "web/evidence_withdrawn.html", context, status=GONE)
    context = {"it": shown, "file": shown.view, "sealed": sealed}
    return render(request, "web/evidence.html", context)


def _cached(request: Request, found: Serving) -> str:
    """What is public may be kept and is asked for again each time; it can be withdrawn."""
    return "no-cache" if found.public and not request.viewer.signed_in else "private, no-store"


def _copy(request: Request, found: Serving, copy: Copy) -> HttpResponseBase:
    file = derived().open(found.sha256, copy, store=store())
    size = file.seek(0, 2)
    file.seek(0)
    ending = f".{copy.rpartition('.')[2]}"
    name = found.name if found.name.lower().endswith(ending) else found.name + ending
    etag = f'"{found.sha256}.{copy}"'
    cached = _cached(request, found)
    return send(request, Sent(file, size, MEDIA_TYPES[copy], name, etag, cached))


@public
@require_safe
def file(request: Request, code: str, number: int) -> HttpResponseBase:
    """The file, to be saved; of a public picture a copy without what the camera added."""
    found = serving(code=_code(code, number), viewer=request.viewer)
    if not found.original:
        return _copy(request, found, Copy.PUBLIC)
    here = store()
    return send(
        request,
        Sent(
            file=here.open(found.sha256),
            size=here.size(found.sha256),
            media_type=found.format.media_type,
            name=found.name,
            etag=f'"{found.sha256}"',
            cached=_cached(request, found),
        ),
    )


@public
@require_safe
def thumbnail(request: Request, code: str, number: int) -> HttpResponseBase:
    """A small copy of a picture."""
    found = serving(code=_code(code, number), viewer=request.viewer)
    if not found.format.picture:
        raise UnknownEvidence(_code(code, number))
    return _copy(request, found, Copy.THUMBNAIL)


def _require_reviewer(shown: EvidenceDetail) -> None:
    if shown.own and shown.judges:
        raise NotAllowed("提交人不能审查自己提交的文件", place=shown.view.code)
    if not shown.judges:
        raise NotAllowed(
            "只有该承诺的督查人可以审查它的文件，且不得在责任单位或其上级单位任职",
            place=shown.view.code,
        )


@signed_in
def review(request: Request, code: str, number: int) -> HttpResponseBase:
    """公开前保密审查 of one file."""
    shown = one_evidence(code=_code(code, number), viewer=request.viewer)
    _require_reviewer(shown)
    form = ReviewEvidenceForm(
        request.POST if request.method == "POST" else None,
        version=shown.version,
        offered=shown.offered,
    )
    done, error, status = handed_in(request, form, lambda: _review(request, form, shown))
    if done:
        return redirect("evidence", code=code, number=number)
    context = {"it": shown, "file": shown.view, "form": form, "error": error}
    return render(request, "web/evidence_review.html", context, status=status)


def _review(request: Request, form: ReviewEvidenceForm, shown: EvidenceDetail) -> str:
    commands.publish(
        evidence=shown.view.code,
        visibility=Visibility(form.cleaned_data["visibility"]),
        version=form.cleaned_data["version"],
        by=request.viewer,
        at=clock.now(),
    )
    return "这份文件的公开类型已改。"


@signed_in
def add(request: Request, code: str) -> HttpResponseBase:
    """More files for `?to=`, a report or the delivery that waits."""
    shown = detail(code=code, viewer=request.viewer, today=clock.today())
    if not shown.owes:
        raise NotAllowed("只有责任单位的填报人可以这样做", place=code)
    to = request.GET.get("to", "")
    wanted = target(commitment=code, to=to, viewer=request.viewer)
    if wanted is None:
        raise NothingToAdd(code)
    form = AddForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    done, error, status = handed_in(request, form, lambda: _add(request, form, code, to))
    if done:
        return redirect("commitment", code=code)
    context = {"target": wanted, "row": shown.row, "form": form, "error": error}
    return render(request, "web/evidence_add.html", context, status=status)


def _add(request: Request, form: AddForm, code: str, to: str) -> str:
    kept = commands.keep(files=form.cleaned_data["evidence"], store=store())
    made = commands.add(
        commitment=code, to=to, files=kept, store=store(), by=request.viewer, at=clock.now()
    )
    return f"已提交 {len(made)} 个文件。"
