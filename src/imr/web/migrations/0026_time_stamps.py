"""When an authority stamped an anchor."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('imr', '0025_attempts'),
    ]

    operations = [
        migrations.AddField(
            model_name='anchorrow',
            name='stamped_at',
            field=models.DateTimeField(help_text='When an authority stamped it.', null=True),
        ),
    ]
