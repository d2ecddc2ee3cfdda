"""Invitations with a code, and for whom the application named somebody when they became a party.

Whoever is a party stays one: an accepted proposal of before has joined when it was accepted.
"""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, OuterRef, Q, Subquery


def join(apps, schema_editor):
    """Take accepted proposals as joined, and what the applications name now as the reason of each membership."""
    proposal, member, party = (apps.get_model("imr", name) for name in ("ProposalRow", "MembershipRow", "PartyRow"))
    proposal.objects.filter(accepted=True).update(joined_at=F("settled_at"))
    named = party.objects.filter(case=OuterRef("case"), role=OuterRef("role"))
    for field, column in (("party_name", "name"), ("party_email", "email")):
        found = Subquery(named.values(column)[:1])
        member.objects.annotate(found=found).filter(found__isnull=False).update(**{field: found})


class Migration(migrations.Migration):
    dependencies = [("imr", "0023_signing_keys")]

    operations = [
        migrations.AddField("membershiprow", "party_name", models.CharField(blank=True, default="", help_text="The party that the application named then.", max_length=200), preserve_default=False),
        migrations.AddField("membershiprow", "party_email", models.CharField(blank=True, default="", help_text="The address that it gave for this party.", max_length=254), preserve_default=False),
        migrations.AddField("proposalrow", "code", models.CharField(blank=True, db_index=True, default="", help_text="SHA-256 of the code of the invitation.", max_length=64), preserve_default=False),
        migrations.AddField("proposalrow", "code_until", models.DateTimeField(help_text="Until when the code is valid.", null=True)),
        migrations.AddField("proposalrow", "joined_at", models.DateTimeField(help_text="When the party entered the code.", null=True)),
        migrations.AddField("proposalrow", "joined_by", models.ForeignKey(null=True, on_delete=models.deletion.PROTECT, related_name="joined", to=settings.AUTH_USER_MODEL)),
        migrations.RunPython(join, migrations.RunPython.noop),
        migrations.AddConstraint("proposalrow", models.CheckConstraint(condition=Q(joined_at__isnull=True) | Q(accepted=True), name="only_who_is_invited_joins")),
    ]
