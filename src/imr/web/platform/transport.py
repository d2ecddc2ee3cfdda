"""Whether what the site sends to other hosts is encrypted, to a host whose certificate is verified: asked by `check --deploy`."""

from collections.abc import Iterator, Mapping

from django.conf import settings
from django.core import checks

_LOCAL = {"", "localhost", "127.0.0.1", "::1"}


def is_local(host: str) -> bool:
    """Return whether a host is this machine: no name, a socket in the file system, or the loopback."""
    return host in _LOCAL or host.startswith(("/", "@", "127."))


def database_problems(database: Mapping[str, object]) -> Iterator[str]:
    """Yield each address of the database, of the site and of the owner, that names another host without verified TLS."""
    owner = database.get("OWNER")
    of_owner = {**database, **owner} if isinstance(owner, dict) else database
    for setting, entry in (("DATABASE_URL", database), ("DATABASE_OWNER_URL", of_owner)):
        options = entry.get("OPTIONS")
        mode = options.get("sslmode") if isinstance(options, dict) else None
        if mode != "verify-full" and not all(map(is_local, str(entry.get("HOST", "")).split(","))):
            yield (
                f"{setting} names another host without asking for its certificate: add ?sslmode=verify-full&sslrootcert=FILE to it, "
                "with the file of the authority that signed the server's certificate (or sslrootcert=system)"
            )


def mail_problems() -> Iterator[str]:
    """Yield what is wrong where mail goes to another host in clear."""
    if not is_local(settings.EMAIL_HOST) and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        yield "IMR_MAIL_TLS is none, and IMR_MAIL_HOST is another host: set it to starttls or implicit"


@checks.register(checks.Tags.security, deploy=True)
def check(**_: object) -> list[checks.CheckMessage]:
    """Report connections that others on the way could read."""
    found = (*database_problems(settings.DATABASES["default"]), *mail_problems())
    return [checks.Warning(problem, hint="docs/operations.md lists the settings.", id="imr.W004") for problem in found]
