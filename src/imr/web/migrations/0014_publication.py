from django.db import migrations, models

#: Determinations that were reversed before this column was there; the row is a shadow of these events.
REVERSED = """
UPDATE imr_caserow SET set_aside_on = (event.data->>'on')::date
FROM imr_eventrow AS event WHERE event."case" = imr_caserow.number AND event.kind = 'determination-reversed'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('imr', '0013_idempotency'),
    ]

    operations = [
        migrations.AddField(
            model_name='caserow',
            name='set_aside_on',
            field=models.DateField(help_text='When its determination was reversed on appeal.', null=True),
        ),
        migrations.AddField(
            model_name='caserow',
            name='withdrawn_on',
            field=models.DateField(help_text='When its publication was withdrawn.', null=True),
        ),
        migrations.RunSQL(REVERSED, migrations.RunSQL.noop),
    ]
