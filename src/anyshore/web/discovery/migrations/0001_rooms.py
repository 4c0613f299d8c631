import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables are those the app review made."""

    initial = True

    dependencies = [
        ("review", "0004_rooms"),
        ("core", "0003_channels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="DocumentSet",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("question", models.TextField()),
                        ("case", models.BigIntegerField(null=True)),
                        ("target", models.FloatField(default=0.95)),
                        ("seed", models.IntegerField(default=0)),
                        ("created", models.BigIntegerField()),
                        ("sample", models.JSONField(default=list)),
                        ("sampled_at", models.BigIntegerField(null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "engagement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.engagement"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "review_documentset",
                    },
                ),
                migrations.CreateModel(
                    name="Relevance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("document", models.CharField(max_length=200)),
                        ("relevant", models.BooleanField()),
                        ("sampled", models.BooleanField(default=False)),
                        ("at", models.BigIntegerField()),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "set",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="discovery.documentset",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "review_relevance",
                    },
                ),
                migrations.CreateModel(
                    name="SetDocument",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=200)),
                        ("title", models.TextField(blank=True)),
                        ("text", models.TextField()),
                        ("family", models.CharField(blank=True, max_length=200)),
                        (
                            "set",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="documents",
                                to="discovery.documentset",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "review_setdocument",
                        "constraints": [models.UniqueConstraint(fields=("set", "key"), name="set_document_once")],
                    },
                ),
            ],
        ),
    ]
