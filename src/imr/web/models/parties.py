"""Who is a party of a case, who may be one, and whom its application names."""

from django.db import models

from imr.law.roles import PARTIES
from imr.web.models.people import OrganizationRow, PersonRow

PARTY_CHOICES = [(role.value, role.value) for role in PARTIES]


class MembershipRow(models.Model):
    """The role of a person, or of everybody in an organization, in one case."""

    case = models.CharField(max_length=40, db_index=True)
    role = models.CharField(max_length=40, choices=PARTY_CHOICES)
    person = models.ForeignKey(PersonRow, null=True, blank=True, on_delete=models.PROTECT)
    organization = models.ForeignKey(OrganizationRow, null=True, blank=True, on_delete=models.PROTECT)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    party_name = models.CharField(max_length=200, blank=True, help_text="The party that the application named then.")
    party_email = models.CharField(max_length=254, blank=True, help_text="The address that it gave for this party.")

    class Meta:
        verbose_name = "membership"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(organization__isnull=True),
                name="a_person_or_an_organization",
            ),
            models.UniqueConstraint(
                fields=["case", "role", "person", "organization"], nulls_distinct=False, name="one_membership"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.role}"


class PartyRow(models.Model):
    """A party as the application of a case names it now: derived data, rebuilt with the row of the case."""

    case = models.CharField(max_length=40)
    role = models.CharField(max_length=40, choices=PARTY_CHOICES)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True, db_index=True, help_text="In lower case.")
    address = models.CharField(max_length=300, blank=True, help_text="The postal address, on one line.")

    class Meta:
        verbose_name = "party"
        constraints = [models.UniqueConstraint(fields=["case", "role"], name="one_party_a_role")]

    def __str__(self) -> str:
        return f"{self.case} {self.role}"


class ProposalRow(models.Model):
    """An account or an organization that may be a party of a case, for intake to accept or refuse; it gives no right itself.

    Where intake accepts, it is an invitation: the party joins the case with a code, which is stored as its digest.
    """

    case = models.CharField(max_length=40, db_index=True)
    role = models.CharField(max_length=40, choices=PARTY_CHOICES)
    person = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT)
    organization = models.ForeignKey(OrganizationRow, null=True, on_delete=models.PROTECT)
    why = models.CharField(max_length=500)
    at = models.DateTimeField()
    settled_by = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT, related_name="settled")
    settled_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    code = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="SHA-256 of the code of the invitation."
    )
    code_until = models.DateTimeField(null=True, help_text="Until when the code is valid.")
    joined_at = models.DateTimeField(null=True, help_text="When the party entered the code.")
    joined_by = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT, related_name="joined")

    class Meta:
        verbose_name = "proposal of a party"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(organization__isnull=True),
                name="proposes_a_person_or_an_organization",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, settled_by__isnull=True, accepted__isnull=True)
                | models.Q(settled_at__isnull=False, settled_by__isnull=False, accepted__isnull=False),
                name="settled_by_somebody_or_open",
            ),
            models.CheckConstraint(
                condition=models.Q(joined_at__isnull=True) | models.Q(accepted=True), name="only_who_is_invited_joins"
            ),
            models.UniqueConstraint(
                fields=["case", "role", "person", "organization"], nulls_distinct=False, name="one_proposal"
            ),
        ]
        indexes = [models.Index(fields=["at"], condition=models.Q(settled_at__isnull=True), name="proposals_to_settle")]

    def __str__(self) -> str:
        return f"{self.case} {self.role}"
