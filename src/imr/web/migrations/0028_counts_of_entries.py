"""Counts of repeated entries of the audit log."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('imr', '0027_account_changes'),
    ]

    operations = [
        migrations.CreateModel(
            name='RepeatedEntryRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField()),
                ('action', models.CharField(max_length=20)),
                ('address', models.CharField(blank=True, help_text='Of all of them together: *.', max_length=45)),
                ('count', models.PositiveIntegerField(default=1)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'count of entries',
                'verbose_name_plural': 'counts of entries',
                'constraints': [models.UniqueConstraint(fields=('hour', 'action', 'person', 'address'), name='one_count_an_hour', nulls_distinct=False)],
            },
        ),
    ]
