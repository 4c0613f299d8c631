"""The HTTP client: limits of time and size, redirects, what TLS said."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyshore.host.outgoing.client import Client, Limits
from anyshore.host.outgoing.gate import Gate, OutgoingError
from tests.draws import examples

from .servers import HERE, certified, says, serving

OK = "HTTP/1.1 200 OK\nContent-Length: 5\nX-Kind: plain\n\nhello"


def code(client: Client, url: str) -> str:
    with pytest.raises(OutgoingError) as problem:
        client.get(url)
    return problem.value.code


def test_an_answer_says_what_came_from_where() -> None:
    with serving(says(OK)) as port:
        answer = Client(HERE).get(f"http://127.0.0.1:{port}/a?b=c")
    assert (answer.status, answer.body, answer.header("X-Kind")) == (200, b"hello", "plain")
    assert [(hop.url, hop.status, hop.address, hop.tls) for hop in answer.hops] == [
        (f"http://127.0.0.1:{port}/a?b=c", 200, "127.0.0.1", None)
    ]


def test_what_is_sent_is_what_was_asked() -> None:
    heads: list[bytes] = []

    def keep(connection: socket.socket, head: bytes) -> None:
        heads.append(head)
        says(OK)(connection, head)

    with serving(keep) as port:
        client = Client(HERE, headers={"User-Agent": "me"})
        assert client.head(f"http://127.0.0.1:{port}").body == b""
        client.post(f"http://127.0.0.1:{port}/in", b"content", {"Content-Type": "text/plain"})
    assert heads[0].startswith(b"HEAD / HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"User-Agent: me\r\n" in heads[0]
    assert heads[1].startswith(b"POST /in HTTP/1.1\r\n")
    assert b"Content-Length: 7\r\n" in heads[1]


@pytest.mark.parametrize(
    ("target", "expected"),
    [("http://10.0.0.1/", "outgoing.refused"), ("http://169.254.169.254/latest/meta-data/", "outgoing.refused"),
     ("file:///etc/passwd", "outgoing.url"), ("gopher://127.0.0.1/", "outgoing.url"),
     ("http://user:secret@127.0.0.1/", "outgoing.url"), ("//10.0.0.1/x", "outgoing.refused")],
)  # fmt: skip
def test_a_redirect_goes_through_the_gate_again(target: str, expected: str) -> None:
    with serving(says(f"HTTP/1.1 302 Found\nLocation: {target}\nContent-Length: 0\n\n")) as port:
        assert code(Client(HERE), f"http://127.0.0.1:{port}/") == expected


def test_round_and_round_ends() -> None:
    with serving(says("HTTP/1.1 302 Found\nLocation: /again\nContent-Length: 0\n\n")) as port:
        assert code(Client(HERE, Limits(redirects=3)), f"http://127.0.0.1:{port}/") == "outgoing.redirects"
        told = Client(HERE, Limits(redirects=0)).get(f"http://127.0.0.1:{port}/")
        assert (told.status, told.header("location")) == (302, "/again")


def test_what_identifies_somebody_does_not_follow_elsewhere() -> None:
    heads: list[bytes] = []

    def keep(connection: socket.socket, head: bytes) -> None:
        heads.append(head)
        says(OK)(connection, head)

    with (
        serving(keep) as there,
        serving(says(f"HTTP/1.1 307 Moved\nLocation: http://127.0.0.1:{there}/\nContent-Length: 0\n\n")) as here,
    ):
        Client(HERE).post(f"http://127.0.0.1:{here}/", b"x", {"Authorization": "Bearer secret", "X-Kept": "1"})
    assert b"secret" not in heads[0]
    assert heads[0].startswith(b"POST")
    assert b"X-Kept: 1" in heads[0]


def endless(connection: socket.socket, _head: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def test_too_much_is_cut_off_while_it_comes() -> None:
    with serving(endless) as port:
        assert code(Client(HERE, Limits(body=1000)), f"http://127.0.0.1:{port}/") == "outgoing.too-large"


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\nbegun"])
def test_a_server_that_drips_is_cut_off(begun: bytes) -> None:
    """A byte now and then keeps every single wait short; the whole is bounded all the same."""
    done = threading.Event()

    def drip(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(begun)
        while not done.wait(0.02):
            connection.sendall(b"x")

    with serving(drip) as port:
        assert code(Client(HERE, Limits(seconds=0.3)), f"http://127.0.0.1:{port}/") == "outgoing.slow"
    done.set()


def test_a_body_that_breaks_off_is_no_answer() -> None:
    with serving(says("HTTP/1.1 200 OK\nContent-Length: 50\n\nhello")) as port:
        assert code(Client(HERE), f"http://127.0.0.1:{port}/") == "outgoing.broken"


def test_what_tls_said(tmp_path: Path) -> None:
    server, client = certified(tmp_path)
    with serving(says(OK), server) as port:
        answer = Client(HERE, trust=client).get(f"https://127.0.0.1:{port}/")
        tls = answer.hops[0].tls
        assert tls is not None
        assert tls.version == "TLSv1.3"
        assert len(tls.digest) == 64
        assert tls.certificate["subjectAltName"] == (("IP Address", "127.0.0.1"),)
        assert code(Client(HERE), f"https://127.0.0.1:{port}/") == "outgoing.tls"


def test_a_certificate_for_another_name_is_not_trusted(tmp_path: Path) -> None:
    server, client = certified(tmp_path, "127.0.0.9")
    with serving(says(OK), server) as port:
        assert code(Client(HERE, trust=client), f"https://127.0.0.1:{port}/") == "outgoing.tls"


@pytest.mark.parametrize(
    "url", ["", "x", "ftp://a.example/", "http://", "http:///x", "http://a.example:0/", "http://a.example:99999/",
            "http://a b.example/", "http://a.example/\r\nX: y", "https://me@a.example/", "http://[::1/", "http://ä.de/"]
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    assert code(Client(Gate()), url) == "outgoing.url"


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert code(Client(HERE), f"http://127.0.0.1:{taken.getsockname()[1]}/") == "outgoing.unreachable"


@settings(max_examples=examples(40))
@given(st.binary(max_size=200))
def test_whatever_comes_back_is_an_answer_or_a_typed_error(noise: bytes) -> None:
    with serving(lambda connection, _head: connection.sendall(noise)) as port, contextlib.suppress(OutgoingError):
        Client(HERE, Limits(seconds=5, redirects=0)).get(f"http://127.0.0.1:{port}/")


@given(st.text(max_size=60))
def test_whatever_is_asked_for_is_refused_or_none(text: str) -> None:
    client = Client(Gate(resolve=lambda *_: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80))]))
    for url in (text, f"http://{text}", f"http://a.example/{text}", f"http://a.example:{text}/"):
        with pytest.raises(OutgoingError):
            client.get(url)
