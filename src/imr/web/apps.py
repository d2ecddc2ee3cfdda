"""The one Django application."""

from django.apps import AppConfig


class Site(AppConfig):
    """Independent Medical Review as a site."""

    name = "imr.web"
    label = "imr"
    verbose_name = "Independent Medical Review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the files of guidelines looked at when the site starts."""
        from imr.web import licensed  # noqa: F401 - its check registers itself
