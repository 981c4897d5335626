from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "yinuo.content"
    label = "content"
    verbose_name = "规则与内容"
    default_auto_field = "django.db.models.BigAutoField"
