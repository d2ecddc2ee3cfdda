"""Whether files of strangers can be read safely here: asked when the site starts, and by `manage.py check --deploy`."""

from functools import cache

from django.conf import settings
from django.core import checks

from imr.errors import SetupError
from imr.records import sandbox
from imr.records.confinement import Confinement, Demand


@cache
def confinement() -> Confinement:
    """Return what this system gives a process that reads files, measured once in a process of the site."""
    return sandbox.measure()


def require_safe() -> None:
    """Raise SetupError, with what is missing, where files of strangers are not read because of `IMR_SANDBOX`."""
    if refusal := confinement().refusal(Demand(settings.SANDBOX)):
        raise SetupError(refusal)


def lacking() -> str:
    """Return a sentence for the operator with the layers of the sandbox that this system lacks; empty where it has all."""
    held = confinement()
    if not held.missing:
        return ""
    still = (
        f"A hostile file could {', '.join(held.open)}" if held.open else "What they guard is guarded by another layer"
    )
    return f"The sandbox that reads files lacks: {'; '.join(held.missing)}. {still}. docs/operations.md says what gives each"


@checks.register(deploy=True)
def check(**_: object) -> list[checks.CheckMessage]:
    """Report what the sandbox lacks before a site is deployed."""
    hint = "docs/operations.md lists the layers."
    try:
        require_safe()
    except SetupError as error:
        return [checks.Error(str(error), hint=hint, id="imr.E003")]
    return [checks.Warning(problem, hint=hint, id="imr.W003")] if (problem := lacking()) else []
