"""What the panel keeps of a reviewer beside what the law asks: experience, absences, pace and fees."""

import django.core.serializers.json
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imr", "0002_history")]

    operations = [
        migrations.AddField(
            model_name="reviewerrow",
            name="terms",
            field=models.JSONField(
                blank=True,
                default=dict,
                encoder=django.core.serializers.json.DjangoJSONEncoder,
                help_text="Experience, absences, pace and fees.",
            ),
        ),
    ]
