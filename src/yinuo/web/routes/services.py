"""The addresses of service items; see `web/urls.py`."""

from django.urls import URLPattern, path, register_converter

from yinuo.web.views import item_work, services


class ItemCode:
    """The code of an item, which no word of another address can be."""

    regex = "[A-Z0-9][A-Z0-9-]{0,29}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(ItemCode, "item")

TRANSLATED: frozenset[str] = frozenset(
    {
        "services",
        "services_kept",
        "service",
        "service_version",
        "service_card",
        "service_qr",
        "service_file",
    }
)
"""Pages for the public, which stand in English under /en/ too."""

urlpatterns: list[URLPattern] = [
    path("services/", services.services, name="services"),
    path("services/kept/", services.kept, name="services_kept"),
    path("services.xlsx", services.workbook, name="services_xlsx"),
    path("services.json", services.everything, name="services_json"),
    path("services/<item:code>.json", services.national, name="service_json"),
    path("services/<item:code>/", services.service, name="service"),
    path("services/<item:code>/card/", services.card, name="service_card"),
    path("services/<item:code>/v/<int:number>/", services.version, name="service_version"),
    path("services/<item:code>/v/<int:number>/qr.svg", services.qr, name="service_qr"),
    path("services/<item:code>/files/<str:sha256>", services.file, name="service_file"),
    path("work/services/", item_work.drafts, name="item_drafts"),
    path("work/services/template.xlsx", item_work.template, name="item_template"),
    path("work/services/new/", item_work.take_in, name="item_take_in"),
    path("work/services/<item:code>/v/<int:number>/", item_work.draft, name="item_draft"),
    path("work/services/<item:code>/end/", item_work.end, name="item_end"),
]
