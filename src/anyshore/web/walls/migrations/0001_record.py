import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables are those the app cases made."""

    initial = True

    dependencies = [
        ("cases", "0003_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Seal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("case", models.BigIntegerField(unique=True)),
                        ("since", models.BigIntegerField()),
                        ("opened", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "db_table": "cases_seal",
                    },
                ),
                migrations.CreateModel(
                    name="Interest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("party", models.CharField(max_length=200)),
                        ("relation", models.CharField(max_length=120)),
                        ("since", models.BigIntegerField(default=0)),
                        ("by", models.CharField(default="", max_length=254)),
                        ("until", models.BigIntegerField(blank=True, null=True)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="interests",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cases_interest",
                    },
                ),
                migrations.CreateModel(
                    name="Party",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("case", models.BigIntegerField(db_index=True)),
                        ("name", models.CharField(max_length=200)),
                    ],
                    options={
                        "db_table": "cases_party",
                        "constraints": [models.UniqueConstraint(fields=("case", "name"), name="party_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Wall",
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
                            models.CharField(choices=[("declared", "declared"), ("found", "found")], max_length=10),
                        ),
                        ("reason", models.TextField()),
                        ("since", models.BigIntegerField()),
                        ("by", models.CharField(max_length=254)),
                        ("until", models.BigIntegerField(null=True)),
                        ("lifted_reason", models.TextField(blank=True)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="walls",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cases_wall",
                    },
                ),
                migrations.CreateModel(
                    name="Access",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.BigIntegerField()),
                        ("case", models.BigIntegerField()),
                        ("action", models.CharField(max_length=80)),
                        ("denied", models.BooleanField(default=False)),
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
                        "db_table": "cases_access",
                        "indexes": [models.Index(fields=["case", "person", "at"], name="cases_access_near")],
                    },
                ),
                migrations.CreateModel(
                    name="Staff",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("case", models.BigIntegerField()),
                        ("role", models.CharField(max_length=120)),
                        ("taken", models.BooleanField(default=False)),
                        ("at", models.BigIntegerField()),
                        ("by", models.CharField(max_length=254)),
                        ("why", models.JSONField(default=list)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="staffed",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cases_staff",
                        "constraints": [models.UniqueConstraint(fields=("case", "role", "person"), name="staff_once")],
                    },
                ),
            ],
        ),
    ]
