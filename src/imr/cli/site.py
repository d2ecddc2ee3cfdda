"""Commands for the site: `imr serve` and others, which start Django's own command line."""

import os

import click


def _manage(*arguments: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.web.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["imr", *arguments])


@click.command("serve")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--workers", default=2, show_default=True, help="Worker processes.")
@click.option("--empty", is_flag=True, help="Create no invented cases and accounts at the first start.")
@click.option("--set-up-only", is_flag=True, help="Set everything up and exit.")
def serve_command(port: int, host: str, workers: int, empty: bool, set_up_only: bool) -> None:
    """Set up what is missing (PostgreSQL, tables, invented cases, an account for each role) and serve the site."""
    os.environ.setdefault("IMR_SITE", f"http://{host.lower()}" if port == 80 else f"http://{host.lower()}:{port}")
    flags = [flag for flag, wanted in (("--empty", empty), ("--set-up-only", set_up_only)) if wanted]
    _manage("serve", "--host", host, "--port", str(port), "--workers", str(workers), *flags)


@click.command("code")
@click.argument("email")
def code_command(email: str) -> None:
    """Print the code of an account's second factor, to try the site on your own machine."""
    _manage("code", email)


@click.command("manage", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage_command(arguments: tuple[str, ...]) -> None:
    """Run a command of Django's command line, like `manage.py` in the source; `imr manage help` lists them."""
    _manage(*arguments)
