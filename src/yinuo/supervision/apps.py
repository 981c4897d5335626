from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "yinuo.supervision"
    label = "supervision"
    verbose_name = "调度、赛马、督导"
    default_auto_field = "django.db.models.BigAutoField"
