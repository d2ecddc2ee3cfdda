"""What this installation is, made with the tables; and what steps put into the storage of documents and gave up."""

from django.db import migrations, models

MADE = """
INSERT INTO imr_installationrow
    (identity, since, store, store_origin, database, numbers_until, numbers_held)
    VALUES (gen_random_uuid(), now(), '', '', '', 0, false);
"""


class Migration(migrations.Migration):
    dependencies = [("imr", "0008_scripted")]

    operations = [
        migrations.CreateModel(
            name="GivenUpRow",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={"verbose_name": "unreferenced document"},
        ),
        migrations.CreateModel(
            name="InstallationRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("identity", models.UUIDField(help_text="Identifies this site in the mark of a storage of documents.")),
                ("since", models.DateTimeField()),
                ("store", models.CharField(blank=True, help_text="The mark of the storage of documents.", max_length=36)),
                ("store_origin", models.CharField(blank=True, help_text="What distinguishes that mark from a copy of it.", max_length=100)),
                ("database", models.CharField(blank=True, help_text="What distinguishes this database from a copy of it.", max_length=100)),
                ("restored_at", models.DateTimeField(help_text="When this database was last found to be a copy.", null=True)),
                ("numbers_until", models.BigIntegerField(default=0, help_text="The highest case number that is recorded in the storage.")),
                ("numbers_held", models.BooleanField(default=False, help_text="No case is numbered until the highest is stated.")),
            ],
            options={"verbose_name": "installation"},
        ),
        migrations.RunSQL(MADE, migrations.RunSQL.noop),
    ]
