"""Forms of the family's pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from balabaqsha.accounts import rules
from balabaqsha.kernel.actor import Power
from balabaqsha.kindergartens.models import Language
from balabaqsha.law.lists import EXTENSION_NEEDS_WORDS, ExtensionReason, LeavingReason
from balabaqsha.notifications.channels import rules as channels
from balabaqsha.web.kit.forms import AddressField, ApplicationNumberField, CodeField, DayField, IinField, PhoneField

# The other reasons are the kindergarten's or come from the state base.
FAMILY_LEAVES_FOR = (
    LeavingReason.FAMILY_WISH,
    LeavingReason.MOVED,
    LeavingReason.HEALTH,
    LeavingReason.SCHOOL,
    LeavingReason.TRANSFER,
)


class ContactsForm(forms.Form):
    """How and in which language the family is written to."""

    email = forms.EmailField(
        label="profile.email",
        help_text="profile.email-hint",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    second_email = forms.EmailField(
        label="card.second_email",
        help_text="profile.second-email-hint",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(
        label="profile.language",
        help_text="profile.language-hint",
        choices=[("kk", "language.kk"), ("ru", "language.ru"), ("en", "language.en")],
        widget=forms.Select,
    )


class AddressForm(ContactsForm):
    """The same, with an address where the register has none."""

    address = forms.CharField(
        label="person.address",
        help_text="profile.address-hint",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )


class ChannelsForm(forms.Form):
    """One question for each kind of message that may be chosen for; the names of the fields are the kinds."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for kind in channels.CHOSEN:
            self.fields[kind.value] = forms.ChoiceField(
                label=f"message-kind.{kind}",
                help_text=f"message-kind.{kind}.hint",
                choices=[(ways.value, f"ways.{ways}") for ways in channels.may_choose(kind)],
                widget=forms.RadioSelect,
            )


class EmailForm(forms.Form):
    """The address that is to be proven."""

    email = forms.EmailField(
        label="profile.email",
        help_text="profile.email-hint",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class PresentForm(forms.Form):
    """The password, once more."""

    present = forms.CharField(
        label="profile.present-password",
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class LoginForm(forms.Form):
    """The name to enter by; empty: none."""

    login = forms.CharField(
        label="signin.tab-login",
        help_text="safety.login-hint",
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class NewPhoneForm(forms.Form):
    """The number to which messages shall come."""

    phone = PhoneField(label="profile.new-phone", help_text="profile.new-phone-hint")
    use = forms.ChoiceField(
        label="profile.phone-use",
        choices=[("MAIN", "profile.phone-main"), ("FURTHER", "profile.phone-further")],
        required=False,
        widget=forms.RadioSelect,
    )


class CodeForm(forms.Form):
    """The code that came to the new number."""

    code = CodeField(label="signup.code", help_text="signup.code-hint")


class ChangePasswordForm(forms.Form):
    """The present password and a new one, twice."""

    present = forms.CharField(
        label="profile.present-password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label="profile.new-password",
        help_text="signin.password-hint",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "maxlength": rules.PASSWORD_LONGEST}),
    )
    repeated = forms.CharField(
        label="signup.repeat-password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "maxlength": rules.PASSWORD_LONGEST}),
    )


class ChildForm(forms.Form):
    """The IIN of the child to be added."""

    iin = IinField(label="child.iin", help_text="child.iin-hint")


class TrustForm(forms.Form):
    """Whom a parent trusts with a child, what for, until which day."""

    iin = IinField(label="trust.iin", help_text="trust.iin-hint")
    surname = forms.CharField(
        label="trust.surname",
        help_text="trust.surname-hint",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    answer = forms.BooleanField(label="power.ANSWER", help_text="power.ANSWER.hint", required=False)
    choose = forms.BooleanField(label="power.CHOOSE", help_text="power.CHOOSE.hint", required=False)
    last_day = DayField(label="trust.last-day", help_text="trust.last-day-hint")

    @property
    def powers(self) -> list[Power]:
        """What was ticked."""
        ticked = {Power.ANSWER: "answer", Power.CHOOSE: "choose"}
        return [power for power, name in ticked.items() if self.cleaned_data[name]]


class PhotoForm(forms.Form):
    """A photo of the child."""

    photo = forms.FileField(
        label="child.change-photo",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )


class LeavingForm(forms.Form):
    """Why the child leaves, of the reasons that are a family's to give."""

    reason = forms.ChoiceField(
        label="leave.reason",
        choices=[(reason.value, f"leaving.{reason.value}") for reason in FAMILY_LEAVES_FOR],
        widget=forms.RadioSelect,
    )


class CatalogueForm(forms.Form):
    """How a family narrows and orders the kindergartens to choose from."""

    q = forms.CharField(label="choose.name", required=False, max_length=100)
    language = forms.MultipleChoiceField(
        label="application.language",
        choices=[(code, f"language.{code}") for code in Language.values],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    free = forms.BooleanField(label="choose.only-free", required=False)
    address = AddressField(label="nearby.address", help_text="nearby.address-hint")
    home = forms.BooleanField(label="nearby.from-home", required=False)
    sort = forms.ChoiceField(
        label="choose.sort",
        choices=[
            ("", "catalogue.order-best"),
            ("free", "choose.sort-free"),
            ("near", "choose.sort-near"),
            ("name", "choose.sort-name"),
        ],
        required=False,
    )

    def __init__(self, *args: Any, territory: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["address"].widget.attrs["options_url"] = f"{reverse('public.addresses')}?territory={territory}"


class ExtensionForm(forms.Form):
    """For how many calendar days a referral is extended, why, and the proof; `most` is what the law allows."""

    days = forms.IntegerField(
        label="extension.days",
        help_text="extension.days-hint",
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "iin"}),
    )
    reason = forms.ChoiceField(
        label="extension.reason",
        choices=[(reason.value, f"extension.{reason.value}") for reason in ExtensionReason],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="extension.words",
        help_text="extension.words-hint",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    paper = forms.FileField(
        label="extension.proof",
        help_text="upload.file-hint",
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )

    def __init__(self, *args: Any, most: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self._most = most

    def clean_days(self) -> int:
        days: int = self.cleaned_data["days"]
        if days > self._most:
            raise ValidationError("extension-too-long", code="limit-reached", params={"limit": self._most})
        return days

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("reason") in EXTENSION_NEEDS_WORDS and not said.get("words"):
            self.add_error("words", ValidationError("field-required"))
        return said


class AppealForm(forms.Form):
    """Why a family contests a decision, and a paper that proves it."""

    words = forms.CharField(
        label="appeal.words",
        help_text="appeal.words-hint",
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    paper = forms.FileField(
        label="appeal.paper",
        help_text="upload.file-hint",
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )


class LinkForm(forms.Form):
    """The number of the other parent's application; whether it exists is never this form's to say."""

    number = ApplicationNumberField(label="term.application-number", help_text="link.number-hint")


class GroupForm(forms.Form):
    """Which group of a kindergarten."""

    group = forms.ChoiceField(label="choice.group", widget=forms.RadioSelect)

    def __init__(self, *args: Any, groups: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["group"].choices = groups


class PaperForm(forms.Form):
    """A paper of a child, and until when it is good."""

    paper = forms.FileField(
        label="upload.file",
        help_text="upload.file-hint",
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )
    good_until = DayField(label="upload.good-until", help_text="upload.good-until-hint", required=False)


class GuardianForm(forms.Form):
    """The child whom a decision of the guardianship authority entrusts, and that decision."""

    iin = IinField(label="child.iin", help_text="child.iin-hint")
    paper = forms.FileField(
        label="guardian.paper",
        help_text="upload.file-hint",
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )


class PartyForm(forms.Form):
    """The representative's part of a contract; the name and the IIN are those of the register."""

    address = forms.CharField(
        label="person.address",
        help_text="contract.address-hint",
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    phone = PhoneField(label="signin.tab-phone", help_text="contract.phone-hint")


class OtherLineForm(forms.Form):
    """What becomes of the child's application in the other line."""

    answer = forms.ChoiceField(
        label="other-line.question",
        choices=[("keep", "other-line.keep"), ("withdraw", "other-line.withdraw")],
        widget=forms.RadioSelect,
    )
