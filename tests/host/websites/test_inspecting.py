"""A site under TLS on this machine: up or not, and what of its certificate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from anyshore.host.outgoing.client import Limits
from anyshore.host.websites.agreed import Agreed
from anyshore.host.websites.inspecting import inspect
from anyshore.host.websites.looking import Looking
from tests.host.outgoing.servers import HERE, certified, says, serving

OK = "HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 5\n\nhello"


def test_a_certificate_is_judged_also_where_the_site_is_up(tmp_path: Path) -> None:
    server, client = certified(tmp_path)
    with serving(says(OK), server) as port:
        how = Looking(gate=HERE, trust=client, limits=Limits(seconds=5), pause=0)
        found = inspect(f"https://127.0.0.1:{port}/", datetime.now(UTC), how, trusted=())
        late = inspect(f"https://127.0.0.1:{port}/", datetime.now(UTC) + timedelta(days=9), how, trusted=())
    assert found.look.up
    assert found.looked == ("uptime", "certificate")
    codes = {one.code for one in found.findings}
    assert {"self-signed", "ends-soon"} <= codes
    assert "expired" in {one.code for one in late.findings}


def test_a_site_that_is_down_is_a_finding() -> None:
    with serving(says(OK)) as port:
        pass
    found = inspect(f"https://127.0.0.1:{port}/", datetime.now(UTC), Looking(gate=HERE, pause=0))
    assert [(one.check, one.code) for one in found.findings] == [("uptime", "down")]
    assert found.looked == ("uptime",)


def test_a_page_gets_only_what_agreed_hosts_hold() -> None:
    with serving(says("HTTP/1.1 302 X\nLocation: http://other.example/x\nContent-Length: 0\n\n")) as port:
        with Agreed(frozenset({f"127.0.0.1:{port}"}), gate=HERE) as fetch:
            assert fetch(f"http://127.0.0.1:{port}/") is None
            assert fetch("http://cdn.example/x.js") is None
        assert fetch.refused == {"other.example", "cdn.example"}
    with serving(says(OK)) as port, Agreed(frozenset({f"127.0.0.1:{port}"}), gate=HERE) as fetch:
        found = fetch(f"http://127.0.0.1:{port}/")
    assert found is not None
    assert (found.status, found.body, found.headers) == (200, b"hello", {"content-type": "text/plain"})
