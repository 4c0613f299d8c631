"""The app as Django knows it."""

from django.apps import AppConfig


class ForecastsConfig(AppConfig):
    """Forecasts and their calibration."""

    name = "anyshore.web.forecasts"
    label = "forecasts"
