from django.apps import AppConfig


class WebParentConfig(AppConfig):
    name = "balabaqsha.web.parent"
    label = "web_parent"
    default_auto_field = "django.db.models.BigAutoField"
