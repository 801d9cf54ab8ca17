from django.apps import AppConfig


class LineConfig(AppConfig):
    name = "balabaqsha.line"
    label = "line"
    default_auto_field = "django.db.models.BigAutoField"
