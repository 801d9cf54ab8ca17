from django.apps import AppConfig


class WebKindergartenConfig(AppConfig):
    name = "balabaqsha.web.kindergarten"
    label = "web_kindergarten"
    default_auto_field = "django.db.models.BigAutoField"
