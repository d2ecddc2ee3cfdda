"""What happens to accounts, as the libraries of sign-in report it, for the audit log; a change of address is told to both addresses."""

from collections.abc import Collection, Mapping
from functools import partial

from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.cache import cache
from django.core.mail import send_mail
from django.db.models.signals import pre_save
from django.dispatch import Signal
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from imr.web import access, actions
from imr.web.access import AuditAction, Person, Viewer
from imr.web.platform import session_limits

#: For how many seconds a person is not told again that a code was refused.
_TOLD_AGAIN = 3600
#: What the audit log says of each change of an account by its owner.
CHANGES: Mapping[str, Signal] = {
    "the password was changed": password_changed,
    "the password was reset": password_reset,
    "a password was set": password_set,
    "the e-mail address was changed": email_changed,
    "a second factor was added": authenticator_added,
    "a second factor was removed": authenticator_removed,
    "a second factor was replaced": authenticator_reset,
}


#: The changes after which an account signs nothing for a while: its owner may not have made them.
RESETS: tuple[Signal, ...] = (password_reset, password_set, email_changed)


def connect() -> None:
    """Log sign-ins, sign-outs, failures of both factors, and changes of an account."""
    user_logged_in.connect(_signed_in, dispatch_uid="log of sign-ins")
    user_logged_out.connect(_signed_out, dispatch_uid="log of sign-outs")
    user_login_failed.connect(_not_signed_in, dispatch_uid="log of failed sign-ins")
    authentication_failed.connect(_second_factor_refused, dispatch_uid="log of refused second factors")
    pre_save.connect(_address_changed, sender=access.Person, dispatch_uid="mail about an address")
    for what, change in CHANGES.items():
        change.connect(partial(_changed, what), weak=False, dispatch_uid=f"log: {what}")
    for reset in RESETS:
        reset.connect(_reset, dispatch_uid="pause of signatures")
    authenticator_removed.connect(_factor_removed, dispatch_uid="pause of signatures")


def _signed_in(user: Viewer, request: HttpRequest | None = None, **_: object) -> None:
    access.log_account(user, AuditAction.SIGN_IN)
    if request is not None:
        session_limits.begin(request.session)


def _signed_out(user: Viewer | None = None, **_: object) -> None:
    if user is not None:
        access.log_account(user, AuditAction.SIGN_OUT)


def _not_signed_in(credentials: Mapping[str, str], **_: object) -> None:
    access.log_failed_sign_in(str(credentials.get("email") or credentials.get("username") or ""))


def _second_factor_refused(user: Viewer, *, reauthentication: bool = False, **_: object) -> None:
    """Log it; tell the owner where somebody was signing in, who then knew the password, and not where one who is signed in confirms."""
    access.log_account(user, AuditAction.FAILED_SIGN_IN, "the code of the second factor was wrong")
    if (
        not reauthentication
        and isinstance(user, access.Person)
        and cache.add(f"refused-second-factor-{user.pk}", 1, _TOLD_AGAIN)
    ):
        send_mail(
            f"{settings.ORGANIZATION}: a code of your second factor was refused",
            "Somebody signed in to your account with the right password and gave a code that was wrong, or that was used before. "
            "If that was you, there is nothing to do. If it was not, your password is known to somebody else: set a new one.\n\n"
            f"{settings.SITE}{reverse('account_reset_password')}\n",
            None,
            [user.email],
        )


def _changed(what: str, *, user: Viewer, **_: object) -> None:
    access.log_account(user, AuditAction.ACCOUNT, what)


def _address_changed(instance: access.Person, update_fields: Collection[str] | None = None, **_: object) -> None:
    """Tell whoever reads the old address that it was replaced, and the new one that it is in use now; whoever changes it."""
    if instance.pk is None or (update_fields is not None and "email" not in update_fields):
        return
    before = access.Person.objects.filter(pk=instance.pk).values_list("email", flat=True).first()
    if before is None or before.lower() == instance.email.lower():
        return
    access.log_account(instance, AuditAction.ACCOUNT, "the e-mail address was changed")
    site = {"name": settings.ORGANIZATION, "domain": settings.SITE}
    for address in (before, instance.email):
        text = render_to_string(
            "account/email/address_changed_message.txt", {"current_site": site, "old": address == before}
        )
        send_mail(
            f"{settings.ORGANIZATION}: the e-mail address of your account was changed",
            text.strip() + "\n",
            None,
            [address],
        )


def _reset(user: Person, **_: object) -> None:
    actions.pause_signing(user)


def _factor_removed(user: Person, authenticator: Authenticator, **_: object) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        actions.pause_signing(user)
