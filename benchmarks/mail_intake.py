"""A mail from its bytes to a sorted request: read, told apart, cut to what is new, threaded, sorted by intent.

Mails are the 576 of the suite ``mail-intake`` with the oddities of real mail programs; requests to learn from are
made up. The goal is at most 20 ms of CPU a mail. There is no peer that does all of it; the parts are printed beside
the whole.

Run: ``python -m benchmarks.mail_intake``.
"""

from __future__ import annotations

import time

from conformance.real_mails import all_of_them

from anyshore.knowledge import intents
from anyshore.mail import kinds, message, reply, threads

KEY = b"a key of the desk"
SUBJECTS = ("invoice", "password", "delivery", "warranty", "refund", "account", "order", "contract", "address", "phone")


def main() -> None:
    """Prints the figures."""
    learnt = [
        (f"question {number} about my {one}: {one} number {number} is wrong", one)
        for one in SUBJECTS
        for number in range(200)
    ]
    sorter = intents.learn(learnt, measured=False)
    sorter.sort(["warm"])
    mails = [content for _, content in all_of_them()]
    spent = dict.fromkeys(("read", "told apart", "cut", "threaded", "sorted"), 0.0)

    def timed(part: str, begun: float) -> float:
        now = time.process_time()
        spent[part] += now - begun
        return now

    worst = 0.0
    for content in mails:
        started = at = time.process_time()
        mail = message.read(content)
        text = mail.text
        at = timed("read", at)
        kind = kinds.of(mail)
        at = timed("told apart", at)
        new = reply.cut(text).text
        at = timed("cut", at)
        threads.of(mail, KEY, lambda identifiers: "", lambda ticket: True)
        at = timed("threaded", at)
        if kind.opens_work:
            sorter.sort([f"{mail.subject}\n{new}"], explain=True)
        at = timed("sorted", at)
        worst = max(worst, at - started)
    total = sum(spent.values())
    print(f"{len(mails):,} mails: {total / len(mails) * 1e3:.2f} ms of CPU each, {worst * 1e3:.1f} ms the slowest")
    print("of which " + ", ".join(f"{part} {seconds / len(mails) * 1e3:.2f}" for part, seconds in spent.items()))


if __name__ == "__main__":
    main()
