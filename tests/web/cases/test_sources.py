"""New versions of sources, and what they do to findings."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.web.contract import PACK, SAMPLE

from anyshore.base.errors import DataError
from anyshore.web.cases import deliverable, findings
from anyshore.web.cases import sources as source_actions
from anyshore.web.core.errors import Invalid


def test_a_new_version_makes_findings_stale_until_they_are_anchored_again(desk: Any) -> None:
    desk.review("lead", "first_review")
    desk.review("second", "second_review")
    lead, engagement = desk.person("lead"), desk.world.client.bought.get(key="contract-review")
    old = next(iter(findings.sources(desk.case())))
    text = (PACK / "samples" / SAMPLE).read_text(encoding="utf-8")
    changed = "PREAMBLE\n\n" + text.replace("ninety (90) days", "thirty (30) days")
    source_actions.replace(lead, desk.number, old, "contract-v2.txt", changed.encode())
    [change] = source_actions.changes(desk.case())
    assert len(change.stale) == 7
    assert [one.claim for one in change.proposals if one.refusal] == ["Notice Period To Terminate Renewal"]
    with pytest.raises(DataError, match="source that changed"):
        deliverable.report(desk.case(), engagement)
    assert desk.world.browser("lead").get(reverse("case-sources", args=[desk.number])).status_code == 200
    assert source_actions.reanchor(lead, desk.number) == 6
    [change] = source_actions.changes(desk.case())
    assert [one.claim for one in change.stale] == ["Notice Period To Terminate Renewal"]
    with pytest.raises(Invalid):
        source_actions.replace(lead, desk.number, old, "again.txt", changed.encode())
