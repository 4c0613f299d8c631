"""Where a result comes from, in PROV-JSON (W3C PROV-DM; PROV-JSON, Member Submission of 24 April 2013)."""

from __future__ import annotations

import platform
from collections.abc import Mapping

import numpy as np
import scipy

import anyshore
from anyshore.analysis.results import METHOD
from anyshore.base import canonical

_NAMESPACE = "urn:anyshore:analysis:"
_USED = {
    "check": ("data", "contract"), "run": ("question", "data", "plan"), "run-again": ("data", "plan"),
    "compare": ("results", "results-again"), "conclude": ("results", "question"),
}  # fmt: skip
_MADE = {"results": "run", "results-again": "run-again", "findings": "conclude"}
_BY = {"check": "method", "run": "method", "run-again": "another-person", "compare": "method", "conclude": "analyst"}
_FROM = {"results": ("data", "plan"), "results-again": ("data", "plan"), "findings": ("results",)}


def versions() -> Mapping[str, str]:
    """What computes: program and library, and its version."""
    return {
        "anyshore": anyshore.__version__, "python": platform.python_version(), "numpy": np.__version__,
        "scipy": scipy.__version__,
    }  # fmt: skip


def sealed(question: str, decision: str) -> str:
    """The digest that fixes a question and the decision that hangs on it."""
    return canonical.digest({"question": question, "decision": decision})


def record(digests: Mapping[str, str], *, seal: str, again: str, findings: int) -> str:
    """The chain from the question to the findings, as a text in PROV-JSON, canonical.

    Args:
        digests: SHA-256 of ``data``, ``contract``, ``plan`` and ``results``.
        seal: of question and decision.
        again: digest of what the other person's run gave.
        findings: how many rest on the results.
    """
    entities = {f"as:{name}": {"as:sha256": digest} for name, digest in digests.items()}
    entities["as:question"] = {"as:sha256": seal}
    entities["as:results-again"] = {"as:sha256": again}
    entities["as:findings"] = {"as:count": str(findings)}
    software = {f"as:{name}": version for name, version in versions().items()}
    return canonical.encode({
        "prefix": {"as": _NAMESPACE},
        "entity": entities,
        "activity": {f"as:{name}": {} for name in _USED},
        "agent": {
            "as:method": {"prov:type": "prov:SoftwareAgent", "as:version": METHOD, **software},
            "as:analyst": {"prov:type": "prov:Person"},
            "as:another-person": {"prov:type": "prov:Person"},
        },
        **_relations(),
    }).decode()  # fmt: skip


def _relations() -> dict[str, dict[str, dict[str, str]]]:
    return {
        "used": {
            f"_:used-{name}-{one}": {"prov:activity": f"as:{name}", "prov:entity": f"as:{one}"}
            for name, things in _USED.items() for one in things
        },
        "wasGeneratedBy": {
            f"_:made-{one}": {"prov:entity": f"as:{one}", "prov:activity": f"as:{name}"} for one, name in _MADE.items()
        },
        "wasAssociatedWith": {
            f"_:by-{name}": {"prov:activity": f"as:{name}", "prov:agent": f"as:{one}"} for name, one in _BY.items()
        },
        "wasDerivedFrom": {
            f"_:from-{one}-{source}": {"prov:generatedEntity": f"as:{one}", "prov:usedEntity": f"as:{source}"}
            for one, sources in _FROM.items() for source in sources
        },
    }  # fmt: skip
