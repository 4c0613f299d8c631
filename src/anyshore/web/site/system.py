"""The database-backed system behind commands and workers: Django set up, the tables looked at, the host ready."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from anyshore.base.errors import HostError
from anyshore.host import garbage

if TYPE_CHECKING:
    from anyshore.host.driver import Host
    from anyshore.web.core.models import Engagement


@cache
def start(*, read_only: bool = False) -> None:
    """Sets Django up and looks at the tables. Needed before anything of ``anyshore.web``.

    A command that writes makes the tables, and brings them up to date, one process at a time; with
    ``ANYSHORE_MIGRATE=0`` only ``anyshore migrate`` does. A command that reads refuses what is not up to date.

    Args:
        read_only: whether the command only reads.

    Raises:
        HostError: the database cannot be used, or its tables are not those this version knows.
    """
    set_up()
    from anyshore.web.site import schema  # Django's tables, which are there once it is set up

    with usable():
        if read_only or os.environ.get("ANYSHORE_MIGRATE") == "0":
            schema.check()
        else:
            schema.migrate()


@cache
def set_up() -> None:
    """Sets Django up, and asks the database nothing.

    Raises:
        HostError: the settings cannot be used.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyshore.web.site.settings")
    garbage.ease()
    import django

    with usable():
        django.setup()


@contextmanager
def usable() -> Iterator[None]:
    """Tells in words what keeps the database from being used."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error

    try:
        yield
    except (OSError, Error, ImproperlyConfigured) as problem:
        hint = "ANYSHORE_HOME names a folder you may write in; ANYSHORE_DATABASE, if set, a PostgreSQL that answers."
        raise HostError("store.unusable", f"The database cannot be used: {problem}", None, hint) from problem


def host(*, read_only: bool = False) -> Host:
    """The host over the database; see ``start``."""
    start(read_only=read_only)
    from anyshore.web.engine.running import host as running  # see above

    return running()


def engagement(key: str, *, read_only: bool = False) -> Engagement:
    """An engagement of the installation by its key; see ``start``.

    Raises:
        TermsError: there is none.
    """
    start(read_only=read_only)
    from anyshore.web.site.services import named  # see above

    return named(key)
