"""Pages of a few lines, for answers that thousands ask for in one minute: one sentence and the ways on, no menus."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.template import loader

from balabaqsha.web.kit import texts


def page(template: str, context: dict[str, Any], *, status: HTTPStatus) -> HttpResponse:
    """The page of a template that extends `kit/brief.html`; its context is given whole, nothing is read for it."""
    return HttpResponse(loader.render_to_string(template, context | {"language": texts.language()}), status=status)
