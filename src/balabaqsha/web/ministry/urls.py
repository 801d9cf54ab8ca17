"""Addresses of the ministry's workplace, below /ministry/. The name of a page is the key of its text in menus."""

from django.urls import path

from balabaqsha.web.ministry import calendar, home

urlpatterns = [
    path("", home.home, name="ministry.home"),
    path("rules/", home.terms, name="ministry.terms"),
    path("calendar/", calendar.year, name="ministry.calendar"),
    path("calendar/changes/<int:change_id>/", calendar.change, name="ministry.calendar-change"),
]
