"""Every page of a district with the linear regime."""

from tests.browser import district
from tests.browser.every_page import Pages


class TestPages(Pages):
    built = staticmethod(district.district)
    pages = district.DISTRICT
    main = district.MAIN
