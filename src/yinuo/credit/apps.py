from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CreditConfig(AppConfig):
    name = "yinuo.credit"
    label = "credit"
    verbose_name = "公共信用"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let whoever has the settings provide the standing of applicants."""
        autodiscover_modules("providers")
