"""What stands for people in ledgers, and what instances were begun by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engine", "0007_tallies")]

    operations = [
        migrations.CreateModel(
            name="Pseudonym",
            fields=[
                ("address", models.CharField(max_length=254, primary_key=True, serialize=False)),
                ("salt", models.BinaryField()),
                ("word", models.CharField(db_index=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="Trace",
            fields=[
                ("instance", models.BigIntegerField(primary_key=True, serialize=False)),
                ("parent", models.CharField(max_length=55)),
            ],
        ),
    ]
