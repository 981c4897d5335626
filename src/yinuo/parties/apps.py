from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "yinuo.parties"
    label = "parties"
    verbose_name = "主体与账号"
    default_auto_field = "django.db.models.BigAutoField"
