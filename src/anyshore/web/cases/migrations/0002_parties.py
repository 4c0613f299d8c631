from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="interest",
            name="since",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="interest",
            name="by",
            field=models.CharField(default="", max_length=254),
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.BigIntegerField(db_index=True)),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "name"), name="party_once")],
            },
        ),
    ]
