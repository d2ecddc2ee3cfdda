"""What happens to accounts, as the libraries of sign-in report it, for the audit log."""

from collections.abc import Mapping
from functools import partial

from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import Signal

from imr.web import access
from imr.web.access import AuditAction, Viewer

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


def connect() -> None:
    """Log sign-ins, sign-outs, failures of both factors, and changes of an account."""
    user_logged_in.connect(_signed_in, dispatch_uid="log of sign-ins")
    user_logged_out.connect(_signed_out, dispatch_uid="log of sign-outs")
    user_login_failed.connect(_not_signed_in, dispatch_uid="log of failed sign-ins")
    authentication_failed.connect(_second_factor_refused, dispatch_uid="log of refused second factors")
    for what, change in CHANGES.items():
        change.connect(partial(_changed, what), weak=False, dispatch_uid=f"log: {what}")


def _signed_in(user: Viewer, **_: object) -> None:
    access.log_account(user, AuditAction.SIGN_IN)


def _signed_out(user: Viewer | None = None, **_: object) -> None:
    if user is not None:
        access.log_account(user, AuditAction.SIGN_OUT)


def _not_signed_in(credentials: Mapping[str, str], **_: object) -> None:
    access.log_failed_sign_in(str(credentials.get("email") or credentials.get("username") or ""))


def _second_factor_refused(user: Viewer, **_: object) -> None:
    access.log_account(user, AuditAction.FAILED_SIGN_IN, "the code of the second factor was wrong")


def _changed(what: str, *, user: Viewer, **_: object) -> None:
    access.log_account(user, AuditAction.ACCOUNT, what)
