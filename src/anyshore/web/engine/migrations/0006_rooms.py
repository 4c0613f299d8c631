import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables are those the app review made."""

    dependencies = [
        ("review", "0004_rooms"),
        ("engine", "0005_arrivals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Notification",
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
                                    ("mentioned", "You were mentioned"),
                                    ("asked", "The experts have a question"),
                                    ("answered", "The client answered"),
                                    ("assigned", "You were put on a case"),
                                    ("disagreed", "Two reviews differ"),
                                    ("stale", "A source changed"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("comment", models.BigIntegerField(db_column="comment_id", db_index=True, null=True)),
                        ("at", models.BigIntegerField()),
                        ("read", models.BigIntegerField(null=True)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notifications",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "review_notification",
                    },
                ),
            ],
        ),
    ]
