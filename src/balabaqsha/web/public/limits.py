"""How often one network address may ask the public pages for something."""

from django.http import HttpRequest

from balabaqsha.accounts import actions, digests, rules


def count(request: HttpRequest, limit: rules.Limit) -> None:
    """Count one try of the visitor's address; raises the refusal of the limit."""
    subject = digests.subject("address", request.address)
    actions.count_tries(tries=[(limit, subject)], real_now=request.real_now)
