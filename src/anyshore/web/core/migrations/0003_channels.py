from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_sign_in_address"),
    ]

    operations = [
        migrations.AlterField(
            model_name="credential",
            name="kind",
            field=models.CharField(
                choices=[
                    ("certificate", "Certificate"),
                    ("qualification", "Qualification"),
                    ("language", "Language"),
                    ("channel", "Channel"),
                ],
                max_length=16,
            ),
        ),
    ]
