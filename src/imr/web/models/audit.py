"""The audit log, the chain that seals it, and the anchors: signed heads of every history that are kept outside of the site."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from imr.web.models.people import PersonRow


class ViewRow(models.Model):
    """An entry of the audit log: who looked at what, and from where. Append-only; `LogSealRow` chains the entries."""

    at = models.DateTimeField()
    person = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT)
    role = models.CharField(max_length=40)
    case = models.CharField(max_length=40, db_index=True)
    thing = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=20, default="look", help_text="What was done, a store.audit_log.AuditAction.")
    cases = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text="The cases of a list that names employees."
    )
    address = models.CharField(max_length=45, blank=True, help_text="The network address that it was done from.")
    device = models.CharField(max_length=200, blank=True, help_text="What the browser or program calls itself.")
    session = models.CharField(max_length=16, blank=True, help_text="Part of the digest of the key of the session.")
    detail = models.CharField(
        max_length=200, blank=True, help_text="The address on the site, where no thing says more."
    )

    class Meta:
        verbose_name = "entry of the audit log"
        verbose_name_plural = "audit log"
        indexes = [
            GinIndex(fields=["cases"], name="log_by_listed_case"),
            models.Index(fields=["at"], name="log_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.thing}"


class RepeatedEntryRow(models.Model):
    """How many entries of one kind came within an hour, so that a flood of them does not fill the log (`store.audit_log`)."""

    hour = models.DateTimeField()
    action = models.CharField(max_length=20)
    person = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT)
    address = models.CharField(max_length=45, blank=True, help_text="Of all of them together: *.")
    count = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "count of entries"
        verbose_name_plural = "counts of entries"
        constraints = [
            models.UniqueConstraint(
                fields=["hour", "action", "person", "address"], nulls_distinct=False, name="one_count_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.count}"


class LogSealRow(models.Model):
    """The digest of a run of entries of the audit log, bound to the seal before it. Append-only."""

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    last = models.BigIntegerField(help_text="The id of its last entry; it begins after the last of the seal before it.")
    entries = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "seal of the audit log"
        verbose_name_plural = "seals of the audit log"

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"


class AnchorRow(models.Model):
    """A signed head of every history, as it is written to the place outside (`store.anchors`)."""

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    text = models.TextField(help_text="The file as it is kept outside.")
    kept_at = models.DateTimeField(null=True, help_text="When it was found at the place outside.")
    stamped_at = models.DateTimeField(null=True, help_text="When an authority stamped it.")

    class Meta:
        verbose_name = "anchor"

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"


class AnchoredCaseRow(models.Model):
    """How many events of a case the latest anchors name; so an anchor lists only what came since."""

    case = models.CharField(primary_key=True, max_length=40)
    events = models.PositiveIntegerField()

    class Meta:
        verbose_name = "anchored case"

    def __str__(self) -> str:
        return f"{self.case} {self.events}"
