from django.db import migrations


class Migration(migrations.Migration):
    """The record of walls has a room of its own: only Django's picture of it changes, the tables stay as they are."""

    dependencies = [
        ("cases", "0002_parties"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name="Wall"),
                migrations.DeleteModel(name="Interest"),
                migrations.DeleteModel(name="Party"),
                migrations.DeleteModel(name="Access"),
                migrations.DeleteModel(name="Staff"),
                migrations.DeleteModel(name="Seal"),
            ],
        ),
    ]
