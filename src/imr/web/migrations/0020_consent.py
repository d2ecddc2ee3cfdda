from django.db import migrations, models

#: Consents that were withdrawn before this column was there, and not given again since; the row is a shadow of these events.
WITHDRAWN = """
UPDATE imr_caserow SET consent_withdrawn_on = (event.data->>'withdrawn_on')::date
FROM imr_eventrow AS event WHERE event."case" = imr_caserow.number AND event.kind = 'consent-withdrawn'
AND NOT EXISTS (SELECT 1 FROM imr_eventrow AS later WHERE later."case" = event."case" AND later.number > event.number
                AND later.kind = 'information-answered')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('imr', '0019_alike'),
    ]

    operations = [
        migrations.AddField(
            model_name='caserow',
            name='consent_withdrawn_on',
            field=models.DateField(help_text='When the consent to the release of records was withdrawn.', null=True),
        ),
        migrations.RunSQL(WITHDRAWN, migrations.RunSQL.noop),
    ]
