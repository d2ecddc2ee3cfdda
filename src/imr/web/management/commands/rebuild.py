"""`manage.py rebuild`: make every case row anew from its events."""

from typing import Any

from django.core.management.base import BaseCommand

from imr.web import actions


class Command(BaseCommand):
    """Case rows are shadows of the events; this makes them anew."""

    help = "Make every case row anew from its events."

    def handle(self, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Make them."""
        self.stdout.write(f"{actions.rebuild()} cases")
