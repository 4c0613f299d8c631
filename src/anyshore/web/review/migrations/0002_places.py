from django.db import migrations, models


def fill(apps, schema_editor):
    """Reviews from before have the places their reviewers took; all of them had the same."""
    database = schema_editor.connection.alias  # the one that is migrated, which need not be the default one
    taken = apps.get_model("review", "Reviewer").objects.using(database).values_list("place", flat=True)
    places = sorted(set(taken))
    apps.get_model("review", "Review").objects.using(database).update(places=places)


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="places",
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
