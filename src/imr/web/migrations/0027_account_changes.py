"""Changes of accounts by two people, kept as history; and from when an account may sign again after a reset."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = ("imr_accountchangerow", "imr_accountanswerrow")
KEPT = "".join(
    f"""
    CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION imr_only_added_to();
    CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION imr_only_added_to();
    """
    for table in TABLES
)
#: Whoever asked, and whose account it is, refuse a change and do not confirm it, whatever program writes the answer.
ANOTHER = """
CREATE FUNCTION imr_confirmed_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.confirmed AND EXISTS (
        SELECT FROM imr_accountchangerow WHERE id = NEW.change_id AND (by_id = NEW.by_id OR person_id = NEW.by_id)
    ) THEN
        RAISE EXCEPTION 'change % is confirmed by another administrator alone', NEW.change_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER imr_accountanswerrow_another BEFORE INSERT ON imr_accountanswerrow
    FOR EACH ROW EXECUTE FUNCTION imr_confirmed_by_another();
"""
UNDO = "".join(f"DROP TRIGGER {table}_rows ON {table}; DROP TRIGGER {table}_whole ON {table};" for table in TABLES) + """
DROP TRIGGER imr_accountanswerrow_another ON imr_accountanswerrow;
DROP FUNCTION imr_confirmed_by_another();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('imr', '0026_time_stamps'),
    ]

    operations = [
        migrations.AddField(
            model_name='personrow',
            name='signs_from',
            field=models.DateTimeField(blank=True, help_text='The earliest moment of a signature, after a reset of password, factor or address.', null=True),
        ),
        migrations.CreateModel(
            name='AccountChangeRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(help_text='An access.ChangeKind.', max_length=20)),
                ('before', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, help_text='What the account had when it was asked.')),
                ('after', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, help_text='What it has once it is confirmed.')),
                ('why', models.CharField(max_length=500)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes_asked', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(help_text='Whose account; none for a new one.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'change of an account',
                'verbose_name_plural': 'changes of accounts',
            },
        ),
        migrations.CreateModel(
            name='AccountAnswerRow',
            fields=[
                ('change', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='answer', serialize=False, to='imr.accountchangerow')),
                ('at', models.DateTimeField()),
                ('confirmed', models.BooleanField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes_answered', to=settings.AUTH_USER_MODEL)),
                ('made', models.ForeignKey(help_text='The account that a new one became.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='made_by', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'answer to a change of an account',
                'verbose_name_plural': 'answers to changes of accounts',
            },
        ),
        migrations.AddIndex(
            model_name='accountchangerow',
            index=models.Index(fields=['at'], name='account_changes_by_time'),
        ),
        migrations.RunSQL(KEPT + ANOTHER, UNDO),
    ]
