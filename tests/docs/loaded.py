"""What the commands of the pages load that needs no settings; the fork server of ``test_examples`` loads it once."""

from __future__ import annotations

from importlib import import_module

from anyshore.activities import families
from anyshore.terms import calendars

NEEDED = (
    "allauth.utils", "anyshore.analysis.steps", "anyshore.cli.output", "anyshore.entities.linkage",
    "anyshore.host.driver", "anyshore.knowledge.queue", "anyshore.packs.reading", "django.core.management",
    "django.db.migrations.executor", "django.db.models", "django.forms", "django.http", "django.template.engine",
    "django.test", "django.urls", "pydantic", "requests", "scipy.optimize", "scipy.stats",
    "sklearn.feature_extraction.text", "sklearn.svm",
)  # fmt: skip

for module in NEEDED:
    import_module(module)
len(families.ACTIVITIES)  # which loads every family
calendars.known_regions()  # which loads every country
