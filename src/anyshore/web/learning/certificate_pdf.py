"""A certificate as PDF/A-2b through Typst, in the reader's language: the same certificate gives the same bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from importlib.resources import files

from django.utils import formats
from django.utils.translation import gettext as _

from anyshore.web.core import reader
from anyshore.web.learning.models import Certificate


def pdf(one: Certificate, address: str) -> bytes:
    """The certificate.

    Args:
        one: what it says.
        address: where anybody can check it.
    """
    import typst

    facts = [(_("Number"), one.number), (_("Issued"), formats.date_format(one.issued, "DATE_FORMAT"))]
    end = _("no end") if one.until is None else formats.date_format(one.until, "DATE_FORMAT")
    said = {
        "language": reader.language(), "title": _("Certificate"), "issuer": one.issuer.name, "holder": one.holder,
        "passed": _("has passed the test for the service"), "subject": one.titles.get(reader.language()) or one.subject,
        "facts": [*facts, (_("Valid until"), end)], "check": _("Check it at %s") % address,
    }  # fmt: skip
    template = files(__package__).joinpath("certificate.typ").read_bytes()
    made = typst.compile(
        template, format="pdf", sys_inputs={"data": json.dumps(said)}, ignore_system_fonts=True,
        pdf_standards=["a-2b"], timestamp=int(datetime.combine(one.issued, time(12), UTC).timestamp()),
    )  # fmt: skip
    return bytes(made)
