"""Signing in and out, and what someone sees after too many wrong passwords."""

from typing import Any

from axes.helpers import get_cool_off
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yinuo.web.request import public

TOO_MANY = 429


class SignInForm(AuthenticationForm):
    """User name and password, with our own words for faults."""

    use_required_attribute = False
    error_messages = {  # noqa: RUF012  # as Django declares it
        "invalid_login": "用户名或密码不对。请核对大小写和输入法；连续输错 5 次将暂停登录一刻钟",
        "inactive": "这个账号已停用，请联系本单位管理员",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        for name, label in (("username", "用户名"), ("password", "密码")):
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = f"请填写{label}"


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
    return render(request, "web/locked_out.html", {"minutes": minutes}, status=TOO_MANY)
