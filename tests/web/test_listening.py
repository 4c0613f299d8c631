"""A taken port is said before a server starts; who can be reached without HTTPS is warned."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from anyshore.base.errors import HostError
from anyshore.web.site.listening import answers, check_free, open_warning


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield one.getsockname()[1]


def test_a_port_somebody_listens_on_is_taken(taken: int) -> None:
    with pytest.raises(HostError, match=f"Port {taken} is taken") as caught:
        check_free("127.0.0.1", taken)
    assert caught.value.code == "serve.port-taken"
    assert "--port" in caught.value.hint


def test_a_free_port_is_free(taken: int) -> None:
    check_free("127.0.0.1", 0)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(HostError) as caught:
        check_free("192.0.2.1", 8000)
    assert caught.value.code == "serve.no-address"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost", "127.8.0.1"])
def test_what_only_this_machine_reaches_needs_no_warning(address: str) -> None:
    assert open_warning(address, secure=False) is None


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.1", "server.example"])
def test_what_others_reach_without_https_is_warned_of(address: str) -> None:
    assert "HTTPS" in (open_warning(address, secure=False) or "")
    assert open_warning(address, secure=True) is None


def test_nobody_waits_for_a_server_that_has_ended() -> None:
    assert answers("127.0.0.1", 1, lambda: True) is False
