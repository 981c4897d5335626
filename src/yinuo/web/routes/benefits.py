"""Policies and their money; see `web/urls.py`."""

from django.urls import URLPattern, path

from yinuo.web.views import benefit_looks, benefit_work, benefits

TRANSLATED: frozenset[str] = frozenset({"benefits", "benefit", "benefit_list", "benefit_object"})
"""Pages for the public, which stand in English under /en/ too."""

urlpatterns: list[URLPattern] = [
    path("benefits/", benefits.benefits, name="benefits"),
    path("benefits/<slug:code>/", benefits.benefit, name="benefit"),
    path("benefits/<slug:code>/list/", benefits.benefit_list, name="benefit_list"),
    path("benefits/<slug:code>/list/<str:award>/", benefits.benefit_object, name="benefit_object"),
    path("work/benefits/", benefit_work.benefit_policies, name="benefit_policies"),
    path("work/benefits/draft/", benefit_work.benefit_draft, name="benefit_draft"),
    path("work/benefits/awards/<str:code>/", benefit_work.benefit_award, name="benefit_award"),
    path(
        "work/benefits/awards/<str:code>/clear/", benefit_work.benefit_clear, name="benefit_clear"
    ),
    path(
        "work/benefits/awards/<str:code>/<str:clawback>/<str:act>/",
        benefit_work.benefit_clawback,
        name="benefit_clawback",
    ),
    path("work/benefits/batches/<str:code>/", benefit_work.benefit_batch, name="benefit_batch"),
    path(
        "work/benefits/batches/<str:code>/file.<str:form>",
        benefit_work.benefit_file,
        name="benefit_file",
    ),
    path(
        "work/benefits/batches/<str:code>/do/<str:act>/",
        benefit_work.benefit_batch_act,
        name="benefit_batch_act",
    ),
    path("work/benefits/<slug:code>/", benefit_work.benefit_policy, name="benefit_policy"),
    path("work/benefits/<slug:code>/awards/", benefit_work.benefit_awards, name="benefit_awards"),
    path(
        "work/benefits/<slug:code>/compare/", benefit_looks.benefit_compare, name="benefit_compare"
    ),
    path(
        "work/benefits/<slug:code>/accounts/",
        benefit_looks.benefit_accounts,
        name="benefit_accounts",
    ),
    path(
        "work/benefits/<slug:code>/accounts.xlsx",
        benefit_looks.benefit_accounts_sheet,
        name="benefit_accounts_sheet",
    ),
    path("work/benefits/<slug:code>/do/<str:act>/", benefit_work.benefit_act, name="benefit_act"),
]
