"""Whether a credit report was issued here, for whoever was shown one: nothing of what it says."""

from hashlib import sha256

from django.http import HttpResponse
from django.shortcuts import render

from yinuo.credit.queries.report_check import CheckedReport, public_check
from yinuo.web.forms.reports import CheckForm
from yinuo.web.request import Request, public
from yinuo.web.views.steps import INVALID, OK


@public
def report_check(request: Request) -> HttpResponse:
    """By number and digest, typed or from the QR code, or by the file itself."""
    typed = request.POST if request.method == "POST" else None
    if typed is None and "report" in request.GET:
        typed = request.GET
    form = CheckForm(typed, request.FILES if request.method == "POST" else None)
    found: CheckedReport | None = None
    checked, status = False, OK
    if form.is_bound:
        status = INVALID
        if form.is_valid():
            checked, status = True, OK
            found = public_check(code=form.cleaned_data["report"], digest=_digest(form))
    context = {"form": form, "found": found, "checked": checked}
    return render(request, "web/report_check.html", context, status=status)


def _digest(form: CheckForm) -> str:
    """Of the file where one was chosen, else what was typed; blanks between do no harm."""
    file = form.cleaned_data.get("file")
    if file is None:
        return "".join(form.cleaned_data["digest"].split())
    return sha256(b"".join(file.chunks())).hexdigest()
