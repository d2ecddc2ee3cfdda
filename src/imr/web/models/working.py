"""What is not history: notes, unsent forms, unfinished uploads, and rejected files."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from imr.web.models.people import PersonRow


class NoteRow(models.Model):
    """A reviewer's own note on a page: a working paper that nobody else reads, and that is in no letter or export."""

    case = models.CharField(max_length=40, db_index=True)
    digest = models.CharField(max_length=64, help_text="The document as it was sent.")
    page = models.PositiveIntegerField(help_text="Its page, from 1.")
    person = models.ForeignKey(PersonRow, on_delete=models.PROTECT)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "note"

    def __str__(self) -> str:
        return f"{self.case} {self.pk}"


class WorkingCopyRow(models.Model):
    """What a person has typed and not sent yet: a draft, an unfinished application, an unsent form.

    It is its owner's alone and no part of the history of a case, which holds what is sent. `content` is what the fields of the
    form hold; `version` counts the saves, so that one window does not overwrite another unseen.
    """

    person = models.ForeignKey(PersonRow, on_delete=models.PROTECT)
    kind = models.CharField(max_length=40, help_text="What it becomes when it is sent, such as draft.")
    key = models.CharField(max_length=80, help_text="Which one of that kind, such as the number of the case.")
    version = models.PositiveIntegerField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "working copy"
        verbose_name_plural = "working copies"
        constraints = [models.UniqueConstraint(fields=["person", "kind", "key"], name="one_working_copy")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class UploadRow(models.Model):
    """An upload: how much of it has come. Its bytes are in a folder of their own, and nothing opens them yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.CharField(max_length=40, db_index=True)
    person = models.ForeignKey(PersonRow, on_delete=models.PROTECT)
    name = models.CharField(max_length=255, help_text="The name that its sender gives it.")
    place = models.PositiveSmallIntegerField(default=1, help_text="The row of the form that it is in.")
    size = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, help_text="As its sender computed it.")
    counted = models.CharField(max_length=64, blank=True, help_text="As computed here when all of it had come.")
    until = models.DateTimeField(help_text="When it is deleted, unless more of it comes.")

    class Meta:
        verbose_name = "upload"

    def __str__(self) -> str:
        return f"{self.case} {self.pk}"


class QuarantineRow(models.Model):
    """A rejected file: stored unchanged and apart, so that it can be examined, and opened by nothing here."""

    case = models.CharField(max_length=40, db_index=True, blank=True)
    digest = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    reason = models.TextField()
    sender = models.CharField(max_length=40, help_text="The role that sent it.")
    sent_by = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "rejected file"
        constraints = [models.UniqueConstraint(fields=["case", "digest"], name="one_row_a_refused_file")]

    def __str__(self) -> str:
        return f"{self.case} {self.digest[:12]}"
