"""A number of this database that no dump holds: the view is filled again where a dump is read in, so that a copy has another."""

from django.db import migrations

VIEW = "CREATE MATERIALIZED VIEW imr_database AS SELECT gen_random_uuid() AS identity;"


class Migration(migrations.Migration):
    dependencies = [("imr", "0015_failures")]

    operations = [migrations.RunSQL(VIEW, "DROP MATERIALIZED VIEW imr_database;")]
