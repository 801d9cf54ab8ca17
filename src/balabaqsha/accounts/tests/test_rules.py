"""Passwords and the life of sessions."""

from datetime import UTC, datetime, timedelta

import pytest

from balabaqsha.accounts import passwords, rules
from balabaqsha.kernel.actor import Role

REAL = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
KNOWN = ("900101400019", "77010000001", "Үлгібаева", "Жанар")


class TestNewPassword:
    def check(self, password, repeated=None):
        passwords.check_new(password, password if repeated is None else repeated, known=KNOWN)

    @pytest.mark.parametrize("password", ["тау бұлт", "correct horse", "Алма-7-ағаш", "х" * 20 + "abc" + "у" * 17])
    def test_lets_good_ones_pass(self, password):
        self.check(password)

    @pytest.mark.parametrize("password", ["", "жетітә1", "а" * 41])
    def test_refuses_the_wrong_length(self, password):
        with pytest.raises(rules.PasswordLength):
            self.check(password)

    @pytest.mark.parametrize(
        "password",
        [
            "12345678",
            "password1",
            "Qwertyuiop",
            "йцукенгш",
            "аааааааа",
            "900101400019",
            "77010000001",
            "Үлгібаева1990",
            "Balabaqsha2026",
            "қазақстан",
            "iloveyou",
        ],
    )
    def test_refuses_what_everybody_tries_first(self, password):
        with pytest.raises(rules.PasswordWeak):
            self.check(password)

    def test_refuses_another_repetition(self):
        with pytest.raises(rules.PasswordMismatch):
            self.check("тау бұлт", "тау булт")


def times(**changes):
    fields = {"began_at": REAL, "seen_at": REAL, "remembered_until": None, "role": Role.PARENT}
    return rules.SessionTimes(**(fields | changes))


class TestSessionLives:
    def test_ends_after_half_an_hour_of_rest(self):
        assert rules.session_lives(times(), real_now=REAL + timedelta(minutes=29, seconds=59))
        assert not rules.session_lives(times(), real_now=REAL + timedelta(minutes=30))

    def test_ends_after_twelve_hours_of_work(self):
        busy = times(seen_at=REAL + timedelta(hours=11, minutes=59))
        assert rules.session_lives(busy, real_now=REAL + timedelta(hours=11, minutes=59, seconds=59))
        assert not rules.session_lives(busy, real_now=REAL + timedelta(hours=12))

    def test_is_remembered_until_the_end_of_the_term(self):
        kept = times(remembered_until=REAL + timedelta(days=30))
        assert rules.session_lives(kept, real_now=REAL + timedelta(days=29))
        assert not rules.session_lives(kept, real_now=REAL + timedelta(days=30))

    @pytest.mark.parametrize("role", [Role.KINDERGARTEN_HEAD, Role.OFFICER, Role.DOCTOR, Role.PMPK_OFFICER])
    def test_never_remembers_staff(self, role):
        assert not rules.session_lives(
            times(remembered_until=REAL + timedelta(days=30), role=role), real_now=REAL + timedelta(minutes=30)
        )
