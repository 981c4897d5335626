"""报送表: the unit fills it line by line and hands it in; the office checks it."""

import io
from collections.abc import Sequence
from typing import IO

from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, TimestampSigner
from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Status
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.spreadsheet.faults import SpreadsheetRefused
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.parties.viewer import NotAllowed
from yinuo.supervision.commands import sheets as commands
from yinuo.supervision.commands.workbooks import Taken, take_workbook
from yinuo.supervision.errors.rounds import HandedIn, RoundClosed, RoundInvalid, UnknownSheet
from yinuo.supervision.queries.rounds import PAGE, SHOWN, SheetPage, sheet_page
from yinuo.supervision.queries.workbooks import sheet_workbook
from yinuo.supervision.rounds.workbook import Refusal
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.forms.rosters import UploadForm
from yinuo.web.forms.rounds import ACCEPTED, CheckForm, HandInForm, SheetForm
from yinuo.web.media_types import XLSX
from yinuo.web.request import Request, signed_in
from yinuo.web.uploads import Dropped
from yinuo.web.views.steps import CONFLICT, INVALID, OK

CHECKED_AT_ONCE = 200
"""Lines of a page for the office, which reads them."""
MOST_BYTES = 20 * 2**20
MOST_FINDINGS = 200
KEPT_SECONDS = 24 * 60 * 60
"""How long the address of an annotated workbook holds."""


def _asked_for(request: Request) -> tuple[str, int]:
    """Which lines of which page the address names."""
    show = request.GET.get("show", "")
    number = request.GET.get("page", "")
    return show if show in SHOWN else "", int(number) if number.isdecimal() else 1


def _page(request: Request, code: str, *codes: str) -> SheetPage:
    show, number = _asked_for(request)
    viewer, today = request.viewer, clock.today()
    checks = not viewer.officer_of
    size = CHECKED_AT_ONCE if checks else PAGE
    return sheet_page(
        code=code, viewer=viewer, today=today, show=show, page=number, size=size, codes=codes
    )


def _shown(
    request: Request,
    page: SheetPage,
    *,
    form: SheetForm | None = None,
    hand_in: HandInForm | None = None,
    check: CheckForm | None = None,
    upload: UploadForm | None = None,
    lost: Sequence[commands.Given] = (),
    error: YinuoError | None = None,
    status: int = OK,
) -> HttpResponse:
    form = form or SheetForm(lines=page.lines)
    checks = page.directs and page.sheet.status == Status.DELIVERED
    check = check or CheckForm(lines=page.lines)
    rows = form.rows
    for row in rows if checks else ():
        if row.about.commitment in check.named:
            row.asks = check[f"line-{row.about.commitment}"]
    context = {
        "page": page,
        "round": page.round,
        "sheet": page.sheet,
        "form": form,
        "rows": rows,
        "hand_in": hand_in or HandInForm(),
        "check": check,
        "checks": checks,
        "lost": lost,
        "upload": upload or UploadForm(),
        "links": [(n, label, page.counts[n], n == page.show) for n, label in SHOWN.items()],
        "error": error,
        "query": urlencode({"show": page.show, "page": str(page.page)}),
    }
    return render(request, "web/round_sheet.html", context, status=status)


@signed_in
def sheet(request: Request, code: str) -> HttpResponseBase:
    """A unit's sheet; saving takes the sound lines and shows the others again as typed."""
    if request.method != "POST":
        return _shown(request, _page(request, code))
    typed = request.POST.copy()
    codes = tuple(typed.getlist("code"))[:PAGE]
    page = _page(request, code, *codes)
    if not page.answers and not page.may_fill:
        raise NotAllowed("只有被要求报送的单位的填报人可以填报送表", place=code)
    form = SheetForm(typed, request.FILES, lines=page.lines if codes else ())
    stale = _stale(page, typed)
    try:
        done = commands.fill(
            sheet=code,
            given=[*form.given(store()), *stale],
            store=store(),
            by=request.viewer,
            at=clock.now(),
        )
    except (RoundClosed, HandedIn) as refused:
        now = _page(request, code)
        answered = {line.commitment for line in now.lines if line.is_answered}
        fresh = (e for e in form.given(store()) if e.commitment not in answered)
        lost = [*stale, *fresh]
        return _shown(request, now, lost=lost, error=refused, status=refused.status)
    form.refuse(done.refused)
    if done.taken:
        messages.success(request, f"已报 {len(done.taken):,} 行。")
    if form.errors:
        return _again(request, code, typed, done)
    if typed.get("do") == "hand_in":
        return _hand_in(request, code, typed)
    if not done.taken:
        messages.warning(request, "没有要保存的：请填写至少一行。")
    show, number = _asked_for(request)
    address = reverse("round_sheet", args=[code])
    return redirect(f"{address}?{urlencode({'show': show, 'page': str(number)})}")


def _stale(page: SheetPage, typed: QueryDict) -> list[commands.Given]:
    """What was typed into lines that cannot be filled in any more, to be refused by name."""
    found = []
    for line in page.lines:
        value, note = (typed.get(f"{name}-{line.commitment}", "") for name in ("value", "note"))
        if not line.may_fill and (value or note):
            found.append(commands.Given(commitment=line.commitment, value=value, note=note))
    return found


def _again(request: Request, code: str, typed: QueryDict, done: commands.Filled) -> HttpResponse:
    """The same lines once more: what was taken stands as reported, the rest as it was typed."""
    for taken in done.taken:
        for name in ("value", "note", "confirm"):
            typed.pop(f"{name}-{taken}", None)
        request.FILES.pop(f"files-{taken}", None)
    page = _page(request, code, *typed.getlist("code")[:PAGE])
    form = SheetForm(typed, request.FILES, lines=page.lines)
    form.is_valid()
    form.refuse(done.refused)
    lost = [each for each in _stale(page, typed) if each.commitment in done.refused]
    hand_in = HandInForm(typed)
    return _shown(request, page, form=form, hand_in=hand_in, lost=lost, status=INVALID)


def _hand_in(request: Request, code: str, typed: QueryDict) -> HttpResponseBase:
    form = HandInForm(typed)
    error: YinuoError | None = None
    status = INVALID
    if form.is_valid():
        try:
            done = commands.hand_in(
                sheet=code, note=form.cleaned_data["note"], by=request.viewer, at=clock.now()
            )
        except StaleVersion as caught:
            error, status = caught, CONFLICT
        except (UnknownSheet, NotAllowed):
            raise
        except YinuoError as caught:
            error, status = caught, caught.status
        else:
            rest = f"，未报送 {done.missing:,} 项" if done.missing else ""
            messages.success(
                request, f"报送表已提交：报送 {done.answered:,} 项{rest}。现在等待督查单位审核。"
            )
            return redirect("round_sheet", code=code)
    return _shown(request, _page(request, code), hand_in=form, error=error, status=status)


@signed_in
@require_POST
def check(request: Request, code: str) -> HttpResponseBase:
    """Accept a sheet, or return it whole or for single lines."""
    page = _page(request, code)
    if not page.directs:
        raise NotAllowed("只有督查单位的督查人可以审核报送表", place=code)
    form = CheckForm(request.POST, lines=page.lines)
    error: YinuoError | None = None
    status = INVALID
    if form.is_valid():
        try:
            done = _judge(request, code, form)
        except (Invalid, RoundInvalid) as caught:
            form.add_faults(caught.faults)
        except YinuoError as caught:
            error, status = caught, caught.status
        else:
            messages.success(request, done)
            return redirect("round", code=page.round.code)
    return _shown(request, page, check=form, error=error, status=status)


def _judge(request: Request, code: str, form: CheckForm) -> str:
    note, viewer, at = form.cleaned_data["note"], request.viewer, clock.now()
    if request.POST.get("do") == "accept":
        commands.accept(sheets=[code], note=note or ACCEPTED, by=viewer, at=at)
        return "已通过。"
    commands.give_back(sheet=code, reason=note, lines=form.reasons(), by=viewer, at=at)
    return "已退回补充，填报人会收到消息。"


# ── the workbook ─────────────────────────────────────────────────────────────────────────────────


@signed_in
@require_safe
def workbook(request: Request, code: str) -> FileResponse:
    """The sheet to be filled in away from the site."""
    made = sheet_workbook(
        code=code,
        viewer=request.viewer,
        today=clock.today(),
        demo=bool(settings.YINUO_DEMO_DATE),
    )
    return _download(made.name, io.BytesIO(made.data))


def _download(name: str, file: IO[bytes]) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@signed_in
@require_POST
def upload(request: Request, code: str) -> HttpResponseBase:
    """Take the sound lines of a filled workbook in, and name every other by its cell."""
    page = _page(request, code)
    if not page.answers and not page.may_fill:
        raise NotAllowed("只有被要求报送的单位的填报人可以填报送表", place=code)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, page, upload=form, error=_told(form), status=INVALID)
    file = form.cleaned_data["file"]
    if isinstance(file, Dropped) or (file.size or 0) > MOST_BYTES:
        error: YinuoError = Refusal(
            file.name, f"文件超过 {MOST_BYTES // 2**20} MB", "请删去图片和多余的工作表后再传"
        )
        return _shown(request, page, error=error, status=INVALID)
    try:
        taken = take_workbook(
            sheet=code,
            data=file.read(),
            name=file.name,
            store=store(),
            by=request.viewer,
            at=clock.now(),
        )
    except (SpreadsheetRefused, Refusal) as refused:
        return _shown(request, page, error=refused, status=INVALID)
    if not taken.findings:
        messages.success(
            request,
            f"已报 {taken.taken:,} 行，{taken.unchanged:,} 行没有变化，{taken.blank:,} 行没有填。",
        )
        return redirect("round_sheet", code=code)
    return _with_findings(request, code, file.name, taken)


def _told(form: UploadForm) -> YinuoError:
    """The fault of the file as the page tells it on top."""
    what = "；".join(str(fault) for faults in form.errors.values() for fault in faults)
    return Refusal("", what, "请选择填好的工作簿")


def _with_findings(request: Request, code: str, name: str, taken: Taken) -> HttpResponse:
    address = reverse("round_sheet_annotated", args=[code])
    token = _signer(request, code).sign(store().put(io.BytesIO(taken.annotated)))
    context = {
        "page": _page(request, code),
        "taken": taken,
        "name": name,
        "findings": taken.findings[:MOST_FINDINGS],
        "more": max(len(taken.findings) - MOST_FINDINGS, 0),
        "annotated": f"{address}?{urlencode({'file': token})}",
        "upload": UploadForm(),
    }
    return render(request, "web/round_upload.html", context, status=INVALID)


def _signer(request: Request, code: str) -> TimestampSigner:
    """Signs which file was made for whom and which sheet, so that no row has to remember it."""
    return TimestampSigner(salt=f"{code}:{request.viewer.actor}")


@signed_in
@require_safe
def annotated(request: Request, code: str) -> FileResponse:
    """The uploaded workbook with what is wrong at its cells, for a day, to who uploaded it."""
    _page(request, code)
    token = request.GET.get("file", "")
    try:
        digest = _signer(request, code).unsign(token, max_age=KEPT_SECONDS)
    except BadSignature as error:
        raise UnknownSheet(code) from error
    return _download(f"{code}（检查结果）.xlsx", store().open(digest))
