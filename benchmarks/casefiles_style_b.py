"""Case files in a second set of styles, other than those that the rules were first written on (`benchmarks.casefile_generator`).

Electronic charts with a running header, forms of boxes, faxes with a banner over each page, letters without a title,
two columns, tables, several forms of dates, numbers of a copy service. The documents and the planted facts are known.
Rules were corrected after these were first read, so they test that the corrections last;
`benchmarks.casefiles_held_out` has a third set of styles.
"""

import random
import textwrap
from collections.abc import Callable
from datetime import date, timedelta

from benchmarks.casefile_generator import MEASURED
from benchmarks.ground_truth import Sheets, Strange
from imr.law.terms import RecordKind as Kind
from imr.records.model import FactKind

_PEOPLE = (
    "Teresa Holm, MD",
    "Ravi Anand, M.D.",
    "Chloe Bastian, NP",
    "Greg Ostrander, DC",
    "Yuki Sato, PT, DPT",
    "Paul Etxeberria, DO",
)
_PLACES = ("UNIVERSITY HEALTH PARTNERS", "West Valley Spine & Sport", "Tri-County Occupational Health", "Bridgepoint Surgical Suites",
           "Lakeshore Advanced Imaging, Inc.", "Kinetic Hand Center")  # fmt: skip
_PROSE = (
    "He describes the discomfort as dull and worse on reaching overhead, with some relief from rest and ice.",
    "Strength is four out of five on the affected side and sensation is intact to light touch throughout.",
    "There is tenderness over the paraspinal muscles, and range of motion is limited in extension by pain.",
    "We went over the options at length and the plan below was agreed; questions were answered.",
    "Sleep is interrupted twice a night, and sitting is tolerated for about half an hour.",
    "Gait is not antalgic and heel and toe walking are done without difficulty.",
)
_MEDICINES = (
    "naproxen 500 mg",
    "gabapentin 300 mg",
    "cyclobenzaprine 7.5 mg",
    "tramadol 50 mg",
    "meloxicam 15 mg",
    "omeprazole 20 mg",
)
_DIAGNOSES = (
    "Right rotator cuff tear",
    "Lumbar radiculopathy",
    "Cervical disc displacement",
    "Carpal tunnel syndrome",
    "Knee internal derangement",
)
_PARTS = ("right shoulder", "left knee", "lumbar spine", "right wrist", "cervical spine", "left ankle")
_PROCEDURES = ("Arthroscopic rotator cuff repair", "Right carpal tunnel release", "Lumbar epidural steroid injection")
_FINDINGS = (
    "Full-thickness tear of the supraspinatus tendon",
    "Disc protrusion at L4-L5 touching the left nerve root",
    "No acute fracture",
)


class _Press(Sheets):
    def __init__(self, seed: int) -> None:
        super().__init__(random.Random(f"stranger-{seed}"))
        self.name = self.chance.choice(("HOLLOWAY, JAMES R", "Pilar Quintana", "NGUYEN, THI"))
        self.born = date(1955, 1, 1) + timedelta(days=self.chance.randrange(12_000))
        self.injured = date(2012, 1, 1) + timedelta(days=self.chance.randrange(600))
        faxed = self.chance.random() < 0.4
        self.over = (_banner,) if faxed else ()
        if self.chance.random() < 0.5:
            self.over += (_stamp,)

    def day(self) -> date:
        return date(2014, 1, 1) + timedelta(days=self.chance.randrange(500))

    def written(self, day: date) -> str:
        return self.chance.choice(
            (
                f"{day:%m/%d/%y}",
                f"{day.day} {day:%b} {day.year}",
                f"{day:%b} {day.day}, {day.year}",
                f"{day:%Y-%m-%d}",
                f"{day.month}-{day.day}-{day.year}",
            )
        )

    def prose(self, sentences: int, width: int = 88) -> list[str]:
        return textwrap.wrap(" ".join(self.chance.choice(_PROSE) for _ in range(sentences)), width)

    def medicines(self) -> list[str]:
        return self.chance.sample(_MEDICINES, 3)

    def chart(self) -> None:
        """Add an electronic chart: the same header on every page, with its date, and 'Page 2 of 3' of the encounter."""
        day, who, drugs, part = self.day(), self.chance.choice(_PEOPLE), self.medicines(), self.chance.choice(_PARTS)
        ill = self.chance.choice(_DIAGNOSES)
        head = [
            _PLACES[0],
            f"{self.name}   MRN 00{self.chance.randrange(10**6)}   DOB: {self.born:%m/%d/%Y}   Encounter: {self.written(day)}",
        ]
        body = ["Progress Notes", f"{who} at {self.written(day)}   Status: Signed", "", "SUBJECTIVE:", *self.prose(14), f"Pain of the {part} persists.", "", "OBJECTIVE:", *self.prose(12), "",
                "Current Outpatient Medications", *[f"{drug} tablet   Take 1 tablet by mouth twice daily" for drug in drugs], "", "Diagnosis: " + ill, "", "PLAN:", *self.prose(16), "", f"Electronically signed by {who}"]  # fmt: skip
        size, of = 30, -(-len(body) // 30)
        sheets = [
            [
                *head,
                "",
                *body[n * size : (n + 1) * size],
                "",
                f"Printed by RECORDS on 06/01/2015   Page {n + 1} of {of}",
            ]
            for n in range(of)
        ]
        self.put(Kind.PROGRESS_REPORT, sheets, day, [(FactKind.BORN_ON, self.born.isoformat(), "DOB:"), *[(FactKind.MEDICATION, drug, drug) for drug in drugs],
                 (FactKind.DIAGNOSIS, ill, "Diagnosis: " + ill), (FactKind.BODY_PART, part, f"of the {part} ")])  # fmt: skip

    def form(self) -> None:
        """Add the Division's progress report as a form of numbered boxes, two pages."""
        day, ill, done = self.day(), self.chance.choice(_DIAGNOSES), self.chance.randrange(3, 12)
        one = ["State of California", "Division of Workers' Compensation", "PRIMARY TREATING PHYSICIAN'S PROGRESS REPORT (PR-2)", "",
               "[x] Periodic Report   [ ] Change in treatment plan   [ ] Released from care", "", f"Last   {self.name}   Sex M   D.O.B. {self.born:%m/%d/%Y}",
               f"Date of Injury   {self.injured:%m/%d/%Y}   Date of Exam   {day:%m/%d/%Y}", "", "Subjective complaints:", *self.prose(9), "", "Objective findings:", *self.prose(8), "",
               "Diagnoses:", f"1. {ill}   ICD-9 840.4", ""]  # fmt: skip
        two = ["Treatment Plan:", *self.prose(6), f"He has completed {done} sessions of physical therapy.", "", "Work Status: modified work, no lifting over ten pounds", "",
               "I declare under penalty of perjury that this report is true and correct.", f"Signature: ______________   Cal. Lic. A{self.chance.randrange(10**5)}   Date: {day:%m/%d/%Y}"]  # fmt: skip
        self.put(Kind.PROGRESS_REPORT, [one, two], day, [(FactKind.INJURED_ON, self.injured.isoformat(), "Date of Injury"), (FactKind.BORN_ON, self.born.isoformat(), "D.O.B."),
                 (FactKind.VISITS, f"{done} visits of physical therapy", f"completed {done} sessions"), (FactKind.DIAGNOSIS, f"{ill} ICD-9 840.4", f"1. {ill}")])  # fmt: skip

    def untitled(self) -> None:
        """Add a consultant's letter: no title, a salutation, the second page with the name and the page number only."""
        day, who, drug, part = (
            self.day(),
            self.chance.choice(_PEOPLE),
            self.chance.choice(_MEDICINES),
            self.chance.choice(_PARTS),
        )
        one = [self.chance.choice(_PLACES[1:3]), "2210 Alvarado Rd, Suite 300", "San Diego, CA 92120", "(619) 555-0142", "", f"{day:%B} {day.day}, {day.year}", "", f"RE: {self.name}", f"DOI: {self.injured:%m/%d/%y}", "",
               "Dear Colleague:", "", f"Thank you for asking me to see this patient about the {part}.", *self.prose(26)]  # fmt: skip
        two = [
            f"{self.name}",
            f"{day:%B} {day.day}, {day.year}",
            "Page 2",
            "",
            *self.prose(12),
            f"I have suggested {drug} at night.",
            "",
            "With kind regards,",
            "",
            who,
        ]
        self.put(Kind.CONSULTATION, [one, two], day, [(FactKind.INJURED_ON, self.injured.isoformat(), "DOI:"), (FactKind.MEDICATION, drug, f"suggested {drug}"), (FactKind.BODY_PART, part, f"the {part}.")])  # fmt: skip

    def columns(self) -> None:
        """Add an imaging report in two columns: the request at the left, the findings at the right."""
        day, seen = self.day(), self.chance.choice(_FINDINGS)
        head = [
            _PLACES[4],
            "MRI RIGHT SHOULDER WITHOUT CONTRAST",
            f"Patient: {self.name}   Exam date: {self.written(day)}",
            f"Ref. physician: {self.chance.choice(_PEOPLE)}",
            "",
        ]
        left, right = self.prose(6, 40), self.prose(7, 40)
        rows = [
            f"{a:<44}{b}" if b else a
            for a, b in zip(
                [*left, *[""] * (len(right) - len(left))], [*right, *[""] * (len(left) - len(right))], strict=True
            )
        ]
        self.put(Kind.IMAGING, [[*head, "TECHNIQUE: Multiplanar multisequence imaging was performed.", "", *rows, "", f"IMPRESSION: {seen}.", "", "Dictated and signed, radiologist"]], day,
                 [(FactKind.TEST_RESULT, seen, "IMPRESSION:"), (FactKind.BODY_PART, "right shoulder", "MRI RIGHT SHOULDER")])  # fmt: skip

    def table(self) -> None:
        """Add a laboratory table: units before the range, flags, two pages with column titles on each."""
        day = self.day()
        rows = [
            (name, f"{self.chance.uniform(1, 150):.1f}", self.chance.choice(("", "H", "L")), unit)
            for name, unit in self.chance.sample(MEASURED, 16)
        ]
        columns = "Component   Value   Flag   Units   Standard range"
        lines = [
            f"{name}   {value}   {flag + '   ' if flag else ''}{unit}   {n + 1}.0 - {n + 80}.0"
            for n, (name, value, flag, unit) in enumerate(rows)
        ]
        head = [
            "Pacific Reference Labs",
            f"{self.name}   DOB {self.born:%m/%d/%Y}   Specimen collected {self.written(day)}",
            "",
        ]
        self.put(Kind.LABORATORY, [[*head, "FINAL RESULTS", columns, *lines[:8], "", "Page 1 of 2"], [*head, columns, *lines[8:], "", "END OF REPORT", "Page 2 of 2"]], day,
                 [(FactKind.TEST_RESULT, f"{name} {value} {unit}", f"{name}   {value}") for name, value, _, unit in rows] + [(FactKind.BORN_ON, self.born.isoformat(), "DOB ")])  # fmt: skip

    def therapy(self) -> None:
        """Add short visits of one therapist, one to a page, that differ only in their date and number."""
        first = self.chance.randrange(1, 4)
        for visit in range(first, first + self.chance.randrange(2, 5)):
            day = self.day()
            lines = [
                _PLACES[5],
                f"Daily Note / Billing Sheet   {self.written(day)}",
                f"Patient Name: {self.name}   Visit No. {visit} of 12",
                "",
                "S: " + _PROSE[4],
                "O: 97110 x 2, 97140 x 1",
                "A: " + _PROSE[1],
                "P: continue per plan of care",
                "",
                f"{_PEOPLE[4]}",
            ]
            self.put(
                Kind.THERAPY_NOTES, [lines], day, [(FactKind.VISITS, f"{visit} of 12 visits", f"Visit No. {visit}")]
            )

    def operation(self) -> None:
        day, what, who, ill = (
            self.day(),
            self.chance.choice(_PROCEDURES),
            self.chance.choice(_PEOPLE),
            self.chance.choice(_DIAGNOSES),
        )
        one = [_PLACES[3], "", f"PATIENT: {self.name}", f"DATE OF OPERATION: {self.written(day)}", f"SURGEON: {who}", "", "PREOPERATIVE DIAGNOSIS: " + ill, f"PROCEDURE PERFORMED: {what}", "ANESTHESIA: General", "ESTIMATED BLOOD LOSS: Minimal", "",
               "INDICATIONS:", *self.prose(8), "", "DESCRIPTION OF PROCEDURE:", "The patient was taken to the operating room and prepped and draped in sterile fashion.", *self.prose(18)]  # fmt: skip
        two = [
            f"PATIENT: {self.name}   (continued)",
            "",
            *self.prose(9),
            "The patient went to recovery in good condition.",
            "",
            f"{who}",
        ]
        self.put(
            Kind.OPERATIVE_REPORT,
            [one, two],
            day,
            [(FactKind.PROCEDURE, what, "PROCEDURE PERFORMED"), (FactKind.DIAGNOSIS, ill, "PREOPERATIVE")],
        )

    def decision(self) -> None:
        day = self.day()
        one = ["Anchor Managed Care Services", "UR Department", "", f"Determination Date: {self.written(day)}", f"Claimant: {self.name}", "Re: Notice of adverse determination", "", "Requested service: MRI of the lumbar spine", "Determination: NON-CERTIFIED",
               "", *self.prose(12), "", "You may dispute this decision through independent medical review within 30 days."]  # fmt: skip
        self.put(
            Kind.UR_DECISION,
            [one, ["Clinical rationale", "", *self.prose(16), "", "Physician reviewer: on file"]],
            day,
            [(FactKind.BODY_PART, "lumbar spine", "Requested service")],
        )

    def request(self) -> None:
        day = self.day()
        lines = ["DWC Form RFA", "California Division of Workers' Compensation", "Request for Authorization", "[x] New Request   [ ] Resubmission - Change in Material Facts", f"Name: {self.name}   Date of Injury: {self.injured:%m/%d/%Y}   Date of Birth: {self.born:%m/%d/%Y}",
                 "Diagnosis (Required)   ICD-Code   Service/Good Requested   CPT/HCPCS   Other", "Low back pain   724.2   MRI lumbar   72148   x1", f"Requesting Physician Signature: ________   Date: {day:%m/%d/%Y}"]  # fmt: skip
        self.put(
            Kind.RFA,
            [lines],
            day,
            [
                (FactKind.INJURED_ON, self.injured.isoformat(), "Date of Injury"),
                (FactKind.BORN_ON, self.born.isoformat(), "Date of Birth"),
                (FactKind.BODY_PART, "low back", "Low back pain"),
            ],
        )

    def cover(self) -> None:
        self.put(
            Kind.FAX_COVER,
            [
                [
                    "FAX",
                    "",
                    "TO: Independent Medical Review",
                    "FROM: Tri-County Occupational Health",
                    "PAGES (incl. cover): 24",
                    "RE: medical records",
                    "",
                    "CONFIDENTIAL",
                ]
            ],
            None,
            [],
        )

    def evaluation(self) -> None:
        """Add a medical-legal report of four pages with a number at the head of each."""
        day, who = self.day(), self.chance.choice(_PEOPLE)
        heads = (
            [
                "PANEL QME EVALUATION",
                f"Examinee: {self.name}",
                f"Date of evaluation: {self.written(day)}",
                f"Date of injury: {self.injured:%m/%d/%Y}",
                "",
                "HISTORY OF INJURY",
            ],
            ["REVIEW OF RECORDS"],
            ["DISCUSSION", "Apportionment is addressed below."],
            ["CAUSATION"],
        )
        sheets = [
            [f"Re: {self.name}   {n}", "", *head, *self.prose(24)] if n > 1 else [*head, *self.prose(24)]
            for n, head in enumerate(heads, 1)
        ]
        sheets[-1] += ["", "I declare under penalty of perjury that the information is true (Labor Code 4628).", who]
        self.put(Kind.MEDICAL_LEGAL, sheets, day, [(FactKind.INJURED_ON, self.injured.isoformat(), "Date of injury:")])

    def clinic(self) -> None:
        """Add a dictated note with facts in passing, and with negations: not taken, not done, asked for, of somebody else."""
        day, who = self.day(), self.chance.choice(_PEOPLE)
        ill, part, drug, other = (
            self.chance.choice(_DIAGNOSES),
            self.chance.choice(_PARTS),
            *self.chance.sample(_MEDICINES, 2),
        )
        done = self.chance.randrange(4, 20)
        name, amount = drug.split(" ", 1)
        one = [self.chance.choice(_PLACES[1:3]), f"Re-check   {self.written(day)}", f"Name: {self.name}", "",
               f"The date of injury was {self.injured:%B} {self.injured.day}, {self.injured.year}.", *self.prose(3), "",
               f"Therapy to date: {done} PT sessions completed", f"Meds: {name.upper()} {amount.upper()} BID", "Allergies: aspirin 81 mg", f"He stopped {other} because of nausea.",
               "We request 6 additional visits of physical therapy.", "His brother takes warfarin 5 mg.", "No history of surgery.", *self.prose(4), "",
               f"Complains of {part} pain.", "", f"DX: {ill}", "", "Return in four weeks.", "", who]  # fmt: skip
        self.put(Kind.PROGRESS_REPORT, [one], day, [(FactKind.INJURED_ON, self.injured.isoformat(), "date of injury was"), (FactKind.VISITS, f"{done} visits of pt", "Therapy to date"),
                 (FactKind.MEDICATION, drug, "Meds:"), (FactKind.DIAGNOSIS, ill, "DX:"), (FactKind.BODY_PART, part, f"of {part} pain")])  # fmt: skip


def _banner(page: list[str], place: str) -> list[str]:
    """Give the banner that a fax machine prints above a page."""
    return [f"06/02/2015 14:{place[1:3]}   FROM: TRI COUNTY OCC   (559) 555-0188   P. {place}", *page]


def _stamp(page: list[str], place: str) -> list[str]:
    """Give the number that a copy service stamps at the foot."""
    return [*page, *[""] * max(0, 54 - len(page)), f"MED REC 000{place[:3]}"]


def packet(seed: int) -> Strange:
    """Make a case file of about fifteen documents in these styles, the same for the same seed."""
    press = _Press(seed)
    makers: list[Callable[[], None]] = [
        press.chart,
        press.chart,
        press.form,
        press.form,
        press.untitled,
        press.columns,
        press.table,
        press.therapy,
        press.operation,
        press.decision,
        press.request,
        press.evaluation,
        press.clinic,
        press.clinic,
    ]
    press.chance.shuffle(makers)
    press.cover()
    for make in makers:
        make()
    return press.finish()
