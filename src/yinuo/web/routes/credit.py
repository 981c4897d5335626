"""The addresses of credit data; see `web/urls.py`. No code of a firm or person stands in any."""

from django.urls import URLPattern, path

from yinuo.web.views import credit, credit_entity, credit_joins, credit_rows, forgetting

TRANSLATED: frozenset[str] = frozenset()
"""Pages for the public, which stand in English under /en/ too."""

urlpatterns: list[URLPattern] = [
    path("work/credit/", credit.sources, name="credit_sources"),
    path("work/credit/catalogue.xlsx", credit.catalogue, name="credit_catalogue"),
    path("work/credit/sources/<str:name>/", credit.source, name="credit_source"),
    path("work/credit/sources/<str:name>/rows/", credit_rows.rows, name="credit_rows"),
    path("work/credit/sources/<str:name>/rows.csv", credit_rows.rows_csv, name="credit_rows_csv"),
    path("work/credit/batches/<str:code>/", credit.batch, name="credit_batch"),
    path("work/credit/batches/<str:code>/rows/<str:key>/", credit_rows.row, name="credit_row"),
    path("work/credit/entities/", credit_entity.look, name="credit_look"),
    path("work/credit/entities/purpose/", credit_entity.purpose, name="credit_purpose"),
    path("work/credit/entities/<str:entity>/", credit_entity.entity, name="credit_entity"),
    path(
        "work/credit/entities/<str:entity>/records/<str:record>/split/",
        credit_entity.split,
        name="credit_split",
    ),
    path("work/credit/proposals/", credit_joins.proposals, name="credit_proposals"),
    path("work/credit/proposals/<str:record>/", credit_joins.proposal, name="credit_proposal"),
    path("work/credit/judgements/", credit_joins.judgements, name="credit_judgements"),
    path("work/credit/releases/", credit.releases, name="credit_releases"),
    path("work/credit/forgetting/", forgetting.forgettings, name="forgettings"),
    path("work/credit/forgetting/new/", forgetting.ask, name="forgetting_ask"),
    path("work/credit/forgetting/<str:code>/", forgetting.forgetting, name="forgetting"),
]
