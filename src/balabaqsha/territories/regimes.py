"""The two regimes by which a territory gives places. No Django."""

from enum import StrEnum


class Regime(StrEnum):
    """How a territory gives places; label keys `regime.VOUCHER`, `regime.LINEAR`."""

    VOUCHER = "VOUCHER"
    LINEAR = "LINEAR"
