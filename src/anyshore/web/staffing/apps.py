"""The app as Django knows it."""

from django.apps import AppConfig


class StaffingConfig(AppConfig):
    """Experts to open cases."""

    name = "anyshore.web.staffing"
    label = "staffing"
