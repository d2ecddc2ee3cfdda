"""The audit log says from where, and is chained by seals; anchors."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

SEALED = """
CREATE TRIGGER imr_logsealrow_rows BEFORE UPDATE OR DELETE ON imr_logsealrow
    FOR EACH ROW EXECUTE FUNCTION imr_only_added_to();
CREATE TRIGGER imr_logsealrow_whole BEFORE TRUNCATE ON imr_logsealrow
    FOR EACH STATEMENT EXECUTE FUNCTION imr_only_added_to();
CREATE FUNCTION imr_writes_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('audit log', 0));
    RETURN NULL;
END $$;
CREATE TRIGGER imr_viewrow_written BEFORE INSERT ON imr_viewrow
    FOR EACH STATEMENT EXECUTE FUNCTION imr_writes_log();
"""
UNDO = """
DROP TRIGGER imr_viewrow_written ON imr_viewrow;
DROP FUNCTION imr_writes_log();
DROP TRIGGER imr_logsealrow_whole ON imr_logsealrow;
DROP TRIGGER imr_logsealrow_rows ON imr_logsealrow;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('imr', '0021_service'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnchoredCaseRow',
            fields=[
                ('case', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('events', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name': 'anchored case',
            },
        ),
        migrations.CreateModel(
            name='AnchorRow',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
                ('text', models.TextField(help_text='The file as it is kept outside.')),
                ('kept_at', models.DateTimeField(help_text='When it was found at the place outside.', null=True)),
            ],
            options={
                'verbose_name': 'anchor',
            },
        ),
        migrations.CreateModel(
            name='LogSealRow',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('last', models.BigIntegerField(help_text='The id of its last entry; it begins after the last of the seal before it.')),
                ('entries', models.PositiveIntegerField()),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'seal of the audit log',
                'verbose_name_plural': 'seals of the audit log',
            },
        ),
        migrations.AlterModelOptions(
            name='viewrow',
            options={'verbose_name': 'entry of the audit log', 'verbose_name_plural': 'audit log'},
        ),
        migrations.AddField(
            model_name='viewrow',
            name='action',
            field=models.CharField(default='look', help_text='What was done, a store.audit_log.AuditAction.', max_length=20),
        ),
        migrations.AddField(
            model_name='viewrow',
            name='address',
            field=models.CharField(blank=True, help_text='The network address that it was done from.', max_length=45),
        ),
        migrations.AddField(
            model_name='viewrow',
            name='cases',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, help_text='The cases of a list that names employees.', size=None),
        ),
        migrations.AddField(
            model_name='viewrow',
            name='detail',
            field=models.CharField(blank=True, help_text='The address on the site, where no thing says more.', max_length=200),
        ),
        migrations.AddField(
            model_name='viewrow',
            name='device',
            field=models.CharField(blank=True, help_text='What the browser or program calls itself.', max_length=200),
        ),
        migrations.AddField(
            model_name='viewrow',
            name='session',
            field=models.CharField(blank=True, help_text='Part of the digest of the key of the session.', max_length=16),
        ),
        migrations.AddIndex(
            model_name='viewrow',
            index=django.contrib.postgres.indexes.GinIndex(fields=['cases'], name='log_by_listed_case'),
        ),
        migrations.AddIndex(
            model_name='viewrow',
            index=models.Index(fields=['at'], name='log_by_time'),
        ),
        migrations.RunSQL(SEALED, UNDO),
    ]
