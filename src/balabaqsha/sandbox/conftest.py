"""The running sandbox for its own tests."""

from balabaqsha.gateways.conftest import clients, now, sandbox

__all__ = ["clients", "now", "sandbox"]
