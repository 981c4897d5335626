"""Pages by cursor: where the next one starts, opaque to whoever follows it."""

import base64
import binascii
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest
from ninja import P, QueryEx, Schema

from yinuo.kernel.errors import Plain

T = TypeVar("T")

USUAL, LARGEST = 50, 200
Limit = QueryEx[int, P(ge=1, le=LARGEST)]
"""Rows on a page."""


class BadCursor(Plain):
    """A cursor that this server never gave."""

    code = "API-E001"
    said = "翻页位置无效"
    step = "请用上一页所给的 next，或从第一页开始"
    longest = 60


class Page(Schema, Generic[T]):
    """Some of a list, and where it goes on."""

    items: list[T]
    next: str | None
    """The address of the next page; null on the last."""
    total: int | None = None
    """How many the whole list holds, where that is counted."""


def sealed(place: str) -> str:
    """A place in a list as a cursor."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def opened(cursor: str) -> str:
    """The place behind a cursor; empty for the first page. Raises `BadCursor`."""
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        place = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode()
    except (UnicodeError, binascii.Error):
        raise BadCursor(cursor) from None
    if "\0" in place:
        raise BadCursor(cursor)
    return place


def next_address(request: HttpRequest, place: str) -> str | None:
    """The address of the page that starts after `place`, the other parameters kept."""
    if not place:
        return None
    kept = [(k, v) for k, v in request.GET.items() if k != "cursor"]
    return f"{request.path}?{urlencode([*kept, ('cursor', sealed(place))])}"
