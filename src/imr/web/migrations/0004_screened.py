"""What the panel remembers of a case, and what reviewers are screened against, in the row of the case."""

import django.core.serializers.json
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imr", "0003_terms")]

    operations = [
        migrations.AddField(
            model_name="caserow",
            name="administrator",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="caserow",
            name="physician",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="caserow",
            name="matter",
            field=models.JSONField(
                encoder=django.core.serializers.json.DjangoJSONEncoder,
                help_text="What reviewers are screened against, while the case needs one.",
                null=True,
            ),
        ),
    ]
