"""Fields read what people write; errors are sentences with what to do."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from balabaqsha.kernel.refusal import Refusal
from balabaqsha.web.kit import forms as kit


class NoRoom(Refusal, code="no-free-place"):
    """For the test."""


class Registration(forms.Form):
    iin = kit.IinField(label="signup.iin")
    phone = kit.PhoneField(label="signin.tab-phone")
    born_on = kit.DayField(label="term.birth-date", required=False)
    code = kit.CodeField(label="signup.code", required=False)
    email = forms.EmailField(label="signin.tab-email", required=False)
    note = forms.CharField(label="x", max_length=3, required=False)
    policy = forms.BooleanField(label="signup.policy")


GOOD = {"iin": "900101300009", "phone": "8 (747) 339-72-22", "policy": "on"}


def good_iin() -> str:
    from datetime import date

    from balabaqsha.kernel.iin import Sex, make

    return next(iin.text for serial in range(9) if (iin := make(born_on=date(1990, 1, 1), sex=Sex.MALE, serial=serial)))


def filled(**changes: str) -> Registration:
    return Registration(GOOD | {"iin": good_iin()} | changes)


@pytest.mark.parametrize("written", ["8 (747) 339-72-22", "+7 747 339 7222", "747 339 7222", "87473397222"])
def test_a_phone_in_any_writing(written: str) -> None:
    form = filled(phone=written)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["phone"] == "+77473397222"


@pytest.mark.parametrize("written", ["21500", "21 500", "21\u00a0500", " 21500 "])
def test_an_amount_with_or_without_spaces(written: str) -> None:
    assert kit.MoneyField().clean(written) == 21500


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("iin", "123", "ЖСН дұрыс емес. 12 цифрды тексеріп, қайта енгізіңіз."),
        ("iin", "", "Бұл өрісті толтырыңыз."),
        (
            "phone",
            "123",
            "Телефон нөмірі толық емес. Оны +7 7XX XXX XX XX түрінде енгізіңіз.",
        ),
        ("born_on", "31.02.2024", "Күн дұрыс емес. Оны КК.АА.ЖЖЖЖ түрінде енгізіңіз."),
        (
            "code",
            "12",
            "Код 6 цифрдан тұрады. SMS-хабарламадағы кодты толық енгізіңіз.",
        ),
        (
            "email",
            "a",
            "Электрондық пошта мекенжайы дұрыс емес. Мысалы: name@example.kz.",
        ),
        ("note", "long", "Мәтін тым ұзын: ең көбі 3 таңба. Қысқартып жазыңыз."),
        ("policy", "", "Жалғастыру үшін құсбелгі қойыңыз."),
    ],
)
def test_an_error_is_a_sentence(field: str, value: str, said: str) -> None:
    form = filled(**{field: value})

    with translation.override("kk"):
        assert kit.errors_of(form[field]) == [said]


def test_a_refusal_stands_beside_its_field_or_above_all() -> None:
    form = filled()
    kit.blame(form, NoRoom(), "phone")
    form.add_error(None, ValidationError("file-too-big", params={"size": 9, "limit": 5}))

    with translation.override("ru"):
        links = kit.error_links(form)

    assert links[0]["text"].startswith("Файл слишком большой: 9 МБ")
    assert links[1]["id"] == "id_phone"
    assert "свободных мест не осталось" in links[1]["text"]


def test_a_password_is_never_printed_back() -> None:
    class Login(forms.Form):
        password = forms.CharField(label="signin.password", widget=forms.PasswordInput)

    assert kit.field_context(Login({"password": "secret"})["password"])["value"] == ""
