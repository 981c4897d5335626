from django.apps import AppConfig


class GoalsConfig(AppConfig):
    name = "yinuo.goals"
    label = "goals"
    verbose_name = "目标与计划"
    default_auto_field = "django.db.models.BigAutoField"
