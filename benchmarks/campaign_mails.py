"""A campaign to 100,000 people: asked about, composed, signed and handed to an SMTP server of this machine.

The product's own path from end to end, on SQLite with every commit synced: waves ask about each person and write each
mail, in one transaction for 500 people; then two processes sign (RSA of 2,048 bits) and send over STARTTLS, as
``anyshore outbox --send --workers 2`` does. The server is a process of its own that counts mails by their Message-ID,
and of every 500th has dkimpy verify the signature and that it covers both headers of one click. The goal is 500 a
second on two cores, all parts and the server together.

Run: ``python -m benchmarks.campaign_mails [PEOPLE]``.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from pathlib import Path
from typing import Any

from tests.host import servers as databases
from tests.host.outgoing import servers, sink

PEOPLE = 100_000
ENGAGEMENT = "campaign"
DOMAIN, SELECTOR = "garden.example", "s2026a"
GOAL = 500
TEXT = """Dear {name},

the new seeds are in: 140 kinds of vegetables, flowers and herbs, all grown within an hour of our garden. Grüße aus
Würzburg! Come and see them on Saturday, or order from the list below; until the end of the month we deliver free.

- tomatoes: Ochsenherz, Ruthje, Black Cherry, Zuckertraube
- beans: Neckarkönigin, Blaue Hilde, Borlotto
- salads: Maikönig, Forellenschluss, Rubinette

Yours, the gardeners
"""


def _prepare(people: int) -> None:
    """In a process of its own: a client with its people, all of whom asked for news and confirmed it."""
    from anyshore.activities.marketing import records

    context = _context()
    context.records(records.SENDER).put_once(
        "garden",
        {"id": "garden", "address": f"news@{DOMAIN}", "name": "Gärtnerei Kern", "imprint": "Kern GmbH, HRB 00000",
         "one_click": "https://shore.example/unsubscribe/campaign/"},
    )  # fmt: skip
    context.records(records.LIMIT).put_once("week", {"name": "week", "channel": "email", "most": 3, "days": 7})
    for start in range(0, people, 5_000):
        some = range(start, min(people, start + 5_000))
        rows = [(f"p{n}", {"id": f"p{n}", "email": f"p{n}@domain{n % 97}.example", "name": f"Person {n}", "zone": "UTC",
                           "language": "de" if n % 2 else "en", "tags": "garden"}) for n in some]  # fmt: skip
        context.records(records.CONTACT).put_all(rows)
        given = {"purpose": "news", "channel": "email", "day": None, "proof": "form"}
        rows = [(f"g{n}", {"contact": f"p{n}", "what": "granted", **given}) for n in some]
        context.records(records.CONSENT).put_all(rows)


def _write() -> None:
    """In a process of its own: waves until everybody is written to."""
    from anyshore.activities.marketing import sending
    from anyshore.activities.marketing.writing import Campaign

    brief = Campaign("spring", "news", "Frühling, {name}", TEXT, segment='tags = "garden"', sender="garden")
    while not sending.send(sending.WaveInput(brief), _context()).done:
        pass


def _send() -> None:
    """In a process of its own: two workers."""
    databases.open_host()
    from anyshore.web.site import handing

    handing.send_by(2, ENGAGEMENT)


def _context() -> Any:
    host = databases.open_host()
    from anyshore.web.engine import outside

    return outside.context(ENGAGEMENT, host)


def _timed(name: str, environment: dict[str, str], call: str) -> tuple[float, float]:
    """Seconds and CPU-seconds of a part."""
    before, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    code = f"from benchmarks import campaign_mails; campaign_mails.{call}"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall, cpu = time.monotonic() - before, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    print(f"{name:8} {wall:7.1f} s, {cpu:7.1f} s of CPU", flush=True)
    return wall, cpu


def _keys(home: Path) -> str:
    """Makes the key mails are signed with; what the DNS says of it."""
    from cryptography.hazmat.primitives import serialization as how
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    path = home / "dkim" / DOMAIN / f"{SELECTOR}.pem"
    path.parent.mkdir(parents=True)
    path.touch(0o600)
    path.write_bytes(key.private_bytes(how.Encoding.PEM, how.PrivateFormat.PKCS8, how.NoEncryption()))
    public = key.public_key().public_bytes(how.Encoding.DER, how.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={b64encode(public).decode()}"


def main() -> None:
    """Prints the figures."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    with tempfile.TemporaryDirectory(dir=databases.HOME) as folder:
        home = Path(folder)
        servers.certified(home)
        certificate, private = home / "cert.pem", home / "key.pem"
        with sink.running(
            certificate=str(certificate), private=str(private), sample=max(1, people // 200), key=_keys(home)
        ) as (port, seen):
            environment = databases.environment(home, None) | {
                "ANYSHORE_MAIL": f"smtp://127.0.0.1:{port}?from=news@{DOMAIN}", "SSL_CERT_FILE": str(certificate),
                "ANYSHORE_OUTGOING": "127.0.0.1", "PYTHONPATH": os.getcwd(),
            }  # fmt: skip
            _timed("prepare", environment, f"_prepare({people})")
            wrote = _timed("write", environment, "_write()")
            sent = _timed("send", environment, "_send()")
        print(
            f"server:  {json.dumps({name: seen[name] for name in ('mails', 'ids', 'connections', 'checked', 'wrong')})}"
        )
    if seen["mails"] != people or seen["ids"] != people or seen["wrong"]:
        raise AssertionError(f"{people} mails were to arrive once each and signed: {seen}")
    wall = wrote[0] + sent[0]
    print(f"{people:,} mails in {wall:.1f} s: {people / wall:,.0f} a second (goal {GOAL})")
    print(f"{(wrote[1] + sent[1]) / people * 1e3:.2f} ms of CPU a mail, without the server's")


if __name__ == "__main__":
    main()
