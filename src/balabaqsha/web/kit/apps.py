from django.apps import AppConfig


class WebKitConfig(AppConfig):
    name = "balabaqsha.web.kit"
    label = "web_kit"
    default_auto_field = "django.db.models.BigAutoField"
