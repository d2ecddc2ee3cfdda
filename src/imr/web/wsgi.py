"""What a WSGI server serves: `gunicorn imr.web.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.web.settings")
application = get_wsgi_application()

from imr.web import storage  # noqa: E402 - what it is made of are Django's settings

storage.insist()  # before the first request, not at the first document
