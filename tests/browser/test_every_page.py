"""No page of the URL table is left out by the files beside this one, which look at all of them."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests.browser import district, furnished

# Names of addresses behind which there is no page to look at.
NO_PAGES = {
    "only posted to": {
        "site.sign-out",
        "header.location",
        "signup.again",
        "signup.turn",
        "recover.again",
        "recover.turn",
        "signin.code-again",
        "signin.eds-enter",
        "profile.phone-end",
        "safety.end",
        "safety.end-second",
        "demo.clock",
        "demo.person",
        "profile.refresh",
        "apply.drop",
        "waiting.join",
        "application.appeal-end",
        "counter.end",
        "contract.reuse",
        "application.paper",
        "officer.list-columns",
        "officer.list-confirm",
        "officer.list-drop",
        "kg.papers-time",
        "officer.kindergarten-group-close",
        "officer.garden-list-columns",
        "officer.garden-list-confirm",
        "officer.garden-list-drop",
        "officer.undelivered-told",
        "officer.check-ask",
        "officer.work-act",
        "officer.report-orders",
        "officer.notice-withdraw",
    },
    "files": {
        "signin.eds-challenge",
        "public.free-places-file",
        "public.statistics-table",
        "public.run-file",
        "children.photo",
        "parent.file",
        "parent.made",
        "parent.signature",
        "kg.contract-document",
        "kg.contract-paper",
        "kg.children-xlsx",
        "officer.work-export",
        "officer.case-paper",
        "doctor.paper",
        "officer.guardian-paper",
        "officer.list-faults",
        "officer.norms-xlsx",
        "officer.withheld-xlsx",
        "officer.garden-list-faults",
        "public.kindergarten-photo",
        "officer.regime-places",
        "officer.category-places",
        "officer.list-places",
        "officer.report-xlsx",
        "officer.report-file",
        "turn.statement",
    },
    "leads to another page": {"parent.home", "contract.sign"},
    # Asked for by tests/workplaces/test_freeze.py: no furnished town has moved its groups up.
    "after the August freeze": {"public.moving-up"},
    "for programs": {
        "site.health",
        "sign.phone-state",
        "mgov.errand",
        "mgov.documents",
        "api.document",
        "api.session",
        "api.password",
        "api.second",
        "api.code",
        "api.code-answer",
        "api.eds-challenge",
        "api.eds-answer",
        "api.eds-enter",
        "api.phone",
        "api.phone-state",
    },
    "a part of a page": {
        "officer.run-progress",
        "officer.list-progress",
        "officer.report-progress",
        "officer.garden-list-progress",
        "public.addresses",
    },
}


def names(found: list[URLPattern | URLResolver]) -> Iterator[str]:
    """The names of all addresses below these."""
    for one in found:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns)
        elif one.name:
            yield one.name


def test_no_page_of_the_url_table_is_left_out():
    seen = {page.name for pages in (furnished.TOWN, furnished.FAMILY, district.DISTRICT) for page in pages}
    not_looked_at = set().union(*NO_PAGES.values())

    assert set(names(get_resolver().url_patterns)) - seen - not_looked_at == set()
    assert seen & not_looked_at == set()
