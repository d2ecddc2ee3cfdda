"""The tables. Read through `access`, written through `actions`; nothing else knows them.

Two tables are history and are only ever added to, which a trigger holds up: events, and views of health information. What
history names, a person, a reviewer, a document, is never deleted: a key protects it, or a trigger.
A case row is a shadow that `manage.py rebuild` rebuilds from the events. `CLASSES` says of every column whether
it is personal, about health, or neither; a test holds it complete.
"""

import uuid
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models.functions import Lower

from imr.law.roles import PARTIES, SIGNED_IN

if TYPE_CHECKING:
    from imr.web.signin import SecondFactor


class Privacy(Enum):
    """What a column can tell about a person."""

    PERSONAL = "personal"
    HEALTH = "health"
    NEITHER = "neither"


ROLE_CHOICES = [(role.value, role.value) for role in SIGNED_IN]
PARTY_CHOICES = [(role.value, role.value) for role in PARTIES]


class OrganizationRow(models.Model):
    """A claims administrator, a law firm, a medical group: what people sign in for."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        verbose_name = "organization"

    def __str__(self) -> str:
        return self.name


class ReviewerRow(models.Model):
    """A reviewer of the panel. `facts` is the plain form of `law.reviewers.Reviewer`, with the name that never leaves."""

    id = models.CharField(primary_key=True, max_length=40)
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    available = models.BooleanField(default=True, help_text="Takes new cases at present.")
    capacity = models.PositiveSmallIntegerField(default=5, help_text="Cases at a time.")
    terms = models.JSONField(
        default=dict, blank=True, encoder=DjangoJSONEncoder, help_text="Experience, absences, pace and fees."
    )

    class Meta:
        verbose_name = "reviewer"

    def __str__(self) -> str:
        return self.id


class AffiliationRow(models.Model):
    """A tie of the review organization itself, against which every reviewer is screened too (LC 139.5(d)(5)).

    `facts` is the plain form of `law.reviewers.Affiliation`.
    """

    facts = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "affiliation of the review organization"
        verbose_name_plural = "affiliations of the review organization"

    def __str__(self) -> str:
        return str(self.facts.get("name", ""))


class _People(BaseUserManager["PersonRow"]):
    def get_by_natural_key(self, username: str | None) -> "PersonRow":
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "PersonRow":
        """An account as the office or who runs the site makes it: that states its address, which counts as proven."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        with transaction.atomic(using=self._db):
            person.save(using=self._db)
            person.state_address()
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "PersonRow":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class PersonRow(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in, with the roles in which they may act. A reviewer's account names their row of the panel."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    roles = ArrayField(models.CharField(max_length=40, choices=ROLE_CHOICES), default=list, blank=True)
    organization = models.ForeignKey(OrganizationRow, null=True, blank=True, on_delete=models.PROTECT)
    reviewer = models.OneToOneField(ReviewerRow, null=True, blank=True, on_delete=models.PROTECT, related_name="person")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the administration of accounts.")
    joined_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    objects: ClassVar[_People] = _People()

    #: How and when the second factor was last given in this session; `middleware.require_second_factor` sets it.
    second_factor: "SecondFactor | None" = None
    #: The addresses of the account, proven or not, as the library of accounts keeps them.
    emailaddress_set: Any

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_an_address"),
            models.CheckConstraint(
                condition=models.Q(reviewer__isnull=True) | models.Q(roles__contains=["reviewer"]),
                name="only_a_reviewer_is_on_the_panel",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def state_address(self) -> None:
        """Take the account's address as proven, as the office states it; whatever it proved before counts no longer."""
        email = self.email.lower()
        self.emailaddress_set.exclude(email=email).delete()
        self.emailaddress_set.update_or_create(email=email, defaults={"verified": True, "primary": True})


class EventRow(models.Model):
    """One event of one case, as `case.chain.Recorded` has it. Only ever added."""

    case = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_role = models.CharField(max_length=40)
    by_id = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    data = models.JSONField()
    previous = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=64, help_text="Opens the seals of this event; never leaves.")
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "event"
        ordering = ["case", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="one_event_a_number")]

    def __str__(self) -> str:
        return f"{self.case} {self.number} {self.kind}"


class CaseRow(models.Model):
    """Where a case stands: what its events come to, kept for lists and look-ups. Never edited by hand."""

    number = models.CharField(primary_key=True, max_length=40)
    events = models.PositiveIntegerField()
    stage = models.CharField(max_length=40, db_index=True, help_text="Name of the stage, as case.state has it.")
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
        models.TextField(), default=list, help_text="What is in dispute, as the application has it."
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


class MembershipRow(models.Model):
    """Who a person, or everybody of an organization, is to one case."""

    case = models.CharField(max_length=40, db_index=True)
    role = models.CharField(max_length=40, choices=PARTY_CHOICES)
    person = models.ForeignKey(PersonRow, null=True, blank=True, on_delete=models.PROTECT)
    organization = models.ForeignKey(OrganizationRow, null=True, blank=True, on_delete=models.PROTECT)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

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
    """A party as the application of a case names it now: a shadow, rebuilt with the row of the case."""

    case = models.CharField(max_length=40)
    role = models.CharField(max_length=40, choices=PARTY_CHOICES)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True, db_index=True, help_text="In small letters.")
    address = models.CharField(max_length=300, blank=True, help_text="Where mail reaches them, on one line.")

    class Meta:
        verbose_name = "party"
        constraints = [models.UniqueConstraint(fields=["case", "role"], name="one_party_a_role")]

    def __str__(self) -> str:
        return f"{self.case} {self.role}"


class ProposalRow(models.Model):
    """An account or an organization that may be a party of a case, for intake to accept or refuse: no right by itself."""

    case = models.CharField(max_length=40, db_index=True)
    role = models.CharField(max_length=40, choices=PARTY_CHOICES)
    person = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT)
    organization = models.ForeignKey(OrganizationRow, null=True, on_delete=models.PROTECT)
    why = models.CharField(max_length=500)
    at = models.DateTimeField()
    settled_by = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT, related_name="settled")
    settled_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)

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
            models.UniqueConstraint(
                fields=["case", "role", "person", "organization"], nulls_distinct=False, name="one_proposal"
            ),
        ]
        indexes = [models.Index(fields=["at"], condition=models.Q(settled_at__isnull=True), name="proposals_to_settle")]

    def __str__(self) -> str:
        return f"{self.case} {self.role}"


class DocumentRow(models.Model):
    """A document of a case: the bytes are in the document storage under their digest."""

    case = models.CharField(max_length=40, db_index=True)
    digest = models.CharField(max_length=64)
    paper = models.CharField(max_length=60, help_text="What it is to the case, as papers.Paper has it.")
    kind = models.CharField(max_length=60, help_text="The same, or for a record what kind of record it is.")
    mental_health = models.BooleanField(default=False)
    title = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField(null=True)
    scripted = models.BooleanField(default=False, help_text="A form with programs in it: given out as a copy without.")
    sender = models.CharField(max_length=40, help_text="The role that sent it.")
    sent_by = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "document"
        constraints = [models.UniqueConstraint(fields=["case", "digest"], name="one_row_a_document")]

    def __str__(self) -> str:
        return f"{self.case} {self.digest[:12]}"


class ViewRow(models.Model):
    """Somebody looked at health information. Only ever added."""

    at = models.DateTimeField()
    person = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT)
    role = models.CharField(max_length=40)
    case = models.CharField(max_length=40, db_index=True)
    thing = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "view of health information"
        verbose_name_plural = "views of health information"

    def __str__(self) -> str:
        return f"{self.case} {self.thing}"


class NoteRow(models.Model):
    """A reviewer's own note on a page: a working paper that nobody else reads, and no letter or export holds."""

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
    """What somebody has typed and not sent yet: a draft, an unfinished application, an unsent form.

    It is its owner's alone and no part of the history of a case, which holds what is sent. `content` is what the fields of
    the form hold; `version` counts the times it was saved, so that one window does not write over another unseen.
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
    """A file on its way: how much of it has come. Its bytes stand in a folder of their own, and nothing opens them yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.CharField(max_length=40, db_index=True)
    person = models.ForeignKey(PersonRow, on_delete=models.PROTECT)
    name = models.CharField(max_length=255, help_text="As its sender calls it.")
    place = models.PositiveSmallIntegerField(default=1, help_text="The row of the form that it stands in.")
    size = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, help_text="As its sender counts it.")
    counted = models.CharField(max_length=64, blank=True, help_text="As it was counted here when all of it had come.")
    until = models.DateTimeField(help_text="When it is thrown away, unless more of it comes.")

    class Meta:
        verbose_name = "upload"

    def __str__(self) -> str:
        return f"{self.case} {self.pk}"


class QuarantineRow(models.Model):
    """A file that was refused: kept apart as it came, so that it can be looked into, and opened by nothing here."""

    case = models.CharField(max_length=40, db_index=True, blank=True)
    digest = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    reason = models.TextField()
    sender = models.CharField(max_length=40, help_text="The role that sent it.")
    sent_by = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "refused file"
        constraints = [models.UniqueConstraint(fields=["case", "digest"], name="one_row_a_refused_file")]

    def __str__(self) -> str:
        return f"{self.case} {self.digest[:12]}"


class FailureRow(models.Model):
    """Something that the site does by itself and that failed: since when, how often, and when it is tried again."""

    task = models.CharField(max_length=20, help_text="What is done, as upkeep.Task has it.")
    subject = models.CharField(
        max_length=100, blank=True, help_text="What it is done to: a case, a document, a process."
    )
    problem = models.CharField(max_length=500)
    since = models.DateTimeField()
    tried_at = models.DateTimeField()
    tries = models.PositiveIntegerField()
    next_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        verbose_name = "failure"
        constraints = [models.UniqueConstraint(fields=["task", "subject"], name="one_failure_a_subject")]

    def __str__(self) -> str:
        return f"{self.task} {self.subject}"


class OutboxRow(models.Model):
    """A message for maintenance to send, once: news of an event to a person, or what an account is told at an address."""

    case = models.CharField(max_length=40, db_index=True, blank=True)
    event = models.PositiveIntegerField(null=True)
    person = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT)
    address = models.EmailField(blank=True, help_text="Where it goes, if not to a person of the site.")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, help_text="When it is tried next; never, where this is empty.")
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "message"
        constraints = [
            models.UniqueConstraint(fields=["case", "event", "person"], name="one_message_a_person"),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(address=""), name="a_person_or_an_address"
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=models.Q(sent_at__isnull=True), name="messages_to_send")]

    def __str__(self) -> str:
        return f"{self.case} {self.event}" if self.case else "account"


class ServiceRow(models.Model):
    """The copy of a letter for one recipient: how it reaches them, and whether it was served. A shadow of the chain.

    What the chain does not hold is kept when it is made anew: the channel, and the address to which a served copy went.
    """

    case = models.CharField(max_length=40, db_index=True)
    event = models.PositiveIntegerField(help_text="The number of the event that made the letter.")
    letter = models.CharField(max_length=40, help_text="What letter it is, as case.letters.LetterKind has it.")
    role = models.CharField(max_length=40, help_text="Who it is for.")
    channel = models.CharField(max_length=20, help_text="Electronic, or on paper.")
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True, help_text="The postal address in the application.")
    document = models.CharField(max_length=64, blank=True, help_text="The digest of the letter.")
    messages: Any = models.ManyToManyField(OutboxRow, blank=True)
    at = models.DateTimeField(help_text="When the letter was made.")
    sent_at = models.DateTimeField(null=True, help_text="When a message told of it, as the chain has it.")
    served_on = models.DateField(null=True, help_text="The day of the first service that is known.")
    known = models.CharField(max_length=40, blank=True, help_text="By what the service is known.")

    class Meta:
        verbose_name = "service of a letter"
        verbose_name_plural = "services of letters"
        constraints = [models.UniqueConstraint(fields=["case", "event", "role"], name="one_copy_a_recipient")]
        indexes = [models.Index(fields=["at"], condition=models.Q(served_on__isnull=True), name="letters_not_served")]

    def __str__(self) -> str:
        return f"{self.case} {self.event} {self.role}"


class IdempotencyKeyRow(models.Model):
    """A request of a person by the name that it is known again under, and the event that answered it (`actions.once`)."""

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
    """What this installation is: one row, made with the tables. `installation` compares it with what is found."""

    identity = models.UUIDField(help_text="Says whose a storage of documents is.")
    since = models.DateTimeField()
    store = models.CharField(max_length=36, blank=True, help_text="The mark of the storage of documents.")
    store_origin = models.CharField(max_length=100, blank=True, help_text="What tells that mark from a copy of it.")
    database = models.CharField(max_length=100, blank=True, help_text="What tells this database from a copy of it.")
    restored_at = models.DateTimeField(null=True, help_text="When this database was last found to be a copy.")
    numbers_until = models.BigIntegerField(default=0, help_text="Case numbers as far as the storage knows of them.")
    numbers_held = models.BooleanField(default=False, help_text="No case is numbered until the highest is stated.")

    class Meta:
        verbose_name = "installation"

    def __str__(self) -> str:
        return str(self.identity)


class GivenUpRow(models.Model):
    """A document that a step put into the storage and gave up with everything else of it: what a sweep may remove."""

    digest = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "document that was given up"

    def __str__(self) -> str:
        return self.digest[:12]


_P, _H, _N = Privacy.PERSONAL, Privacy.HEALTH, Privacy.NEITHER

#: Of every column, what it can tell about a person. A new column without its line fails the tests.
CLASSES: dict[type[models.Model], dict[str, Privacy]] = {
    OrganizationRow: {"id": _N, "name": _N},
    ReviewerRow: {"id": _P, "facts": _P, "available": _P, "capacity": _P, "terms": _P},
    AffiliationRow: {"id": _N, "facts": _P},
    PersonRow: {
        "id": _P, "password": _P, "last_login": _P, "is_superuser": _N, "email": _P, "name": _P, "roles": _P,
        "organization": _P, "reviewer": _P, "is_active": _N, "is_staff": _N, "joined_at": _P, "groups": _N,
        "user_permissions": _N,
    },
    EventRow: {
        "id": _N, "case": _N, "number": _N, "at": _N, "by_role": _N, "by_id": _P, "kind": _N, "data": _P, "previous": _N,
        "key": _P, "digest": _N,
    },
    CaseRow: {
        "number": _N, "events": _N, "stage": _N, "review_type": _N, "received_at": _N, "changed_at": _N, "due_at": _N,
        "due_title": _N, "due_role": _N, "employee": _P, "claim": _P, "born_on": _P, "ur_decided_on": _N, "names": _P, "treatments": _H,
        "reviewer": _P, "administrator": _N, "physician": _P, "matter": _H, "outcome": _N, "issued_on": _N, "published_on": _N,
        "set_aside_on": _N, "withdrawn_on": _N, "consent_withdrawn_on": _N,
    },
    MembershipRow: {
        "id": _N, "case": _N, "role": _N, "person": _P, "organization": _N, "since": _N, "until": _N,
    },
    PartyRow: {"id": _N, "case": _N, "role": _N, "name": _P, "email": _P, "address": _P},
    ProposalRow: {
        "id": _N, "case": _N, "role": _N, "person": _P, "organization": _N, "why": _P, "at": _N, "settled_by": _P,
        "settled_at": _N, "accepted": _N,
    },
    DocumentRow: {
        "id": _N, "case": _N, "digest": _N, "paper": _N, "kind": _H, "mental_health": _H, "title": _H, "media_type": _N,
        "size": _N, "pages": _N, "scripted": _N, "sender": _N, "sent_by": _P, "at": _N,
    },
    ViewRow: {"id": _N, "at": _N, "person": _P, "role": _N, "case": _N, "thing": _N, "digest": _N},
    NoteRow: {"id": _N, "case": _N, "digest": _N, "page": _N, "person": _P, "text": _H, "at": _N},
    WorkingCopyRow: {
        "id": _N, "person": _P, "kind": _N, "key": _N, "version": _N, "content": _H, "saved_at": _N,
    },
    UploadRow: {
        "id": _N, "case": _N, "person": _P, "name": _P, "place": _N, "size": _N, "offset": _N, "sha256": _N, "counted": _N, "until": _N,
    },
    QuarantineRow: {
        "id": _N, "case": _N, "digest": _N, "name": _P, "size": _N, "reason": _P, "sender": _N, "sent_by": _P, "at": _N,
    },
    FailureRow: {
        "id": _N, "task": _N, "subject": _N, "problem": _P, "since": _N, "tried_at": _N, "tries": _N, "next_at": _N, "over_at": _N,
    },
    OutboxRow: {
        "id": _N, "case": _N, "event": _N, "person": _P, "address": _P, "subject": _N, "text": _P, "created_at": _N,
        "next_at": _N, "sent_at": _N, "tries": _N, "problem": _N,
    },
    ServiceRow: {
        "id": _N, "case": _N, "event": _N, "letter": _N, "role": _N, "channel": _N, "name": _P, "address": _P, "document": _N,
        "messages": _N, "at": _N, "sent_at": _N, "served_on": _N, "known": _N,
    },
    InstallationRow: {
        "id": _N, "identity": _N, "since": _N, "store": _N, "store_origin": _N, "database": _N, "restored_at": _N,
        "numbers_until": _N, "numbers_held": _N,
    },
    IdempotencyKeyRow: {"id": _N, "person": _P, "key": _N, "content": _N, "case": _N, "event": _N, "at": _N},
    GivenUpRow: {"digest": _N, "at": _N},
}  # fmt: skip
