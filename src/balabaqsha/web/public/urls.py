"""Public addresses. The name of a page is the key of its text in menus."""

from django.conf import settings
from django.urls import path

from balabaqsha.web.public import (
    application,
    catalogue,
    demonstration,
    documents,
    feedback,
    home,
    login,
    place,
    places,
    protocols,
    queue,
    register,
    statistics,
)

urlpatterns = [
    path("", home.home, name="nav.home"),
    path("register/", register.phone, {"flow": register.SIGN_UP}, name="header.sign-up"),
    path("register/code/", register.code, {"flow": register.SIGN_UP}, name="signup.code"),
    path("register/code/again/", register.again, {"flow": register.SIGN_UP}, name="signup.again"),
    path("register/password/", register.password, {"flow": register.SIGN_UP}, name="signup.password"),
    path("register/proven/", register.turn, {"flow": register.SIGN_UP}, name="signup.turn"),
    path("recover/", register.phone, {"flow": register.RECOVERY}, name="recover.phone"),
    path("recover/code/", register.code, {"flow": register.RECOVERY}, name="recover.code"),
    path("recover/code/again/", register.again, {"flow": register.RECOVERY}, name="recover.again"),
    path("recover/password/", register.password, {"flow": register.RECOVERY}, name="recover.password"),
    path("recover/proven/", register.turn, {"flow": register.RECOVERY}, name="recover.turn"),
    path("login/", login.sign_in, name="header.sign-in"),
    path("logout/", login.sign_out, name="site.sign-out"),
    path("location/", place.choose, name="header.location"),
    path("queue/", queue.voucher_queue, name="nav.voucher-queue"),
    path("queue/application/<str:number>/", application.application, name="public.application"),
    path("catalogue/", catalogue.gardens, name="nav.catalogue"),
    path("catalogue/addresses/", catalogue.addresses, name="public.addresses"),
    path("catalogue/<slug:code>/", catalogue.garden, name="public.kindergarten"),
    path("free-places/", places.free_places, name="nav.free-places"),
    path("free-places.csv", places.free_places_file, name="public.free-places-file"),
    path("statistics/", statistics.statistics, name="nav.statistics"),
    path("statistics/<slug:key>.csv", statistics.table, name="public.statistics-table"),
    path("protocol/", protocols.protocols, name="nav.protocol"),
    path("protocol/<int:number>/", protocols.run, name="public.run"),
    path("protocol/groups/<slug:territory>/<int:year>/", protocols.moving_up, name="public.moving-up"),
    path("protocol/<int:number>.json", protocols.run_file, name="public.run-file"),
    path("check/", documents.ask, name="nav.check-document"),
    path("check/<str:token>", documents.check, name="public.check"),
    path("feedback/", feedback.write, name="nav.feedback"),
    path("feedback/<str:token>/", feedback.sent, name="public.feedback"),
    path("data-policy/", register.data_policy, name="nav.data-policy"),
]

if settings.MODE == "demonstration":
    urlpatterns += [
        path("demonstration/clock/", demonstration.move_clock, name="demo.clock"),
        path("demonstration/person/", demonstration.become, name="demo.person"),
    ]
