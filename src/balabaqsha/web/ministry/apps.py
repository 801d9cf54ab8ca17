from django.apps import AppConfig


class WebMinistryConfig(AppConfig):
    name = "balabaqsha.web.ministry"
    label = "web_ministry"
    default_auto_field = "django.db.models.BigAutoField"
