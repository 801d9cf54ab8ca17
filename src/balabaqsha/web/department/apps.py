from django.apps import AppConfig


class WebDepartmentConfig(AppConfig):
    name = "balabaqsha.web.department"
    label = "web_department"
    default_auto_field = "django.db.models.BigAutoField"
