"""The server stops when it is asked to, and what waits for it ends with it."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from anyshore.web.site import serving


@pytest.mark.parametrize("ends", ["asked", "by itself"])
def test_waiting_for_the_server_ends(ends: str) -> None:
    stop = threading.Event()
    seconds = "60" if ends == "asked" else "0"
    with subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({seconds})"]) as server:
        if ends == "asked":
            stop.set()
        serving.wait_until(stop, server)
        assert (server.poll() is None) == (ends == "asked")
        server.terminate()
