"""A run of direct debits through the receivables service: proposed, signed, ordered; or held back."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from anyshore import feel
from anyshore.activities.common.direct_debit import NAMESPACE
from anyshore.activities.families import ACTIVITIES
from anyshore.host.driver import Host
from anyshore.host.intake import reference_data
from anyshore.host.memory import MemoryStore
from anyshore.kernel.commands import Resolve
from anyshore.kernel.state import ROOT
from anyshore.packs import reading

PACK = reading.named("receivables")


@pytest.fixture
def host() -> Host:
    found = Host(MemoryStore(rollback=False), ACTIVITIES, clock=lambda: 1_773_000_000_000_000, worker="test")
    found.deploy(PACK.id, PACK.definitions)
    for kind, reference in PACK.references.items():
        file = PACK.samples / reference.file
        if file.exists():
            reference_data.load(found, "e", kind, reference.read(file.read_bytes(), file.name), file.name)
    return found


def collect(host: Host) -> int:
    days = {name: feel.compile(f'date("{day}")').evaluate({}) for name, day in DAYS.items()}
    number = host.start(PACK.starts, {"task": "collect", **days}, engagement="e", service=PACK.id)
    host.work()
    return number


DAYS = {"day": "2026-03-09", "until": "2026-03-31"}


def variables(host: Host, number: int) -> dict[str, Any]:
    return dict(host.state(number).variables.get(ROOT, {}))


def sign(host: Host, number: int, decision: str) -> dict[str, Any]:
    (wait,) = [one for one in host.state(number).waits.values() if one.data.get("element") == "sign"]
    answers = {"decision": decision, "note": "as agreed"}
    host.execute(number, Resolve(at=host.clock(), by="max@provider.example", wait=wait.id, variables=answers))
    host.work()
    return variables(host, number)


def test_a_run_is_proposed_signed_and_ordered_once(host: Host) -> None:
    number = collect(host)
    proposal = variables(host, number)["proposal"]
    debits = {one["invoice"]: (str(one["day"]), one["sequence"], one["scheme"]) for one in proposal["debits"]}
    assert debits == {"RE-106": ("2026-03-23", "RCUR", "B2B"), "RE-107": ("2026-03-23", "RCUR", "B2B")}
    assert {one["invoice"]: one["why"] for one in proposal["left"]} == {
        "RE-101": "rests", "RE-103": "mandate expired", "RE-104": "rests",
    }  # fmt: skip
    ordered = sign(host, number, "sign")
    assert ordered["outcome"] == "debits ordered"
    root = etree.fromstring(ordered["run"]["file"])
    assert [one.text for one in root.iter(f"{{{NAMESPACE}}}EndToEndId")] == ["RE-106", "RE-107"]
    again = collect(host)
    assert variables(host, again)["proposal"]["debits"] == []
    assert sign(host, again, "sign")["outcome"] == "debits held back"


def test_what_nobody_signs_is_not_collected(host: Host) -> None:
    number = collect(host)
    held = sign(host, number, "hold")
    assert (held["outcome"], held.get("run")) == ("debits held back", None)
    assert variables(host, collect(host))["proposal"]["debits"] != []
