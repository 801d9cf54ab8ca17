from django.apps import AppConfig


class WebCrowdConfig(AppConfig):
    name = "balabaqsha.web.crowd"
    label = "crowd"
    default_auto_field = "django.db.models.BigAutoField"
