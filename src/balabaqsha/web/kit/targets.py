"""Where a visitor was going, as a page of this portal only."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from balabaqsha.web.kit import texts
from balabaqsha.web.kit.context import in_language


def asked_for(request: HttpRequest) -> str:
    """The page of this portal that the visitor was going to; anything else leads nowhere."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None) or not target.startswith("/"):
        return ""
    try:
        resolve(in_language(urlsplit(target).path, texts.language()))
    except Resolver404:
        return ""
    return target
