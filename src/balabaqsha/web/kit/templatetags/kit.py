"""Texts, written forms and icons for templates: ``{% load kit %}``."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from balabaqsha.kernel.time import local, localdate
from balabaqsha.locale import written
from balabaqsha.web.kit import forms, states, texts, years

register = template.Library()
_SPRITE = Path(__file__).resolve().parent.parent / "static" / "kit" / "icons.svg"


@register.simple_tag
def say(key: str, **facts: Any) -> str:
    """{% say "nav.home" %}; {% say "key" number=application.number %}; with `as name` to keep it."""
    return texts.say(key, **facts)


@register.simple_tag
def say_count(key: str, n: float | Decimal, **facts: Any) -> str:
    """{% say_count "count.working-day" 5 %}"""
    return texts.say_count(key, n, **facts)


@register.simple_tag
def support_link() -> str:
    """The link that calls support; its number is the text `support.phone`, the one place where it stands."""
    return "tel:" + "".join(character for character in texts.say("support.phone") if character in "+0123456789")


@register.simple_tag
def unfilled(key: str) -> str:
    """The text with its blanks, for data attributes that ui.js fills."""
    return texts.unfilled(key)


@register.simple_tag
def icon(name: str) -> SafeString:
    """{% icon "check" %}: decorative, the word stands beside it. Raises LookupError for an unknown name."""
    return _icon(name)


@cache
def _icon(name: str) -> SafeString:
    if name not in icon_names():
        raise LookupError(f"no icon is called {name!r}")
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("kit/icons.svg"),
        name,
    )


@cache
def icon_names() -> frozenset[str]:
    """The names in the sprite."""
    return frozenset(re.findall(r'id="([a-z0-9-]+)"', _SPRITE.read_text(encoding="utf-8")))


@register.simple_tag
def field(bound: BoundField, **look: Any) -> SafeString:
    """{% field form.phone %}: label, hint, error and control in this order (kit: ui/field.html and its kin)."""
    return render_to_string(forms.template_for(bound), forms.field_context(bound, **look))


@register.simple_tag
def error_summary(form: Any) -> SafeString:
    """{% error_summary form %}: first in main; empty where the form has no error."""
    return render_to_string("ui/error_summary.html", {"errors": forms.error_links(form)})


@register.simple_tag
def state_badge(state: str) -> SafeString:
    """{% state_badge application.state %}: the badge of an application as its family sees it."""
    code = getattr(state, "value", state)
    look = states.LOOKS[code]
    context = {
        "text": texts.say(f"state.{code}"),
        "tone": look.tone,
        "icon_name": look.icon,
    }
    return render_to_string("ui/badge.html", context)


@register.filter
def beside(cells: Sequence[Any], columns: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Columns paired with the cells of a row."""
    return list(zip(columns, cells, strict=False))


@register.filter
def beside_rest(cells: Sequence[Any], columns: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Columns after the first paired with the cells."""
    return list(zip(columns[1:], cells, strict=False))


@register.filter
def unlocalized(value: float | str) -> str:
    """A number as SVG wants it: a full stop, no spaces."""
    return str(value)


@register.filter
def plus(value: float, more: float) -> float:
    """A coordinate moved."""
    return value + more


@register.filter(name="written")
def written_value(value: Any) -> Any:
    """A number in the language's form; a text as it is."""
    return written.number(value, texts.language()) if isinstance(value, (int, float, Decimal)) else value


@register.filter
def label(code: str, prefix: str) -> str:
    """{{ application.state|label:"state" }}: the text `state.WAITING`."""
    return texts.say(f"{prefix}.{getattr(code, 'value', code)}")


@register.filter
def label_officer(code: str, prefix: str) -> str:
    """The short label that officers see."""
    return texts.say(f"{prefix}.{getattr(code, 'value', code)}.officer")


@register.filter
def day(value: date) -> str:
    """07.10.2024"""
    return written.day(_as_day(value))


@register.filter
def date_long(value: date) -> str:
    """2024 жылғы 7 қазан"""
    return written.day_long(_as_day(value), texts.language())


@register.filter
def day_month(value: date) -> str:
    """7 қазан"""
    return written.day_month(_as_day(value), texts.language())


@register.filter
def weekday(value: date) -> str:
    """дүйсенбі"""
    return written.weekday(_as_day(value), texts.language())


@register.filter
def weekday_short(value: date) -> str:
    """дс"""
    return written.weekday_short(_as_day(value), texts.language())


@register.filter
def month(value: date) -> str:
    """2026 жылғы қыркүйек"""
    return written.month(_as_day(value), texts.language())


@register.filter
def clock(value: datetime) -> str:
    """09:05"""
    return written.clock(value)


@register.filter
def due(value: datetime) -> str:
    """07.10.2024 15:37"""
    return written.moment(value)


@register.filter
def due_full(value: datetime) -> str:
    """07.10.2024 15:37:26"""
    return written.moment_full(value)


@register.filter
def due_long(value: datetime) -> str:
    """2024 жылғы 7 қазан, 15:37"""
    return written.moment_long(value, texts.language())


@register.filter
def due_iso(value: datetime) -> str:
    """2024-10-07 15:37:26"""
    return written.moment_iso(value)


@register.filter
def machine(value: date) -> str:
    """What the datetime attribute of <time> holds, with the offset of national time."""
    return local(value).isoformat() if isinstance(value, datetime) else value.isoformat()


@register.filter
def number(value: float | Decimal) -> str:
    """1 234 567,5"""
    return written.number(value, texts.language())


@register.filter
def money(value: int | Decimal) -> str:
    """15 876 ₸"""
    return written.money(value, texts.language())


@register.filter
def percent(value: float | Decimal) -> str:
    """95,9 %"""
    return written.percent(value, texts.language())


@register.filter
def file_size(value: int) -> str:
    """4,2 МБ"""
    return written.file_size(value, texts.language())


@register.filter
def age(born_on: date, on: date) -> str:
    """{{ child.born_on|age:today }}: 2 жас 4 ай"""
    return written.age(born_on, _as_day(on), texts.language())


@register.filter
def school_year(opens_for: int | None, on: date) -> str:
    """{{ group.school_year|school_year:request.now }}: 2026/2027"""
    return years.said(years.of_group(opens_for, on=_as_day(on)))


@register.filter
def phone(value: str) -> str:
    """+7 (747) 339-72-22"""
    return written.phone(value)


@register.filter
def phone_masked(value: str) -> str:
    """+7 (747) ***-**-22"""
    return written.phone_masked(value)


@register.filter
def iin_masked(value: str) -> str:
    """2102******11"""
    return written.iin_masked(value)


@register.filter
def email_masked(value: str) -> str:
    """a***@example.kz"""
    return written.email_masked(value)


def _as_day(value: date) -> date:
    return localdate(value) if isinstance(value, datetime) else value
