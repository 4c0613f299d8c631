"""The pictures of README and docs, taken anew: a demonstration in a folder of its own, its pages in a real browser.

``make pictures`` runs it; it needs Chromium (``ANYSHORE_CHROMIUM``, default /usr/bin/chromium).
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent / "images"
CHROMIUM = os.environ.get("ANYSHORE_CHROMIUM", "/usr/bin/chromium")
ANYSHORE = str(Path(sys.executable).with_name("anyshore"))

# the picture: who looks, from which page they go, which links they follow, how tall it is
PICTURES: dict[str, tuple[str, str, tuple[str, ...], int]] = {
    "home": ("max", "/", (), 1000),
    "work-item": ("ada", "/work/", ("[data-key=n]", "table.stack tbody tr:nth-child(1) th a"), 1000),
    "scorecard": ("olga", "/engagements/payables/", (), 900),
    "portfolio": ("olga", "/sourcing/", ("main .card a",), 900),
    "case-board": ("emil", "/cases/?engagement=contract-review", ("main table tbody th a",), 1000),
}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _answers(address: str) -> None:
    for _try in range(120):
        try:
            with urlopen(f"{address}/health/live", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"{address} does not answer")


def _signed_in(browser: Any, address: str, email: str, password: str) -> Any:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en", timezone_id="Europe/Berlin")
    page = context.new_page()
    page.goto(f"{address}/sign-in/")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_selector("nav")
    return page


def _take(page: Any, address: str, name: str) -> None:
    _who, path, links, height = PICTURES[name]
    page.goto(address + path)
    for link in links:
        found = page.locator(link).first
        if found.count():
            found.click()
            page.wait_for_load_state("networkidle")
            if re.search(r"/work/\d+/", page.url):
                break
    page.set_viewport_size({"width": 1280, "height": height})
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png: {page.url.removeprefix(address)}")


def main() -> None:
    """Takes every picture."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"ANYSHORE_HOME": home}
        subprocess.run([ANYSHORE, "demo", *sys.argv[1:]], env=environment, check=True, stdout=subprocess.DEVNULL)
        accounts = json.loads((Path(home) / "demonstration-accounts.json").read_text(encoding="utf-8"))
        port = _free_port()
        address = f"http://127.0.0.1:{port}"
        command = [ANYSHORE, "serve", "--port", str(port), "--no-worker", "--processes", "1"]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            _answers(address)
            with sync_playwright() as started:
                browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                for name, (who, *_rest) in PICTURES.items():
                    email = next(one for one in accounts if one.startswith(f"{who}@"))
                    page = _signed_in(browser, address, email, accounts[email])
                    _take(page, address, name)
                    page.context.close()
                browser.close()
        finally:
            server.terminate()
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
