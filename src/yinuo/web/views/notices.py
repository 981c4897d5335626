"""Messages: one's own, how one wishes to get them, and how they left the system."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST, require_safe

from yinuo.kernel.errors import YinuoError
from yinuo.notices.commands import addresses as address
from yinuo.notices.commands.reading import mark_all_read, mark_read, prefer
from yinuo.notices.commands.sending import resend
from yinuo.notices.errors import BadAddress, UnknownMessage, WrongCode
from yinuo.notices.queries.inbox import (
    AddressView,
    MessageView,
    addresses,
    codes,
    inbox,
    preference,
)
from yinuo.notices.queries.inbox import message as one_message
from yinuo.notices.queries.sent import (
    STATES,
    deliveries,
    delivery_counts,
    jobs,
    unreached,
    watches,
)
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.notices import AddressForForm, AddressForm, CodeForm, PreferenceForm
from yinuo.web.outlets import outlets, secret
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK

HINTS = {
    "sms": "11 位手机号",
    "mail": "name@example.cn",
    "wecom": "企业微信里的账号，不是姓名",
    "gov_wecom": "政务微信里的账号，不是姓名",
}


def page_of(view: MessageView) -> str:
    """The address where a message goes on; empty where there is none, or none any more."""
    if not view.page:
        return ""
    try:
        return reverse(view.page, args=view.args)
    except NoReverseMatch:
        return ""


@signed_in
def notices(request: Request) -> HttpResponseBase:
    """The viewer's messages, unread first; POST marks all as read."""
    if request.method == "POST":
        number = mark_all_read(by=request.viewer, at=clock.now())
        messages.success(request, f"{number} 条消息已标为已读。")
        return redirect("notices")
    found = inbox(viewer=request.viewer)
    context = {
        "unread": [(view, page_of(view)) for view in found.unread],
        "read": [(view, page_of(view)) for view in found.read],
        "total": found.unread_total,
        "codes": codes(secret=secret(), viewer=request.viewer, at=clock.now()),
        "watches": watches(viewer=request.viewer),
    }
    return render(request, "web/notices.html", context)


@signed_in
@require_POST
def opened(request: Request, number: int) -> HttpResponseBase:
    """Mark one message as read and go on to what it tells of."""
    view = one_message(number=number, viewer=request.viewer)
    if view is None:
        raise UnknownMessage(number)
    mark_read(message=number, by=request.viewer, at=clock.now())
    onward = page_of(view) if request.POST.get("do") == "open" else ""
    return redirect(onward or "notices")


@signed_in
def settings(request: Request) -> HttpResponseBase:
    """When digests leave, and where to."""
    viewer, error, status = request.viewer, None, OK
    wishes = preference(viewer=viewer)
    form: PlainForm = PreferenceForm(
        initial={"digest_minute": wishes.digest_minute, "muted": wishes.muted}
    )
    wrong: tuple[str, PlainForm] | None = None
    do = request.POST.get("do", "")
    if request.method == "POST":
        status = INVALID
        bound = _form(do, request)
        if bound.is_valid():
            done, error, status = _change(request, do, bound)
            if done:
                messages.success(request, done)
                return redirect("notices_settings")
        if do == "prefer":
            form = bound
        else:
            wrong = (request.POST.get("channel", ""), bound)
    rows = addresses(outlets=outlets(), viewer=viewer, at=clock.now())
    context = {
        "form": form,
        "faulty": wrong[1] if wrong else form,
        "addresses": [(row, *_forms_of(row, wrong, do)) for row in rows],
        "error": error,
    }
    return render(request, "web/notices_settings.html", context, status=status)


def _form(do: str, request: Request) -> PlainForm:
    if do == "prefer":
        return PreferenceForm(request.POST)
    if do == "confirm":
        return CodeForm(request.POST)
    if do == "enter":
        return AddressForm(request.POST)
    return PlainForm(request.POST)


def _forms_of(
    row: AddressView, wrong: tuple[str, PlainForm] | None, do: str
) -> tuple[PlainForm, PlainForm]:
    """The form for the address and the one for its code, with what was typed into them."""
    entered: PlainForm = AddressForm(
        initial={"channel": row.channel, "value": row.value},
        hint=HINTS.get(row.channel, ""),
        auto_id=f"id_{row.channel}_%s",
    )
    code: PlainForm = CodeForm(auto_id=f"id_{row.channel}_%s")
    if wrong and wrong[0] == row.channel:
        again = wrong[1]
        again.auto_id = f"id_{row.channel}_%s"
        if do == "enter":
            entered = again
        elif do == "confirm":
            code = again
    return entered, code


def _change(request: Request, do: str, form: PlainForm) -> tuple[str, YinuoError | None, int]:
    try:
        return _changed(request, do, form), None, OK
    except BadAddress as error:
        form.add_faults(error.faults)
        return "", None, INVALID
    except WrongCode as error:
        form.add_faults([("code", f"{error.what}。{error.next_step}")])
        return "", None, error.status
    except YinuoError as error:
        return "", error, error.status


def _changed(request: Request, do: str, form: PlainForm) -> str:
    viewer, at, channel = request.viewer, clock.now(), request.POST.get("channel", "")
    if do == "prefer":
        prefer(by=viewer, **form.cleaned_data)
        return "已保存。"
    if do == "enter":
        needed = address.enter(
            channel=channel,
            value=form.cleaned_data["value"],
            outlets=outlets(),
            by=viewer,
            at=at,
        )
        return "已保存，验证码正在发往这个地址，请填写它以确认。" if needed else "已保存。"
    if do == "again":
        address.send_code(channel=channel, outlets=outlets(), by=viewer, at=at)
        return "验证码正在发出。"
    if do == "confirm":
        address.confirm(
            channel=channel,
            code=form.cleaned_data["code"],
            secret=secret(),
            by=viewer,
            at=at,
        )
        return "地址已确认，消息会发到这里。"
    if do == "remove":
        address.remove(channel=channel, by=viewer)
        return "地址已删除。"
    raise BadAddress([("do", "没有这一步")])


@signed_in
@require_safe
def sent(request: Request) -> HttpResponse:
    """What left and what did not, for administrators of the city."""
    viewer, at = request.viewer, clock.now()
    asked = request.GET.get("state", "")
    state = asked if asked in STATES else ""
    counts = delivery_counts(viewer=viewer)
    context = {
        "rows": deliveries(state=state, viewer=viewer),
        "links": [
            ("", "全部", sum(counts.values()), not state),
            *((name, label, counts[name], name == state) for name, label in STATES.items()),
        ],
        "unreached": unreached(viewer=viewer),
        "jobs": jobs(viewer=viewer, at=at),
        "outlets": outlets().outlets,
    }
    return render(request, "web/notices_sent.html", context)


@signed_in
@require_POST
def again(request: Request, number: int) -> HttpResponseBase:
    """Have one delivery tried again now."""
    resend(delivery=number, by=request.viewer, at=clock.now())
    messages.success(request, "已重新排入发送。")
    return redirect("notices_sent")


@signed_in
def address_for(request: Request) -> HttpResponseBase:
    """The form in which an administrator enters somebody's address."""
    if not request.viewer.administrator_of:
        raise NotAllowed("只有管理员可以替别人登记地址")
    offered = [
        (row.channel, row.label)
        for row in addresses(outlets=outlets(), viewer=request.viewer, at=clock.now())
        if row.channel in outlets().channels()
    ]
    typed = request.POST if request.method == "POST" else None
    form = AddressForForm(typed, channels=offered)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            done, error, status = _entered_for(request, form)
            if done:
                messages.success(request, done)
                return redirect("notices_address_for")
    context = {"form": form, "error": error, "offered": offered}
    return render(request, "web/notices_address_for.html", context, status=status)


def _entered_for(request: Request, form: AddressForForm) -> tuple[str, YinuoError | None, int]:
    values = form.cleaned_data
    try:
        address.enter_for(outlets=outlets(), by=request.viewer, at=clock.now(), **values)
    except BadAddress as error:
        form.add_faults(error.faults)
        return "", None, INVALID
    except YinuoError as error:
        return "", error, error.status
    return f"{values['username']} 的地址已登记，由本人在“消息设置”中确认后启用。", None, OK
