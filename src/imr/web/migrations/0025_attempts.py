"""Attempts have their name in the code; the columns of the tables keep theirs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imr", "0024_invitations")]

    operations = [
        migrations.AlterField("failurerow", "tries", models.PositiveIntegerField(db_column="tries")),
        migrations.RenameField("failurerow", "tries", "attempts"),
        migrations.AlterField("outboxrow", "tries", models.PositiveSmallIntegerField(default=0, db_column="tries")),
        migrations.RenameField("outboxrow", "tries", "attempts"),
    ]
