"""What arrives has receipts, and an identity that is not its name; work that is there keeps the one it had."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0004_waits_for_conditions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("engagement", models.CharField(max_length=100)),
                ("service", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=20)),
                ("settings", models.BinaryField()),
                ("every", models.IntegerField()),
                ("due", models.BigIntegerField(null=True)),
                ("claimed_by", models.CharField(max_length=200, null=True)),
                ("claimed_until", models.BigIntegerField(null=True)),
                ("looked", models.BigIntegerField(null=True)),
                ("problem", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("engagement", models.CharField(max_length=100)),
                ("service", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=300)),
                ("digest", models.CharField(max_length=64)),
                ("channel", models.CharField(max_length=20)),
                ("sender", models.CharField(max_length=300, null=True)),
                ("at", models.BigIntegerField()),
                ("status", models.CharField(max_length=10)),
                ("instance", models.BigIntegerField(null=True)),
                ("reason", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Seen",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "channel", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("channel", models.BigIntegerField()),
                ("key", models.CharField(max_length=500)),
                ("refused", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "engagement", "kind", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("engagement", models.CharField(max_length=100)),
                ("kind", models.CharField(max_length=100)),
                ("number", models.IntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("rows", models.IntegerField()),
                ("name", models.CharField(max_length=300)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=200, null=True)),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name="instance",
            name="engine_instance_reference",
        ),
        migrations.AddField(
            model_name="archived",
            name="identity",
            field=models.CharField(db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="instance",
            name="identity",
            field=models.CharField(db_default="", default="", max_length=300),
        ),
        migrations.RunSQL("UPDATE engine_archived SET identity = reference", migrations.RunSQL.noop),
        migrations.RunSQL(
            "UPDATE engine_instance SET identity = reference WHERE parent IS NULL", migrations.RunSQL.noop
        ),
        migrations.AddIndex(
            model_name="archived",
            index=models.Index(fields=["engagement", "service", "identity"], name="engine_archived_identity"),
        ),
        migrations.AddIndex(
            model_name="instance",
            index=models.Index(fields=["engagement", "service", "identity"], name="engine_instance_identity"),
        ),
        migrations.AddIndex(
            model_name="channel",
            index=models.Index(fields=["due"], name="engine_channel_due"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["engagement", "-id"], name="engine_receipt_list"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["engagement", "status", "-id"], name="engine_receipt_status"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["instance"], name="engine_receipt_instance"),
        ),
    ]
