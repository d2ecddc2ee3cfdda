"""The site's settings under test: its own embedded PostgreSQL and folders, fast passwords, mail in memory."""

import os
import tempfile
from pathlib import Path

# Set before the settings are read, so that a test never touches the data of the site that somebody runs.
os.environ["IMR_HOME"] = os.environ.get("IMR_TEST_HOME") or str(
    Path(__file__).resolve().parents[2] / "build" / "test-home"
)
os.environ.pop("IMR_DOCUMENTS", None)

from tests.factories import database

from imr.web.platform.database import cluster
from imr.web.settings import *  # noqa: F403
from imr.web.settings import DATABASES, STORAGES

# The suite signs in as the site does. Its own server lets the superuser in too.
DATABASES["default"]["ENGINE"] = "tests.factories.database"
if database.ACCESS not in cluster.ACCESS:
    cluster.ACCESS = (database.ACCESS, *cluster.ACCESS)
# A crash may lose a test's last commits: nothing else is given up for the speed.
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
# A worker that a test starts is told where the test's database and documents are.
STORAGES["default"]["OPTIONS"]["location"] = os.environ.get("IMR_TEST_DOCUMENTS") or tempfile.mkdtemp(
    prefix="imr-documents-"
)
if "IMR_TEST_DATABASE" in os.environ:
    DATABASES["default"]["NAME"] = os.environ["IMR_TEST_DATABASE"]
STORAGES["quarantine"]["OPTIONS"]["location"] = tempfile.mkdtemp(prefix="imr-quarantine-")
_ANCHORS = Path(tempfile.mkdtemp(prefix="imr-anchors-"))
STORAGES["anchors"]["OPTIONS"]["location"] = _ANCHORS / "kept"
ANCHOR_KEY = _ANCHORS / "key"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TEMPORARY = None
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
# Tests run on days of their own choosing, the database on the machine's.
CLOCK_SKEW = None
