from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "yinuo.web"
    label = "web"
    verbose_name = "网站"
