"""服务事项 for the office: drafts, a workbook taken in, publication by a second person, the end."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.cases.commands.items import draft_items, drop_draft, publish_version, retire
from yinuo.cases.items.attachments import GivenFile, looked_at
from yinuo.cases.items.exchange import check_json
from yinuo.cases.items.gathering import CheckedItems
from yinuo.cases.items.workbook import check_workbook, write_workbook
from yinuo.cases.queries.item_drafts import (
    catalogue_offices,
    item_draft,
    item_drafts,
    known_to_files,
)
from yinuo.cases.queries.items import public_item
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.media.names import clean_name
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.forms.items import DropDraftForm, EndItemForm, ItemsBookForm, PublishItemForm
from yinuo.web.media_types import XLSX
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt


@signed_in
@require_safe
def drafts(request: Request) -> HttpResponse:
    """The drafts that wait."""
    found = item_drafts(viewer=request.viewer, on=clock.today())
    offices = catalogue_offices(viewer=request.viewer)
    return render(request, "web/item_drafts.html", {"drafts": found, "may_draft": bool(offices)})


@signed_in
@require_safe
def template(_request: Request) -> HttpResponse:
    """The workbook with nothing in it."""
    answer = HttpResponse(write_workbook((), made_at=clock.now()), content_type=XLSX)
    answer.headers["Content-Disposition"] = 'attachment; filename="services-template.xlsx"'
    return answer


@signed_in
def take_in(request: Request) -> HttpResponseBase:
    """A file checked cell by cell; kept as drafts when the box says so and nothing is wrong."""
    viewer = request.viewer
    offices = catalogue_offices(viewer=viewer)
    if not offices:
        raise NotAllowed("只有目录管理单位或实施主体的管理员可以起草事项")
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ItemsBookForm(*typed, offices=offices)
    context: dict[str, Any] = {"form": form}
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            checked, context["error"] = _checked(request, form)
            context["checked"] = checked
            if checked is not None and not checked.errors:
                said, context["error"], status = _kept(request, form, checked)
                if said:
                    messages.success(request, said)
                    return redirect("item_drafts")
    return render(request, "web/item_take_in.html", context, status=status)


def _checked(
    request: Request, form: ItemsBookForm
) -> tuple[CheckedItems | None, YinuoError | None]:
    upload = form.cleaned_data["book"]
    name, data = upload.name or "上传的文件", upload.read()
    known = known_to_files(viewer=request.viewer, on=clock.today())
    files = form.cleaned_data["attachments"]
    if files:
        known = replace(known, given=lambda kind, name: _given(files, kind, name))
    try:
        if name.casefold().endswith(".json"):
            return check_json(data, file=name, known=known), None
        return check_workbook(data, file=name, known=known), None
    except YinuoError as error:
        return None, error


def _given(files: "Mapping[str, UploadedFile[bytes]]", kind: str, name: str) -> GivenFile | None:
    """The file that was uploaded under that name. Raises `FileRefused`."""
    found = files.get(clean_name(name))
    return looked_at(kind, name, cast("BinaryIO", found.file)) if found is not None else None


def _keep_files(checked: CheckedItems, files: "Mapping[str, UploadedFile[bytes]]") -> None:
    """Put what the items name into the store; what they do not name is let go."""
    for medium in (each for one in checked.definitions for each in one.media):
        found = files.get(clean_name(medium.name))
        if found is not None and found.file is not None:
            found.file.seek(0)
            store().put(cast("BinaryIO", found.file))


def _kept(
    request: Request, form: ItemsBookForm, checked: CheckedItems
) -> tuple[str, YinuoError | None, int]:
    if not form.cleaned_data["really"]:
        return "", None, OK

    def change() -> str:
        _keep_files(checked, form.cleaned_data["attachments"])
        made = draft_items(
            definitions=checked.sound(),
            office=form.cleaned_data["office"],
            reason=form.cleaned_data["reason"],
            by=request.viewer,
            at=clock.now(),
        )
        return (
            f"存成草稿 {len(made.drafts):,} 个，{len(made.unchanged):,} 个没有变化。"
            "由目录管理单位的督查人发布。"
        )

    return attempt(form, change)


@signed_in
def draft(request: Request, code: str, number: int) -> HttpResponseBase:
    """One draft with its differences; published or dropped from here."""
    viewer, on = request.viewer, clock.today()
    found = item_draft(code=f"{code}/V{number}", viewer=viewer, on=on)
    typed = request.POST if request.method == "POST" else None
    drops = typed is not None and "drop" in typed
    initial = {"version": found.version, "valid_from": on}
    form = PublishItemForm(None if drops else typed, initial=initial)
    drop = DropDraftForm(typed if drops else None, initial=initial, auto_id="drop_%s")
    error: YinuoError | None = None
    status = OK
    if typed is not None:
        status = INVALID
        chosen = drop if drops else form
        if chosen.is_valid():

            def change() -> str:
                given = {
                    "item_version": found.line.code,
                    "version": chosen.cleaned_data["version"],
                    "by": viewer,
                    "at": clock.now(),
                }
                if drops:
                    drop_draft(**given)
                    return "草稿已作废。"
                publish_version(valid_from=form.cleaned_data["valid_from"], **given)
                return f"已发布，自 {form.cleaned_data['valid_from']} 起生效。"

            said, error, status = attempt(chosen, change)
            if said:
                messages.success(request, said)
                return redirect("item_drafts")
    context = {"it": found, "item": found.definition, "form": form, "drop": drop, "error": error}
    return render(request, "web/item_draft.html", context, status=status)


@signed_in
def end(request: Request, code: str) -> HttpResponseBase:
    """The form by which an item ends without a successor."""
    found = public_item(code=code, on=clock.today())
    if found.office not in request.viewer.supervisor_of:
        raise NotAllowed("只有目录管理单位的督查人可以停用事项", place=code)
    form = EndItemForm(request.POST if request.method == "POST" else None)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():

            def change() -> str:
                retire(item=code, by=request.viewer, at=clock.now(), **form.cleaned_data)
                return f"{code} 自 {form.cleaned_data['valid_to']} 起停用。"

            said, error, status = attempt(form, change)
            if said:
                messages.success(request, said)
                return redirect("item_drafts")
    context = {"it": found, "item": found.definition, "form": form, "error": error}
    return render(request, "web/item_end.html", context, status=status)
