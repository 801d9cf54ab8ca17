"""The portal as a WSGI application."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from balabaqsha.config import wiring

application = get_wsgi_application()
wiring.connect(settings)
