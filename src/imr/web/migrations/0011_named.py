"""What history names cannot be deleted: keys protect it, and a trigger where an event or a case names it by its number."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION imr_named_by_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE named boolean;
BEGIN
    CASE TG_TABLE_NAME
    WHEN 'imr_reviewerrow' THEN
        SELECT EXISTS (SELECT FROM imr_caserow WHERE reviewer = OLD.id)
            OR EXISTS (SELECT FROM imr_eventrow
                WHERE by_id = OLD.id OR data->>'reviewer' = OLD.id OR data->'barred' @> to_jsonb(OLD.id)) INTO named;
    WHEN 'imr_personrow' THEN
        SELECT EXISTS (SELECT FROM imr_eventrow WHERE by_id = 'person-' || OLD.id) INTO named;
    WHEN 'imr_documentrow' THEN
        SELECT EXISTS (SELECT FROM imr_eventrow WHERE imr_eventrow."case" = OLD."case") INTO named;
    END CASE;
    IF named THEN
        RAISE EXCEPTION 'a row of % is named by history and is never deleted', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
"""
TABLES = ("imr_reviewerrow", "imr_personrow", "imr_documentrow")
TRIGGERS = "".join(
    f"CREATE TRIGGER {table}_named BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION imr_named_by_history();"
    for table in TABLES
)
UNDO = "".join(f"DROP TRIGGER {table}_named ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("imr", "0010_outbox")]

    operations = [
        migrations.AlterField(
            model_name="quarantinerow",
            name="sent_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name="uploadrow",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunSQL(FUNCTION + TRIGGERS, UNDO + "DROP FUNCTION imr_named_by_history();"),
    ]
