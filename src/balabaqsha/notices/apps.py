from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "balabaqsha.notices"
    default_auto_field = "django.db.models.BigAutoField"
