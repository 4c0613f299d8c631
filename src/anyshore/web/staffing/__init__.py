"""Experts to open cases: who may, who can, who did well."""
