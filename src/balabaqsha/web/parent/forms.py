"""Forms of the profile and of children."""

from django import forms

from balabaqsha.accounts import rules
from balabaqsha.web.kit.forms import CodeField, IinField, PhoneField


class ContactsForm(forms.Form):
    """How and in which language the family is written to."""

    email = forms.EmailField(
        label="profile.email",
        help_text="profile.email-hint",
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


class NewPhoneForm(forms.Form):
    """The number to which messages shall come."""

    phone = PhoneField(label="profile.new-phone", help_text="profile.new-phone-hint")


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


class PhotoForm(forms.Form):
    """A photo of the child."""

    photo = forms.FileField(
        label="child.change-photo",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
