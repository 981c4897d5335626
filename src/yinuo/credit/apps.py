from django.apps import AppConfig


class CreditConfig(AppConfig):
    name = "yinuo.credit"
    label = "credit"
    verbose_name = "公共信用"
    default_auto_field = "django.db.models.BigAutoField"
