"""Accounts, organizations and the panel, for the review organization's administrators. Cases are not changed here."""

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest

from imr.errors import ImrError
from imr.law.reviewers import Affiliation, Reviewer
from imr.law.roles import SIGNED_IN
from imr.plain import from_plain
from imr.web import actions
from imr.web.models import (
    AffiliationRow,
    CaseRow,
    EventRow,
    MembershipRow,
    OrganizationRow,
    PersonRow,
    ReviewerRow,
    ViewRow,
)
from imr.web.platform import clock

admin.site.site_header = admin.site.site_title = "Independent Medical Review: accounts and panel"


def privacy_permission() -> Permission:
    """Return the permission that makes an account a privacy officer."""
    return Permission.objects.get(content_type__app_label="imr", codename="view_viewrow")


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic when it runs
    """The form of an account. A new one has no password: its owner sets one by "I have forgotten my password"."""

    roles = forms.MultipleChoiceField(
        choices=[(role.value, role.value) for role in SIGNED_IN],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    password = ReadOnlyPasswordHashField(required=False)
    privacy_officer = forms.BooleanField(
        required=False,
        help_text="Reads the audit log and reviews who has access; needs staff status, and no other right.",
    )

    class Meta:
        model = PersonRow
        fields = ("email", "name", "roles", "organization", "reviewer", "is_active", "is_staff", "is_superuser")

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> object:
        """Return whether the account is a privacy officer, beside what the form knows itself."""
        if field_name == "privacy_officer" and self.instance.pk:
            return self.instance.user_permissions.filter(pk=privacy_permission().pk).exists()
        return super().get_initial_for_field(field, field_name)

    def clean_email(self) -> str:
        """Refuse an address that another account has verified."""
        email = str(self.cleaned_data["email"]).lower()
        if EmailAddress.objects.filter(email=email, verified=True).exclude(user=self.instance.pk).exists():
            raise ValidationError(
                "Another account has verified this address. Give that account the role, or remove the address from it."
            )
        return email

    def save(self, commit: bool = True) -> PersonRow:
        """Save the account; nobody can sign in to a new one before its owner sets a password."""
        person: PersonRow = super().save(commit=False)
        if person._state.adding:  # noqa: SLF001 - as Django documents it
            person.set_unusable_password()
            person.joined_at = clock.now()
        if commit:
            person.save()
        return person


@admin.register(PersonRow)
class People(admin.ModelAdmin):  # type: ignore[type-arg]
    """Accounts. An account that is no longer used is made inactive; the history names it forever."""

    form = PersonForm
    list_display = ("email", "name", "roles", "organization", "is_active")
    search_fields = ("email", "name")
    list_filter = ("is_active",)

    def save_model(
        self, request: HttpRequest, obj: PersonRow, form: "forms.ModelForm[PersonRow]", change: bool
    ) -> None:
        """Save the account. The address that is entered here counts as verified: the office states it."""
        super().save_model(request, obj, form, change)
        if not change or "email" in form.changed_data:
            obj.state_address()
        if form.cleaned_data.get("privacy_officer"):
            obj.user_permissions.add(privacy_permission())
        else:
            obj.user_permissions.remove(privacy_permission())
        actions.look_for_cases(obj)

    def has_delete_permission(self, request: HttpRequest, obj: PersonRow | None = None) -> bool:  # noqa: ARG002 - Django's
        """Return False: accounts are never deleted."""
        return False


class _NamedByHistory(admin.ModelAdmin):  # type: ignore[type-arg]
    """An admin of rows that can be deleted as long as nothing names them: entered by mistake, one at a time."""

    def names(self, obj: models.Model) -> bool:
        """Return whether people, cases or the history name it."""
        raise NotImplementedError

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Return whether nothing names the row; never for several at once."""
        return obj is not None and not self.names(obj) and super().has_delete_permission(request, obj)


@admin.register(OrganizationRow)
class Organizations(_NamedByHistory):
    """The organizations that people sign in for."""

    search_fields = ("name",)

    def names(self, obj: models.Model) -> bool:
        """Return whether people sign in for it, or it is or was a party."""
        return (
            PersonRow.objects.filter(organization=obj.pk).exists()
            or MembershipRow.objects.filter(organization=obj.pk).exists()
        )


@admin.register(MembershipRow)
class Memberships(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who is a party of which case. Intake adds a party on the page of the case; here a membership is ended, not deleted."""

    list_display = ("case", "role", "person", "organization", "since", "until")
    list_select_related = ("person", "organization")
    search_fields = ("case",)
    readonly_fields = ("case", "role", "person", "organization", "since")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's
        """Return False: intake adds parties, and never itself."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MembershipRow | None = None) -> bool:  # noqa: ARG002 - Django's
        """Return False: a membership ends, and stays on record."""
        return False


class _PlainForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic when it runs
    """A form of facts as JSON, checked to be the plain form of a value of the law."""

    value: type = object

    def clean_facts(self) -> object:
        facts = self.cleaned_data["facts"]
        try:
            from_plain(self.value, facts)
        except ImrError as error:
            raise ValidationError(str(error)) from error
        return facts


class ReviewerForm(_PlainForm):
    """The form of a reviewer's facts."""

    value = Reviewer

    class Meta:
        model = ReviewerRow
        fields = ("id", "facts", "available", "capacity")


class AffiliationForm(_PlainForm):
    """The form of an affiliation of the review organization."""

    value = Affiliation

    class Meta:
        model = AffiliationRow
        fields = ("facts",)


@admin.register(ReviewerRow)
class Panel(_NamedByHistory):
    """The panel. A reviewer's name is shown only here. One who takes no more cases is made unavailable; the history names them forever."""

    form = ReviewerForm
    list_display = ("id", "available", "capacity")

    def names(self, obj: models.Model) -> bool:
        """Return whether an account, a case or an event names the reviewer."""
        events = EventRow.objects.filter(Q(by_id=obj.pk) | Q(data__reviewer=obj.pk) | Q(data__barred__contains=obj.pk))
        return (
            PersonRow.objects.filter(reviewer=obj.pk).exists()
            or CaseRow.objects.filter(reviewer=obj.pk).exists()
            or events.exists()
        )


@admin.register(AffiliationRow)
class Affiliations(admin.ModelAdmin):  # type: ignore[type-arg]
    """The review organization's own affiliations."""

    form = AffiliationForm


class _History(admin.ModelAdmin):  # type: ignore[type-arg]
    """A read-only admin of history; the database refuses changes too."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002 - Django's
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002 - Django's
        return False


@admin.register(ViewRow)
class Views(_History):
    """The audit log: who did what, with which case, and from where."""

    list_display = ("at", "person", "role", "action", "case", "thing", "address")
    list_select_related = ("person",)
    search_fields = ("case", "person__email")


@admin.register(EventRow)
class Events(_History):
    """What happened to cases. The `key`, which opens the confidential values, is not shown."""

    list_display = ("case", "number", "at", "by_role", "kind")
    search_fields = ("case",)
    exclude = ("key",)
