"""What the site does and remembers itself: failures, answered requests, its storage and its database."""

from django.db import models

from imr.web.models.people import PersonRow


class FailureRow(models.Model):
    """A background task that failed: since when, how often, and when it is tried again."""

    task = models.CharField(max_length=20, help_text="What is done, a store.failures.Task.")
    subject = models.CharField(max_length=100, blank=True, help_text="Its subject: a case, a document, a process.")
    problem = models.CharField(max_length=500)
    since = models.DateTimeField()
    tried_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(db_column="tries")
    next_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        verbose_name = "failure"
        constraints = [models.UniqueConstraint(fields=["task", "subject"], name="one_failure_a_subject")]

    def __str__(self) -> str:
        return f"{self.task} {self.subject}"


class IdempotencyKeyRow(models.Model):
    """A request under the key by which it is recognized, and the event that answered it (`actions.idempotency`)."""

    person = models.ForeignKey(PersonRow, on_delete=models.PROTECT)
    key = models.CharField(max_length=210)
    content = models.CharField(max_length=64, help_text="The digest of what was sent.")
    case = models.CharField(max_length=40, blank=True)
    event = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "idempotency key"
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_answer_a_key")]

    def __str__(self) -> str:
        return f"{self.case} {self.event}"


class InstallationRow(models.Model):
    """The installation: one row, made with the tables. `store.installation` compares it with what is found."""

    identity = models.UUIDField(help_text="Identifies this site in the mark of a storage of documents.")
    since = models.DateTimeField()
    store = models.CharField(max_length=36, blank=True, help_text="The mark of the storage of documents.")
    store_origin = models.CharField(
        max_length=100, blank=True, help_text="What distinguishes that mark from a copy of it."
    )
    database = models.CharField(
        max_length=100, blank=True, help_text="What distinguishes this database from a copy of it."
    )
    restored_at = models.DateTimeField(null=True, help_text="When this database was last found to be a copy.")
    numbers_until = models.BigIntegerField(
        default=0, help_text="The highest case number that is recorded in the storage."
    )
    numbers_held = models.BooleanField(default=False, help_text="No case is numbered until the highest is stated.")

    class Meta:
        verbose_name = "installation"

    def __str__(self) -> str:
        return str(self.identity)


class GivenUpRow(models.Model):
    """A document that a refused step left in the storage: what a sweep may remove."""

    digest = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "unreferenced document"

    def __str__(self) -> str:
        return self.digest[:12]
