from django.apps import AppConfig


class AdmissionsConfig(AppConfig):
    name = "balabaqsha.admissions"
    label = "admissions"
    default_auto_field = "django.db.models.BigAutoField"
