"""What is sent: messages, and letters with what is known of their service."""

from django.db import models

from imr.web.models.people import PersonRow


class OutboxRow(models.Model):
    """A message for maintenance to send, once: news of an event to a person, or a mail of the accounts to an address."""

    case = models.CharField(max_length=40, db_index=True, blank=True)
    event = models.PositiveIntegerField(null=True)
    person = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT)
    address = models.EmailField(blank=True, help_text="Where it goes, if not to a person of the site.")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, help_text="When it is tried next; never, where this is empty.")
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_column="tries")
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
    """The copy of a letter for one recipient: how it reaches them, and whether it was served. Derived from the chain.

    The columns that the chain does not hold are kept when it is rebuilt: the channel, and the address to which a served copy
    went.
    """

    case = models.CharField(max_length=40, db_index=True)
    event = models.PositiveIntegerField(help_text="The number of the event that made the letter.")
    letter = models.CharField(max_length=40, help_text="Which letter it is, a case.letters.LetterKind.")
    role = models.CharField(max_length=40, help_text="Who it is for.")
    channel = models.CharField(max_length=20, help_text="Electronic, or on paper.")
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True, help_text="The postal address in the application.")
    document = models.CharField(max_length=64, blank=True, help_text="The digest of the letter.")
    messages: "models.ManyToManyField[OutboxRow, models.Model]" = models.ManyToManyField(OutboxRow, blank=True)
    at = models.DateTimeField(help_text="When the letter was made.")
    sent_at = models.DateTimeField(null=True, help_text="When a message announced it, as the chain records.")
    served_on = models.DateField(null=True, help_text="The day of the first known service.")
    known = models.CharField(max_length=40, blank=True, help_text="How the service is known.")

    class Meta:
        verbose_name = "service of a letter"
        verbose_name_plural = "services of letters"
        constraints = [models.UniqueConstraint(fields=["case", "event", "role"], name="one_copy_a_recipient")]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(served_on__isnull=True), name="letters_not_served"),
            models.Index(
                fields=["case"],
                condition=models.Q(channel="electronic", sent_at__isnull=True),
                name="letters_not_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.event} {self.role}"
