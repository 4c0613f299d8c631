"""Chains of X.509 certificates with their verdict (x509-limbo).

What a case is called tells whose rules it is about: ``webpki::`` the browsers', anything else those of RFC 5280.

python -m conformance.certificates [data folder]
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from anyshore.website.certificates import chains
from anyshore.website.certificates.findings import Profile
from conformance import folders
from conformance.scores import Score

Case = tuple[str, dict[str, Any], Callable[[], str]]
GRAVE = ("high", "critical")
KEYS = {"peer_certificate", "trusted_certs", "expected_result"}
PEER = "expected_peer_name"


def run(data: Path) -> Score:
    """Runs the suite; halves are counted apart, and what is important.

    Args:
        data: the folder of all data, or any folder of such files.
    """
    score = Score("certificates", 0, 0)
    counts: Counter[str] = Counter()
    for file in folders.files(folders.of_suite(data, "certificates"), ".json"):
        for name, case, check in folders.told(
            lambda file=file: list(_cases(file)), lambda reason: [("", {}, lambda: reason)]
        ):
            wrong = folders.told(check, lambda reason: reason)
            score.total += 1
            score.passed += not wrong
            if wrong:
                score.failed.append(f"{file.name}: {name}: {wrong}")
            for half in _halves(case):
                counts[f"{half} of"] += 1
                counts[half] += not wrong
    halves = ("SUCCESS", "FAILURE", "high or critical", "with revocation lists")
    score.extra = {one: f"{counts[one]} of {counts[f'{one} of']}" for one in halves}
    return score


def _halves(case: dict[str, Any]) -> Iterator[str]:
    yield str(case.get("expected_result"))
    if case.get("importance") in GRAVE:
        yield "high or critical"
    if case.get("crls"):
        yield "with revocation lists"


def _cases(file: Path) -> Iterator[Case]:
    listed = json.loads(file.read_text(encoding="utf-8"))
    if isinstance(listed, dict):
        listed = listed.get("testcases", [])
    for number, one in enumerate(listed, start=1):
        if isinstance(one, dict) and one.keys() >= KEYS:
            yield str(one.get("id", number)), one, lambda one=one: _check(one)


def _check(case: dict[str, Any]) -> str:
    found = chains.judge(_material(case), _question(case))
    result = "SUCCESS" if found.holds else "FAILURE"
    if result == case["expected_result"]:
        return ""
    reasons = "; ".join(f"{one.reason} [{one.section}]" for one in found.findings if one.grave)
    return f"{result} instead of {case['expected_result']}: {reasons or 'nothing found'}"


def _material(case: dict[str, Any]) -> chains.Material:
    def all_of(key: str) -> list[bytes]:
        return [one.encode() for one in case.get(key) or ()]

    return chains.Material(
        case["peer_certificate"].encode(), all_of("untrusted_intermediates"), all_of("trusted_certs"), all_of("crls")
    )  # fmt: skip


def _question(case: dict[str, Any]) -> chains.Question:
    told = case.get("validation_time")
    moment = datetime.fromisoformat(told).astimezone(UTC) if told else datetime.now(UTC)
    peers = [case[PEER]] if case.get(PEER) else case.get("expected_peer_names") or []
    return chains.Question(
        moment=moment,
        names=tuple(one["value"] for one in peers),
        profile=Profile.WEBPKI if str(case.get("id", "")).startswith("webpki::") else Profile.RFC5280,
        use=chains.CLIENT if case.get("validation_kind") == "CLIENT" else chains.SERVER,
        key_uses=tuple(_snake(one) for one in case.get("key_usage") or ()),
        intermediates=case.get("max_chain_depth"),
    )


def _snake(word: str) -> str:
    """``cRLSign`` as the library writes it: ``crl_sign``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word.replace("cRL", "crl")).lower()


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
