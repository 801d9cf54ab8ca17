"""Addresses of the workplace, below /doctor/. The name of a page is the key of its text in menus."""

from django.urls import path

from balabaqsha.web.doctor import cases, lists, opinions

urlpatterns = [
    path("", lists.waiting, name="doctor.cases"),
    path("opinions/", lists.asked, name="doctor.opinions"),
    path("decided/", lists.decided, name="doctor.decided"),
    path("cases/<slug:number>/", cases.case, name="doctor.case"),
    path("cases/<slug:number>/ask/", opinions.ask, name="doctor.ask"),
    path("cases/<slug:number>/answer/", opinions.answer, name="doctor.answer"),
    path("cases/<slug:number>/papers/<str:token>/", cases.paper, name="doctor.paper"),
]
