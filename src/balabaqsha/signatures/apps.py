from django.apps import AppConfig
from django.core import checks as django_checks


class SignaturesConfig(AppConfig):
    name = "balabaqsha.signatures"
    label = "signatures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from balabaqsha.signatures import checks  # noqa: PLC0415 - models must be loaded first

        django_checks.register(checks.authorities_are_pinned, django_checks.Tags.security)
