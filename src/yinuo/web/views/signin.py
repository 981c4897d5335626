"""Signing in and out, and what someone sees after too many wrong passwords."""

from typing import Any

from axes.helpers import get_cool_off
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy

from yinuo.kernel.errors import YinuoError
from yinuo.web.request import public

TOO_MANY = 429


class SignInForm(AuthenticationForm):
    """User name and password, with our own words for faults."""

    use_required_attribute = False
    error_messages = {  # noqa: RUF012  # as Django declares it
        "invalid_login": gettext_lazy(
            "用户名或密码不对。请核对大小写和输入法；连续输错 5 次将暂停登录一刻钟"
        ),
        "inactive": gettext_lazy("这个账号已停用，请联系本单位管理员"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        for name, label in (("username", gettext("用户名")), ("password", gettext("密码"))):
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = gettext("请填写%(field)s") % {
                "field": label
            }


class LockedOut(YinuoError):
    """Too many wrong passwords for one user name from one address."""

    code = "WEB-E003"
    status = TOO_MANY

    def __init__(self, minutes: int | None) -> None:
        self.minutes = minutes
        said = gettext("密码输错的次数太多，登录暂停")
        if minutes:
            said = gettext("密码输错的次数太多，登录暂停 %(minutes)s 分钟") % {"minutes": minutes}
        super().__init__(said, next_step=gettext("请稍后再试，或联系本单位管理员重设"))


signin = public(
    LoginView.as_view(
        template_name="web/signin.html",
        authentication_form=SignInForm,
        redirect_authenticated_user=True,
    )
)
signout = public(LogoutView.as_view(http_method_names=["post", "options"]))


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, _credentials: dict[str, Any] | None
) -> HttpResponse:
    """The page after too many wrong passwords: how long it lasts and what to do."""
    pause = get_cool_off(request)
    minutes = int(pause.total_seconds() // 60) if pause else None
    error = LockedOut(minutes)
    return render(request, "web/locked_out.html", {"error": error}, status=error.status)
