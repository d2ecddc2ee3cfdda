#!/usr/bin/env python
"""Django's own command line, for those who know it. Everyday commands are `imr` and `make`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.web.settings")
    from django.core.management import execute_from_command_line

    from imr.errors import ImrError

    try:
        execute_from_command_line(sys.argv)
    except ImrError as error:  # what the settings name is wrong, or a command says what to do
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
