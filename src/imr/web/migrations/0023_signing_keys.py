"""The register of the keys with which reviewers sign."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

HISTORY = """
CREATE TRIGGER imr_signingkeyrow_rows BEFORE UPDATE OR DELETE ON imr_signingkeyrow
    FOR EACH ROW EXECUTE FUNCTION imr_only_added_to();
CREATE TRIGGER imr_signingkeyrow_whole BEFORE TRUNCATE ON imr_signingkeyrow
    FOR EACH STATEMENT EXECUTE FUNCTION imr_only_added_to();
"""
UNDO = """
DROP TRIGGER imr_signingkeyrow_whole ON imr_signingkeyrow;
DROP TRIGGER imr_signingkeyrow_rows ON imr_signingkeyrow;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('imr', '0022_audit'),
    ]

    operations = [
        migrations.CreateModel(
            name='SigningKeyRow',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(help_text='What happened, a store.signing_keys.KeyEvent.', max_length=20)),
                ('key', models.CharField(db_index=True, help_text='The SHA-256 of the public key.', max_length=64)),
                ('reviewer', models.CharField(db_index=True, help_text="The reviewer's id on the panel.", max_length=40)),
                ('salt', models.CharField(help_text='What hides the reviewer in the digest that outsiders get.', max_length=32)),
                ('credential', models.CharField(blank=True, help_text='The id of the passkey, in base64url.', max_length=1400)),
                ('public_key', models.TextField(blank=True, help_text='SubjectPublicKeyInfo in hex.')),
                ('site', models.CharField(blank=True, help_text='The host name for which the passkey was made.', max_length=255)),
                ('proof', models.TextField(blank=True, help_text='What the passkey signed when it was registered, with its answer.')),
                ('valid_from', models.DateTimeField(help_text='From when a confirmed key signs.', null=True)),
                ('reason', models.CharField(blank=True, help_text='Why a key ended.', max_length=200)),
                ('person', models.ForeignKey(help_text='Who did it.', null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'entry of the register of signing keys',
                'verbose_name_plural': 'register of signing keys',
            },
        ),
        migrations.RunSQL(HISTORY, UNDO),
    ]
