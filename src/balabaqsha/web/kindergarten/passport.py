"""The kindergarten's own page: what the public sees of it, and what the head keeps up: contacts, hours, photos."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, kindergarten_staff
from balabaqsha.kindergartens.registry import queries
from balabaqsha.web.kindergarten import pages
from balabaqsha.web.kit import gardens
from balabaqsha.web.kit.garden_forms import ContactsForm


@access(kindergarten_staff)
@require_GET
def passport(request: HttpRequest) -> HttpResponse:
    """What the head keeps up, the photos, and what has changed."""
    own = pages.kindergarten(request)
    context = {
        "garden": own,
        "photos": [gardens.photo_row(own, one) for one in queries.photos(own)],
        "events": gardens.history(own, dict(own.groups.values_list("id", "name"))),
        "public_url": reverse("public.kindergarten", args=[own.code]),
        "paper_url": reverse("public.kindergarten-passport", args=[own.code]),
    }
    return pages.page(request, "passport", "kg.passport", **context)


@access(kindergarten_staff)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Change contacts and hours."""
    own = pages.kindergarten(request)
    initial = {"phone": own.phone, "email": own.email, "stay_hours": own.stay_hours}
    form = ContactsForm(request.POST or None, initial=initial)
    return gardens.edit(request, own, form, page=_page, title="kg.passport-edit", back=reverse("kg.passport"))


@access(kindergarten_staff)
@require_http_methods(["GET", "POST"])
def photos(request: HttpRequest) -> HttpResponse:
    """The photos that everybody sees."""
    own = pages.kindergarten(request)
    return gardens.photos(request, own, page=_page, title="kg.passport-photos", back=reverse("kg.passport-photos"))


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    return pages.page(request, name, title, trail=("kg.passport",), **context)
