"""Tokens end, have a purpose and say when they were used; who has a password somebody else chose has to change it."""

from datetime import timedelta

import django.utils.timezone
from django.db import migrations, models

LASTS = timedelta(days=90)
"""How long tokens go on that had no end."""
ALL = ["bill", "manage", "operate", "read", "sign", "work"]
"""What tokens were for that had no purpose."""


def end_tokens(apps, schema_editor):
    """Tokens made before have all their person's rights, as they had, and end."""
    token = apps.get_model("core", "ApiToken")
    token.objects.using(schema_editor.connection.alias).update(scopes=ALL, expires=django.utils.timezone.now() + LASTS)


def mark_handed(apps, schema_editor):
    """Whose password was last set by somebody else, as far as the audit trail tells."""
    alias = schema_editor.connection.alias
    entries = (
        apps.get_model("core", "AuditEntry")
        .objects.using(alias)
        .filter(action__in=("person.added", "client.introduced", "password.reset", "password.changed"))
    )
    handed = {}
    for entry in entries.order_by("id").iterator():
        email = entry.data.get("owner") if entry.action == "client.introduced" else entry.object
        handed[email] = entry.action != "password.changed"
    emails = [email for email, by_others in handed.items() if by_others and email]
    apps.get_model("core", "Person").objects.using(alias).filter(email__in=emails).update(handed=True)


class Migration(migrations.Migration):
    dependencies = [("core", "0003_channels")]

    operations = [
        migrations.AddField("person", "handed", models.BooleanField(default=False)),
        migrations.AddField("signinfailure", "device", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("apitoken", "scopes", models.JSONField(default=list)),
        migrations.AddField("apitoken", "services", models.JSONField(default=list)),
        migrations.AddField("apitoken", "last_used", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("apitoken", "expires", models.DateTimeField(null=True)),
        migrations.RunPython(end_tokens, migrations.RunPython.noop),
        migrations.RunPython(mark_handed, migrations.RunPython.noop),
        migrations.AlterField("apitoken", "expires", models.DateTimeField()),
    ]
