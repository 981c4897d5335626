"""Construction approval: building projects, joint cases, utilities; see `web/urls.py`."""

from django.urls import URLPattern, path

from yinuo.web.views import building, building_apply, construction, utilities

TRANSLATED: frozenset[str] = frozenset(
    {
        "construction",
        "building_project",
        "building_leave",
        "building_confirm",
        "building_apply",
        "building_applied",
        "utility_link",
    }
)
"""Pages for the public, which stand in English under /en/ too."""

urlpatterns: list[URLPattern] = [
    path("services/construction/", construction.overview, name="construction"),
    path("services/construction/project/", construction.project, name="building_project"),
    path("services/construction/project/leave/", construction.leave, name="building_leave"),
    path("services/construction/project/connected/", construction.confirm, name="building_confirm"),
    path(
        "services/construction/project/stages/<str:stage>/",
        building_apply.building_apply,
        name="building_apply",
    ),
    path(
        "services/construction/project/receipt/",
        building_apply.building_applied,
        name="building_applied",
    ),
    path("work/building/", building.buildings, name="buildings"),
    path("work/building/new/", building.new, name="building_new"),
    path("work/building/<str:code>/", building.building, name="building"),
    path("work/building/<str:code>/stages/<str:stage>/", building.start, name="building_start"),
    path("work/building/<str:code>/reuse/", building.reuse, name="building_reuse"),
    path("work/building/<str:code>/track/", building.track, name="building_track"),
    path(
        "work/building/<str:code>/utilities/<str:utility>/",
        utilities.notice,
        name="building_utility",
    ),
    path("work/joint/<str:code>/", building.joint, name="joint"),
    path("go/utility/<str:token>/", utilities.linked, name="utility_link"),
]
