"""Plain Django forms whose labels, hints, choices and errors are text keys, and what the kit prints of them.

A label or hint that is no key is printed as it is. An error is a ValidationError whose message is the detail of a
refusal ("wrong-iin") or a whole key, its params the facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from balabaqsha.kernel import number as numbers
from balabaqsha.kernel.iin import Iin, WrongIin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.web.kit import refusals, texts

_BY_CODE = {
    "required": "field-required",
    "max_length": "too-long",
    "min_length": "too-short",
    "max_value": "too-large",
    "min_value": "too-small",
    "invalid_choice": "not-in-list",
    "empty": "file-unreadable",
    "invalid_image": "file-unreadable",
    "invalid_extension": "file-wrong-type",
}
_DAY_PARTS = ("%d.%m.%Y", "%Y-%m-%d")
_PHONE_DIGITS = 10
_LONGEST_NUMBER = 12


class IinField(forms.CharField):
    """Twelve digits with a right check digit; gives the text of the IIN. Error: wrong-iin."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 12} | options)
        self.widget.attrs |= {
            "inputmode": "numeric",
            "data-width": "iin",
            "data-mask": "digits",
            "data-check": "iin",
            "autocomplete": "off",
        }

    def clean(self, value: Any) -> str:
        text = "".join(str(value or "").split())
        if not text:
            return str(super().clean(""))
        try:
            return Iin.parse(text).text
        except WrongIin as error:
            raise ValidationError("wrong-iin") from error


class ApplicationNumberField(forms.CharField):
    """An application number as people copy it: spaces and № are forgiven, a wrong check digit is told."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 40} | options)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "data-width": "iin"}

    def clean(self, value: Any) -> str:
        text = "".join(str(super().clean(value)).split()).removeprefix("№").removeprefix("No.")
        if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
            raise ValidationError("queue.number-shape")
        if not numbers.is_valid(text):
            raise ValidationError("queue.number-check-digit")
        return text


class PhoneField(forms.CharField):
    """A Kazakhstani number in any writing; gives +77473397222. Error: wrong-phone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.input_type = "tel"
        self.widget.attrs |= {
            "autocomplete": "tel-national",
            "data-mask": "phone",
            "prefix": "+7",
        }

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        digits = "".join(character for character in text if character.isdigit())
        if not digits and not self.required:
            return ""
        national = digits[1:] if len(digits) == _PHONE_DIGITS + 1 and digits[0] in "78" else digits
        if len(national) != _PHONE_DIGITS or national[0] != "7":
            raise ValidationError("wrong-phone")
        return f"+7{national}"


class AddressField(forms.CharField):
    """An address in the words of whoever types it, suggested from `options_url` where a script runs."""

    look = "combobox"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 200, "required": False} | options)


class CodeField(forms.CharField):
    """The six digits of an SMS; gives them as text. Error: code-shape."""

    look = "otp"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 6} | options)
        self.widget.attrs |= {
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "data-width": "otp",
            "data-mask": "digits",
        }

    def clean(self, value: Any) -> str:
        text = "".join(str(value or "").split())
        if text and not (len(text) == 6 and text.isascii() and text.isdigit()):  # noqa: PLR2004 - digits of a code
            raise ValidationError("code-shape")
        return str(super().clean(text))


class DayField(forms.DateField):
    """A day written 07.10.2024. Error: wrong-date."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=_DAY_PARTS, **options)
        self.widget = forms.DateInput(format=_DAY_PARTS[0], attrs={"inputmode": "numeric", "data-width": "iin"})

    def to_python(self, value: Any) -> date | None:
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError("wrong-date") from error


class MoneyField(forms.IntegerField):
    """Whole tenge, with or without spaces between the thousands. Errors: the texts of too-small and too-large."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 0} | options)
        self.widget = forms.TextInput(attrs={"inputmode": "numeric", "data-width": "iin"})

    def to_python(self, value: Any) -> int | None:
        amount: int | None = super().to_python("".join(value.split()) if isinstance(value, str) else value)
        return amount


@dataclass(frozen=True)
class Choice:
    """One choice as the kit prints it; `hint` says its consequence, `disabled_why` why it is closed."""

    value: str
    label: str
    hint: str = ""
    icon: str = ""
    chosen: bool = False
    disabled: bool = False


def blame(form: forms.Form, refusal: Refusal, field: str | None = None) -> None:
    """Put the refusal beside a field of the form, or at its top."""
    form.add_error(field, ValidationError(refusal.detail, code=refusal.code, params=refusal.facts))


def say_error(error: ValidationError, bound: forms.BoundField | None = None) -> str:
    """The sentence of one validation error."""
    message, facts = str(error.message), dict(error.params or {})
    if texts.knows(f"refusal.{message}"):
        return refusals.sentence(message, facts)
    if texts.knows(message):
        return texts.say(message, **facts)
    detail = _BY_CODE.get(error.code or "")
    if error.code == "required" and bound is not None and isinstance(bound.field, forms.BooleanField):
        detail = "tick-required"
    if isinstance(getattr(bound, "field", None), forms.EmailField) and error.code == "invalid":
        detail = "wrong-email"
    if "limit_value" in facts:
        facts = {"limit": facts["limit_value"]}
    return refusals.sentence(detail or "field-wrong", facts)


def errors_of(bound: forms.BoundField) -> list[str]:
    """The sentences beside one field."""
    return [say_error(error, bound) for error in bound.form.errors.as_data().get(bound.name, [])]


def error_links(form: forms.Form) -> list[dict[str, str]]:
    """What the summary lists: the sentence and the id of the control it leads to (none for the whole form)."""
    links = [{"text": say_error(error), "id": ""} for error in form.errors.as_data().get("__all__", [])]
    for bound in form:
        links += [{"text": f"{_words(bound.label)}: {text}", "id": _target(bound)} for text in errors_of(bound)]
    return links


def template_for(bound: forms.BoundField) -> str:
    """The partial that prints the field, by its `look` or its widget."""
    look = getattr(bound.field, "look", "")
    return f"ui/{look or _look_of(bound.field.widget)}.html"


def field_context(bound: forms.BoundField, **look: Any) -> dict[str, Any]:
    """What the partial of the field takes (see the top of ui/field.html); `look` overrides any part."""
    widget, attrs = bound.field.widget, dict(bound.field.widget.attrs)
    context = {
        "id": bound.id_for_label or bound.auto_id,
        "name": bound.html_name,
        "label": _words(bound.label),
        "hint": _words(bound.help_text),
        "errors": errors_of(bound),
        "required": bound.field.required,
        "disabled": bound.field.disabled,
        "control": _control_of(widget),
        "type": getattr(widget, "input_type", "text"),
        "value": _value_of(bound),
        "prefix": attrs.pop("prefix", ""),
        "maxlength": attrs.pop("maxlength", None),
        "accept": attrs.pop("accept", ""),
        "options_url": attrs.pop("options_url", ""),
        "attrs": sorted(attrs.items()),
        "choices": list(_choices(bound, look)),
        "checked": bool(bound.value()),
    }
    return context | look


def _choices(bound: forms.BoundField, look: dict[str, Any]) -> Iterator[Choice]:
    chosen = bound.value()
    values = {str(value) for value in (chosen if isinstance(chosen, (list, tuple)) else [chosen])}
    hints, icons, closed = (look.pop(name, {}) for name in ("hints", "icons", "closed"))
    for value, label in getattr(bound.field, "choices", ()):
        yield Choice(
            value=str(value),
            label=_words(label),
            hint=_words(hints.get(value, "")),
            icon=icons.get(value, ""),
            chosen=str(value) in values or (value == "" and chosen is None),
            disabled=value in closed,
        )


def _value_of(bound: forms.BoundField) -> Any:
    """What stands in the control: never a password, never a file, a date in its written form."""
    widget = bound.field.widget
    if isinstance(widget, (forms.PasswordInput, forms.FileInput)):
        return ""
    value = widget.format_value(bound.value()) if hasattr(widget, "format_value") else bound.value()
    return "" if value is None else value


def _look_of(widget: forms.Widget) -> str:
    looks: list[tuple[type[forms.Widget], str]] = [
        # Django derives the second from the first: the narrower kind comes before.
        (forms.CheckboxSelectMultiple, "chips"),
        (forms.RadioSelect, "radio_cards"),
        (forms.CheckboxInput, "check"),
        (forms.PasswordInput, "password"),
        (forms.FileInput, "upload"),
    ]
    return next((look for kind, look in looks if isinstance(widget, kind)), "field")


def _control_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Textarea):
        return "textarea"
    return "select" if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect) else "input"


def _target(bound: forms.BoundField) -> str:
    """The control that takes focus from the summary: a group of choices begins with its first."""
    group = isinstance(bound.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    return f"{bound.auto_id}_0" if group else str(bound.auto_id)


def _words(text: Any) -> str:
    """The text of a key, or the text itself, with a capital: labels of terms are small in the glossary."""
    words = str(text or "")
    words = texts.say(words) if words and texts.knows(words) else words
    return words[:1].upper() + words[1:]
