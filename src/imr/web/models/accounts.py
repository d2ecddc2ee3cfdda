"""Changes of accounts: what one administrator asks for, and what another answers. Both are history, and only added to."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from imr.web.models.people import PersonRow


class AccountChangeRow(models.Model):
    """A change of an account that an administrator asked for, or one that takes effect at once. Append-only."""

    at = models.DateTimeField()
    by = models.ForeignKey(PersonRow, on_delete=models.PROTECT, related_name="changes_asked")
    person = models.ForeignKey(
        PersonRow,
        null=True,
        on_delete=models.PROTECT,
        related_name="changes",
        help_text="Whose account; none for a new one.",
    )
    kind = models.CharField(max_length=20, help_text="An access.ChangeKind.")
    before = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder, help_text="What the account had when it was asked."
    )
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="What it has once it is confirmed.")
    why = models.CharField(max_length=500)

    class Meta:
        verbose_name = "change of an account"
        verbose_name_plural = "changes of accounts"
        indexes = [models.Index(fields=["at"], name="account_changes_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class AccountAnswerRow(models.Model):
    """The answer to a change that was asked for. Append-only; a trigger refuses a confirmation by whoever asked or whom it is about."""

    change = models.OneToOneField(AccountChangeRow, primary_key=True, on_delete=models.PROTECT, related_name="answer")
    at = models.DateTimeField()
    by = models.ForeignKey(PersonRow, on_delete=models.PROTECT, related_name="changes_answered")
    confirmed = models.BooleanField()
    made = models.ForeignKey(
        PersonRow,
        null=True,
        on_delete=models.PROTECT,
        related_name="made_by",
        help_text="The account that a new one became.",
    )

    class Meta:
        verbose_name = "answer to a change of an account"
        verbose_name_plural = "answers to changes of accounts"

    def __str__(self) -> str:
        return f"{self.change_id} {'confirmed' if self.confirmed else 'refused'}"
