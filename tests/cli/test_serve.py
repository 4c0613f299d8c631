"""The server stops when it is asked to, with and without a worker."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from typer.testing import CliRunner

from anyshore.cli import serve
from anyshore.cli.main import app


@pytest.mark.parametrize("ends", ["asked", "by itself"])
def test_waiting_for_the_server_ends(ends: str) -> None:
    stop = threading.Event()
    seconds = "60" if ends == "asked" else "0"
    with subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({seconds})"]) as server:
        if ends == "asked":
            stop.set()
        serve.wait_until(stop, server)
        assert (server.poll() is None) == (ends == "asked")
        server.terminate()


@pytest.mark.parametrize("port", ["0", "80000", "-1"])
def test_a_port_that_is_none_is_refused_before_anything_starts(port: str) -> None:
    answer = CliRunner().invoke(app, ["serve", "--port", port])
    assert answer.exit_code == 2
    assert "Invalid value for '--port'" in answer.output
    assert "Anyshore is at" not in answer.output
