"""Addresses of the workplace, below /department/. The name of a page is the key of its text in menus."""

from django.urls import path

from balabaqsha.web.department import cases, checks, home, line, runs

urlpatterns = [
    path("", home.today, name="officer.home"),
    path("checks/", checks.table, name="officer.checks"),
    path("checks/<slug:number>/", checks.case, name="officer.check"),
    path("line/", line.table, name="officer.queue"),
    path("runs/", runs.start, name="officer.runs"),
    path("runs/<int:number>/", runs.run, name="officer.run"),
    path("runs/<int:number>/perform/", runs.perform, name="officer.run-perform"),
    path("runs/<int:number>/progress/", runs.progress, name="officer.run-progress"),
    path("cases/", cases.search, name="officer.journal"),
    path("cases/<slug:number>/", cases.case, name="officer.case"),
    path("cases/<slug:number>/papers/<str:token>/", cases.paper, name="officer.case-paper"),
]
