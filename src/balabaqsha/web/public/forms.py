"""Forms of registration, recovery and sign-in."""

from django import forms

from balabaqsha.accounts import rules
from balabaqsha.web.kit.forms import CodeField, IinField, PhoneField

_PASSWORD = {"maxlength": rules.PASSWORD_LONGEST}


class PhoneForm(forms.Form):
    """Whose telephone is to be proven, and the consent."""

    phone = PhoneField(label="signin.tab-phone", help_text="signup.phone-hint")
    iin = IinField(label="signup.iin", help_text="signup.iin-hint")
    policy = forms.BooleanField(label="signup.policy", error_messages={"required": "consent-required"})


class CodeForm(forms.Form):
    """The code that came."""

    code = CodeField(label="signup.code", help_text="signup.code-hint")


class PasswordForm(forms.Form):
    """A new password, twice. Its length and strength are judged by `accounts`."""

    password = forms.CharField(
        label="signup.new-password",
        help_text="signin.password-hint",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"} | _PASSWORD),
    )
    repeated = forms.CharField(
        label="signup.repeat-password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"} | _PASSWORD),
    )


class SignInForm(forms.Form):
    """An IIN and a password."""

    iin = IinField(label="signin.tab-iin")
    password = forms.CharField(
        label="signin.password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    remember = forms.BooleanField(label="signin.remember", required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["iin"].widget.attrs["autocomplete"] = "username"
