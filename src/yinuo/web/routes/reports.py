"""One's own credit, objections and repairs; see `web/urls.py`. No code of anybody stands in any."""

from django.urls import URLPattern, path

from yinuo.web.views import credit_objections, mine_credit, report_check

TRANSLATED: frozenset[str] = frozenset(
    {
        "report_check",
        "mine_credit",
        "mine_credit_report",
        "mine_grade",
        "mine_object",
        "mine_repair",
        "mine_objection_drop",
        "mine_repair_drop",
        "mine_consents",
        "mine_consent_withdraw",
        "mine_looks",
    }
)
"""Pages for the public, which stand in English under /en/ too."""

urlpatterns: list[URLPattern] = [
    path("reports/check/", report_check.report_check, name="report_check"),
    path("mine/credit/", mine_credit.mine_credit, name="mine_credit"),
    path("mine/credit/report.pdf", mine_credit.mine_credit_report, name="mine_credit_report"),
    path("mine/credit/grade/", mine_credit.mine_grade, name="mine_grade"),
    path("mine/credit/<str:record>/object/", mine_credit.mine_object, name="mine_object"),
    path("mine/credit/<str:record>/repair/", mine_credit.mine_repair, name="mine_repair"),
    path(
        "mine/objections/<str:code>/drop/",
        mine_credit.mine_objection_drop,
        name="mine_objection_drop",
    ),
    path("mine/repairs/<str:code>/drop/", mine_credit.mine_repair_drop, name="mine_repair_drop"),
    path("mine/consents/", mine_credit.mine_consents, name="mine_consents"),
    path(
        "mine/consents/<str:code>/withdraw/",
        mine_credit.mine_consent_withdraw,
        name="mine_consent_withdraw",
    ),
    path("mine/looks/", mine_credit.mine_looks, name="mine_looks"),
    path("work/credit/objections/", credit_objections.credit_objections, name="credit_objections"),
    path(
        "work/credit/objections/<str:code>/",
        credit_objections.credit_objection,
        name="credit_objection",
    ),
    path("work/credit/repairs/", credit_objections.credit_repairs, name="credit_repairs"),
    path("work/credit/repairs/<str:code>/", credit_objections.credit_repair, name="credit_repair"),
]
