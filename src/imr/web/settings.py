"""Settings of the site."""

SECRET_KEY = "temporary"  # noqa: S105
INSTALLED_APPS: list[str] = []
