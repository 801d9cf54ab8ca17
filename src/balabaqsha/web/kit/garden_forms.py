"""Forms of the register of kindergartens, shared by the department and the heads."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kindergartens.models import Kindergarten, KindergartenType, Language, Ownership
from balabaqsha.kindergartens.registry import rules
from balabaqsha.law import lists
from balabaqsha.law import rules as law_rules
from balabaqsha.web.kit import texts, years
from balabaqsha.web.kit.forms import AddressField, DayField, MoneyField, PhoneField
from balabaqsha.web.kit.publishing import count

MOST_PLACES = 60
DEAREST_FEE = 1_000_000
_SERVICE_YEARS = 7
_NUMBER = {"inputmode": "decimal", "data-width": "iin"}


class BinField(forms.CharField):
    """Twelve digits with a right check digit; gives the text of the BIN. Error: wrong-bin."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 20} | options)
        self.widget.attrs |= {"inputmode": "numeric", "data-width": "iin", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        try:
            return rules.parse_bin(text)
        except rules.WrongBin as refusal:
            raise ValidationError("wrong-bin") from refusal


def _decimal(label: str, **options: Any) -> forms.FloatField:
    return forms.FloatField(label=label, localize=True, widget=forms.TextInput(attrs=dict(_NUMBER)), **options)


class ContactsForm(forms.Form):
    """What the head keeps up."""

    phone = PhoneField(label="catalogue.phone", required=False)
    email = forms.EmailField(label="catalogue.email", required=False)
    stay_hours = _decimal("catalogue.stay", help_text="garden.stay-hint", min_value=1, max_value=24)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._known_phone = kwargs.get("initial", {}).get("phone", "")
        # The field has the code of the country before it.
        kwargs["initial"] = kwargs.get("initial", {}) | {"phone": self._known_phone.removeprefix("+7").strip()}
        super().__init__(*args, **kwargs)

    def clean_phone(self) -> str:
        """The telephone as it is on record where only its writing differs."""
        typed = str(self.cleaned_data["phone"])
        return self._known_phone if _digits(typed) == _digits(self._known_phone) else typed

    def facts(self) -> dict[str, Any]:
        """What was typed, as fields of a kindergarten."""
        return {name: self.cleaned_data[name] for name in self.fields}


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


class GardenForm(ContactsForm):
    """Everything that the department says of a kindergarten."""

    name_kk = forms.CharField(label="garden.name-kk", max_length=200)
    name_ru = forms.CharField(label="garden.name-ru", max_length=200)
    ownership = forms.ChoiceField(
        label="garden.ownership",
        choices=[(one.value, f"ownership.{one.value}") for one in Ownership],
        widget=forms.RadioSelect,
    )
    type = forms.ChoiceField(
        label="garden.type", choices=[(one.value, f"garden-type.{one.value}") for one in KindergartenType]
    )
    licence_number = forms.CharField(
        label="garden.licence-number", help_text="garden.licence-hint", required=False, max_length=40
    )
    licence_on = DayField(label="garden.licence-on", required=False)
    settlement = forms.ChoiceField(label="garden.settlement")
    register_address = AddressField(label="garden.find-address", help_text="garden.find-address-hint")
    address_kk = forms.CharField(label="garden.address-kk", required=False, max_length=300)
    address_ru = forms.CharField(label="garden.address-ru", required=False, max_length=300)
    latitude = _decimal("garden.latitude", help_text="garden.point-hint", required=False, min_value=-90, max_value=90)
    longitude = _decimal("garden.longitude", required=False, min_value=-180, max_value=180)
    head_name = forms.CharField(label="catalogue.head", required=False, max_length=200)
    opens_on = DayField(label="garden.opens-on", help_text="garden.opens-on-hint", required=False)

    field_order = (
        "bin",
        "territory",
        "name_kk",
        "name_ru",
        "ownership",
        "type",
        "licence_number",
        "licence_on",
        "settlement",
        "register_address",
        "address_kk",
        "address_ru",
        "latitude",
        "longitude",
        "head_name",
    )
    _FACTS = frozenset({"bin", "territory", "settlement", "register_address"})

    def __init__(self, *args: Any, settlements: Sequence[tuple[str, str]], territory: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["settlement"].choices = [("", "roles.choose"), *settlements]
        self.fields["register_address"].widget.attrs["options_url"] = (
            f"{reverse('public.addresses')}?territory={territory}"
        )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if bool(typed.get("licence_number")) != bool(typed.get("licence_on")) and "licence_on" not in self.errors:
            self.add_error("licence_on" if typed.get("licence_number") else "licence_number", "garden.licence-both")
        if typed.get("ownership") == Ownership.PRIVATE and not typed.get("licence_number"):
            self.add_error("licence_number", ValidationError("licence-missing"))
        if (typed.get("latitude") is None) != (typed.get("longitude") is None):
            self.add_error("longitude" if typed.get("longitude") is None else "latitude", "garden.point-both")
        return typed

    def facts(self) -> dict[str, Any]:
        """What was typed, as fields of a kindergarten."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in self._FACTS}
        return typed | {"settlement_id": self.cleaned_data["settlement"] or None}


class NewGardenForm(GardenForm):
    """The same of a kindergarten that is not in the register yet."""

    bin = BinField(label="garden.bin", help_text="garden.bin-hint")
    territory = forms.ChoiceField(label="garden.territory")

    def __init__(self, *args: Any, territories: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].choices = list(territories)


def said_of(garden: Kindergarten) -> dict[str, Any]:
    """What stands in the form of a kindergarten before anything is typed."""
    names = [name for name in GardenForm.base_fields if name not in {"settlement", "register_address"}]
    return {name: getattr(garden, name) for name in names} | {"settlement": garden.settlement_id or ""}


class PhotoForm(forms.Form):
    """A photo of a kindergarten."""

    photo = forms.FileField(
        label="garden.photo",
        help_text="garden.photo-hint",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )


class GroupForm(forms.Form):
    """A new group."""

    name = forms.CharField(label="kg.group-name", max_length=80)
    birth_year = forms.TypedChoiceField(label="kg.birth-year", help_text="kg.birth-year-hint", coerce=int)
    language = forms.ChoiceField(
        label="application.language", choices=[(code.value, f"language.{code.value}") for code in Language]
    )
    correction = forms.ChoiceField(
        label="kg.correction",
        help_text="kg.correction-hint",
        required=False,
        choices=[("", "kg.no-correction"), *((one.value, f"correction.{one.value}") for one in lists.CorrectionType)],
    )
    combined_with = forms.TypedChoiceField(
        label="kg.combined-with", help_text="kg.combined-with-hint", required=False, coerce=int, empty_value=None
    )
    capacity = count("places.capacity", max_value=MOST_PLACES)
    published = forms.IntegerField(
        label="kg.publish-at-once",
        help_text="kg.publish-at-once-hint",
        min_value=0,
        initial=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "iin"}),
    )
    parent_fee = MoneyField(label="kg.parent-fee", max_value=DEAREST_FEE)
    school_year = forms.TypedChoiceField(
        label="school-year.label", help_text="school-year.hint", coerce=int, required=False, empty_value=None
    )

    def __init__(self, *args: Any, today: date, special: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["combined_with"].choices = [("", "kg.not-combined"), *special]
        if not special:
            del self.fields["combined_with"]
        now = law_rules.school_year(today)
        self.fields["school_year"].choices = [
            ("", texts.say("school-year.current", years=years.said(now))),
            (now + 1, texts.say("school-year.next", years=years.said(now + 1))),
        ]
        born = range(today.year, today.year - _SERVICE_YEARS, -1)
        self.fields["birth_year"].choices = [(year, str(year)) for year in born]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("published", 0) > typed.get("capacity", MOST_PLACES):
            self.add_error("published", ValidationError("capacity-reached", params={"limit": typed["capacity"]}))
        return typed


class GroupChangeForm(forms.Form):
    """What may be changed of an open group."""

    name = forms.CharField(label="kg.group-name", max_length=80)
    language = forms.ChoiceField(
        label="application.language", choices=[(code.value, f"language.{code.value}") for code in Language]
    )
    capacity = count("places.capacity", max_value=MOST_PLACES)
    parent_fee = MoneyField(label="kg.parent-fee", max_value=DEAREST_FEE)


# Beside which field a refusal is said.
BESIDE: Mapping[str, str] = {
    "wrong-bin": "bin",
    "bin-taken": "bin",
    "foreign-territory": "settlement",
    "licence-missing": "licence_number",
    "opens-in-the-past": "opens_on",
    "group-too-large": "capacity",
    "group-over-norm": "capacity",
    "places-in-use": "capacity",
    "group-name-taken": "name",
    "not-combined": "combined_with",
    "no-nursery-group": "birth_year",
}


def place_of(form: forms.Form, refusal: Refusal) -> str | None:
    """The field beside which the refusal is said, None for the form as a whole."""
    name = BESIDE.get(refusal.detail)
    return name if name in form.fields else None
