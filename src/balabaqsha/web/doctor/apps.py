from django.apps import AppConfig


class WebDoctorConfig(AppConfig):
    name = "balabaqsha.web.doctor"
    label = "web_doctor"
    default_auto_field = "django.db.models.BigAutoField"
