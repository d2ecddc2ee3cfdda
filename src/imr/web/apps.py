"""The one Django application."""

from django.apps import AppConfig
from django.conf import settings

from imr.determination import pdf
from imr.determination.pool import Bounds


class Site(AppConfig):
    """Independent Medical Review as a site."""

    name = "imr.web"
    label = "imr"
    verbose_name = "Independent Medical Review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the files of guidelines looked at when the site starts, the processes that set letters bounded, and temporary files put where they are swept."""
        from imr.web import licensed, temporary  # noqa: F401 - the check of licensed texts registers itself

        pdf.POOL.bounds = Bounds(
            processes=settings.LETTER_PROCESSES, seconds=settings.LETTER_SECONDS, memory=settings.LETTER_MEMORY
        )
        temporary.use()
