"""Addresses of the workplace, below /kindergarten/. The name of a page is the key of its text in menus."""

from django.urls import path

from balabaqsha.web.kindergarten import children, contracts, groups, home, passport, referrals, requests, signing

urlpatterns = [
    path("", home.today, name="kg.home"),
    path("groups/", groups.table, name="kg.groups"),
    path("groups/open/", groups.open_group, name="kg.group-open"),
    path("groups/<int:group_id>/publish/", groups.publish, name="kg.group-publish"),
    path("groups/<int:group_id>/recall/", groups.recall, name="kg.group-recall"),
    path("passport/", passport.passport, name="kg.passport"),
    path("passport/edit/", passport.edit, name="kg.passport-edit"),
    path("passport/photos/", passport.photos, name="kg.passport-photos"),
    path("requests/", requests.table, name="kg.requests"),
    path("requests/<slug:number>/", requests.send, name="kg.request"),
    path("referrals/", referrals.table, name="kg.referrals"),
    path("referrals/<slug:number>/", referrals.case, name="kg.referral"),
    path("referrals/<slug:number>/papers-time/", referrals.papers_time, name="kg.papers-time"),
    path("contracts/", contracts.table, name="kg.contracts"),
    path("contracts/<slug:number>/", contracts.case, name="kg.contract"),
    path("contracts/<slug:number>/document/", contracts.document, name="kg.contract-document"),
    path("contracts/<slug:number>/papers/<slug:kind>/", contracts.paper, name="kg.contract-paper"),
    path("contracts/<slug:number>/return/", contracts.give_back, name="kg.contract-return"),
    path("contracts/<slug:number>/refuse/", contracts.refuse, name="kg.contract-refuse"),
    path("contracts/<slug:number>/sign/", signing.sign, name="kg.contract-sign"),
    path("children/", children.table, name="kg.children"),
    path("children/list.xlsx", children.export, name="kg.children-xlsx"),
]
