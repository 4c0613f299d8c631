"""Mails to people: links go to whom they are for, where the installation has a mail server."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from anyshore.base.errors import HostError
from anyshore.web.accounts.models import Link


def can_send() -> bool:
    """Whether this installation sends mails."""
    return bool(settings.MAIL)


def send_link(link: Link, address: str) -> None:
    """Sends a link to the person it is for.

    Raises:
        HostError: the mail server did not take it (``mail.refused``).
    """
    if link.kind == Link.Kind.INVITE:
        subject = _("You are invited to Anyshore")
        text = _("%(organisation)s invites you to Anyshore. Open this address to come in:") % {
            "organisation": link.organisation
        }
    else:
        subject, text = _("A new password for Anyshore"), _("Open this address to choose a new password:")
    until = _("It opens once, until %s.") % link.expires.strftime("%Y-%m-%d %H:%M %Z")
    message = EmailMessage(subject, f"{text}\n\n{address}\n\n{until}\n", None, [link.email])
    try:
        message.send()
    except OSError as problem:  # every error of smtplib is one
        text = _("The mail server did not take the mail to %s.") % link.email
        raise HostError("mail.refused", text, hint=_("See ANYSHORE_MAIL, and try again.")) from problem
