from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "yinuo.api"
    label = "api"
    verbose_name = "接口"
