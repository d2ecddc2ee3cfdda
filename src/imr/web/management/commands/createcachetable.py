"""`manage.py createcachetable`: Django's command, signed in as the owner of the tables."""

from django.core.management.commands import createcachetable
from django.db import connections

from imr.web.platform.database import roles


class Command(createcachetable.Command):
    """Makes the table of the cache as the owner of the others."""

    def handle(self, *tablenames: list[str], **options: object) -> None:
        """Make the table where it is missing, then grant."""
        alias = str(options["database"])
        site = str(connections[alias].settings_dict["USER"])
        with roles.as_owner(alias) as owner:
            super().handle(*tablenames, **options)
            roles.grant(owner, site)
