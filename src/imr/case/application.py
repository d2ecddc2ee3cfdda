"""The application for independent medical review, DWC Form IMR, as a value (8 CCR 9792.10.2).

The labels of the form's current version were not seen; the fields are those of the drafts of 2013-14 (law.md,
`app-form-fields`). An application is a document: a case holds its digest, never its contents.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from imr.case.marks import Input
from imr.case.text_limits import CODE, EMAIL, WORDING
from imr.determination.identifiers import Identifiers
from imr.law.consent import Consent, ConsentScope
from imr.law.reviewers import Party
from imr.law.terms import Filer, PartyKind, Place, ReviewType, Service
from imr.plain import ADDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address."""

    street: Annotated[str, Input("Street or post office box")]
    city: Annotated[str, Input("City")]
    state: Annotated[str, Input("State", "two letters", text=CODE)] = "CA"
    zip: Annotated[str, Input("ZIP code", text=CODE)] = ""

    def __str__(self) -> str:
        return f"{self.street}, {self.city}, {self.state} {self.zip}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPerson:
    """A natural person and how to reach them."""

    first_name: Annotated[str, Input("First name")]
    middle_name: Annotated[str, Input("Middle name or initial")] = ""
    last_name: Annotated[str, Input("Last name")]
    address: Annotated[Address | None, Input("Address")] = None
    phone: Annotated[str, Input("Telephone", text=CODE)] = ""
    fax: Annotated[str, Input("Fax", text=CODE)] = ""
    email: Annotated[str, Input("E-mail", text=EMAIL)] = ""

    @property
    def name(self) -> str:
        """First, middle and last name on one line."""
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee(ContactPerson):
    """The injured employee. `born_on` is set if the version of the form asks for it."""

    born_on: Annotated[date | None, Input("Date of birth")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeAttorney(ContactPerson):
    """The employee's attorney, if there is one."""

    firm: Annotated[str, Input("Law firm")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Designee(ContactPerson):
    """A person whom the employee designated to file. A designation signed before the UR decision is not valid."""

    relation: Annotated[str, Input("Relation to the employee")] = ""
    designated_on: Annotated[date, Input("Date of the signed designation")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestingPhysician(ContactPerson):
    """The physician who asked for the treatment."""

    practice: Annotated[str, Input("Name of the practice")] = ""
    specialty: Annotated[str, Input("Type of physician and specialty")] = ""
    npi: Annotated[str, Input("National provider identifier", text=CODE)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsAdministrator:
    """The claims administrator and its contact person."""

    company: Annotated[str, Input("Company")]
    contact: Annotated[str, Input("Adjuster or contact")] = ""
    address: Annotated[Address | None, Input("Address")] = None
    phone: Annotated[str, Input("Telephone", text=CODE)] = ""
    fax: Annotated[str, Input("Fax", text=CODE)] = ""
    email: Annotated[str, Input("E-mail", text=EMAIL)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputedTreatment:
    """One service or good that utilization review modified or denied (LC 4610.5(c)(1))."""

    description: Annotated[str, Input("Service or good, as the UR decision names it", text=WORDING)]
    category: Annotated[str, Input("Category of the Division's decision search")] = ""
    authorized: Annotated[str, Input("The part that UR approved, if it approved a part", text=WORDING)] = ""
    given: Annotated[bool, Input("The treatment was already given")] = False
    facility: Annotated[str, Input("Facility where it would be given")] = ""
    manufacturer: Annotated[str, Input("Maker of the drug, device or procedure")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentLimits:
    """The limits that the employee sets to the consent to the release of records; without them the consent is as in the form."""

    only_records: Annotated[
        str,
        Input(
            "Release only these records", "Leave this empty to release the records that the form names.", multiline=True
        ),
    ] = ""
    left_out_records: Annotated[
        str,
        Input(
            "Do not release these records",
            "For example records that are older than the injury, or not about it.",
            multiline=True,
        ),
    ] = ""
    ends_on: Annotated[date | None, Input("The consent ends on", "Leave this empty if you name no day.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application for IMR as it was filled in. Eligibility judges it; this value does not."""

    review_type: Annotated[ReviewType, Input("Type of review asked for")] = ReviewType.STANDARD
    ur_expedited: Annotated[bool, Input("Utilization review itself was expedited")] = False
    formulary: Annotated[bool, Input("The dispute is about a drug of the formulary")] = False
    employee: Annotated[Employee, Input("Employee")]
    employer: Annotated[str, Input("Employer")]
    claim_number: Annotated[str, Input("Claim number", text=CODE)]
    wcis_number: Annotated[str, Input("WCIS jurisdictional claim number", text=CODE)] = ""
    eams_number: Annotated[str, Input("EAMS case number", text=CODE)] = ""
    injured_on: Annotated[date, Input("Date of injury")]
    attorney: Annotated[EmployeeAttorney | None, Input("Employee's attorney")] = None
    designee: Annotated[Designee | None, Input("Designee")] = None
    physician: Annotated[RequestingPhysician, Input("Requesting physician")]
    administrator: Annotated[ClaimsAdministrator, Input("Claims administrator")]
    insurer: Annotated[str, Input("Insurer, where it is not the claims administrator")] = ""
    ur_organization: Annotated[str, Input("Utilization review organization")] = ""
    provider_network: Annotated[str, Input("Medical provider network")] = ""
    diagnosis: Annotated[str, Input("Primary diagnosis", "with its ICD code where practical", text=WORDING)]
    rfa_on: Annotated[date | None, Input("Date of the request for authorization")] = None
    ur_decided_on: Annotated[date, Input("Date of the UR decision")]
    ur_served_on: Annotated[date | None, Input("Date on which the UR decision was served on the employee")] = None
    ur_service: Annotated[Service, Input("How the UR decision was served")] = Service.MAIL
    ur_place: Annotated[Place, Input("Where it was mailed from and to")] = Place.CALIFORNIA
    liability_disputed: Annotated[bool, Input("Liability is disputed for reasons other than medical necessity")] = False
    liability_reason: Annotated[str, Input("Why liability is disputed", multiline=True)] = ""
    treatments: Annotated[tuple[DisputedTreatment, ...], Input("Disputed treatments", most=2_000)]
    filed_by: Annotated[Filer | None, Input("Who signed and files")] = None
    signed_on: Annotated[date | None, Input("Date of the signature")] = None
    records_consent: Annotated[
        bool, Input("The employee consents to the release of records", "It can be limited below, and withdrawn later.")
    ] = False
    consent_limits: Annotated[
        ConsentLimits | None,
        Input("Limits of that consent", "You may leave all of this empty. The consent is then as the form says."),
    ] = field(default=None, metadata=ADDED)
    copy_to_administrator: Annotated[bool, Input("A copy went to the claims administrator")] = False
    ur_decision_attached: Annotated[bool, Input("A copy of the UR decision is attached")] = False

    @property
    def consent(self) -> Consent:
        """The consent to the release of records as the application gives it. The employee's own words are not in it."""
        limits = self.consent_limits or ConsentLimits()
        return Consent(
            given=self.records_consent,
            signed_on=self.signed_on,
            scope=ConsentScope.NAMED if limits.only_records else ConsentScope.FORM,
            excludes=bool(limits.left_out_records),
            ends_on=limits.ends_on,
        )

    def parties(self) -> tuple[Party, ...]:
        """Every party of the case by name, each once, as reviewers are screened against them (LC 139.5(c)(2))."""
        found: dict[tuple[PartyKind, str], Party] = {}
        for kind, name, alias in self._named():
            if name.strip():
                aliases = (alias,) if alias.strip() and alias != name else ()
                npi = self.physician.npi.strip() if kind is PartyKind.REQUESTING_PHYSICIAN else ""
                found.setdefault((kind, name.casefold()), Party(kind=kind, name=name, aliases=aliases, npi=npi))
        return tuple(found.values())

    def _named(self) -> Iterator[tuple[PartyKind, str, str]]:
        def turned(person: ContactPerson) -> str:
            return f"{person.last_name}, {person.first_name}"

        yield PartyKind.EMPLOYEE, self.employee.name, turned(self.employee)
        if self.attorney is not None:
            yield PartyKind.EMPLOYEE_ATTORNEY, self.attorney.name, turned(self.attorney)
            yield PartyKind.EMPLOYEE_ATTORNEY, self.attorney.firm, ""
        if self.designee is not None:
            yield PartyKind.EMPLOYEE_FAMILY, self.designee.name, turned(self.designee)
        yield PartyKind.EMPLOYER, self.employer, ""
        yield PartyKind.INSURER, self.insurer, ""
        yield PartyKind.CLAIMS_ADMINISTRATOR, self.administrator.company, ""
        yield PartyKind.CLAIMS_ADMINISTRATOR, self.administrator.contact, ""
        yield PartyKind.UR_ORGANIZATION, self.ur_organization, ""
        yield PartyKind.PROVIDER_NETWORK, self.provider_network, ""
        yield PartyKind.REQUESTING_PHYSICIAN, self.physician.name, turned(self.physician)
        yield PartyKind.MEDICAL_GROUP, self.physician.practice, ""
        for treatment in self.treatments:
            yield PartyKind.FACILITY, treatment.facility, ""
            yield PartyKind.MANUFACTURER, treatment.manufacturer, ""

    def identifiers(self) -> tuple[Identifiers, ...]:
        """The identifiers of each party, which `determination.redact` removes from the public version.

        Makers of drugs and devices identify nobody and are left out.
        """
        people = (self.employee, self.attorney, self.designee, self.physician)
        office = self.administrator
        organizations = (
            self.employer,
            self.insurer,
            office.company,
            self.ur_organization,
            self.provider_network,
            self.physician.practice,
            self.attorney.firm if self.attorney is not None else "",
            *(treatment.facility for treatment in self.treatments),
        )
        of_the_case = Identifiers(
            names=_given(office.contact),
            organizations=_given(*organizations),
            addresses=_given(_line(office.address)),
            numbers=_given(
                self.claim_number,
                self.wcis_number,
                self.eams_number,
                self.physician.npi,
                office.phone,
                office.fax,
                office.email,
            ),
        )
        return (*(_identifiers(person) for person in people if person is not None), of_the_case)


def _identifiers(person: ContactPerson) -> Identifiers:
    born = person.born_on if isinstance(person, Employee) else None
    return Identifiers(
        names=_given(person.name),
        addresses=_given(_line(person.address)),
        numbers=_given(person.phone, person.fax, person.email),
        born_on=() if born is None else (born,),
    )


def _line(address: Address | None) -> str:
    return "" if address is None else str(address)


def _given(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
