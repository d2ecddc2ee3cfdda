"""`manage.py procrastinate`: the command of the queue, which asks the role of the database before a worker takes jobs."""

from procrastinate.contrib.django.management.commands import procrastinate

from imr.web.platform import environment, reading
from imr.web.platform.database import roles


class Command(procrastinate.Command):
    """Runs a worker with what each process of the site requires at its start."""

    def handle(self, *args: object, **kwargs: object) -> None:
        """Require it, then run the command."""
        if kwargs.get("command") == "worker":
            environment.require_valid()
            reading.require_safe()
            roles.require_soon()
        super().handle(*args, **kwargs)
