import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables are those the app review made."""

    initial = True

    dependencies = [
        ("review", "0004_rooms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Checkpoint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("case", models.BigIntegerField(db_index=True)),
                        ("question", models.TextField()),
                        ("at", models.BigIntegerField()),
                        ("answer", models.TextField(blank=True)),
                        ("answered_at", models.BigIntegerField(null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "review_checkpoint",
                    },
                ),
                migrations.CreateModel(
                    name="Comment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("case", models.BigIntegerField(db_index=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("case", "the case"),
                                    ("claim", "a finding"),
                                    ("task", "a task"),
                                    ("span", "a place in a document"),
                                ],
                                default="case",
                                max_length=10,
                            ),
                        ),
                        ("target", models.CharField(blank=True, max_length=200)),
                        ("text", models.TextField()),
                        ("at", models.BigIntegerField()),
                        ("mentioned", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "review_comment",
                    },
                ),
            ],
        ),
    ]
