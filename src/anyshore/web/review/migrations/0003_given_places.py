from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef


def given(apps: Any, schema_editor: Any) -> None:
    """Whoever gave a review has its place for good, also by the record of staff."""
    staff, reviewers = apps.get_model("walls", "Staff"), apps.get_model("review", "Reviewer")
    alias = schema_editor.connection.alias
    of = reviewers.objects.using(alias).filter(
        review__case=OuterRef("case"), person=OuterRef("person"), place=OuterRef("role")
    )
    staff.objects.using(alias).filter(Exists(of), taken=True).update(taken=False)


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0002_places"),
        ("walls", "0001_record"),
    ]

    operations = [
        migrations.RunPython(given, migrations.RunPython.noop),
    ]
