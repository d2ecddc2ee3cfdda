"""Sign-in: who may have an account, when an account is locked, and whether the second factor is recent enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from types import SimpleNamespace
from typing import Protocol
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from imr.errors import Refused
from imr.law.roles import SECOND_FACTOR
from imr.web.platform import clock, known_devices, request_origin
from imr.web.platform.keys import Purpose

#: How old a second factor may be when a person signs.
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """How (totp, webauthn, recovery_codes) and when a person last gave a second factor."""

    how: str
    at: datetime


class SecondFactorExpired(Refused):
    """Raised where a signature needs the second factor again: ask for it, then let the person sign again."""


class SecondFactorLost(Refused):
    """Raised where a second factor was set up under another secret key of the site and cannot be read."""

    def __init__(self) -> None:
        super().__init__(
            "your second factor cannot be checked any more, because the secret key of this site was changed after you set it "
            "up. Ask whoever runs this site to reset it (manage.py second-factor reset, and your e-mail address); then sign in "
            "with your password and set up a new one"
        )


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Turns off self-registration: the review organization, which knows who a person is, makes the accounts.

    Tries are counted by the address of the client, which a proxy hides from allauth. A person gets a mail about a sign-in with a
    browser that they have not used before.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Return False: nobody registers an account for themselves."""
        return False

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **given: object) -> HttpResponse:
        """Return the answer to a sign-in with both factors; tell the person by mail where the browser is a new one, and know it from now on."""
        response: HttpResponse = super().post_login(request, user, **given)
        if not known_devices.is_known(request, user):
            device = request_origin.current()
            self.send_mail(
                "account/email/new_device",
                user.get_username(),
                {"device": known_devices.describe(device.device), "address": device.address, "at": clock.now()},
            )
        known_devices.remember(request, response, user)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """Send a message of an account in the organization's name, and not in that of the host that the browser asked."""
        site = SimpleNamespace(name=settings.ORGANIZATION, domain=settings.SITE)
        super().send_mail(template_prefix, email, {**context, "current_site": site})

    def format_email_subject(self, subject: str) -> str:
        """Return the subject of a message with the organization's name."""
        return f"{settings.ORGANIZATION}: {subject}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link that sets a new password, at the address of the site, whatever host the browser asked."""
        return f"{settings.SITE}{urlsplit(super().get_reset_password_from_key_url(key)).path}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address of the client. Raises PermissionDenied where it is not known."""
        return request_origin.client_address(request) or str(super().get_client_ip(request))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """Return what wrong passwords are counted by: the account and the address, so that a stranger locks nobody else out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)} {lockout_address(request)}"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Encrypts the secrets of second factors with a key of their own, so that the database alone gives no codes."""

    def encrypt(self, text: str) -> str:
        """Return the secret encrypted."""
        return settings.KEYS.box(Purpose.SECOND_FACTORS).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret in clear. Raises SecondFactorLost where it was encrypted with another key, or not at all."""
        try:
            return settings.KEYS.box(Purpose.SECOND_FACTORS).decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise SecondFactorLost from error


def encrypted_again(text: str) -> str:
    """Return a secret encrypted with the newest key. Raises SecondFactorLost where none of the keys decrypts it."""
    try:
        return settings.KEYS.box(Purpose.SECOND_FACTORS).rotate(text.encode()).decode()
    except InvalidToken as error:
        raise SecondFactorLost from error


class _Account(Protocol):
    """What of an account says whether it needs a second factor."""

    @property
    def is_staff(self) -> bool: ...

    @property
    def is_superuser(self) -> bool: ...

    @property
    def roles(self) -> Sequence[str]: ...


def needs_second_factor(person: _Account) -> bool:
    """Return whether this account must not be used with a password alone: because of its roles, or because it administers accounts."""
    return person.is_staff or person.is_superuser or any(role.value in person.roles for role in SECOND_FACTOR)


def second_factor(request: HttpRequest) -> SecondFactor | None:
    """Return how and when the second factor was last given in this session; None where it was not."""
    records = [record for record in get_authentication_records(request, request.user) if record["method"] == "mfa"]
    if not records:
        return None
    last = max(records, key=lambda record: record["at"])
    return SecondFactor(how=str(last.get("type", "mfa")), at=datetime.fromtimestamp(last["at"], UTC))


def lockout_name(request: HttpRequest | None, credentials: Mapping[str, str] | None = None) -> str:
    """Return the address of a sign-in attempt in one spelling, so that a lockout counts every spelling of it."""
    address = (credentials or {}).get("email") or (credentials or {}).get("username")
    if not address and request is not None:
        address = request.POST.get("login")
    return str(address or "").strip().lower()


def lockout_address(request: HttpRequest) -> str | None:
    """Return the address that a lockout counts, where it is known: of IPv6 the first of its 64-bit network, which one client has whole."""
    address = request_origin.client_address(request)
    if ":" in address:
        return str(ip_network(f"{address}/64", strict=False).network_address)
    return address or None


def locked_out(request: HttpRequest, *_: object) -> HttpResponse:
    """Answer for a locked account: when to come back, and not whether the account exists."""
    return render(
        request,
        "429.html",
        {
            "title": "Too many tries",
            "message": "There were too many tries to sign in with this address. Wait "
            f"{round(settings.AXES_COOLOFF_TIME * 60)} minutes, then try again, or set a new password if you have forgotten yours.",
        },
        status=429,
    )
