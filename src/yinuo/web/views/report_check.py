"""Whether a credit report was issued here, for whoever was shown one: nothing of what it says."""

from django.http import HttpResponse
from django.shortcuts import render

from yinuo.credit.queries.report_check import CheckedReport, public_check
from yinuo.web.forms.reports import CheckForm
from yinuo.web.request import Request, public
from yinuo.web.views.steps import INVALID, OK


@public
def report_check(request: Request) -> HttpResponse:
    """By number and digest, typed or from the QR code; of a file a script computes it there."""
    typed = request.POST if request.method == "POST" else None
    if typed is None and "report" in request.GET:
        typed = request.GET
    form = CheckForm(typed)
    found: CheckedReport | None = None
    checked, status = False, OK
    if form.is_bound:
        status = INVALID
        if form.is_valid():
            checked, status = True, OK
            digest = "".join(form.cleaned_data["digest"].split())
            found = public_check(code=form.cleaned_data["report"], digest=digest)
    # A link proves nothing of a file: whoever forged a paper would print the real digest.
    exact = found is not None and found.exact and request.method == "POST"
    context = {"form": form, "found": found, "checked": checked, "exact": exact}
    return render(request, "web/report_check.html", context, status=status)
