from django.db import migrations


class Migration(migrations.Migration):
    """What is no blinded review has rooms of its own: only Django's picture changes, the tables stay as they are."""

    dependencies = [
        ("review", "0003_given_places"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name="Notification"),
                migrations.DeleteModel(name="Comment"),
                migrations.DeleteModel(name="Checkpoint"),
                migrations.DeleteModel(name="Relevance"),
                migrations.DeleteModel(name="SetDocument"),
                migrations.DeleteModel(name="DocumentSet"),
                migrations.DeleteModel(name="Forecast"),
                migrations.DeleteModel(name="Profile"),
            ],
        ),
    ]
