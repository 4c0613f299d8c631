"""A crawl of 10,000 pages on this machine beside linkinator 7.6 (MIT, npm): the same broken addresses, and how fast.

Both crawl the same server, a process of Node.js that reads the pages from a folder. Ours honours robots.txt, goes
through the gate, and keeps the line of every place. Without npm only
ours is measured.

Run: ``python -m benchmarks.website_crawl [PAGES]``.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anyshore.host.outgoing.gate import Gate, listed
from anyshore.host.websites.crawling import Pace, crawl
from anyshore.website.crawl.crawling import Plan

PAGES = 10_000
LINKINATOR = "linkinator@7.6"
SERVER = """
const http = require("http"), fs = require("fs"), path = require("path");
http.createServer((asked, answer) => {
  let name = decodeURIComponent(new URL(asked.url, "http://x").pathname);
  if (name.endsWith("/")) name += "index.html";
  fs.readFile(path.join(process.argv[1], name), (failed, content) => {
    if (failed) { answer.writeHead(404); answer.end(); return; }
    const kind = name.endsWith(".html") ? "text/html; charset=utf-8" : "application/octet-stream";
    answer.writeHead(200, {"content-type": kind, "content-length": content.length});
    asked.method === "HEAD" ? answer.end() : answer.end(content);
  });
}).listen(+process.argv[2], "127.0.0.1");
"""


def main() -> None:
    """Prints the figures."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), pages)
        with _serving(Path(folder)) as port:
            ours, seconds, cpu = _ours(port, pages)
            print(f"ours       {pages:,} pages: {seconds:6.1f} s, {cpu:6.1f} s of CPU, {len(ours)} broken addresses")
            theirs = _theirs(port) if shutil.which("npx") else None
    if theirs is None:
        print("linkinator: no npx on this machine")
        return
    broken, their_seconds, their_cpu = theirs
    print(f"{LINKINATOR} {' ':14}: {their_seconds:6.1f} s, {their_cpu:6.1f} s of CPU, {len(broken)} broken addresses")
    same = "yes" if broken == ours else f"no, {sorted(broken ^ ours)[:10]}"
    print(f"the same addresses: {same}; {their_seconds / seconds:.1f} times as fast")


def _write(folder: Path, pages: int) -> None:
    """Pages that link to ten others each, some to nothing; the same every time."""
    for number in range(pages):
        chance = random.Random(number)
        near = [(number * 10 + step) % pages for step in range(10)] + [chance.randrange(pages)]
        links = "".join(f'<li><a href="p{one}.html">page {one}</a> {"words of a page " * 12}</li>\n' for one in near)
        odd = f'<a href="gone{number}.html">gone</a>' if number % 50 == 0 else ""
        odd += '<img src="none.png" alt="">' if number % 77 == 0 else ""
        text = f"<!doctype html><html lang=en><title>{number}</title><h1>{number}</h1><ul>{links}</ul>{odd}</html>"
        (folder / f"p{number}.html").write_text(text)
    shutil.copyfile(folder / "p0.html", folder / "index.html")


@contextmanager
def _serving(folder: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    node = shutil.which("node")
    python = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    command = [node, "-e", SERVER, str(folder), str(port)] if node else python
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            time.sleep(0.1)
            with socket.socket() as there:
                if there.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield port
    finally:
        server.terminate()
        server.wait()


def _ours(port: int, pages: int) -> tuple[set[str], float, float]:
    host = f"127.0.0.1:{port}"
    plan = Plan((f"http://{host}/",), frozenset({host}), pages=10 * pages, depth=1_000)
    before, cpu = time.monotonic(), time.process_time()
    found = crawl(plan, Pace(at_once=4, per_second=None, seconds=3600), Gate(listed("127.0.0.1")))
    broken = {one.subject for one in found.findings() if one.code == "broken"}
    return broken, time.monotonic() - before, time.process_time() - cpu


def _theirs(port: int) -> tuple[set[str], float, float]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "install", "--silent", "--prefix", folder, LINKINATOR], check=True, capture_output=True)
        command = [
            f"{folder}/node_modules/.bin/linkinator",
            f"http://127.0.0.1:{port}/",
            "--recurse",
            "--format",
            "json",
        ]
        before, cpu = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        done = subprocess.run(command, capture_output=True, check=False)
        seconds = time.monotonic() - before
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {one["url"] for one in json.loads(done.stdout)["links"] if one["state"] == "BROKEN"}
    return found, seconds, used.ru_utime - cpu


if __name__ == "__main__":
    main()
