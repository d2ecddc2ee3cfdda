"""Who signs in, for whom, and the panel of reviewers."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, TypedDict, Unpack

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models.functions import Lower

from imr.law.roles import SIGNED_IN

if TYPE_CHECKING:
    from allauth.account.models import EmailAddress
    from django.db.models.fields.related_descriptors import RelatedManager

    from imr.web.platform.authentication import SecondFactor

ROLE_CHOICES = [(role.value, role.value) for role in SIGNED_IN]


class OrganizationRow(models.Model):
    """An organization that people sign in for: a claims administrator, a law firm, a medical group."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        verbose_name = "organization"

    def __str__(self) -> str:
        return self.name


class ReviewerRow(models.Model):
    """A reviewer of the panel. `facts` is the plain form of `law.reviewers.Reviewer`, with the name, which is confidential."""

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
    """An affiliation of the review organization itself, for which every reviewer is screened too (LC 139.5(d)(5)).

    `facts` is the plain form of `law.reviewers.Affiliation`.
    """

    facts = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "affiliation of the review organization"
        verbose_name_plural = "affiliations of the review organization"

    def __str__(self) -> str:
        return str(self.facts.get("name", ""))


class AccountFields(TypedDict, total=False):
    """What may be stated of a new account, beside its address and password."""

    name: str
    roles: list[str]
    organization: OrganizationRow | None
    reviewer: ReviewerRow | None
    reviewer_id: str | None
    joined_at: datetime
    is_active: bool
    is_staff: bool
    is_superuser: bool


class _People(BaseUserManager["PersonRow"]):
    def get_by_natural_key(self, username: str | None) -> "PersonRow":
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Unpack[AccountFields]) -> "PersonRow":
        """Make an account as the office or the operator does, who states its address, which counts as verified."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        with transaction.atomic(using=self._db):
            person.save(using=self._db)
            person.state_address()
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Unpack[AccountFields]) -> "PersonRow":
        fields["is_staff"] = fields["is_superuser"] = True
        return self.create_user(email, password, **fields)


class PersonRow(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, with the roles in which they may act. A reviewer's account names their row of the panel."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    roles = ArrayField(models.CharField(max_length=40, choices=ROLE_CHOICES), default=list, blank=True)
    organization = models.ForeignKey(OrganizationRow, null=True, blank=True, on_delete=models.PROTECT)
    reviewer = models.OneToOneField(ReviewerRow, null=True, blank=True, on_delete=models.PROTECT, related_name="person")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the administration of accounts.")
    joined_at = models.DateTimeField(null=True, blank=True)
    signs_from = models.DateTimeField(
        null=True,
        blank=True,
        help_text="The earliest moment of a signature, after a reset of password, factor or address.",
    )

    USERNAME_FIELD = "email"
    objects: ClassVar[_People] = _People()

    #: How and when the second factor was last given in this session; `middleware.require_second_factor` sets it.
    second_factor: "SecondFactor | None" = None
    #: The addresses of the account, verified or not, as django-allauth stores them.
    emailaddress_set: "RelatedManager[EmailAddress]"

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
        """Mark the account's address as verified, as the office states it; a previously verified address does not count any more."""
        email = self.email.lower()
        self.emailaddress_set.exclude(email=email).delete()
        self.emailaddress_set.update_or_create(email=email, defaults={"verified": True, "primary": True})
