from django.apps import AppConfig


class LegacyConfig(AppConfig):
    name = "balabaqsha.legacy"
    default_auto_field = "django.db.models.BigAutoField"
