from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "yinuo.ledger"
    label = "ledger"
    verbose_name = "存证账本"
    default_auto_field = "django.db.models.BigAutoField"
