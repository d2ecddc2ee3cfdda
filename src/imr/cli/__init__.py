"""The `imr` command. Each family of commands has its own module, which is imported when a command of it is called.

Errors of this project are printed as one line on standard error, with the exit code of their class. So is the name of a
missing extra, if a library of that extra is not installed.
"""

import importlib
import sys
from typing import ClassVar, NoReturn

import click

from imr.cli.extras import missing_extra
from imr.errors import ImrError


class _Families(click.Group):
    """Finds a command in its module, so that `imr read` never waits for the site to be imported."""

    #: The module of each command. The function has the command's name, followed by `_command`.
    modules: ClassVar[dict[str, str]] = {
        "check": "imr.cli.checks",
        "cite": "imr.cli.checks",
        "corpus": "imr.cli.corpus",
        "demo": "imr.cli.case",
        "verify": "imr.cli.case",
        "law": "imr.cli.law",
        "panel": "imr.cli.panel",
        "simulate": "imr.cli.panel",
        "read": "imr.cli.letters",
        "redact": "imr.cli.letters",
        "write": "imr.cli.letters",
        "index": "imr.cli.records",
        "serve": "imr.cli.site",
        "code": "imr.cli.site",
        "manage": "imr.cli.site",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        module = self.modules.get(cmd_name)
        if module is None:
            return None
        command = getattr(importlib.import_module(module), f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)  # noqa: S101 - the table above is ours
        return command


@click.command(cls=_Families)
@click.version_option(package_name="imr", prog_name="imr")
def imr() -> None:
    """Independent Medical Review: the law, the letter, the case, the records, the panel, the corpus."""


def main() -> None:
    """Run the command line."""
    try:
        imr(standalone_mode=True)
    except ImrError as error:
        _end(error)
    except ModuleNotFoundError as error:
        missing = missing_extra(error)
        if missing is None:
            raise
        _end(missing)


def _end(error: ImrError) -> NoReturn:
    click.echo(f"imr: {error}", err=True)
    sys.exit(error.exit_code)
