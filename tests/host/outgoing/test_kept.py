"""Connections that stay open, and what a server shows of itself."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509

from anyshore.host.outgoing import shown
from anyshore.host.outgoing.client import Limits
from anyshore.host.outgoing.gate import Gate, OutgoingError
from anyshore.host.outgoing.kept import Kept

from .servers import HERE, certified, says, serving

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"


def stays(count: list[int], most: int = 99):  # type: ignore[no-untyped-def]
    """A server that answers on one connection again and again, and ends it silently after so many answers."""

    def talk(connection: socket.socket, head: bytes) -> None:
        count.append(1)
        for _ in range(most):
            connection.sendall(OK)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(4096)
                if not piece:
                    return
                head += piece

    return talk


def test_a_connection_is_made_once() -> None:
    made: list[int] = []
    with serving(stays(made)) as port, Kept(HERE) as line:
        for _ in range(5):
            assert line.ask(f"http://127.0.0.1:{port}/").body == b"hello"
    assert len(made) == 1


def test_one_that_ended_while_it_rested_is_made_anew() -> None:
    made: list[int] = []
    with serving(stays(made, most=2)) as port, Kept(HERE) as line:
        for _ in range(5):
            assert line.ask(f"http://127.0.0.1:{port}/").status == 200
    assert len(made) == 3


def test_a_redirect_is_an_answer() -> None:
    with serving(says("HTTP/1.1 301 Moved\nLocation: /b\nContent-Length: 0\n\n")) as port, Kept(HERE) as line:
        reply = line.ask(f"http://127.0.0.1:{port}/")
    assert (reply.status, reply.location) == (301, "/b")


@pytest.mark.parametrize(
    ("text", "code"),
    [("nonsense", "outgoing.broken"), ("HTTP/1.1 200 OK\nContent-Length: 9\n\nx", "outgoing.broken"),
     ("HTTP/1.1 200 OK\nContent-Length: 2000\n\n" + "x" * 2000, "outgoing.too-large")],
)  # fmt: skip
def test_what_is_no_answer_is_told(text: str, code: str) -> None:
    with serving(says(text)) as port, Kept(HERE, Limits(body=1000)) as line, pytest.raises(OutgoingError) as problem:
        line.ask(f"http://127.0.0.1:{port}/")
    assert problem.value.code == code


def test_a_server_that_keeps_one_waiting_is_cut_off() -> None:
    free = threading.Event()

    def drips(connection: socket.socket, _head: bytes) -> None:
        while not free.is_set():
            connection.sendall(b"HTTP/1.1 200 OK\r\n"[:1])
            free.wait(0.05)

    begun = time.monotonic()
    with serving(drips) as port, Kept(HERE, Limits(seconds=0.5)) as line:
        with pytest.raises(OutgoingError) as problem:
            line.ask(f"http://127.0.0.1:{port}/")
        free.set()
    assert problem.value.code == "outgoing.slow"
    assert time.monotonic() - begun < 20


def test_the_gate_judges_every_connection() -> None:
    with Kept(Gate()) as line, pytest.raises(OutgoingError) as problem:
        line.ask("http://127.0.0.1:9/")
    assert problem.value.code == "outgoing.refused"


def test_certificates_a_server_shows_are_told_sound_or_not(tmp_path: Path) -> None:
    server, _ = certified(tmp_path)
    with serving(says("HTTP/1.1 200 OK\n\n"), server) as port:
        found = shown.certificates("127.0.0.1", port, gate=HERE)
    [leaf] = [x509.load_der_x509_certificate(one) for one in found]
    assert leaf.subject.rfc4514_string() == "CN=a test"
    with serving(says("HTTP/1.1 200 OK\n\n")) as port, pytest.raises(OutgoingError) as problem:
        shown.certificates("127.0.0.1", port, seconds=2, gate=HERE)
    assert problem.value.code == "outgoing.tls"
