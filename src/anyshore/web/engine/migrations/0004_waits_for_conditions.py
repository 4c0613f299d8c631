"""Waits for conditions are found by name, too: by them a starter hears what is reported."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0003_instance_numbers"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="wait",
            name="engine_wait_heard",
        ),
        migrations.AddIndex(
            model_name="wait",
            index=models.Index(
                condition=models.Q(("kind__in", ["message", "signal", "condition"])),
                fields=["engagement", "name", "key"],
                name="engine_wait_heard",
            ),
        ),
    ]
