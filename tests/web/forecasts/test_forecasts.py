"""Forecasts: noted, resolved, scored."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from anyshore.base.errors import CommandRejected
from anyshore.web.forecasts import actions as forecast_actions
from anyshore.web.forecasts.models import Forecast


def test_forecasts_are_noted_resolved_and_scored(desk: Any) -> None:
    lead, browser = desk.person("lead"), desk.world.browser("lead")
    for event, probability, outcome in (("A", 0.9, True), ("B", 0.2, False), ("C", 0.7, False)):
        made = forecast_actions.make(lead, desk.number, "litigation", event, probability, "2026-12-31")
        forecast_actions.resolve(lead, desk.number, made.pk, outcome)
        with pytest.raises(CommandRejected):
            forecast_actions.resolve(lead, desk.number, made.pk, not outcome)
    page = browser.get(reverse("forecasts")).content.decode()
    assert "0.1800" in page  # (0.01 + 0.04 + 0.49) / 3
    assert "<svg" in page
    address = reverse("case-forecasts", args=[desk.number])
    for wrong in ({"probability": "2"}, {"probability": "often"}, {"resolves": "2020-01-01"}, {"event": ""}):
        given = {"topic": "t", "event": "e", "probability": "0.5", "resolves": "2026-12-31"} | wrong
        assert browser.post(address, given).status_code == 422
    assert Forecast.objects.count() == 3
