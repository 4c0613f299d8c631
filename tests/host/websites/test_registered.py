"""When a domain ends: registries of our own tell it, right and wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from anyshore.base.errors import DataError
from anyshore.host.outgoing.client import Client, Limits
from anyshore.host.websites.registered import looked
from tests.host.outgoing.servers import HERE, says, serving

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
SITE = "https://www.shop.example/"


def told(line: str = "200 OK", more: str = "", raw: str | None = None, **fields: Any) -> list[tuple[str, str]]:
    """Codes and weights of what is found with a registry that answers so."""
    body = {
        "objectClassName": "domain", "ldhName": "SHOP.example", "status": ["active"],
        "events": [{"eventAction": "registration", "eventDate": "2019-01-01T00:00:00Z"},
                   {"eventAction": "expiration", "eventDate": "2027-11-30T12:00:00Z"}], **fields,
    }  # fmt: skip
    text = json.dumps(body) if raw is None else raw
    answer = f"HTTP/1.1 {line}\n{more}Content-Length: {len(text)}\nConnection: close\n\n{text}"
    with serving(says(answer)) as port:
        client = Client(gate=HERE, limits=Limits(redirects=0))
        found = looked(SITE, f"http://127.0.0.1:{port}/rdap/", AT, client)
    return [(one.code, one.weight) for one in found]


def ends(moment: str) -> list[dict[str, str]]:
    return [{"eventAction": "expiration", "eventDate": moment}]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, []),
        ({"events": ends("2027-01-20T00:00:00Z")}, [("ends-soon", "fault")]),
        ({"events": ends("2026-11-30T11:59:59+00:00")}, [("ended", "fault")]),
        ({"events": ends("2026-11-30T13:30:00+02:00")}, [("ended", "fault")]),
        ({"events": []}, [("end-not-told", "person")]),
        ({"events": None, "status": None}, [("end-not-told", "person")]),
        ({"status": ["client hold", "redemption period"]}, [("client-hold", "fault"), ("redemption-period", "fault")]),
        ({"status": ["client transfer prohibited"], "nameservers": "none"}, []),
    ],
)  # fmt: skip
def test_what_a_registry_tells_leads_to_findings(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert told(**fields) == found


def test_a_domain_nobody_registered_is_told() -> None:
    assert told("404 Not Found") == [("unknown", "fault")]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"raw": "<html>"}, "JSON"), ({"raw": "[]"}, "no domain"), ({"ldhName": "other.example"}, "other.example"),
        ({"objectClassName": "entity"}, "no domain"), ({"events": ends("soon")}, "no time"),
        ({"status": None, "raw": "{}"}, "no domain"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(DataError, match=why):
        told(**given)


def test_nobody_is_asked_but_the_named_server() -> None:
    with pytest.raises(DataError, match="302") as refused:
        told("302 Found", "Location: http://other.example/domain/shop.example\n")
    assert "other.example" in (refused.value.hint or "")
    with pytest.raises(DataError, match="no domain"):
        looked("https://127.0.0.1/", "http://127.0.0.1:9/", AT)
