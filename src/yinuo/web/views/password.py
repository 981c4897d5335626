"""One's own password: who signs in must be the only one who knows it."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from yinuo.kernel.errors import YinuoError
from yinuo.parties.commands import choose_password
from yinuo.parties.sign_ins import own_sign_ins
from yinuo.web import clock
from yinuo.web.forms.password import PasswordForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt


@signed_in
@sensitive_post_parameters()
def own_password(request: Request) -> HttpResponseBase:
    """The form, and where it goes; every other session of the same person ends."""
    form = PasswordForm(request.POST or None)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _choose(request, form))
            if done:
                messages.success(request, done)
                return redirect("work")
    context = {"form": form, "error": error, "recent": own_sign_ins(viewer=request.viewer)}
    return render(request, "web/password.html", context, status=status)


def _choose(request: Request, form: PasswordForm) -> str:
    values = form.cleaned_data
    choose_password(
        present=values["present"],
        password=values["password"],
        by=request.viewer,
        at=clock.now(),
    )
    user = request.user
    assert not isinstance(user, AnonymousUser)  # noqa: S101  # only who is signed in gets here
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    return "密码已更换，别处的登录已退出。"
