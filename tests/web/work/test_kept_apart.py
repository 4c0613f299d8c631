"""Who did the part before is neither offered the next one nor may take it."""

from __future__ import annotations

from typing import Any

import pytest

from anyshore.web.core.errors import Denied
from anyshore.web.core.models import Credential
from anyshore.web.engine.models import Wait
from anyshore.web.work import actions, queries

pytestmark = pytest.mark.django_db(transaction=True)


def test_whoever_decided_to_book_does_not_call_back_too(world: Any) -> None:
    agent, other = world.people["agent"], world.people["idle"]
    number = world.start("14-changed-account-ubl.xml")
    decided = Wait.objects.get(instance=number, element="clarify")
    actions.take(agent, number, decided.wait)
    actions.complete(agent, number, decided.wait, {"decision": "book", "note": "Their letter says so"})
    world.host.work()
    call = Wait.objects.get(instance=number, element="call")
    assert actions.pull(agent) is None
    with pytest.raises(Denied):
        actions.take(agent, number, call.wait)
    world.engagement.assignments.create(person=other)
    held = Credential.objects.get(person=agent)
    Credential.objects.create(
        person=other, kind=held.kind, subject=held.subject, valid_from=held.valid_from, verified_by=held.verified_by
    )
    assert [one.row.wait for one in queries.desk(other).waiting] == [call.wait]
    assert actions.pull(other) == (number, call.wait)
