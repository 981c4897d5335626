"""The published log: what strangers and their programs fetch to check it.

The same bytes for everybody, whoever is signed in, and open to pages of other sites. Paths and
content types are those of C2SP tlog-tiles; docs/reference/published-log.md.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from importlib import resources

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.published import (
    fits,
    public_checkpoint,
    public_entries,
    public_handovers,
    public_openings,
    public_tile,
    public_witnessed_checkpoint,
)
from yinuo.ledger.tlog.path import (
    is_entries_path,
    parse_entries_path,
    parse_openings_path,
    parse_tile_path,
)
from yinuo.ledger.tlog.tile import Place
from yinuo.web.caching import ASK_AGAIN, FOR_EVER
from yinuo.web.request import View, public

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
JSON = "application/json; charset=utf-8"


class NotPublished(YinuoError):
    """A file that the log does not have, or does not have yet."""

    code = "WEB-E010"
    status = 404

    def __init__(self, path: str) -> None:
        super().__init__(
            "账本里没有这个文件，或者还没有",
            place=path,
            next_step="请先读 checkpoint，再按其中的条数取瓦片",
        )


def _file(view: Callable[..., HttpResponse]) -> View:
    """Mark a view that answers with a file of the log, or raises an error told as plain text."""

    @wraps(view)
    def run(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        # The same for everybody: without a session, Django sets no cookie and no Vary for one.
        del request.session
        try:
            response = view(request, *args, **kwargs)
        except YinuoError as error:
            response = HttpResponse(f"{error}\n", status=error.status, content_type=TEXT)
            response.headers["Cache-Control"] = ASK_AGAIN
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return public(require_safe(run))


def _settled(content: bytes) -> HttpResponse:
    """A file that never changes."""
    return HttpResponse(content, content_type=BYTES, headers={"Cache-Control": FOR_EVER})


def _changing(request: HttpRequest, content: bytes, content_type: str) -> HttpResponse:
    """A file that may change: asked for again each time, and sent only if it has."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Cache-Control"] = ASK_AGAIN
    response.headers["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    found = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return found if isinstance(found, HttpResponse) else response


def _note(request: HttpRequest, note: str | None, name: str) -> HttpResponse:
    if note is None:
        raise NotPublished(name)
    return _changing(request, note.encode(), TEXT)


@_file
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint with its cosignatures."""
    return _note(request, public_checkpoint(), "checkpoint")


@_file
def witnessed(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint that a witness has signed."""
    return _note(request, public_witnessed_checkpoint(), "checkpoint.witnessed")


@_file
@gzip_page
def tile(_request: HttpRequest, rest: str) -> HttpResponse:
    """A tile of hashes, or a bundle of leaves."""
    path = f"tile/{rest}"
    if is_entries_path(path):
        return _bundle(path)
    place = parse_tile_path(path)
    hashes = public_tile(level=place.level, index=place.index, width=place.width)
    if hashes is None:
        raise NotPublished(path)
    return _settled(hashes)


def _bundle(path: str) -> HttpResponse:
    place: Place = parse_entries_path(path)
    leaves = public_entries(index=place.index, width=place.width)
    hashes = public_tile(level=0, index=place.index, width=place.width)
    if leaves is None or hashes is None:
        raise NotPublished(path)
    response = _settled(leaves)
    if not fits(leaves, hashes):
        # A changed row is shown as it is, so that readers find it; but no cache may keep it.
        response.headers["Cache-Control"] = "no-store"
    return response


@_file
@gzip_page
def openings(request: HttpRequest, number: str) -> HttpResponse:
    """What may be read of a bundle."""
    path = f"openings/{number}"
    content = public_openings(index=parse_openings_path(path))
    if content is None:
        raise NotPublished(path)
    return _changing(request, content, JSON)


@_file
def handovers(request: HttpRequest) -> HttpResponse:
    """How trust passes from key to key."""
    content = public_handovers()
    if content is None:
        raise NotPublished("handovers.json")
    return _changing(request, content, JSON)


@_file
def verifier(request: HttpRequest) -> HttpResponse:
    """The program that checks all this. It can be had from elsewhere, and better is."""
    program = resources.files("yinuo.verifier").joinpath("yinuo_verify.py").read_bytes()
    response = _changing(request, program, "text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="yinuo_verify.py"'
    return response
