"""`manage.py migrate`: Django's command, signed in as the owner of the tables, who then grants the site what it needs."""

from django.core.management.commands import migrate
from django.db import connections

from imr.web.platform.database import roles


class Command(migrate.Command):
    """Changes the tables as their owner."""

    def handle(self, *arguments: object, **options: object) -> None:
        """Migrate, then grant."""
        alias = str(options["database"])
        site = str(connections[alias].settings_dict["USER"])
        with roles.as_owner(alias) as owner:
            super().handle(*arguments, **options)
            if not options["check_unapplied"] and not options["plan"]:
                roles.grant(owner, site)
