"""The app of the officers' desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Who looks after which piece of work."""

    name = "balabaqsha.desk"
