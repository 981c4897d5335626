"""The style sheet of all pages."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from yinuo.web.caching import ASK_AGAIN, FOR_EVER
from yinuo.web.request import public
from yinuo.web.styles import style_sheet


@public
@require_safe
def styles(request: HttpRequest, digest: str) -> HttpResponse:
    """The present style sheet; of another `digest`, one that must be asked for again."""
    # The same for everybody: without a session, Django sets no cookie and no Vary for one.
    del request.session
    sheet = style_sheet()
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        sheet.packed if packed else sheet.text,
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": FOR_EVER if digest == sheet.digest else ASK_AGAIN},
    )
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
