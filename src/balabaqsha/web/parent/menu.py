"""Which entries of the cabinet's menu have no page of their own yet, and what their pages say instead.

The order of the menu itself is that of `web.kit.menus.PARENT`, which is 001's.
"""

from typing import Any

from django.urls import reverse

from balabaqsha.web.kit import texts

# Key of the menu entry -> its address below /cabinet/. The explanation is the text `later.<last part of the key>`.
LATER = {
    "parent.attendance": "attendance/",
    "parent.meals": "meals/",
    "parent.forecast": "forecast/",
}

# The tabs of 001 above the person and the children, in its order.
_FAMILY = {"profile": "parent.profile", "own": "parent.children", "entrusted": "children.entrusted"}


def family_tabs(current: str) -> list[dict[str, Any]]:
    """The tabs for `ui/tabs.html`, the current one marked."""
    return [
        {"text": texts.say(f"children.tab-{name}"), "url": reverse(page), "current": name == current, "count": None}
        for name, page in _FAMILY.items()
    ]
