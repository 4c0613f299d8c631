"""A process of 2,000 elements: read, checked and drawn in the browser, CPU of both processes.

Half of the elements are tasks, gateways and events, half the flows between them, all with their place in the diagram.
The browser's share is what Chromium's processes spend from an empty page until the picture stands; its start is not
counted.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from anyshore import bpmn

ELEMENTS = 2_000
ROUNDS = 5
GOAL = 2.0
STATIC = Path(bpmn.__file__).parents[1] / "web" / "site" / "static"
CHROMIUM = "/usr/bin/chromium"
NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
)
WIDE = 40
"""Elements in a row of the picture."""


def model(elements: int = ELEMENTS) -> bytes:
    """A process with so many elements: a start, script tasks with every tenth a person's, an end, and flows between."""
    count = (elements + 1) // 2
    nodes = [f"n{number}" for number in range(count)]
    body = [_node(number, name, count) for number, name in enumerate(nodes)]
    shapes = [_shape(number, name, count) for number, name in enumerate(nodes)]
    for number in range(count - 1):
        body.append(f'<sequenceFlow id="f{number}" sourceRef="n{number}" targetRef="n{number + 1}"/>')
        shapes.append(_edge(number))
    return (
        f'<definitions {NAMESPACES} targetNamespace="https://anyshore.org/bench">'
        f'<process id="wide" isExecutable="true">'
        f'{"".join(body)}</process><bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="p" bpmnElement="wide">'
        f"{''.join(shapes)}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>"
    ).encode()


def _node(number: int, name: str, count: int) -> str:
    ends = (f"<incoming>f{number - 1}</incoming>" if number else "") + (
        f"<outgoing>f{number}</outgoing>" if number < count - 1 else ""
    )
    label = quoteattr(f"Step {number} of the handling")
    if number in (0, count - 1):
        tag = "endEvent" if number else "startEvent"
        return f'<{tag} id="{name}">{ends}</{tag}>'
    if number % 10 == 0:
        return f'<userTask id="{name}" name={label}>{ends}</userTask>'
    return f'<scriptTask id="{name}" name={label} scriptFormat="text/feel">{ends}<script>{number}</script></scriptTask>'


def _place(number: int) -> tuple[int, int]:
    return 150 * (number % WIDE), 120 * (number // WIDE)


def _shape(number: int, name: str, count: int) -> str:
    x, y = _place(number)
    size = (36, 36) if number in (0, count - 1) else (100, 80)
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="{size[0]}" height="{size[1]}"/>'
    return f'<bpmndi:BPMNShape id="s{number}" bpmnElement="{name}">{bounds}</bpmndi:BPMNShape>'


def _edge(number: int) -> str:
    (x, y), (to_x, to_y) = _place(number), _place(number + 1)
    points = f'<di:waypoint x="{x + 100}" y="{y + 40}"/><di:waypoint x="{to_x}" y="{to_y + 40}"/>'
    return f'<bpmndi:BPMNEdge id="e{number}" bpmnElement="f{number}">{points}</bpmndi:BPMNEdge>'


def read_and_checked(content: bytes) -> float:
    """CPU seconds of reading and checking a file, as its page does it."""
    begun = time.process_time()
    found = bpmn.read(content, file="wide.bpmn")
    spent = time.process_time() - begun
    assert not [one for one in found.diagnostics if one.severity == "error"], found.diagnostics[:3]
    (process,) = found.processes.values()
    assert len(process.elements) + len(process.flows) == ELEMENTS, "elements and flows, and the process itself"
    return spent


def _below(pid: int) -> Iterator[int]:
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in children.read_text().split():
                yield int(child)
                yield from _below(int(child))
        except OSError:  # ended meanwhile
            continue


def _browser_seconds() -> float:
    """CPU seconds of Chromium's processes until now."""
    ticks = 0
    for pid in _below(os.getpid()):
        try:
            if "chrom" not in os.readlink(f"/proc/{pid}/exe"):
                continue
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def drawn(content: bytes, rounds: int) -> list[float]:
    """CPU seconds the browser spends on the page and its picture, each time on a page of its own."""
    from playwright.sync_api import sync_playwright

    viewer = next((STATIC / "vendor").glob("bpmn-js-*"))
    files = {
        "viewer.js": (viewer / "bpmn-navigated-viewer.production.min.js").read_bytes(),
        "viewer.css": (viewer / "bpmn-js.css").read_bytes(), "diagram.css": (viewer / "diagram-js.css").read_bytes(),
        "page.js": (STATIC / "site" / "diagram.js").read_bytes(),
        "site.css": (STATIC / "site" / "anyshore.css").read_bytes(),
        "wide.bpmn": content,
        "": b"<!doctype html><link rel=stylesheet href=site.css><link rel=stylesheet href=diagram.css>"
        b"<link rel=stylesheet href=viewer.css><script src=viewer.js defer></script><script src=page.js defer></script>"
        b"<div><div class=diagram data-diagram=wide.bpmn></div><p data-diagram-status>wait</p></div>",
    }  # fmt: skip
    kinds = {"js": "text/javascript", "css": "text/css", "bpmn": "application/xml", "": "text/html"}
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for _ in range(rounds):
            page = browser.new_page()

            def serve(route: object) -> None:
                name = route.request.url.rpartition("/")[2]  # type: ignore[attr-defined]
                kind = kinds.get(name.rpartition(".")[2] if name else "", "")
                known = {"body": files[name], "content_type": kind} if name in files else {"status": 404}
                route.fulfill(**known)  # type: ignore[attr-defined]

            page.route("**/*", serve)
            before = _browser_seconds()
            page.goto("http://drawing.test/")
            page.wait_for_function(
                "document.querySelector('[data-diagram-status]').textContent === ''", timeout=120_000
            )
            page.wait_for_timeout(300)  # until it is painted
            found.append(_browser_seconds() - before)
            shapes = page.evaluate("document.querySelectorAll('g.djs-element').length")
            assert shapes >= ELEMENTS - 1, shapes
            page.close()
        browser.close()
    return found


def main() -> None:
    """Measures both sides."""
    content = model()
    reading = statistics.median(read_and_checked(content) for _ in range(ROUNDS))
    if not Path(CHROMIUM).exists():
        print(f"{ELEMENTS:,} elements read and checked in {reading:.2f} s of CPU; drawing skipped: no {CHROMIUM}")
        return
    browser = statistics.median(drawn(content, ROUNDS))
    total = reading + browser
    print(
        f"{ELEMENTS:,} elements, {len(content) / 1e6:.1f} MB: read and checked {reading:.2f} s of CPU, "
        f"drawn {browser:.2f} s in Chromium, together {total:.2f} s  goal {GOAL:.0f} s: "
        f"{'reached' if total < GOAL else 'missed'}"
    )


if __name__ == "__main__":
    main()
