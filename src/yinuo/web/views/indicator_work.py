"""指标数据: for statisticians. Files in, questions answered, loads released, indicators defined."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.detail import detail
from yinuo.goals.commands import figure_uploads as uploads
from yinuo.goals.commands import figures as commands
from yinuo.goals.commands import indicators as defining
from yinuo.goals.errors.indicators import UnknownLoad
from yinuo.goals.indicators.checks import aside_table
from yinuo.goals.indicators.defining import NewIndicator
from yinuo.goals.indicators.layout import FIGURE_COLUMNS, written_wider
from yinuo.goals.indicators.periods import read_period
from yinuo.goals.indicators.writing import (
    binding_row,
    figure_row,
    indicator_row,
    table_csv,
    write_csv,
    write_indicators,
)
from yinuo.goals.queries import figure_checks as checks
from yinuo.goals.queries import indicators as queries
from yinuo.goals.queries import loads as load_queries
from yinuo.goals.queries.bound_indicators import bound_indicator, may_bind
from yinuo.goals.queries.figure_checks import FileCheck, UploadView
from yinuo.goals.queries.indicators import IndicatorView
from yinuo.kernel.errors import YinuoError
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.indicators import (
    AnswerForm,
    BindForm,
    FigureFileForm,
    FigureForm,
    IndicatorForm,
    ReleaseForm,
)
from yinuo.web.forms.publish import ReviewForm
from yinuo.web.media_types import XLSX
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt, handed_in

QUESTIONS_A_PAGE = 50
ASIDE_SHOWN = 50
NOTICES_SHOWN = 50
TYPED = "手工填写.csv"


def _saved(data: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv(data: bytes, name: str) -> HttpResponse:
    return _saved(data, name, "text/csv; charset=utf-8")


# ── files on their way in ──────────────────────────────────────────────────────────────────────


@signed_in
def work(request: Request) -> HttpResponseBase:
    """The loads of the viewer's offices, what is on its way in, and the way in."""
    form = FigureFileForm(request.POST or None, request.FILES or None)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            file = form.cleaned_data["file"]
            made: list[int] = []

            def keep() -> str:
                made.append(
                    uploads.keep_upload(
                        data=file.read(),
                        name=file.name,
                        store=store(),
                        by=request.viewer,
                        at=clock.now(),
                    )
                )
                return "已上传，正在检查"

            done, error, status = attempt(form, keep)
            if done:
                return redirect("indicator_check", number=made[0])
    context = {
        "form": form,
        "error": error,
        "uploads": checks.uploads(viewer=request.viewer),
        "loads": load_queries.loads(viewer=request.viewer),
        "may_load": load_queries.may_load(viewer=request.viewer),
        "may_define": queries.may_define(viewer=request.viewer),
        "to_publish": len(load_queries.to_publish(viewer=request.viewer)),
    }
    return render(request, "web/indicator_work.html", context, status=status)


def _checked(request: Request, number: int) -> tuple[UploadView, bytes, FileCheck]:
    upload = checks.upload(number=number, viewer=request.viewer)
    with store().open(upload.sha256) as file:
        data = file.read()
    found = checks.check_file(
        data=data, name=upload.name, viewer=request.viewer, today=clock.today()
    )
    return upload, data, found


@signed_in
def check(request: Request, number: int) -> HttpResponseBase:
    """What a file says, what is asked about it and what is kept aside; then it is taken in."""
    upload, data, found = _checked(request, number)
    pages = Paginator(found.figures.questions, QUESTIONS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    typed = request.POST if request.method == "POST" else None
    form = AnswerForm(typed, questions=list(page.object_list), answers=upload.answers)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            uploads.answer(upload=number, answers=form.answers(), by=request.viewer)
            if "take" not in request.POST:
                following = f"?page={page.next_page_number()}" if page.has_next() else ""
                return redirect(f"{request.path}{following}")
            done, error, status = attempt(form, lambda: _take(request, number, data, found))
            if done:
                messages.success(request, done)
                return redirect("indicator_work")
            upload = checks.upload(number=number, viewer=request.viewer)
    settled = found.figures.settled(upload.answers)
    context = {
        "upload": upload,
        "check": found,
        "settled": settled,
        "added": sum(vintage == 1 for _, vintage in settled.figures),
        "revised": sum(vintage > 1 for _, vintage in settled.figures),
        "aside": settled.aside[:ASIDE_SHOWN],
        "notices": found.notices[:NOTICES_SHOWN],
        "nothing": not (settled.figures or found.new or found.changed or found.bindings),
        "page": page,
        "form": form,
        "error": error,
    }
    return render(request, "web/indicator_load_check.html", context, status=status)


def _take(request: Request, number: int, data: bytes, found: FileCheck) -> str:
    taken = uploads.take_in_upload(
        upload=number,
        check=found,
        data=data,
        store=store(),
        by=request.viewer,
        at=clock.now(),
    )
    said = f"已收下：新增 {taken.added:,}，修订 {taken.revised:,}"
    if taken.aside:
        said += f"，放在一边 {taken.aside:,} 行"
    return f"{said}。发布以前公众看不到，请由另一名督查人发布。" if taken.loads else f"{said}。"


@signed_in
@require_safe
def aside(request: Request, number: int) -> HttpResponse:
    """The rows that are kept aside, each with its reason."""
    upload, _, found = _checked(request, number)
    settled = found.figures.settled(upload.answers)
    return _csv(table_csv(aside_table(settled.aside)), f"aside-{number}.csv")


@signed_in
@require_POST
def drop(request: Request, number: int) -> HttpResponseBase:
    """Give up a file on its way in."""
    uploads.drop(upload=number, by=request.viewer)
    messages.success(request, "已放弃这个文件，没有收下任何数据。")
    return redirect("indicator_work")


@signed_in
def enter(request: Request) -> HttpResponseBase:
    """One figure, typed; it is checked and asked about like a file of one row."""
    if not load_queries.may_load(viewer=request.viewer):
        raise NotAllowed("只有填报人和管理员可以填报数据")
    first = {"series": "实际", "measure": "数值", "standing": "初步", **request.GET.dict()}
    form = FigureForm(request.POST or None, initial=first)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            made: list[int] = []

            def keep() -> str:
                row = {k: str(v) for k, v in form.cleaned_data.items() if v is not None}
                made.append(
                    uploads.keep_upload(
                        data=write_csv(FIGURE_COLUMNS, [row]),
                        name=TYPED,
                        store=store(),
                        by=request.viewer,
                        at=clock.now(),
                    )
                )
                return "已检查"

            done, error, status = attempt(form, keep)
            if done:
                return redirect("indicator_check", number=made[0])
    context = {"form": form, "error": error}
    return render(request, "web/indicator_load_enter.html", context, status=status)


@signed_in
@require_safe
def template(request: Request) -> HttpResponse:
    """The workbook to fill in; with `?full`, what is there already."""
    if not load_queries.may_load(viewer=request.viewer):
        raise NotAllowed("只有填报人和管理员可以填报数据")
    indicators, figures, bindings = checks.template_rows(viewer=request.viewer)
    full = "full" in request.GET
    units = {each.code: each.unit for each in indicators}
    data = write_indicators(
        None,
        [indicator_row(each) for each in indicators],
        [
            {**figure_row(each), "unit": units[each.indicator] if each.measure == "value" else "%"}
            for each in (figures if full else ())
        ],
        [binding_row(each) for each in bindings] if full else [],
        made_at=clock.now(),
        demo=bool(settings.YINUO_DEMO_DATE),
    )
    return _saved(data, "indicators.xlsx", XLSX)


# ── the second person ──────────────────────────────────────────────────────────────────────────


@signed_in
def load(request: Request, code: str) -> HttpResponseBase:
    """One load with its figures beside the ones they follow; then it is released or not."""
    shown = load_queries.load(code=code, viewer=request.viewer)
    form: ReleaseForm | None = None
    error: YinuoError | None = None
    status = OK
    if request.method == "POST" or shown.row.may_release:
        first = {"version": shown.row.version}
        form = filled = ReleaseForm(request.POST or None, initial=first)
        done, error, status = handed_in(request, form, lambda: _decide(request, code, filled))
        if done:
            return redirect("indicator_load", code=code)
    context = {"it": shown, "row": shown.row, "form": form, "error": error}
    return render(request, "web/indicator_load.html", context, status=status)


def _decide(request: Request, code: str, form: ReleaseForm) -> str:
    values = form.cleaned_data
    if values["decision"] == "refuse":
        commands.refuse(
            load=code,
            note=values["note"],
            by=request.viewer,
            at=clock.now(),
            version=values["version"],
        )
        return "没有发布，理由已写下；这些数不起作用，记录还在。"
    moved = commands.release(
        load=code, by=request.viewer, at=clock.now(), version=values["version"]
    )
    said = f"；{len(moved):,} 项承诺的进展随之更新" if moved else ""
    return f"数据批次 {code} 已发布{said}。"


@signed_in
@require_safe
def load_aside(request: Request, code: str) -> HttpResponseBase:
    """The rows of a load that were not taken in."""
    shown = load_queries.load(code=code, viewer=request.viewer)
    if not shown.row.aside_sha256:
        raise UnknownLoad(code)
    with store().open(shown.row.aside_sha256) as file:
        return _csv(file.read(), f"{code}-aside.csv")


# ── definitions ────────────────────────────────────────────────────────────────────────────────


def _initial(it: IndicatorView) -> dict[str, object]:
    return {
        **{name: getattr(it, name) for name in IndicatorForm.base_fields if hasattr(it, name)},
        "numerator": it.numerator.code if it.numerator else "",
        "denominator": it.denominator.code if it.denominator else "",
        "near_names": "、".join(near.name for near in it.near_names),
        "wider": written_wider({key: list(some) for key, some in it.wider.items()}),
    }


@signed_in
def define(request: Request) -> HttpResponseBase:
    """Define an indicator; with `?code=`, describe a known one anew."""
    viewer = request.viewer
    if not queries.may_define(viewer=viewer):
        raise NotAllowed("只有管理员可以定义指标")
    code = request.GET.get("code", "")
    it = queries.indicator(code=code, viewer=viewer) if code else None
    units = {c: n for c, n in public_unit_names().items() if c in viewer.administrator_of}
    form = IndicatorForm(
        request.POST or None,
        initial=_initial(it) if it else {},
        units=units,
        fixed=it is not None,
    )
    done, error, status = handed_in(request, form, lambda: _define(request, form, it))
    if done:
        return redirect("indicator_work")
    context = {"form": form, "error": error, "it": it}
    return render(request, "web/indicator_define.html", context, status=status)


def _define(request: Request, form: IndicatorForm, it: IndicatorView | None) -> str:
    values = form.cleaned_data
    near = values["near_names"].replace("，", "、").replace(",", "、").split("、")
    stated = NewIndicator(
        **{
            name: values[name]
            for name in values
            if name not in ("near_names", "wider", "additive", "base_year")
        },
        near_names=tuple(name.strip() for name in near if name.strip()),
        wider=form.wider_of(),
        additive=values["additive"],
        base_year=values["base_year"],
        simulated=bool(it and it.simulated),
    )
    known = queries.indicators(viewer=request.viewer, text=stated.code).rows
    if it is None and any(row.code == stated.code for row in known):
        raise Invalid(stated.code, [("code", "这个编号已经有指标了")])
    made, _ = defining.define(indicators=[stated], by=request.viewer, at=clock.now())
    if made:
        return f"指标 {stated.code} 已定义，待另一人审查公开；现在就可以填报数据。"
    return f"指标 {stated.code} 的说明已更新。"


@signed_in
def publishing(request: Request) -> HttpResponseBase:
    """Indicators that wait for their review before publication; `?all=1` ticks every row."""
    if not request.viewer.supervisor_of:
        raise NotAllowed("只有督查人可以审查公开")
    rows = load_queries.to_publish(viewer=request.viewer)
    codes = [row.code for row in rows]
    chosen = bool(request.GET.get("all"))
    form = ReviewForm(request.POST or None, codes=codes, chosen=chosen)
    done, error, status = handed_in(request, form, lambda: _publish(request, form))
    if done:
        return redirect("indicator_publishing")
    context = {"rows": rows, "form": form, "error": error}
    return render(request, "web/indicator_publishing.html", context, status=status)


def _publish(request: Request, form: PlainForm) -> str:
    codes = form.cleaned_data["codes"]
    defining.publish(
        indicators=codes,
        visibility=Visibility(form.cleaned_data["visibility"]),
        by=request.viewer,
        at=clock.now(),
    )
    return f"{len(codes):,} 个指标的公开类型已改。"


# ── the promise that moves ─────────────────────────────────────────────────────────────────────


def _offered(request: Request) -> Mapping[str, str]:
    """The indicators that a promise can be tied to."""
    page = queries.indicators(viewer=request.viewer, size=2_000)
    return {row.code: f"{row.name}（{row.unit}）" for row in page.rows}


@signed_in
def bound(request: Request, code: str) -> HttpResponseBase:
    """Tie a promise to a series, or undo it."""
    shown = detail(code=code, viewer=request.viewer, today=clock.today())
    offices = request.viewer.supervisor_of | request.viewer.administrator_of
    if not may_bind(commitment=code, viewer=request.viewer) or not offices:
        raise NotAllowed("只有督查单位的督查人或管理员可以连接指标", place=code)
    now = bound_indicator(commitment=code, viewer=request.viewer)
    form = BindForm(request.POST or None, indicators=_offered(request))
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        if "unbind" in request.POST:
            defining.unbind(commitment=code, by=request.viewer, at=clock.now())
            messages.success(request, "已解除；已有的进展还在。")
            return redirect("commitment", code=code)
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _bind(request, code, form))
            if done:
                messages.success(request, done)
                return redirect("commitment", code=code)
    context = {"row": shown.row, "bound": now, "form": form, "error": error}
    return render(request, "web/indicator_bind.html", context, status=status)


def _bind(request: Request, code: str, form: BindForm) -> str:
    values = form.cleaned_data
    try:
        period = read_period(values["period"], first=values["first"], last=values["last"])
    except YinuoError as error:
        raise Invalid(code, [("period", error.what)]) from error
    names = {name: unit for unit, name in public_unit_names().items()}
    defining.bind(
        commitment=code,
        indicator=values["indicator"],
        subject=names.get(values["subject"], values["subject"]),
        period=period,
        by=request.viewer,
        at=clock.now(),
    )
    return "已连接：以后发布的新数会自动更新这项承诺的进展。"
