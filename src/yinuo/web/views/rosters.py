"""台账: an office's own sheet on its way in, and back again."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from yinuo.goals.commands import roster as commands
from yinuo.goals.compare import Ask, Preview
from yinuo.goals.errors.plans import PreviewOutdated, TooLarge
from yinuo.goals.queries import rosters as queries
from yinuo.goals.queries.plans import preview
from yinuo.goals.queries.rosters import Check, Opened
from yinuo.goals.roster.layout import Layout
from yinuo.goals.roster.mapping import RosterMapping
from yinuo.goals.roster.read import Grouped, grouped
from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.spreadsheet.faults import SpreadsheetRefused
from yinuo.parties.queries import public_units
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.forms.rosters import (
    ColumnsForm,
    HeaderForm,
    StrangersForm,
    UploadForm,
    columns_of,
    first_values,
    guessed,
    values_of,
)
from yinuo.web.media_types import XLSX
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK

FINDINGS_A_PAGE = 50
CELLS_SHOWN = 12
ASKS_A_PAGE = 50
CODES_SHOWN = 100


def _download(name: str, data: bytes) -> FileResponse:
    return FileResponse(io.BytesIO(data), as_attachment=True, filename=name, content_type=XLSX)


def _keep(request: Request, form: UploadForm, *, plan: str | None) -> int | None:
    """Keep the file of a valid form; None, with the fault at the field, where none reads it."""
    file = form.cleaned_data["file"]
    try:
        queries.require_readable(file=file, name=file.name, viewer=request.viewer)
        return commands.keep_upload(
            file=file,
            name=file.name,
            plan=plan,
            store=store(),
            by=request.viewer,
            at=clock.now(),
        )
    except (SpreadsheetRefused, TooLarge) as error:
        form.add_error("file", f"{error.what}。{error.next_step}")
        return None


@signed_in
def rosters(request: Request) -> HttpResponseBase:
    """The rosters of the viewer's offices, the uploads on their way, and the way in."""
    found = queries.rosters(viewer=request.viewer)
    form = UploadForm(request.POST or None, request.FILES or None)
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            number = _keep(request, form, plan=None)
            if number is not None:
                return _after_upload(request, number)
    context = {
        "rosters": found,
        "uploads": queries.uploads(viewer=request.viewer),
        "form": form,
    }
    return render(request, "web/rosters.html", context, status=status)


def _after_upload(request: Request, number: int) -> HttpResponseBase:
    """Straight to the check where the way of reading is known, else to the first question."""
    found = queries.opened(number=number, store=store(), viewer=request.viewer)
    if found.upload.mapping:
        mapping = queries.mapping_in(
            book=found.book, mapping=found.upload.mapping, viewer=request.viewer
        )
        if mapping is not None:
            _assign(request, number, mapping, found.upload.plan)
            return redirect("roster_check", number=number)
        messages.warning(request, "表头与上次不同，请核对各列的含义。")
    offers = queries.offers(opened=found, viewer=request.viewer)
    plain = len(offers) == 1 and not offers[0].alike
    if offers and (plain or found.upload.mapping):
        address = reverse("roster_columns", args=[number])
        return redirect(f"{address}?{urlencode({'sheet': offers[0].table.layout.sheet})}")
    return redirect("roster_sheets", number=number)


def _assign(request: Request, number: int, mapping: RosterMapping, plan: str | None) -> None:
    commands.assign(
        upload=number,
        sheet=mapping.sheet,
        mapping=mapping.as_json(),
        plan=plan,
        by=request.viewer,
    )


@signed_in
def sheets(request: Request, number: int) -> HttpResponseBase:
    """Which sheet of the workbook, and whether it is read as one was before."""
    found = queries.opened(number=number, store=store(), viewer=request.viewer)
    offers = queries.offers(opened=found, viewer=request.viewer)
    if request.method == "POST":
        for offer in offers:
            for known in offer.alike:
                chosen = (request.POST.get("sheet"), request.POST.get("plan"))
                if chosen == (offer.table.layout.sheet, known.plan):
                    mapping = known.mapping_for(offer.table)
                    _assign(request, number, mapping, known.plan)
                    return redirect("roster_check", number=number)
    context = {"upload": found.upload, "opened": found, "offers": offers, "header": HeaderForm()}
    return render(request, "web/roster_sheets.html", context)


@signed_in
def columns(request: Request, number: int) -> HttpResponseBase:
    """Which column means what, and what the sheet does not say: one screen."""
    found = queries.opened(number=number, store=store(), viewer=request.viewer)
    header = HeaderForm(request.GET).rows() if "first" in request.GET else None
    table = queries.table_at(
        opened=found,
        sheet=request.GET.get("sheet", found.upload.sheet),
        header=header,
        viewer=request.viewer,
    )
    if table is None:
        messages.warning(request, "这张表看不出表头，请指明表头在第几行。")
        return redirect("roster_sheets", number=number)
    form = _columns_form(request, found, table.layout)
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            mapping = form.mapping()
            plan = form.cleaned_data["plan"] or None
            _assign(request, number, mapping, plan)
            return redirect("roster_check", number=number)
    layout = table.layout
    context = {
        "upload": found.upload,
        "table": table,
        "form": form,
        "guesses": guessed(layout),
        "header": HeaderForm(initial={"first": layout.header_first, "last": layout.header_last}),
    }
    return render(request, "web/roster_columns.html", context, status=status)


def _columns_form(request: Request, found: Opened, layout: Layout) -> ColumnsForm:
    viewer = request.viewer
    units = {unit.code: unit.name for unit in public_units()}
    offices = {code: units[code] for code in sorted(viewer.administrator_of) if code in units}
    plans = queries.office_plans(viewer=viewer)
    used = queries.plan_codes(viewer=viewer)
    likely = [*(plan.office for plan in plans), *sorted(viewer.held_for)]
    office = next((code for code in likely if code in offices), "")
    initial = first_values(layout, office=office, used=used, today=clock.today())
    like, own = request.GET.get("like", ""), found.upload.mapping
    if like:
        mapping = queries.roster(plan=like, viewer=viewer).mapping
        initial |= columns_of(mapping, layout)
    elif own is not None:
        mapping = own
        initial |= values_of(own, layout, found.upload.plan)
    else:
        mapping = None
    return ColumnsForm(
        request.POST or None,
        initial=initial,
        layout=layout,
        plans=plans,
        documents=queries.office_documents(viewer=viewer),
        offices=offices,
        units=mapping.units if mapping else {},
        used=used,
    )


@dataclass(frozen=True)
class Shown:
    """Findings that say the same, as a line of the list."""

    first: Finding
    cells: tuple[str, ...]
    more: int
    """Cells beyond those shown."""

    @classmethod
    def of(cls, group: Grouped) -> "Shown":
        """With the first few cells."""
        cells = group.cells[:CELLS_SHOWN]
        return cls(group.first, cells, len(group.cells) - len(cells))


def _listed(request: Request, findings: Sequence[Finding]) -> "Page[Shown]":
    lines = [Shown.of(group) for group in grouped(findings)]
    return Paginator(lines, FINDINGS_A_PAGE).get_page(request.GET.get("page"))


def _checked(request: Request, number: int) -> Check:
    return queries.check(number=number, store=store(), viewer=request.viewer)


@signed_in
def check(request: Request, number: int) -> HttpResponseBase:
    """What the check found, by cell; the mended file is handed in here."""
    form = UploadForm(request.POST or None, request.FILES or None)
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid() and _replaced(request, form, number):
            return _after_upload(request, number)
    found = _checked(request, number)
    errors, notices = found.checked.errors, found.checked.notices
    showing = request.GET.get("show") or ("errors" if errors else "notices")
    context = {
        "upload": queries.upload(number=number, viewer=request.viewer),
        "check": found,
        "rows": len(found.read.rows),
        "skipped": sum(vars(found.read.skipped).values()),
        "errors": len(errors),
        "notices": len(notices),
        "showing": showing,
        "findings": _listed(request, notices if showing == "notices" else errors),
        "strangers": _strangers_form(found) if found.read.strangers else None,
        "more_strangers": max(len(found.read.strangers) - StrangersForm.MOST, 0),
        "form": form,
    }
    return render(request, "web/roster_check.html", context, status=status)


def _replaced(request: Request, form: UploadForm, number: int) -> bool:
    """Put the mended file in place; with the fault at the field where none reads it."""
    file = form.cleaned_data["file"]
    try:
        queries.require_readable(file=file, name=file.name, viewer=request.viewer)
        commands.replace_file(
            upload=number,
            file=file,
            name=file.name,
            store=store(),
            by=request.viewer,
            at=clock.now(),
        )
    except (SpreadsheetRefused, TooLarge) as error:
        form.add_error("file", f"{error.what}。{error.next_step}")
        return False
    return True


def _strangers_form(found: Check, data: object = None) -> StrangersForm:
    units = [(unit.code, unit.name) for unit in public_units()]
    return StrangersForm(data, strangers=found.read.strangers, units=units)


@signed_in
@require_POST
def units(request: Request, number: int) -> HttpResponseBase:
    """Say which registered unit a name in the sheet means; remembered with the mapping."""
    found = _checked(request, number)
    form = _strangers_form(found, request.POST)
    if form.is_valid():
        mapping = replace(found.mapping, units={**found.mapping.units, **form.meant()})
        upload = queries.upload(number=number, viewer=request.viewer)
        _assign(request, number, mapping, upload.plan)
        messages.success(request, f"已记住 {len(form.meant()):,} 个单位的叫法。")
    return redirect("roster_check", number=number)


@signed_in
@require_safe
def annotated(request: Request, number: int) -> FileResponse:
    """The workbook with what was found at each cell."""
    found = _checked(request, number)
    with store().open(found.sha256) as file:
        data = queries.annotated(data=file.read(), check=found, viewer=request.viewer)
    stem = found.name.rpartition(".")[0] or found.name
    return _download(f"{stem}（检查结果）.xlsx", data)


@signed_in
def take_in(request: Request, number: int) -> HttpResponseBase:
    """What taking in would do; what was confirmed is carried out, or nothing is."""
    found = _checked(request, number)
    if found.checked.plan is None:
        return redirect("roster_check", number=number)
    foreseen = preview(file=found.checked, viewer=request.viewer)
    seen = queries.fingerprint(check=found, found=foreseen, viewer=request.viewer)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        try:
            return _taken(request, number, found, foreseen, seen)
        except YinuoError as caught:
            error, status = caught, caught.status
            foreseen = preview(file=found.checked, viewer=request.viewer)
            seen = queries.fingerprint(check=found, found=foreseen, viewer=request.viewer)
    return _preview_page(request, number, found, foreseen, seen=seen, error=error, status=status)


def _taken(
    request: Request, number: int, found: Check, foreseen: Preview, seen: str
) -> HttpResponseBase:
    if request.POST.get("seen") != seen:
        raise PreviewOutdated(foreseen.plan)
    taken = commands.take_in_roster(
        upload=number,
        file=found.checked,
        reading=found.reading,
        by=request.viewer,
        at=clock.now(),
        persons=found.persons,
        expected=foreseen,
    )
    if taken.wrote:
        counts = queries.Counts.of(found, foreseen)
        messages.success(
            request,
            f"已导入：新登记 {counts.new:,} 项，提交 {taken.requested:,} 项申请，"
            f"{counts.unchanged:,} 项没有变化"
            f"{f'，登记责任领导、联络员 {taken.persons:,} 项' if taken.persons else ''}。",
        )
    else:
        messages.success(request, "文件与已登记的内容一致，没有写入任何记录。")
    return redirect("roster", plan=taken.plan)


def _preview_page(
    request: Request,
    number: int,
    found: Check,
    foreseen: Preview,
    *,
    seen: str,
    error: YinuoError | None,
    status: int,
) -> HttpResponse:
    asks: Page[Ask] = Paginator(foreseen.asks, ASKS_A_PAGE).get_page(request.GET.get("page"))
    titles = {row.code: row.title for row in found.checked.sound().content.commitments}
    new = foreseen.commitments[:CODES_SHOWN]
    context = {
        "upload": queries.upload(number=number, viewer=request.viewer),
        "check": found,
        "found": foreseen,
        "counts": queries.Counts.of(found, foreseen),
        "asks": asks,
        "new": [(code, titles[code]) for code in new],
        "more_new": len(foreseen.commitments) - len(new),
        "absent": foreseen.absent[:CODES_SHOWN],
        "more_absent": max(len(foreseen.absent) - CODES_SHOWN, 0),
        "held": [Shown.of(group) for group in grouped(foreseen.held)][:FINDINGS_A_PAGE],
        "refused": [Shown.of(group) for group in grouped(foreseen.refused)][:FINDINGS_A_PAGE],
        "seen": seen,
        "error": error,
    }
    return render(request, "web/roster_preview.html", context, status=status)


@signed_in
@require_POST
def drop(request: Request, number: int) -> HttpResponseBase:
    """Give up an upload."""
    commands.drop(upload=number, by=request.viewer)
    messages.success(request, "已放弃，没有导入任何内容。")
    return redirect("rosters")


@signed_in
def roster(request: Request, plan: str) -> HttpResponseBase:
    """One roster: its last file, how it is read, its next state, and the way to get it back."""
    found = queries.roster(plan=plan, viewer=request.viewer)
    form = UploadForm(request.POST or None, request.FILES or None)
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            number = _keep(request, form, plan=plan)
            if number is not None:
                return _after_upload(request, number)
    context = {"roster": found, "form": form}
    return render(request, "web/roster.html", context, status=status)


@signed_in
@require_safe
def returned(request: Request, plan: str) -> FileResponse:
    """The office's own sheet back, with what Yinuo adds."""
    found = queries.returned(
        plan=plan,
        store=store(),
        viewer=request.viewer,
        today=clock.today(),
        demo=bool(settings.YINUO_DEMO_DATE),
    )
    return _download(found.name, found.data)
