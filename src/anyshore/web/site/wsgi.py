"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyshore.web.site.settings")
application = get_wsgi_application()

from anyshore.web.site import tracing  # noqa: E402 - Django first

tracing.start("anyshore-web")
