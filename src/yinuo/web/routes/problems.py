"""Problems, ratings and the supervisor's view; see `web/urls.py`."""

from django.urls import URLPattern, path

from yinuo.web.views import (
    problem_taken_down,
    problem_work,
    problems,
    ratings,
    services_supervised,
)

TRANSLATED = frozenset(
    {
        "problems_public",
        "problem_raise",
        "problem_raised",
        "problem_track",
        "problem_leave",
        "problem_say",
        "case_rate",
        "ratings_public",
    }
)
"""Pages for the public, which stand in English under /en/ too."""

urlpatterns: list[URLPattern] = [
    path("services/problems/", problems.problems_public, name="problems_public"),
    path("services/problems/new/", problems.problem_raise, name="problem_raise"),
    path("services/problems/receipt/", problems.problem_raised, name="problem_raised"),
    path("services/problems/track/", problems.problem_track, name="problem_track"),
    path("services/problems/track/leave/", problems.problem_leave, name="problem_leave"),
    path("services/problems/track/<str:step>/", problems.problem_say, name="problem_say"),
    path("services/ratings/", ratings.ratings_public, name="ratings_public"),
    path("services/ratings/give/<str:contact>/", ratings.case_rate, name="case_rate"),
    path("work/problems/", problem_work.problems, name="problems"),
    path(
        "work/problems/take-down/", problem_taken_down.problem_take_down, name="problem_take_down"
    ),
    path("work/problems/meeting/", problem_work.problems_meeting, name="problems_meeting"),
    path(
        "work/problems/meeting.xlsx",
        problem_work.problems_meeting_xlsx,
        name="problems_meeting_xlsx",
    ),
    path("work/problems/<str:code>/", problem_work.problem, name="problem"),
    path("work/ratings/", ratings.ratings, name="ratings"),
    path("work/ratings.csv", ratings.ratings_csv, name="ratings_csv"),
    path("work/ratings/<path:code>/", ratings.rectification, name="rectification"),
    path("work/supervised/", services_supervised.supervised, name="supervised"),
    path("work/supervised.csv", services_supervised.supervised_csv, name="supervised_csv"),
    path("work/supervised.xlsx", services_supervised.supervised_xlsx, name="supervised_xlsx"),
    path("work/supervised/cases/", services_supervised.supervised_cases, name="supervised_cases"),
]
