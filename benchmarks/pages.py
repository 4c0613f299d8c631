"""Every page: CPU of the server and bytes of its first view; and how fast a key is answered at a desk in the browser.

Each page of the table of accesses (``tests/web/test_access.py``) is asked for by the first who is shown it, in the busy
world of the tests: twice to warm up, then ``ROUNDS`` times; the median of the process's CPU counts. The bytes are those
of the page and of its styles and scripts as they are sent (gzip), without fonts, which are cached; what draws diagrams
is loaded after the page and counted by itself. A key is answered when the browser paints the next frame after it.
"""

from __future__ import annotations

import logging
import os
import re
import statistics
import time
from typing import Any

ROUNDS = 5
MOST_CPU, MOST_BYTES, MOST_LATER, MOST_KEY = 20.0, 120_000, 600_000, 50.0
KEYS = 12
FILE = re.compile(r'<(?:script|link)[^>]*?(?:src|href)="(/static/[^"]+\.(?:js|css))"')
LATER = ("/bpmn-js-", "/dmn-js-", "/site/diagram.js")
LEFT_OUT = ("-svg", "-pdf", "-xlsx", "-xml", "-file", "-document")


def measured(scene: Any, name: str, row: Any, role: str | None) -> tuple[str, float, int, int]:
    """A page: its name, milliseconds of CPU, bytes of the first view and of what comes later."""
    from django.urls import reverse
    from tests.web.test_access import said

    address, client = reverse(name, kwargs=said(scene, row[1])), scene.browser(role)
    headers = {"accept-encoding": "gzip"}
    for _ in range(2):
        client.get(address, headers=headers)
    spent = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        answer = client.get(address, headers=headers)
        spent.append(1000 * (time.process_time() - begun))
    sent = first = _length(answer)
    if first and answer.headers["Content-Type"].startswith("text/html"):
        files = set(FILE.findall(client.get(address).content.decode()))
        for file in files - {one for one in files if any(part in one for part in LATER)}:
            first += _length(client.get(file, headers=headers))
        sent = sum(_length(client.get(one, headers=headers)) for one in files if any(part in one for part in LATER))
    else:
        sent = 0
    return name, statistics.median(spent), first, sent


def _length(answer: Any) -> int:
    return len(b"".join(answer.streaming_content) if answer.streaming else answer.content)


def keys(scene: Any) -> dict[str, list[float]]:
    """Milliseconds from a key to the next frame: at the desk of a decision and at that of a review."""
    from tests.web.contract import scene as contract
    from tests.web.routed import HOST, chromium

    from anyshore.web.work import actions

    desk = contract(scene)
    review = f"/work/{desk.number}/{desk.take('lead', 'first_review')}/review/"
    actions.take(scene.people["agent"], 2, scene.words["open"])
    addresses = {"decision desk": ("agent", f"/work/2/{scene.words['open']}/"), "review desk": ("lead", review)}
    found = {}
    with chromium() as browser:
        for name, (who, address) in addresses.items():

            def walk(page: Any, address: str = address) -> list[float]:
                page.goto(HOST + address, wait_until="networkidle")
                page.evaluate(
                    "window.took = []; addEventListener('keydown', (event) => requestAnimationFrame(() => "
                    "requestAnimationFrame(() => window.took.push(performance.now() - event.timeStamp))), true)"
                )
                page.evaluate("document.activeElement.blur()")
                for number in range(KEYS):
                    page.keyboard.press(str(1 + number % 2) if "review" not in address else "jk"[number % 2])
                    page.wait_for_timeout(60)
                return list(page.evaluate("window.took"))

            found[name] = browser.walk(scene.browser(who), walk)
    return found


def main() -> None:
    """Prints the tables; what is above its limit is marked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyshore.web.site.settings")
    import django

    django.setup()
    from django.template.base import Template
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    logging.disable(logging.WARNING)
    rendered = Template._render  # type: ignore[attr-defined]
    setup_test_environment()
    Template._render = rendered  # type: ignore[attr-defined]  # as served: tests copy the context of each template
    old = setup_databases(verbosity=0, interactive=False)
    try:
        from tests.web.conftest import Clock, build, full
        from tests.web.test_access import PAGES, expected, furnished

        scene = furnished(full(build(Clock())))
        rows = []
        print(f"{'page':32} {'CPU ms':>8} {'first kB':>9} {'later kB':>9}")
        for name, row in PAGES.items():
            role = next((role for role, status in expected(row[3]) if status == 200), "")
            if row[0] != "get" or role == "" or name.endswith(LEFT_OUT):
                continue
            _name, cpu_ms, first, later = found = measured(scene, name, row, role)
            rows.append(found)
            over = cpu_ms > MOST_CPU or first > MOST_BYTES or later > MOST_LATER
            mark = "  above its limit" if over else ""
            print(f"{name:32} {cpu_ms:8.1f} {first / 1000:9.1f} {later / 1000:9.1f}{mark}", flush=True)
        cpu = [one[1] for one in rows]
        print(f"{len(rows)} pages: median {statistics.median(cpu):.1f} ms, {sum(c > MOST_CPU for c in cpu)} above "
              f"{MOST_CPU:.0f} ms; most bytes {max(one[2] for one in rows) / 1000:.1f} kB, later "
              f"{max(one[3] for one in rows) / 1000:.1f} kB")  # fmt: skip
        for name, times in keys(scene).items():
            print(f"key at the {name}: median {statistics.median(times):.0f} ms, longest {max(times):.0f} ms "
                  f"(limit {MOST_KEY:.0f})")  # fmt: skip
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
