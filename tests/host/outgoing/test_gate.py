"""Connections go to public addresses and to those that are listed, and to the address that was judged."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.host.outgoing import gate
from anyshore.host.outgoing.gate import Gate, OutgoingError, listed

from .servers import HERE, says, serving

INWARDS = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1",
    "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::",
    "2002:a00:1::1", "::127.0.0.1", "2001:db8::1", "2001:0:7f00:1::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INWARDS)
def test_what_leads_inwards_is_refused(address: str) -> None:
    assert not Gate().may(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are_reached(address: str) -> None:
    assert Gate().may(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="192.168.0.0/16"))
def test_no_way_of_writing_a_private_address_in_ipv6_gets_through(inner: ipaddress.IPv4Address) -> None:
    number = int(inner)
    for prefix, shift in (("::ffff:0:0", 0), ("64:ff9b::", 0), ("2002::", 80), ("::", 0)):
        written = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) + (number << shift))
        assert not Gate().may(written), written
    assert Gate(listed("10.0.0.0/8,192.168.0.0/16")).may(inner)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "017700000001", "[::1]"])
def test_names_and_spellings_of_this_machine_lead_nowhere(host: str) -> None:
    with serving(says("HTTP/1.1 200 OK\n\n")) as port, pytest.raises(OutgoingError) as refused:
        Gate().connect(host.strip("[]"), port, 2)
    assert refused.value.code in ("outgoing.refused", "outgoing.name")


def test_a_name_is_resolved_once_and_the_judged_address_is_connected_to() -> None:
    """A name server that tells a public address first and this machine afterwards (DNS rebinding) gains nothing."""
    asked = []

    def rebinding(host: str, port: int) -> list[tuple[object, ...]]:
        asked.append(host)
        address = "127.0.0.2" if len(asked) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    with serving(says("HTTP/1.1 200 OK\n\n")) as port:
        judging = Gate(listed("127.0.0.2"), rebinding)
        with pytest.raises(OutgoingError, match="does not answer"):  # the server listens on 127.0.0.1 alone
            judging.connect("rebinding.example", port, 2)
        assert asked == ["rebinding.example"]
        with pytest.raises(OutgoingError, match="address of this network"):
            judging.connect("rebinding.example", port, 2)


def test_of_several_addresses_those_that_may_be_reached_are_tried() -> None:
    with serving(says("HTTP/1.1 200 OK\n\n")) as port:
        places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in ("10.0.0.1", "127.0.0.1")]
        with Gate(HERE.listed, lambda *_: list(places)).connect("both.example", port, 2) as made:
            assert made.getpeername() == ("127.0.0.1", port)


def test_the_list_of_the_installation_is_read_when_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(gate.VARIABLE, " 10.1.0.0/16, ::1,")
    assert [str(one) for one in gate.of_installation().listed] == ["10.1.0.0/16", "::1/128"]
    monkeypatch.setenv(gate.VARIABLE, "10.1.0.0/16 intranet")
    with pytest.raises(OutgoingError, match="is no network"):
        gate.of_installation()


def test_a_name_server_that_says_nothing_does_not_hold_us() -> None:
    import threading

    silent = threading.Event()
    try:
        with pytest.raises(OutgoingError, match="did not answer in time"):
            Gate(resolve=lambda *_: silent.wait() or []).connect("slow.example", 80, 0.05)
    finally:
        silent.set()
