"""Applying, tracking and the window; see `web/urls.py`."""

from django.urls import URLPattern, path

from yinuo.web.case_steps import STEPS
from yinuo.web.views import apply, case, desk, track

TRANSLATED = frozenset(
    {
        "case_apply",
        "case_form",
        "case_receipt",
        "track",
        "track_leave",
        "track_step",
        "track_step_of",
    }
)
"""Pages for the public, which stand in English under /en/ too."""

urlpatterns: list[URLPattern] = [
    path("services/track/", track.track, name="track"),
    path("services/track/leave/", track.leave, name="track_leave"),
    path("services/track/<str:step>/", track.step, name="track_step"),
    path("services/track/<str:step>/<str:which>/", track.step, name="track_step_of"),
    path("services/receipt/", apply.receipt, name="case_receipt"),
    path("services/<str:code>/apply/", apply.start, name="case_apply"),
    path("services/<str:code>/apply/form/", apply.form, name="case_form"),
    path("work/desk/", desk.desk, name="desk"),
    path("work/desk/new/", desk.choose, name="desk_choose"),
    path("work/desk/new/<str:code>/", desk.take_in, name="desk_new"),
    path("work/desk/receipt/", desk.receipt, name="desk_receipt"),
    path("work/cases/<str:code>/", case.case, name="case"),
    path("work/cases/<str:code>/answer/", case.answer, name="case_answer"),
    path("work/cases/<str:code>/files/<str:key>", case.file, name="case_file"),
    *(
        path(f"work/cases/<str:code>/{each.path}/", case.step_view(each), name=each.route)
        for each in STEPS.values()
    ),
]
