"""公开前保密审查: many rows in one go, promises first, then what was only reported."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from yinuo.commitments.commands.publish import publish, publish_observations
from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.observed import observations_to_review
from yinuo.commitments.queries.work import work
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.forms.publish import ReviewForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt

COMMITMENTS, OBSERVATIONS = "commitments", "observations"


def _run(request: Request, what: str, form: ReviewForm) -> str:
    codes = form.cleaned_data["codes"]
    visibility = Visibility(form.cleaned_data["visibility"])
    viewer, at = request.viewer, clock.now()
    if what == COMMITMENTS:
        publish(commitments=codes, visibility=visibility, by=viewer, at=at)
        return f"{len(codes):,} 项承诺的公开类型已改。"
    publish_observations(observations=codes, visibility=visibility, by=viewer, at=at)
    return f"{len(codes):,} 条据报道的公开类型已改。"


@signed_in
def publishing(request: Request) -> HttpResponseBase:
    """Everything that waits for this viewer's review; `?all=1` ticks every row."""
    if not request.viewer.supervisor_of:
        raise NotAllowed("只有督查人可以审查公开")
    waiting = work(viewer=request.viewer, today=clock.today())
    reported = observations_to_review(viewer=request.viewer)
    codes = {
        COMMITMENTS: [row.code for row in waiting.to_publish.rows],
        OBSERVATIONS: [row.code for row in reported],
    }
    every = request.GET.get("all", "")
    forms = {
        what: ReviewForm(codes=rows, chosen=every == what, prefix=what)
        for what, rows in codes.items()
    }
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        what = OBSERVATIONS if request.POST.get("what") == OBSERVATIONS else COMMITMENTS
        form = forms[what] = ReviewForm(request.POST, codes=codes[what], prefix=what)
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _run(request, what, form))
            if done:
                messages.success(request, done)
                return redirect("publishing")
    return _show(request, {"waiting": waiting, "reported": reported, "forms": forms}, error, status)


def _show(
    request: Request, context: dict[str, object], error: YinuoError | None, status: int
) -> HttpResponse:
    return render(request, "web/publishing.html", {**context, "error": error}, status=status)
