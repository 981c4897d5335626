from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CommitmentsConfig(AppConfig):
    name = "yinuo.commitments"
    label = "commitments"
    verbose_name = "承诺"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let every package register its kinds of commitment."""
        autodiscover_modules("kinds")
