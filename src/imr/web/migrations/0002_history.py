"""History is only ever added to: a trigger refuses every other write. And the sequence that numbers cases."""

from django.db import migrations

TABLES = ("imr_eventrow", "imr_viewrow")

FUNCTION = """
CREATE FUNCTION imr_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is history and is only ever added to: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""
TRIGGERS = "".join(
    f"""
    CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION imr_only_added_to();
    CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION imr_only_added_to();
    """
    for table in TABLES
)
UNDO = "".join(f"DROP TRIGGER {table}_rows ON {table}; DROP TRIGGER {table}_whole ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("imr", "0001_tables")]

    operations = [
        migrations.RunSQL(FUNCTION + TRIGGERS, UNDO + "DROP FUNCTION imr_only_added_to();"),
        migrations.RunSQL("CREATE SEQUENCE imr_case_number;", "DROP SEQUENCE imr_case_number;"),
    ]
