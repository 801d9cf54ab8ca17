"""Addresses of the workplace, below /department/. The name of a page is the key of its text in menus."""

from django.urls import path

from balabaqsha.web.department import cases, checks, contracts, feedback, freeze, home, line, lists, runs

urlpatterns = [
    path("", home.today, name="officer.home"),
    path("contracts/", contracts.table, name="officer.contracts"),
    path("checks/", checks.table, name="officer.checks"),
    path("checks/<slug:number>/", checks.case, name="officer.check"),
    path("feedback/", feedback.table, name="officer.feedback"),
    path("feedback/<slug:number>/", feedback.message, name="officer.feedback-message"),
    path("line/", line.table, name="officer.queue"),
    path("runs/", runs.start, name="officer.runs"),
    path("runs/<int:number>/", runs.run, name="officer.run"),
    path("runs/<int:number>/perform/", runs.perform, name="officer.run-perform"),
    path("runs/<int:number>/progress/", runs.progress, name="officer.run-progress"),
    path("freeze/", freeze.freeze, name="officer.freeze"),
    path("lists/", lists.start, name="officer.lists"),
    path("lists/<uuid:token>/", lists.page, name="officer.list"),
    path("lists/<uuid:token>/progress/", lists.progress, name="officer.list-progress"),
    path("lists/<uuid:token>/columns/", lists.columns, name="officer.list-columns"),
    path("lists/<uuid:token>/confirm/", lists.confirm, name="officer.list-confirm"),
    path("lists/<uuid:token>/drop/", lists.drop, name="officer.list-drop"),
    path("lists/<uuid:token>/faults.csv", lists.faults, name="officer.list-faults"),
    path("lists/<uuid:token>/places.csv", lists.comparison, name="officer.list-places"),
    path("cases/", cases.search, name="officer.journal"),
    path("cases/<slug:number>/", cases.case, name="officer.case"),
    path("cases/<slug:number>/papers/<str:token>/", cases.paper, name="officer.case-paper"),
]
