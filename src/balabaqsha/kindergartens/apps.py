from django.apps import AppConfig


class KindergartensConfig(AppConfig):
    name = "balabaqsha.kindergartens"
    label = "kindergartens"
    default_auto_field = "django.db.models.BigAutoField"
