"""Certificates that this machine trusts."""

from __future__ import annotations

import ssl

from anyshore.base import files
from anyshore.base.errors import DataError


def of_this_machine() -> bytes:
    """The machine's own list in PEM.

    Raises:
        DataError: it has none.
    """
    found = ssl.get_default_verify_paths().cafile
    if found is None:
        raise DataError("website.trusted", "This machine has no list of trusted certificates.", hint="Give --trusted.")
    return files.read(found)
