"""Who stands behind a pseudonym of a ledger: known until they are erased."""

from __future__ import annotations

import re

from anyshore.host.pseudonyms import PREFIX
from anyshore.web.engine.models import Pseudonym

_WORD = re.compile(re.escape(PREFIX) + r"[0-9a-f]{32}")


def address(said: object) -> str:
    """The address behind what an entry says of who acted; what it says where nobody is known any more."""
    text = "" if said is None else str(said)
    if not _WORD.fullmatch(text):
        return text  # a program, or an entry from before there were pseudonyms
    return Pseudonym.objects.filter(word=text).values_list("address", flat=True).first() or text
