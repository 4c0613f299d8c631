"""Handing the mails of an outbox to the installation's server."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from django.conf import settings

from anyshore.activities.marketing import coming_back
from anyshore.base.errors import HostError
from anyshore.host.driver import Host
from anyshore.host.outgoing import outbox, smtp
from anyshore.host.outgoing.outbox import HandOver, Outgoing
from anyshore.host.outgoing.paces import Pace
from anyshore.web.engine import outside
from anyshore.web.site import system
from anyshore.web.site.mailing import signed_in


def hand_over(host: Host, engagement: str, *, doubtful: bool = True, per_second: float | None = None) -> HandOver:
    """How this installation hands the mails of an engagement over: signed with the keys of its folder ``dkim``.

    Args:
        host: of the installation.
        engagement: its key.
        doubtful: whether mails in doubt are handed over again.
        per_second: mails a second to one domain, at most; None: as they come.
    """
    home = Path(settings.HOME)

    def told(one: Outgoing, said: dict[str, str], final: bool) -> None:
        coming_back.refused(one.key, coming_back.Refusal(final=final, **said), outside.context(engagement, host))

    pace = Pace(per_second) if per_second else None
    return HandOver(home / "dkim", doubtful=doubtful, journals=home / "outbox", pace=pace, told=told)


def send_by(workers: int, engagement: str, *, doubtful: bool = True, per_second: float | None = None) -> list[Outgoing]:
    """The same by several processes at a time: signing takes the better part of a mail's cost, and a core each.

    Args:
        workers: how many processes.
        engagement: its key.
        doubtful: whether mails in doubt are handed over again.
        per_second: mails a second to one domain, at most, by all of them together.

    Raises:
        HostError: see ``send_waiting``.
    """
    share = per_second / workers if per_second else None
    with ProcessPoolExecutor(workers, get_context("spawn"), system.start) as pool:
        begun = [pool.submit(_worker, engagement, doubtful, share) for _ in range(workers)]
        return [one for future in begun for one in future.result()]


def _worker(engagement: str, doubtful: bool, per_second: float | None) -> list[Outgoing]:
    host = system.host()
    return send_waiting(host, engagement, hand_over(host, engagement, doubtful=doubtful, per_second=per_second))


def send_waiting(host: Host, engagement: str, how: HandOver | None = None) -> list[Outgoing]:
    """Hands the waiting mails of an engagement to the installation's server, each once; those it took.

    Args:
        host: of the installation.
        engagement: its key.
        how: signed with which keys, and what becomes of mails in doubt.

    Raises:
        HostError: there is no server (``outbox.no-server``), or it takes no mails (``outbox.refused``).
    """
    if settings.MAIL is None:
        hint = "Set ANYSHORE_MAIL (smtp://user:password@host:587?from=…), or give --into."
        raise HostError("outbox.no-server", "This installation has no mail server.", hint=hint)
    try:
        with signed_in(settings.MAIL) as connection:

            def take(one: Outgoing) -> None:
                smtp.handed(connection, one.sender, one.to, one.content)

            return outbox.hand_over(host.store, engagement, take, host.clock, how)
    except OSError as problem:  # every error of smtplib is one
        message = f"The mail server did not take a mail: {problem}."
        raise HostError("outbox.refused", message, hint="What was taken is noted; try again.") from problem
