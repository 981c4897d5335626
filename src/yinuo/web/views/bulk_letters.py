"""Letters that came by the million, for everybody: counts, proof, and one letter by its number."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.credit.errors.exchange import UnknownBulk
from yinuo.credit.queries.bulk_letter import BulkLetter, public_bulk_batches, public_bulk_letter
from yinuo.web.credit import means
from yinuo.web.request import Request, public

DIGITS = 20
"""Of a 承诺编码. Whoever promised is not looked up: no code of anybody stands in an address."""


@public
@require_safe
def batches(request: Request) -> HttpResponse:
    """Every published batch; with `?number=` the letter of that number."""
    number = "".join(request.GET.get("number", "").split())[: 2 * DIGITS]
    context = {
        "batches": public_bulk_batches(means=means()),
        "number": number,
        "letter": _letter(number) if number else None,
    }
    return render(request, "web/bulk_letters.html", context)


def _letter(number: str) -> BulkLetter | None:
    if len(number) != DIGITS or not (number.isascii() and number.isdigit()):
        return None
    try:
        return public_bulk_letter(code=number, means=means())
    except UnknownBulk:
        return None
