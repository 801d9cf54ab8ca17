from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    name = "balabaqsha.transparency"
    label = "transparency"
    default_auto_field = "django.db.models.BigAutoField"
