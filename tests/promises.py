"""What is promised to families, looked up in the rows by the product's own checks: each sentence is a promise broken."""

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.checks import catalogue
from balabaqsha.kindergartens.models import Hold, Place


def broken(*, now=None):
    """The promises that the rows at hand break; none in a right town. No promise of rows asks for the moment."""
    return [f"{code}: {found.subject} {found.facts}" for code, found in catalogue.ask(catalogue.OF_ROWS, now=now)]


def spoken_for():
    """Vouchers out without a place, less free places: above nought somebody was promised what is not there."""
    out = Application.objects.filter(state__in=[State.VOUCHER_OFFERED, State.VOUCHER_ACTIVE]).count()
    free = Place.objects.filter(published=True).exclude(holds__in=Hold.objects.filter(ended_at__isnull=True)).count()
    return out - free
