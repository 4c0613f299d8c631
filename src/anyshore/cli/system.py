"""The database-backed system behind the commands: Django set up, the database migrated, the host ready."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anyshore.host.driver import Host


@cache
def start() -> None:
    """Sets Django up and brings the database to the current tables. Needed before anything of ``anyshore.web``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyshore.web.site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def host() -> Host:
    """The host over the database."""
    start()
    from anyshore.web.engine.running import host as running

    return running()
