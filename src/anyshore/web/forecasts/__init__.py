"""Forecasts of experts, and how good they were."""
