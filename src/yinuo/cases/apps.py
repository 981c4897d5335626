from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "yinuo.cases"
    label = "cases"
    verbose_name = "政务服务"
    default_auto_field = "django.db.models.BigAutoField"
