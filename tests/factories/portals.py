"""The portals in a browser: who signs in where, and what intake ticks."""

import pytest
from django.test import Client

PORTALS = {
    "employee": "employee",
    "attorney": "employee",
    "adjuster": "claims",
    "physician": "physician",
    "intake": "imro",
    "coordinator": "imro",
    "quality": "imro",
    "reviewer": "reviewer",
    "division": "dwc",
}


@pytest.fixture
def sign_in(people):
    from allauth.account.internal.flows.login import record_authentication
    from django.test import RequestFactory

    from imr.web import accounts

    def signed_in(name):
        from imr.web.platform.authentication import needs_second_factor

        client = Client()
        client.force_login(people[name])
        if needs_second_factor(people[name]):
            accounts.give_second_factor(people[name])
            request = RequestFactory().get("/")
            request.session = client.session
            record_authentication(request, people[name], method="mfa", type="totp")
            request.session.save()
        return client

    return signed_in


#: What intake ticks for an application that is eligible.
ELIGIBLE = {
    "ur_outcome": "DENIED",
    "on_necessity": "yes",
    "earlier_application": "no",
    "earlier_denial": "no",
    "form_supplied": "yes",
    "in_dispute": "yes",
}
