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
                    name="Forecast",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("case", models.BigIntegerField(db_index=True)),
                        ("topic", models.CharField(max_length=120)),
                        ("event", models.TextField()),
                        ("probability", models.FloatField()),
                        ("made", models.BigIntegerField()),
                        ("resolves", models.BigIntegerField()),
                        ("outcome", models.BooleanField(null=True)),
                        ("resolved", models.BigIntegerField(null=True)),
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
                        "db_table": "review_forecast",
                    },
                ),
            ],
        ),
    ]
