from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "yinuo.benefits"
    label = "benefits"
    verbose_name = "惠企政策"
    default_auto_field = "django.db.models.BigAutoField"
