"""The database-backed system behind the commands: Django set up, the database migrated, the host ready."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from anyshore.base.errors import HostError

if TYPE_CHECKING:
    from anyshore.host.driver import Host


@cache
def start() -> None:
    """Sets Django up and brings the database to the current tables. Needed before anything of ``anyshore.web``.

    Raises:
        HostError: the database cannot be used.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyshore.web.site.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command
    from django.db import Error

    try:
        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
    except (OSError, Error, ImproperlyConfigured) as problem:
        hint = "ANYSHORE_HOME names a folder you may write in; ANYSHORE_DATABASE, if set, a PostgreSQL that answers."
        raise HostError("store.unusable", f"The database cannot be used: {problem}", None, hint) from problem


def host() -> Host:
    """The host over the database."""
    start()
    from anyshore.web.engine.running import host as running

    return running()
