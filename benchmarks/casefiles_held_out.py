"""Held-out case files in a third style, written after the rules and before any reading of them: they measure unseen files.

Forms and notes as offices in California print them, most of them faxed: several sorts of banner, at the head or the
foot, page numbers in other forms, other labels for the same things. The documents and the planted facts are known.
"""

import random
import textwrap
from collections.abc import Callable
from datetime import date, timedelta

from benchmarks.ground_truth import Sheets, Strange
from imr.law.terms import RecordKind as Kind
from imr.records.model import FactKind as About

_PROSE = (
    "The injured worker continues to have aching pain that is made worse by prolonged standing and lifting.",
    "There has been partial relief with the home exercise program and with activity modification.",
    "On palpation there is spasm, and the straight leg raise is positive at sixty degrees.",
    "Deep tendon reflexes are symmetric and there is no atrophy of the extremities.",
    "The records that were sent were looked at before the visit and are noted where they matter.",
    "Risks and benefits were gone over and the patient wishes to go ahead as planned.",
    "Sensation to pinprick is decreased along the outer border of the forearm.",
)
_DOCTORS = (
    "Harold Binder, MD",
    "Lucia Montero, DO",
    "Samuel Achebe, M.D.",
    "Priya Raman, M.D.",
    "Colleen Dufresne, PA-C",
)
_DRUGS = ("ibuprofen 600 mg", "norco 10/325 mg", "lyrica 75 mg", "celebrex 200 mg", "flexeril 10 mg", "prilosec 20 mg")
_ILLS = ("Lumbar sprain", "Left shoulder impingement syndrome", "Cervical radiculitis", "Right lateral epicondylitis")
_PARTS = ("left shoulder", "right elbow", "right knee", "lumbar spine", "left hand")
_OPERATIONS = ("Left shoulder arthroscopic subacromial decompression", "L4-L5 transforaminal epidural injection")
_SEEN = ("Broad-based disc bulge at C5-C6", "Partial thickness tear of the infraspinatus", "Mild degenerative change")


class _Office(Sheets):
    def __init__(self, seed: int) -> None:
        super().__init__(random.Random(f"third-{seed}"))
        self.name = self.chance.choice(("Marisol Okafor", "Bertrand Lyle", "Ines Vandermeer"))
        self.born = date(1958, 3, 1) + timedelta(days=self.chance.randrange(11_000))
        self.injured = date(2012, 6, 1) + timedelta(days=self.chance.randrange(500))
        self.over = (self.chance.choice((_above, _arrows, _below, _station)),)

    def day(self) -> date:
        return date(2014, 2, 1) + timedelta(days=self.chance.randrange(450))

    def written(self, day: date) -> str:
        return self.chance.choice(
            (f"{day:%m/%d/%Y}", f"{day:%B} {day.day}, {day.year}", f"{day.month}/{day.day}/{day:%y}")
        )

    def prose(self, sentences: int) -> list[str]:
        return textwrap.wrap(" ".join(self.chance.choice(_PROSE) for _ in range(sentences)), 90)

    def chart_note(self) -> None:
        day, drug, ill, part = (
            self.day(),
            self.chance.choice(_DRUGS),
            self.chance.choice(_ILLS),
            self.chance.choice(_PARTS),
        )
        head = f"{self.name}   DOB: {self.born:%m/%d/%Y}   Visit date: {day:%m/%d/%Y}"
        one = [head, "Page 1 of 2", "", "FOLLOW-UP VISIT NOTE", f"Date of Injury: {self.injured:%m/%d/%Y}", "", "HPI:", *self.prose(11),
               f"He reports pain in the {part}.", "", "Medications:", f"{drug} twice daily as needed"]  # fmt: skip
        two = [head, "Page 2 of 2", "", "PHYSICAL EXAMINATION:", *self.prose(9), "", f"Diagnosis: {ill}", "", "PLAN:", *self.prose(4), "", self.chance.choice(_DOCTORS)]  # fmt: skip
        self.put(Kind.PROGRESS_REPORT, [one, two], day, [(About.BORN_ON, self.born.isoformat(), "DOB:"), (About.INJURED_ON, self.injured.isoformat(), "Date of Injury"),
                 (About.MEDICATION, drug, drug), (About.DIAGNOSIS, ill, f"Diagnosis: {ill}"), (About.BODY_PART, part, f"in the {part}."), *_part(f"Diagnosis: {ill}")])  # fmt: skip

    def secondary(self) -> None:
        day, done = self.day(), self.chance.randrange(5, 20)
        one = ["SECONDARY TREATING PHYSICIAN'S PROGRESS REPORT", "", f"Patient: {self.name}", f"Date of birth: {self.written(self.born)}", f"Date of injury: {self.written(self.injured)}", f"Date of exam: {self.written(day)}",
               "", "Subjective complaints", *self.prose(10), f"The patient has attended {done} sessions of acupuncture.", "", "Objective findings", *self.prose(9)]  # fmt: skip
        two = [*self.prose(12), "", "Work status: remain off work until the next visit", "", f"Physician signature: {self.chance.choice(_DOCTORS)}", "", "2"]  # fmt: skip
        self.put(Kind.PROGRESS_REPORT, [one, two], day, [(About.BORN_ON, self.born.isoformat(), "Date of birth"), (About.INJURED_ON, self.injured.isoformat(), "Date of injury"),
                 (About.VISITS, f"{done} visits of acupuncture", "has attended")])  # fmt: skip

    def consultation(self) -> None:
        day, part, drug = self.day(), self.chance.choice(_PARTS), self.chance.choice(_DRUGS)
        head = [f"Re: {self.name}", f"{day:%B} {day.day}, {day.year}"]
        one = ["ORTHOPAEDIC CONSULTATION", "", f"{day:%B} {day.day}, {day.year}", "", f"Patient: {self.name}", f"DOI: {self.injured:%m/%d/%Y}", "", "Dear Doctor:", "",
               f"Thank you for referring this patient for evaluation of the {part}.", *self.prose(20)]  # fmt: skip
        two = [*head, "Page 2 of 3", "", *self.prose(24)]
        three = [*head, "Page 3 of 3", "", *self.prose(5), f"I have prescribed {drug} for the nights.", "", "Sincerely,", "", self.chance.choice(_DOCTORS)]  # fmt: skip
        self.put(Kind.CONSULTATION, [one, two, three], day, [(About.INJURED_ON, self.injured.isoformat(), "DOI:"), (About.BODY_PART, part, f"of the {part}."), (About.MEDICATION, drug, "I have prescribed")])  # fmt: skip

    def imaging(self) -> None:
        day, seen = self.day(), self.chance.choice(_SEEN)
        self.put(Kind.IMAGING, [["Pinecrest Open MRI", "8801 Sutter Avenue, Suite 4", "Modesto, CA 95350   Tel: (209) 555-0161", "", "MRI OF THE CERVICAL SPINE WITHOUT CONTRAST", "", f"Patient: {self.name}   DOB: {self.born:%m/%d/%Y}", f"Date of exam: {self.written(day)}",
                 "", "FINDINGS:", *self.prose(8), "", "IMPRESSION:", f"1. {seen}.", "", "Electronically signed by Oren Castellano, MD"]], day,
                 [(About.BORN_ON, self.born.isoformat(), "DOB:"), (About.TEST_RESULT, seen, f"1. {seen}"), (About.BODY_PART, "cervical spine", "CERVICAL SPINE")])  # fmt: skip

    def nerves(self) -> None:
        day = self.day()
        one = ["ELECTRODIAGNOSTIC CONSULTATION REPORT", f"Name: {self.name}   Study date: {self.written(day)}", "", "Nerve conduction studies:", *[f"Median {n} wrist   {self.chance.uniform(3, 6):.1f} ms   {self.chance.uniform(30, 60):.1f} m/s" for n in ("motor", "sensory", "F-wave")], "", *self.prose(14)]  # fmt: skip
        two = [f"{self.name}, page 2", "", "Needle EMG:", *self.prose(8), "", "IMPRESSION:", "Normal study of both arms.", "", self.chance.choice(_DOCTORS)]  # fmt: skip
        self.put(
            Kind.ELECTRODIAGNOSTICS, [one, two], day, [(About.TEST_RESULT, "Normal study of both arms", "Normal study")]
        )

    def therapy(self) -> None:
        for visit in range(self.chance.randrange(1, 4), self.chance.randrange(5, 7)):
            day = self.day()
            self.put(Kind.THERAPY_NOTES, [["PHYSICAL THERAPY TREATMENT NOTE", f"Patient: {self.name}", f"Date of service: {self.written(day)}", f"Visit # {visit} of 12", "", *self.prose(4), "Charges: 97110, 97140", "", "Therapist signature: Dana Whitlock, PT"]], day,
                     [(About.VISITS, f"{visit} of 12 visits", "Visit #")])  # fmt: skip

    def operation(self) -> None:
        day, what, ill = self.day(), self.chance.choice(_OPERATIONS), self.chance.choice(_ILLS)
        one = ["Foothill Ambulatory Surgery Center", "OPERATIVE REPORT", "", f"Patient name: {self.name}", f"Date of surgery: {self.written(day)}", f"Preoperative diagnosis: {ill}", f"Procedure: {what}", "Anesthesia: MAC", "", "Details of procedure:", *self.prose(22)]  # fmt: skip
        two = ["OPERATIVE REPORT", f"Patient name: {self.name}", "Page 2", "", *self.prose(8), "There were no complications.", "", self.chance.choice(_DOCTORS)]  # fmt: skip
        self.put(Kind.OPERATIVE_REPORT, [one, two], day, [(About.PROCEDURE, what, "Procedure: "), (About.DIAGNOSIS, ill, "Preoperative"), *_part(f"Procedure: {what}"), *_part(f"Preoperative diagnosis: {ill}")])  # fmt: skip

    def decision(self) -> None:
        day, part = self.day(), self.chance.choice(_PARTS)
        one = ["Keystone Utilization Management", "P.O. Box 7781", "Roseville, CA 95678", "", f"Date: {self.written(day)}", "", "NOTICE OF UTILIZATION REVIEW DENIAL", "", f"Injured worker: {self.name}", f"Date of injury: {self.written(self.injured)}",
               f"Treatment requested: twelve visits of therapy for the {part}", "", *self.prose(12), "", "The request is not medically necessary and is not certified.", "Page 1 of 2"]  # fmt: skip
        two = ["Rationale", "", *self.prose(9), "", "You may ask for independent medical review within thirty days.", "", "Page 2 of 2"]  # fmt: skip
        self.put(Kind.UR_DECISION, [one, two], day, [(About.INJURED_ON, self.injured.isoformat(), "Date of injury"), (About.BODY_PART, part, f"for the {part}")])  # fmt: skip

    def request(self) -> None:
        day = self.day()
        self.put(Kind.RFA, [["State of California, Division of Workers' Compensation", "REQUEST FOR AUTHORIZATION", "DWC Form RFA", "", f"Employee Name: {self.name}", f"Date of Injury: {self.injured:%m/%d/%Y}   Date of Birth: {self.born:%m/%d/%Y}", "Diagnosis   ICD-Code   Procedure Requested   CPT/HCPCS Code",
                 "Sprain   847.0   Therapy   97110   x6", f"Requesting Physician Signature: ____________   Date: {day:%m/%d/%Y}"]], day,
                 [(About.INJURED_ON, self.injured.isoformat(), "Date of Injury"), (About.BORN_ON, self.born.isoformat(), "Date of Birth")])  # fmt: skip

    def evaluation(self) -> None:
        day = self.day()
        one = ["QUALIFIED MEDICAL EVALUATION", "", f"RE: {self.name}", f"Date of birth: {self.born:%B} {self.born.day}, {self.born.year}", f"Date of evaluation: {self.written(day)}", "", "HISTORY:", *self.prose(22), "", "Page 1 of 3"]  # fmt: skip
        two = ["REVIEW OF RECORDS", *self.prose(26), "", "Page 2 of 3"]
        three = ["APPORTIONMENT", *self.prose(8), "", "I declare under penalty of perjury that this report is true.", self.chance.choice(_DOCTORS), "", "Page 3 of 3"]  # fmt: skip
        self.put(Kind.MEDICAL_LEGAL, [one, two, three], day, [(About.BORN_ON, self.born.isoformat(), "Date of birth")])

    def letter(self) -> None:
        day = self.day()
        self.put(Kind.CORRESPONDENCE, [["Law Offices of Abbot & Reyes", "410 Harbor Drive", "Oxnard, CA 93030   Phone (805) 555-0107", "", f"{day:%B} {day.day}, {day.year}", "", "Claims Examiner", f"Re: {self.name}", "", "Dear Sir or Madam:", "", "Enclosed please find the records of our client.", *self.prose(3), "", "Very truly yours,", "", "A. Reyes"]], day, [])  # fmt: skip

    def cover(self) -> None:
        self.put(Kind.FAX_COVER, [["FAX COVER SHEET", "", "To: Medical Review", "From: Records Desk", "Number of pages including cover: 31", "", "Urgent   For review   Please reply"]], None, [])  # fmt: skip


def _part(line: str) -> list[tuple[About, str, str]]:
    """Give the body part that a line names, besides what it states."""
    return [(About.BODY_PART, "left shoulder", line)] if "Left shoulder" in line else []


def _above(page: list[str], place: str) -> list[str]:
    return [f"Jun-02-15   02:{place[1:3]} PM   From: FOOTHILL MED   Fax: 209-555-0161   Page {place}", "", *page]


def _arrows(page: list[str], place: str) -> list[str]:
    return [f"2015-06-02 14:{place[1:3]}   2095550161 >> 9165550100   P {int(place[:3])}/{int(place[4:])}", *page]


def _below(page: list[str], place: str) -> list[str]:
    return [
        *page,
        *[""] * max(0, 55 - len(page)),
        f"RECEIVED 06/02/2015 02:{place[1:3]}PM FROM 2095550161   PAGE {place}",
    ]


def _station(page: list[str], place: str) -> list[str]:
    return [f"Received Fax : Jun 02 2015 2:{place[1:3]}PM   Fax Station : KEYSTONE UM   p. {int(place[:3])}", *page]


def packet(seed: int) -> Strange:
    """Make a case file of about fifteen documents in these styles, the same for the same seed."""
    office = _Office(seed)
    makers: list[Callable[[], None]] = [
        office.chart_note, office.chart_note, office.secondary, office.consultation, office.imaging, office.nerves,
        office.therapy, office.operation, office.decision, office.request, office.evaluation, office.letter,
    ]  # fmt: skip
    office.chance.shuffle(makers)
    office.cover()
    for make in makers:
        make()
    return office.finish()
