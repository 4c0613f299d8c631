"""What is said of an engagement that is not there."""

from __future__ import annotations

import pytest
from tests.web.conftest import World

from anyshore.base.errors import TermsError
from anyshore.web.site import services


def test_an_unknown_engagement_names_those_there_are(world: World) -> None:
    with pytest.raises(TermsError, match="no engagement 'payable'") as found:
        services.named("payable")
    assert found.value.hint == "There are: payables, rival-payables. Sign another: anyshore engage TERMS."


@pytest.mark.django_db
def test_where_none_is_there_the_way_to_one_is_told() -> None:
    assert services.unknown("x").hint == "Sign it first: anyshore engage TERMS."
