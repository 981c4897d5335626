"""One public story as data, for the browser that checks it."""

from dataclasses import asdict

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.thread import public_thread
from yinuo.web.request import Request, public

FORMAT = "yinuo.thread/1"


class ThreadNotPublic(YinuoError):
    """A story that is not public, or that does not exist: the answer does not tell which."""

    code = "WEB-E015"
    status = 404

    def __init__(self, thread: str) -> None:
        super().__init__(
            "没有公开的这一组存证记录",
            place=thread[:120],
            next_step="请从承诺页面打开；公开的账本只含主动公开的内容",
        )


@public
@require_safe
def thread(_request: Request, thread: str) -> JsonResponse:
    """Entries with salts and bodies, and the texts they name; 404 unless public now."""
    found = public_thread(thread)
    if found is None:
        error = ThreadNotPublic(thread)
        answer = JsonResponse(error.as_dict(), status=error.status)
    else:
        answer = JsonResponse(
            {"format": FORMAT, **asdict(found)}, json_dumps_params={"ensure_ascii": False}
        )
    # What is public, sealed or erased can change at any moment.
    answer.headers["Cache-Control"] = "no-store"
    return answer
