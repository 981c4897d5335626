"""Files that leave: in parts where a browser asks for parts, and never as a page of ours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from yinuo.kernel.filestore import pieces
from yinuo.web.request import Request

PARTIAL, UNSATISFIABLE = 206, 416
SANDBOX = "sandbox; default-src 'none'"
"""What comes from outside never becomes a page of ours, whatever it holds."""
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True)
class Sent:
    """What is sent: bytes of a known type under a name."""

    file: BinaryIO
    size: int
    media_type: str
    name: str
    etag: str
    cached: str
    """Cache-Control."""
    shown: bool = False
    """Whether a browser may show it by itself; otherwise it is saved."""


class _Part:
    """Some bytes of a file, which is closed with the answer."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        self.file, self.start, self.left = file, start, length

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.start)
        for piece in pieces(self.file):
            yield piece[: self.left]
            self.left -= len(piece)
            if self.left <= 0:
                return

    def close(self) -> None:
        """Called by Django when the answer is out."""
        self.file.close()


def _wanted(request: Request, sent: Sent) -> tuple[int, int] | None:
    """First and last byte asked for; None for the whole file.

    Raises `ValueError` for a range that the file has not. Source: RFC 9110, 14.
    """
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or request.headers.get("If-Range", sent.etag) != sent.etag:
        return None
    first, last = match.groups()
    if not first and not last:
        return None
    start = int(first) if first else max(0, sent.size - int(last))
    end = min(int(last), sent.size - 1) if first and last else sent.size - 1
    if start > end:
        raise ValueError(match[0])
    return start, end


def _body(request: Request, sent: Sent) -> HttpResponseBase:
    try:
        wanted = _wanted(request, sent)
    except ValueError:
        sent.file.close()
        return HttpResponse(status=UNSATISFIABLE, headers={"Content-Range": f"bytes */{sent.size}"})
    if wanted is None:
        return FileResponse(sent.file, content_type=sent.media_type)
    start, end = wanted
    part = StreamingHttpResponse(
        _Part(sent.file, start, end - start + 1), status=PARTIAL, content_type=sent.media_type
    )
    part.headers["Content-Length"] = str(end - start + 1)
    part.headers["Content-Range"] = f"bytes {start}-{end}/{sent.size}"
    return part


def send(request: Request, sent: Sent) -> HttpResponseBase:
    """An answer that no browser shows as a page."""
    answer: HttpResponseBase | None = get_conditional_response(request, etag=sent.etag)
    if answer is None:
        answer = _body(request, sent)
    else:
        sent.file.close()
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": sent.cached,
        "Content-Disposition": _disposition(sent),
        "Content-Security-Policy": SANDBOX,
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": sent.etag,
        "X-Content-Type-Options": "nosniff",
    }
    for header, value in headers.items():
        answer.headers[header] = value
    return answer


def _disposition(sent: Sent) -> str:
    """The name in the form of RFC 6266."""
    saved = not sent.shown
    return content_disposition_header(as_attachment=saved, filename=sent.name) or "attachment"
