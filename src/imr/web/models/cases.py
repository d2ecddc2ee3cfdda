"""A case: its events, its current stage, its documents. History is append-only."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from imr.web.models.people import PersonRow


class EventRow(models.Model):
    """One event of one case, the row of a `case.chain.Recorded`. Append-only."""

    case = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_role = models.CharField(max_length=40)
    by_id = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    data = models.JSONField()
    previous = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=64, help_text="The secret key of the seals; never shown.")
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "event"
        ordering = ["case", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="one_event_a_number")]

    def __str__(self) -> str:
        return f"{self.case} {self.number} {self.kind}"


class CaseRow(models.Model):
    """The current state of a case, derived from its events, for lists and searches. Never edited by hand."""

    number = models.CharField(primary_key=True, max_length=40)
    events = models.PositiveIntegerField()
    stage = models.CharField(max_length=40, db_index=True, help_text="The name of a case.state.Stage.")
    review_type = models.CharField(max_length=20, blank=True)
    received_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, db_index=True, help_text="When the next open deadline ends.")
    due_title = models.CharField(max_length=200, blank=True)
    due_role = models.CharField(max_length=40, blank=True)
    employee = models.CharField(max_length=200, blank=True)
    reviewer = models.CharField(max_length=40, blank=True, db_index=True)
    claim = models.CharField(
        max_length=200, blank=True, db_index=True, help_text="Letters and digits of the claim number."
    )
    born_on = models.DateField(null=True)
    ur_decided_on = models.DateField(null=True)
    names = ArrayField(
        models.CharField(max_length=310), default=list, help_text="Keys that the employee's name is found by."
    )
    treatments = ArrayField(
        models.TextField(), default=list, help_text="The treatments in dispute, as the application names them."
    )
    administrator = models.CharField(max_length=200, blank=True)
    physician = models.CharField(max_length=200, blank=True)
    matter = models.JSONField(
        null=True, encoder=DjangoJSONEncoder, help_text="What reviewers are screened against, while the case needs one."
    )
    outcome = models.CharField(max_length=40, blank=True)
    issued_on = models.DateField(null=True)
    published_on = models.DateField(null=True, db_index=True)
    set_aside_on = models.DateField(null=True, help_text="When its determination was reversed on appeal.")
    withdrawn_on = models.DateField(null=True, help_text="When its publication was withdrawn.")
    consent_withdrawn_on = models.DateField(
        null=True, help_text="When the consent to the release of records was withdrawn."
    )

    class Meta:
        verbose_name = "case"
        indexes = [GinIndex(fields=["names"], name="cases_by_name")]

    def __str__(self) -> str:
        return self.number


class DocumentRow(models.Model):
    """A document of a case: the bytes are in the document storage under their digest."""

    case = models.CharField(max_length=40, db_index=True)
    digest = models.CharField(max_length=64)
    paper = models.CharField(max_length=60, help_text="What it is to the case, a case.document_types.DocumentType.")
    kind = models.CharField(max_length=60, help_text="The same, or for a record its kind.")
    mental_health = models.BooleanField(default=False)
    title = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField(null=True)
    scripted = models.BooleanField(default=False, help_text="A form with scripts: given out as a copy without them.")
    sender = models.CharField(max_length=40, help_text="The role that sent it.")
    sent_by = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "document"
        constraints = [models.UniqueConstraint(fields=["case", "digest"], name="one_row_a_document")]

    def __str__(self) -> str:
        return f"{self.case} {self.digest[:12]}"
