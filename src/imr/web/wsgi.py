"""The WSGI application: `gunicorn imr.web.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.web.settings")
application = get_wsgi_application()

import logging  # noqa: E402

from django.db import DatabaseError  # noqa: E402

from imr.web import accounts  # noqa: E402
from imr.web.platform import environment, reading, storage  # noqa: E402 - what it is made of are Django's settings
from imr.web.platform.database import roles  # noqa: E402
from imr.web.store import installation  # noqa: E402

environment.require_valid()
reading.require_safe()
storage.require_writable()  # before the first request, not at the first document
logger = logging.getLogger("imr.web")
if roles.require_soon():
    try:
        accounts.require_real()
        if problem := installation.problem():  # the pages are served; steps that bring documents are refused
            logger.error(problem)
    except DatabaseError:
        logger.exception("the tables are not made yet: run `imr serve --set-up-only` first")
