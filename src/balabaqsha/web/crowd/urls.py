"""The one address of the waiting room; the page itself stands at whatever address was asked for."""

from django.urls import path

from balabaqsha.web.crowd import by_number

urlpatterns = [path("", by_number.let_in, name="crowd.let-in")]
