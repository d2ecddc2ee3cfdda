from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imr", "0011_named")]

    operations = [
        migrations.AddField(
            model_name="uploadrow",
            name="counted",
            field=models.CharField(blank=True, help_text="As computed here when all of it had come.", max_length=64),
        ),
    ]
