"""A request as our views receive it, and who may call a view at all."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from yinuo.parties.viewer import Viewer

P = ParamSpec("P")


class Request(HttpRequest):
    """A request to which the middleware has added the viewer."""

    viewer: Viewer


class View(Protocol):
    """A page with its access stated."""

    access: str

    def __call__(self, request: Any, /, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
        """Answer a request."""


def public(view: Callable[..., HttpResponseBase]) -> View:
    """Mark a page that anyone may open; its queries filter what they may see."""
    view.access = "public"  # type: ignore[attr-defined]
    return cast("View", view)


def signed_in(view: Callable[..., HttpResponseBase]) -> View:
    """Mark a page for known persons; anyone else is asked to sign in and then comes back."""

    @wraps(view)
    def run(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
        if not request.viewer.signed_in:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    run.access = "signed_in"  # type: ignore[attr-defined]
    return cast("View", run)
