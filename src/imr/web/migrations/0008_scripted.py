from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('imr', '0007_quarantine'),
    ]

    operations = [
        migrations.AddField(
            model_name='documentrow',
            name='scripted',
            field=models.BooleanField(default=False, help_text='A form with scripts: given out as a copy without them.'),
        ),
    ]
