"""Every page of the family's portal."""

from tests.browser import furnished
from tests.browser.every_page import Pages
from tests.browser.furnished import Seen


class TestPages(Pages):
    built = staticmethod(furnished.family)
    pages = furnished.FAMILY
    main = (
        Seen("mother", "parent.applications"),
        Seen("mother", "application.page", ("active",)),
        Seen("mother", "choice.open", ("active",)),
        Seen("mother", "contract.page", ("sent",)),
    )
