"""Checks the environment variables at the start, all at once: an invalid value stops the site with a message.

`settings` reads numbers and choices through `Environment`, which collects problems and goes on with the default, so that all of
them are reported together; `check` looks at the resulting settings.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from imr.errors import ImrError

#: The prefix of a case number: with the year and the count after it, `actions.inputs` accepts it.
PREFIX = re.compile("([A-Za-z0-9][A-Za-z0-9-]{0,24})?")
#: The longest name of the organization, in characters: it is part of the subject of mail.
LONGEST_NAME = 140
#: What to do about invented people on a site of real ones.
NO_INVENTED = (
    "IMR_SITE is https, so name an empty folder in IMR_HOME, and an empty database. On a site that others only try, set "
    "IMR_DEMONSTRATION=yes"
)
_HINT = "docs/operations.md lists the settings."


class Environment:
    """The environment variables, with what is wrong with them in `problems`."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.problems: list[str] = []

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return a whole number between two bounds."""
        value = self._values.get(name, "").strip()
        if not value:
            return default
        if re.fullmatch("[0-9]{1,12}", value) and least <= int(value) <= most:
            return int(value)
        self.problems.append(f"{name} is {value!r}: write a whole number from {least} to {most}")
        return default

    def choice(self, name: str, default: str, *others: str) -> str:
        """Return one of a few words."""
        value = self._values.get(name, "").strip().lower() or default
        if value in (default, *others):
            return value
        self.problems.append(f"{name} is {value!r}: write {' or '.join((default, *others))}")
        return default

    def secret(self, name: str) -> str:
        """Return a secret, or the content of the file that NAME_FILE names, as secret managers give one; empty where neither is set."""
        given, file = self._values.get(name, ""), self._values.get(f"{name}_FILE", "")
        if not file:
            return given
        if given:
            self.problems.append(
                f"{name} and {name}_FILE are set: set one of them, or write an empty value for the other"
            )
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is not text"
            self.problems.append(
                f"{name}_FILE names {file}, which cannot be read ({why}): write the path of a file with the secret"
            )
            return given

    def place(self, name: str) -> str:
        """Return where a program of this machine listens: the path of a socket, or a port of the loopback; empty where it is not set."""
        value = self._values.get(name, "").strip()
        if value and not value.startswith("/") and not re.fullmatch(r"(127\.0\.0\.1|localhost):[0-9]{1,5}", value):
            self.problems.append(f"{name} is {value!r}: write the path of a socket, or 127.0.0.1:PORT of this machine")
            return ""
        return value

    def address(self, name: str) -> str:
        """Return an address of the web; empty where none is set."""
        value = self._values.get(name, "").strip()
        if value and not (value.startswith(("https://", "http://")) and urlsplit(value).hostname):
            self.problems.append(f"{name} is {value!r}: write an address that begins with https:// or http://")
            return ""
        return value

    def yes(self, name: str) -> bool:
        """Return whether an option that is off by default is turned on."""
        return self.choice(name, "no", "yes", "1", "true", "on", "0", "false", "off") in {"1", "yes", "true", "on"}


def problems() -> list[str]:
    """Return what is wrong with the settings, one sentence each, with what to write instead."""
    found = list(settings.ENVIRONMENT_PROBLEMS)
    if PREFIX.fullmatch(settings.CASE_NUMBER_PREFIX) is None:
        found.append(
            f"IMR_CASE_PREFIX is {settings.CASE_NUMBER_PREFIX!r}: case numbers are part of addresses and file names; write at "
            "most 25 letters of A to Z, digits and hyphens, with a letter or digit first"
        )
    found.extend(_site())
    name = settings.ORGANIZATION
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        found.append(f"IMR_ORGANIZATION: write the organization's name on one line, of 1 to {LONGEST_NAME} characters")
    if len(settings.CONTACT) > LONGEST_NAME or not settings.CONTACT.isprintable():
        found.append(f"IMR_CONTACT: write address and telephone on one line, of at most {LONGEST_NAME} characters")
    found.extend(_mail())
    found.extend(_production())
    found.extend(settings.KEYS.problems())
    return found


def _site() -> list[str]:
    ports = {"http": 80, "https": 443}
    try:
        parts = urlsplit(settings.SITE)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is not a number
        whole = False
    plain = f"{parts.scheme}://{parts.netloc.lower()}" == settings.SITE if whole else False
    plain = plain and settings.SITE.isascii() and "@" not in settings.SITE and not settings.SITE.endswith(":")
    if plain and parts.port != ports[parts.scheme]:
        return []
    said = (
        f"IMR_SITE is {settings.SITE!r}: write the address as browsers send it, as https://imr.example.org, in small "
        "letters, without a path or the usual port"
    )
    return [said]


def _production() -> list[str]:
    """Return what no site that people reach over https may have."""
    found = []
    if settings.HTTPS and settings.DEBUG:
        found.append(
            "IMR_DEBUG is on, and IMR_SITE is https: its pages show people's data to whoever meets an error. Remove IMR_DEBUG"
        )
    if is_production() and settings.INVENTED_PASSWORD.exists():
        found.append(f"{settings.INVENTED_PASSWORD} says that the people of this home are invented: {NO_INVENTED}")
    return found


def is_production() -> bool:
    """Return whether real people reach this site: over https, and not to try it."""
    return settings.HTTPS and not settings.DEMONSTRATION


def _mail() -> list[str]:
    found = []
    if re.fullmatch(r"[A-Za-z0-9.:_-]*", settings.EMAIL_HOST) is None:
        found.append(f"IMR_MAIL_HOST is {settings.EMAIL_HOST!r}: write the name or address of a mail server alone")
    if bool(settings.EMAIL_HOST_USER) != bool(settings.EMAIL_HOST_PASSWORD):
        found.append("IMR_MAIL_USER and IMR_MAIL_PASSWORD belong together: set both, or neither")
    if settings.ANCHOR_MAIL:
        try:
            validate_email(settings.ANCHOR_MAIL)
        except ValidationError:
            found.append(f"IMR_ANCHOR_MAIL is {settings.ANCHOR_MAIL!r}: write one address, as audit@example.org")
    sender = settings.DEFAULT_FROM_EMAIL
    try:
        validate_email(sender.rpartition("<")[2].rstrip(">"))
    except ValidationError:
        found.append(f"IMR_MAIL_FROM is {sender!r}: write an address, as imr@example.org or Our Name <imr@example.org>")
    return found


def require_valid() -> None:
    """Raise ImrError with everything that is wrong with the settings."""
    if found := problems():
        raise ImrError("; ".join(found))


@checks.register
def check(**_: object) -> list[checks.CheckMessage]:
    """Report invalid settings at the start of every command, and stop it."""
    return [checks.Error(problem, hint=_HINT, id="imr.E002") for problem in problems()]
