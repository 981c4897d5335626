"""What a request to a page of credit data asks for."""

from django.http import QueryDict

from yinuo.web.request import Request

DIGITS = 6
"""No list has more pages."""


def posted(request: Request, step: str) -> QueryDict | None:
    """What was typed into the form of one step; None where another or none was sent."""
    mine = request.method == "POST" and request.POST.get("do") == step
    return request.POST if mine else None


def page_number(request: Request) -> int:
    """The page that an address asks for; 1 where it asks for none."""
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= DIGITS else 1
