"""Forms of registration, recovery and sign-in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from balabaqsha.accounts import names, rules
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.web.kit.forms import CodeField, IinField, PhoneField

_PASSWORD = {"maxlength": rules.PASSWORD_LONGEST}


class PhoneForm(forms.Form):
    """Whose telephone is to be proven, and the consent."""

    phone = PhoneField(label="signin.tab-phone", help_text="signup.phone-hint")
    iin = IinField(label="signup.iin", help_text="signup.iin-hint")
    policy = forms.BooleanField(label="signup.policy", error_messages={"required": "consent-required"})


class PolicyForm(forms.Form):
    """The consent alone."""

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


class SecondForm(forms.Form):
    """A code of the application or a recovery code."""

    code = forms.CharField(
        label="second.code",
        help_text="second.code-hint",
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class WhoField(forms.CharField):
    """An IIN, a telephone, an e-mail address or a log-in; gives the name. Errors: wrong-iin, wrong-name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 254} | options)
        self.widget.attrs |= {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        try:
            return names.read(typed) if typed else None
        except Refusal as refusal:
            raise ValidationError(refusal.detail) from refusal


class SignInForm(forms.Form):
    """Who comes, and their password."""

    who = WhoField(label="signin.who", help_text="signin.who-hint")
    password = forms.CharField(
        label="signin.password",
        strip=False,
        # Longer than any password: what is pasted by mistake is not hashed by the megabyte.
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    remember = forms.BooleanField(label="signin.remember", required=False)


class AskCodeForm(forms.Form):
    """Who wants to be let in by a code."""

    who = WhoField(label="signin.who-code", help_text="signin.who-code-hint")
    remember = forms.BooleanField(label="signin.remember", required=False)
