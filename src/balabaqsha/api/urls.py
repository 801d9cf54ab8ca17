"""Addresses for programs, below /api/v1/, without a language: it is that of `Accept-Language`."""

from django.urls import path

from balabaqsha.api import codes, document, keys, phones, sessions

urlpatterns = [
    path("openapi.json", document.document, name="api.document"),
    path("auth/session", sessions.session, name="api.session"),
    path("auth/password", sessions.password, name="api.password"),
    path("auth/second", sessions.second, name="api.second"),
    path("auth/code", codes.ask, name="api.code"),
    path("auth/code/answer", codes.enter, name="api.code-answer"),
    path("auth/eds/challenge", keys.challenge, name="api.eds-challenge"),
    path("auth/eds/answer", keys.answer, name="api.eds-answer"),
    path("auth/eds/enter", keys.enter, name="api.eds-enter"),
    path("auth/phone", phones.phone, name="api.phone"),
    path("auth/phone/<str:token>", phones.state, name="api.phone-state"),
]
