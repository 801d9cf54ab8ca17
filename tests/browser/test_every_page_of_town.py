"""Every page of the demonstration town's portal."""

from tests.browser import furnished
from tests.browser.every_page import Pages
from tests.browser.furnished import Seen


class TestPages(Pages):
    built = staticmethod(furnished.town)
    pages = furnished.TOWN
    main = (
        Seen("visitor", "nav.home"),
        Seen("visitor", "nav.voucher-queue"),
        Seen("visitor", "nav.catalogue"),
        Seen("visitor", "nav.statistics"),
        Seen("officer", "officer.run", ("previewed",)),
        Seen("head", "kg.home"),
    )
