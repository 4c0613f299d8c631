"""A mail from its bytes to a routed ticket: what a helpdesk's process does before a person is asked.

Mails are the real ones of the suite ``mail-intake``; each is read and threaded, its ticket opened, its intent sorted
by what the samples of the pack teach, and the pack's table asked where it goes. Records stand in memory, so that the
figure is the work and not the database. The goal is at most 20 ms of CPU a mail.

Run: ``python -m benchmarks.ticket_routing``.
"""

from __future__ import annotations

import time

from conformance.real_mails import all_of_them

from anyshore import dmn
from anyshore.activities.families import run
from anyshore.activities.memory import MemoryContext
from anyshore.packs import reading


def main() -> None:
    """Prints the figures."""
    pack = reading.named("helpdesk")
    tables = {}
    for kind, one in pack.references.items():
        context = MemoryContext(tables=tables)
        context.load(kind, one.read((pack.samples / one.file).read_bytes(), one.file))
    rules = dmn.read((pack.folder / "helpdesk.dmn").read_bytes())
    mails = [content for _, content in all_of_them()]
    documents = {str(number): content for number, content in enumerate(mails)}
    spent, opened = [], 0
    for number in documents:
        context = MemoryContext(idempotency_key=number, documents=documents, tables=tables)
        begun = time.process_time()
        mail = run("helpdesk.read", {"document": number}, context)
        if mail["new"]:
            asked = {"subject": mail["subject"], "text": mail["text"]}
            found = run("helpdesk.sort", asked, context)
            rules.decide("Routing", {"mail": mail, "sorted": found})
            opened += 1
        spent.append(time.process_time() - begun)
    first, rest = spent[0], sorted(spent[1:])
    print(
        f"{len(mails):,} mails, {opened:,} tickets: {1e3 * sum(rest) / len(rest):.2f} ms of CPU each, "
        f"{1e3 * rest[-1]:.1f} ms the slowest; {first:.1f} s once, to learn"
    )


if __name__ == "__main__":
    main()
