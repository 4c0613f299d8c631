from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_tokens_end")]

    operations = [
        migrations.AddField("person", "zone", models.CharField("Time zone", blank=True, default="", max_length=64)),
    ]
