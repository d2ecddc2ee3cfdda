"""Accounts and the panel as commands make them: the first administrator, and the people of the demo cases."""

from collections.abc import Iterable
from urllib.parse import quote

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from imr.errors import ImrError, SetupError
from imr.law.reviewers import Affiliation, Reviewer
from imr.law.terms import Role
from imr.plain import to_plain
from imr.web import access, actions
from imr.web.actions import signing_keys
from imr.web.models import AffiliationRow, OrganizationRow, PersonRow, ReviewerRow
from imr.web.platform import clock, environment
from imr.web.platform.authentication import SecondFactorLost, encrypted_again

#: The end of the addresses of invented people. Nobody can have one (RFC 2606).
INVENTED = "@example.org"


def encode_password(password: str) -> str:
    """Return the hash of a password. It takes a quarter of a second on purpose: where many accounts have one, hash it once."""
    return make_password(password)


def make(
    email: str,
    password: str,
    *roles: Role,
    name: str = "",
    organization: str = "",
    reviewer: str = "",
    administrator: bool = False,
    encoded: bool = False,
) -> PersonRow:
    """Make an account; `encoded` says that `password` is a hash (`encode_password`).

    Raises ImrError where the address has an account already, or the panel has no such reviewer.
    """
    if PersonRow.objects.filter(email__iexact=email).exists():
        raise ImrError(f"{email} has an account already: sign in with it, or choose another address")
    if EmailAddress.objects.filter(email=email.lower(), verified=True).exists():
        raise ImrError(
            f"another account has verified {email}: give that account the role, or remove the address from it"
        )
    if reviewer and not ReviewerRow.objects.filter(pk=reviewer).exists():
        raise ImrError(f"the panel has no reviewer {reviewer}: enter the reviewer first")
    office = OrganizationRow.objects.get_or_create(name=organization)[0] if organization else None
    person = PersonRow.objects.create_user(
        email,
        None if encoded else password,
        name=name,
        roles=[role.value for role in roles],
        organization=office,
        reviewer_id=reviewer or None,
        joined_at=clock.now(),
        is_staff=administrator,
        is_superuser=administrator,
    )
    if encoded:
        person.password = password
        person.save(update_fields=["password"])
    actions.look_for_cases(person)
    return person


def person(email: str) -> PersonRow:
    """Return the account of that address. Raises ImrError where there is none."""
    found = PersonRow.objects.filter(email__iexact=email).first()
    if found is None:
        raise ImrError(f"there is no account {email}")
    return found


def require_real() -> None:
    """Raise SetupError where invented people have an account on a site that real people reach: one password, printed at a start, opens all."""
    if not environment.is_production():
        return
    invented = PersonRow.objects.filter(is_active=True, email__iendswith=INVENTED)
    if count := invented.count():
        raise SetupError(
            f"{count} accounts have an address at {INVENTED[1:]}, as invented people do: {environment.NO_INVENTED}"
        )


def has(email: str) -> bool:
    """Return whether there is an account of that address."""
    return PersonRow.objects.filter(email__iexact=email).exists()


def any_accounts() -> bool:
    """Return whether there is any account."""
    return PersonRow.objects.exists()


def give_second_factor(who: PersonRow) -> str:
    """Set up a second factor for an account, for its owner to enter into an authenticator app; return its URI (otpauth:)."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(who, secret)
    issuer = quote(settings.MFA_TOTP_ISSUER)
    return f"otpauth://totp/{issuer}:{quote(who.email)}?secret={secret}&issuer={issuer}"


def give_invented_key(who: PersonRow) -> None:
    """Give an invented reviewer a signing key. Raises ImrError on a site of real people."""
    signing_keys.give_invented_key(who)


def give_invented_keys() -> int:
    """Give every reviewer without a signing key an invented one; return how many. Only for a site whose people are invented."""
    reviewers = PersonRow.objects.filter(reviewer__isnull=False)
    without = [person for person in reviewers if not signing_keys.has_key(person)]
    for person in without:
        signing_keys.give_invented_key(person)
    return len(without)


def reset_second_factor(email: str) -> int:
    """Remove every second factor from an account, with its recovery codes; return how many. A new one is set up at the next sign-in.

    Raises ImrError where there is no such account.
    """
    found = person(email)
    removed = int(Authenticator.objects.filter(user=found).delete()[0])
    if removed:
        actions.pause_signing(found)
        actions.end_sessions(found)
    access.log_account(found, access.AuditAction.ACCOUNT, "second factors were removed by the operator")
    return removed


def lost_second_factors() -> tuple[str, ...]:
    """Return the addresses of the accounts whose second factor was set up under another secret key."""
    found = (
        Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).select_related("user").order_by("user__email")
    )
    return tuple(dict.fromkeys(one.user.email for one in found if not _readable(one)))


def encrypt_second_factors_again() -> int:
    """Encrypt the secrets of all second factors with the newest key; return how many. One that no key opens stays as it is."""
    count = 0
    with transaction.atomic():
        for one in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).select_for_update():
            try:
                for name in {"secret", "seed"} & set(one.data):
                    one.data[name] = encrypted_again(one.data[name])
                if "migrated_codes" in one.data:
                    one.data["migrated_codes"] = [encrypted_again(code) for code in one.data["migrated_codes"]]
            except SecondFactorLost:
                continue
            one.save(update_fields=["data"])
            count += 1
    return count


def _readable(factor: Authenticator) -> bool:
    try:
        for name in ("secret", "seed"):
            if name in factor.data:
                decrypt(factor.data[name])
    except SecondFactorLost:
        return False
    return True


def code(email: str) -> str:
    """Return the code that the second factor of an account shows at this moment, for trying the site on one's own machine.

    Raises ImrError where the account has no such second factor, or where the site is open to others.
    """
    if settings.HTTPS:
        raise ImrError("codes are shown only for a site on this machine; your own app shows yours")
    found = Authenticator.objects.filter(user=person(email), type=Authenticator.Type.TOTP).first()
    if found is None:
        raise ImrError(f"{email} has no second factor that shows codes")
    counters = list(totp.yield_hotp_counters_from_time())  # as many before now as after it
    return str(totp.format_hotp_value(totp.hotp_value(decrypt(found.data["secret"]), counters[len(counters) // 2])))


def enter_panel(reviewers: Iterable[Reviewer], affiliations: Iterable[Affiliation] = ()) -> None:
    """Add reviewers to the panel, or update them."""
    for reviewer in reviewers:
        ReviewerRow.objects.update_or_create(id=reviewer.id, defaults={"facts": to_plain(reviewer)})
    for affiliation in affiliations:
        AffiliationRow.objects.get_or_create(facts=to_plain(affiliation))


def server_version() -> str:
    """Return the version of the PostgreSQL server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])
