"""Terms of the field that every package shares. Each comes from the statute, the regulation or the Division's glossary."""

from enum import Enum


class Decision(Enum):
    """The decision about the UR decision on one disputed treatment (LC 4610.6(e))."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"


class Outcome(Enum):
    """The outcome of a whole letter, derived from its decisions."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"
    PARTIALLY_OVERTURNED = "partially overturned"


class ReviewType(Enum):
    """The pace of a review: standard, or expedited for an imminent and serious threat (LC 4610.6(d)(1))."""

    STANDARD = "standard"
    EXPEDITED = "expedited"


class Track(Enum):
    """The set of time limits that applies (LC 4610.5(h)(1), 4610.6(d)(1))."""

    STANDARD = "standard"
    FORMULARY = "formulary"
    EXPEDITED = "expedited"


class Service(Enum):
    """The means by which a paper was served (CCP 1013; 8 CCR 10605)."""

    PERSONAL = "personal"
    MAIL = "mail"
    EXPRESS = "express"
    FAX = "fax"
    ELECTRONIC = "electronic"


class Place(Enum):
    """The places a paper was mailed from and to (CCP 1013(a))."""

    CALIFORNIA = "California"
    UNITED_STATES = "elsewhere in the United States"
    ABROAD = "abroad"
    SAFE_AT_HOME = "address confidentiality program"


class Role(Enum):
    """A role of somebody who acts on a case or looks at one."""

    EMPLOYEE = "employee"
    EMPLOYEE_ATTORNEY = "employee attorney"
    CLAIMS_ADMINISTRATOR = "claims administrator"
    REQUESTING_PHYSICIAN = "requesting physician"
    INTAKE = "intake"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    QUALITY = "quality"
    DIVISION = "division"
    PUBLIC = "public"
    CLOCK = "clock"


class Thing(Enum):
    """A thing of a case that somebody may want to see."""

    APPLICATION = "application"
    UR_DECISION = "UR decision"
    NOTICE = "notice or letter to the parties"
    TIMELINE = "timeline and deadlines"
    RECORD_LIST = "list of the records"
    MEDICAL_RECORD = "medical record"
    MENTAL_HEALTH_RECORD = "mental health record"
    INFORMATION_REQUEST = "request for more information, and its answer"
    CONSENT_EXCLUSION = "mark of a record that the consent leaves out"
    REFUSED_FILE = "file that was refused as unsafe or unreadable"
    REVIEWER_IDENTITY = "reviewer's identity"
    REVIEWER_QUALIFICATIONS = "description of the reviewer's qualifications"
    CONFLICT_SCREENING = "conflict screening"
    PANEL_COMMITMENT = "commitment to the panel's draw"
    DRAFT = "draft determination"
    QUALITY_NOTES = "notes of the quality review"
    UNISSUED_DETERMINATION = "what the determination decides, before it is issued"
    REVIEWER_NOTES = "reviewer's own notes on the records"
    DETERMINATION = "determination"
    PUBLIC_DETERMINATION = "public determination"
    FEE = "fee and its invoice"
    EVENT_CHAIN = "chain of events, sealed"
    SERVICE_RECORD = "proof of service on others"
    SIGNATURE = "reviewer's signature, without the name"


class Filer(Enum):
    """A person who signs and files an application (LC 4610.5(d), (h)(4), (j))."""

    EMPLOYEE = "employee"
    EMPLOYEE_ATTORNEY = "employee's attorney"
    DESIGNEE = "designee"
    GUARDIAN = "guardian"
    CONSERVATOR = "conservator"
    PARENT = "parent"
    EMERGENCY_PROVIDER = "provider of emergency treatment"
    REQUESTING_PHYSICIAN = "requesting physician"


class UrOutcome(Enum):
    """The outcome of utilization review of a request (LC 4610(a); delayed until 2016)."""

    APPROVED = "approved"
    MODIFIED = "modified"
    DENIED = "denied"
    DELAYED = "delayed"
    CONDITIONALLY_DENIED = "conditionally denied"


class UrRecipient(Enum):
    """A person to whom a UR decision is communicated (LC 4610(i)(4))."""

    PHYSICIAN = "physician"
    EMPLOYEE = "employee"


class PartyKind(Enum):
    """A kind of party of a case; reviewers are screened against each party by name (LC 139.5(c)(2), (d)(5))."""

    EMPLOYEE = "employee"
    EMPLOYEE_FAMILY = "employee's immediate family"
    EMPLOYEE_ATTORNEY = "employee's attorney"
    EMPLOYER = "employer"
    INSURER = "insurer"
    CLAIMS_ADMINISTRATOR = "claims administrator"
    UR_ORGANIZATION = "utilization review organization"
    PROVIDER_NETWORK = "medical provider network"
    REQUESTING_PHYSICIAN = "requesting physician"
    MEDICAL_GROUP = "medical group"
    FACILITY = "facility"
    MANUFACTURER = "manufacturer"
    OFFICER = "officer, director or managing employee"


class RecordKind(Enum):
    """A kind of document in a case file (8 CCR 9792.10.5 and practice)."""

    APPLICATION = "application"
    UR_DECISION = "UR decision"
    RFA = "request for authorization"
    FIRST_REPORT = "doctor's first report"
    PROGRESS_REPORT = "progress report (PR-2)"
    PERMANENT_REPORT = "permanent and stationary report (PR-3, PR-4)"
    CONSULTATION = "consultation"
    OPERATIVE_REPORT = "operative report"
    IMAGING = "imaging"
    ELECTRODIAGNOSTICS = "electrodiagnostics"
    LABORATORY = "laboratory"
    THERAPY_NOTES = "therapy notes"
    MEDICAL_LEGAL = "AME or QME report"
    PHARMACY = "pharmacy"
    CORRESPONDENCE = "correspondence"
    FAX_COVER = "fax cover"
    OTHER = "other"
