"""The addresses of the portal: English words; Kazakh without prefix, /ru/ and /en/ before the same path; those for programs."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = i18n_patterns(
    path("waiting-room/", include("balabaqsha.web.crowd.urls")),
    path("cabinet/", include("balabaqsha.web.parent.urls")),
    path("kindergarten/", include("balabaqsha.web.kindergarten.urls")),
    path("department/", include("balabaqsha.web.department.urls")),
    path("doctor/", include("balabaqsha.web.doctor.urls")),
    path("ministry/", include("balabaqsha.web.ministry.urls")),
    # Last: an address is tried against every pattern before its own.
    path("", include("balabaqsha.web.public.urls")),
    prefix_default_language=False,
)
urlpatterns += [path("api/v1/", include("balabaqsha.api.urls"))]

handler400 = "balabaqsha.web.kit.errors.bad_request"
handler403 = "balabaqsha.web.kit.errors.forbidden"
handler404 = "balabaqsha.web.kit.errors.not_found"
handler500 = "balabaqsha.web.kit.errors.server_error"
