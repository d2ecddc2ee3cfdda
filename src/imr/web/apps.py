"""The one Django application."""

from typing import TYPE_CHECKING

from allauth.account.signals import email_confirmed
from django.apps import AppConfig
from django.conf import settings

from imr.determination import pdf
from imr.determination.pool import RenderLimits

if TYPE_CHECKING:
    from allauth.account.models import EmailAddress


class Site(AppConfig):
    """Independent Medical Review as a site."""

    name = "imr.web"
    label = "imr"
    verbose_name = "Independent Medical Review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Check the files of guidelines when the site starts, limit the processes that render letters, and use a temporary folder that is cleaned up."""
        from imr.web import account_log  # the tables are not loaded when this module is
        from imr.web.platform import (
            temporary_files,
            transport,  # noqa: F401 - registers its check
        )
        from imr.web.platform.database import server_log  # noqa: F401 - registers its check

        pdf.POOL.bounds = RenderLimits(
            processes=settings.LETTER_PROCESSES, seconds=settings.LETTER_SECONDS, memory=settings.LETTER_MEMORY
        )
        temporary_files.use()
        email_confirmed.connect(_address_proven, dispatch_uid="address proven")
        account_log.connect()


def _address_proven(email_address: "EmailAddress", **_: object) -> None:
    """Propose the account in the cases that name an address, once a link has verified whose it is."""
    from imr.web import actions  # the tables are not loaded when this module is

    actions.look_for_cases(email_address.user)
