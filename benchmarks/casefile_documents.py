"""The documents of generated case files, as pages of lines: reports under invented letterheads, forms and letters of our own.

`half` 0 and 1 draw from different reports, titles and page layouts.
"""

import csv
import random
import textwrap
from datetime import date, timedelta
from pathlib import Path

from benchmarks.ground_truth import Truth
from imr.law.terms import RecordKind as Kind

FACILITIES = (
    "Sierra Vista Medical Group", "Harborline Orthopedic Associates", "Coastal Range Pain Management", "Oak Knoll Imaging Center",
    "Delta Spine Institute", "Redwood Occupational Clinic", "Mission Hills Physical Therapy", "Golden Valley Hospital",
    "Larkspur Neurology", "Almond Grove Surgery Center", "Bayfront Rehabilitation", "Manzanita Medical Clinic",
)  # fmt: skip
PEOPLE = (
    "Alma Trent, M.D.", "Victor Osei, D.O.", "June Park, MD", "Rafael Lindqvist, D.C.", "Mona Adler, P.T.", "Peter Quill, M.D.",
    "Nadia Ferro, DPT", "Saul Brandt, M.D.", "Iris Kwan, PA-C", "Owen Tate, MD",
)  # fmt: skip
TITLES = {
    Kind.PROGRESS_REPORT: ("Primary Treating Physician's Progress Report (PR-2)", "PROGRESS NOTE", "Follow-up Visit", "OFFICE VISIT NOTE", "Re-Evaluation Report", "CLINIC NOTE"),
    Kind.CONSULTATION: ("CONSULTATION REPORT", "Initial Orthopedic Consultation", "HISTORY AND PHYSICAL", "New Patient Evaluation", "INITIAL EVALUATION", "Neurology Consultation"),
    Kind.OPERATIVE_REPORT: ("OPERATIVE REPORT", "Procedure Note", "REPORT OF OPERATION", "Operative Note", "INTERVENTIONAL PROCEDURE REPORT", "Surgical Report"),
    Kind.IMAGING: ("RADIOLOGY REPORT", "MRI OF THE SPINE", "Diagnostic Imaging Report", "IMAGING REPORT", "X-RAY REPORT", "Radiology Consultation"),
    Kind.ELECTRODIAGNOSTICS: ("ELECTRODIAGNOSTIC STUDY", "EMG / Nerve Conduction Study", "NCV/EMG REPORT", "Electromyography and Nerve Conduction Report"),
    Kind.THERAPY_NOTES: ("PHYSICAL THERAPY DAILY NOTE", "Physical Therapy Progress Note", "OCCUPATIONAL THERAPY EVALUATION", "Chiropractic Treatment Note", "PT Initial Evaluation", "Acupuncture Treatment Note"),
    Kind.MEDICAL_LEGAL: ("PANEL QUALIFIED MEDICAL EVALUATION", "Agreed Medical Evaluator's Report", "QME REPORT", "INDEPENDENT MEDICAL EVALUATION", "Comprehensive Medical-Legal Report", "Qualified Medical Re-Evaluation"),
    Kind.PERMANENT_REPORT: ("PERMANENT AND STATIONARY REPORT", "Primary Treating Physician's Permanent and Stationary Report (PR-4)", "PR-3", "P&S Report"),
    Kind.OTHER: ("DISCHARGE SUMMARY", "Discharge Summary", "EMERGENCY DEPARTMENT REPORT", "Emergency Room Record"),
}  # fmt: skip


def kind_of(row: dict[str, str], text: str) -> Kind:
    """Give the kind of a sample report, by its own list and name."""
    name, folder = row["sample_name"].lower(), row["file"].split("/")[0]
    head = text[:1500].lower()
    if "emg" in name or "eeg" in name:
        return Kind.ELECTRODIAGNOSTICS
    if "permanent" in name or "impairment" in name:
        return Kind.PERMANENT_REPORT
    if "discharge" in name or "er visit" in name:
        return Kind.THERAPY_NOTES if "therapy" in name else Kind.OTHER
    if "therapy" in name or "recreation" in name:
        return Kind.THERAPY_NOTES
    if "ime" in name.split() or "qualified" in name or "occupational medicine consult" in name or "record" in name:
        return Kind.MEDICAL_LEGAL
    if (
        "preoperative diagnos" in head
        or "postoperative diagnos" in head
        or "title of operation" in head
        or "injection" in name
        or "procedure" in head[:200]
    ):
        return Kind.OPERATIVE_REPORT if folder != "Radiology" else Kind.IMAGING
    if folder == "Radiology" or any(w in name for w in ("mri", "ct ", "avm", "arteriogram")):
        return Kind.IMAGING
    if "consult" in name or "h&p" in name or "evaluation" in name:
        return Kind.CONSULTATION
    return Kind.PROGRESS_REPORT if folder in ("Office-Notes", "Chiropractic") else Kind.CONSULTATION


def reports(folder: Path, half: int) -> list[tuple[Kind, str]]:
    """Give the sample reports of one half, each once, with their kinds."""
    with (folder / "index.csv").open(encoding="utf-8", errors="replace") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["file"])
    found: dict[str, tuple[Kind, str]] = {}
    for row in rows:
        text = (folder / row["file"]).read_text(encoding="utf-8", errors="replace")
        found.setdefault(text[:300], (kind_of(row, text), text))
    return [report for n, report in enumerate(found.values()) if n % 2 == half]


class _Press:
    """Lays out documents as pages of lines."""

    def __init__(self, chance: random.Random, half: int) -> None:
        self.chance, self.half = chance, half
        self.employee = chance.choice(("Dana Moreno", "Lee Whitaker", "Rosa Velasquez", "Martin Cole"))
        self.injured = date(2014, 1, 10) + timedelta(days=chance.randrange(200))
        self.pages: list[list[str]] = []
        self.truth: list[Truth] = []

    def half_of(self, options: tuple[str, ...]) -> str:
        return self.chance.choice(options[self.half :: 2])

    def day(self) -> date:
        return date(2014, 6, 1) + timedelta(days=self.chance.randrange(300))

    def written(self, day: date) -> str:
        return self.chance.choice((f"{day:%m/%d/%Y}", f"{day:%B} {day.day}, {day.year}"))

    def letterhead(self) -> list[str]:
        name = self.half_of(FACILITIES)
        street = f"{self.chance.randrange(100, 9900)} {self.chance.choice(('Palm', 'Cedar', 'Mission', 'Foothill'))} {self.chance.choice(('Street', 'Avenue', 'Blvd'))}"
        town = f"{self.chance.choice(('Fresno', 'Oakland', 'Riverside', 'Salinas'))}, CA 9{self.chance.randrange(1000, 6999)}"
        phone = f"({self.chance.randrange(209, 951)}) 555-01{self.chance.randrange(10, 99)}"
        styles = (
            [[name, street, town, f"Tel: {phone}", ""], [f"{name} | {street} | {town}", ""]],
            [
                [name.upper(), f"{street}, {town}", f"Phone {phone}  Fax {phone[:-1]}0", ""],
                [f"{name}     {phone}", f"{street}     {town}", ""],
            ],
        )
        return list(self.chance.choice(styles[self.half]))

    def add(
        self,
        kind: Kind,
        head: list[str],
        body: list[str],
        day: date | None,
        *,
        signed: bool = True,
        numbers: bool = True,
    ) -> None:
        lines = head + [part for line in body for part in (textwrap.wrap(line, self.chance.choice((84, 92))) or [""])]
        if signed:
            person = self.half_of(PEOPLE)
            closing = (
                (["", "Sincerely,", "", person], ["", f"Electronically signed by {person}"])
                if self.half == 0
                else (["", "____________________", person], ["", f"Signed: {person}", "cc: file"])
            )
            lines += self.chance.choice(closing)
        size = self.chance.choice((46, 52))
        running = (
            self.chance.choice(
                ([f"RE: {self.employee}", ""], [], [f"{self.employee}   Date of injury {self.injured:%m/%d/%Y}", ""])
            )
            if self.half == 0
            else self.chance.choice(([], [f"Patient: {self.employee}", ""], ["(continued)", ""]))
        )
        sheets = [lines[:size]]
        rest = lines[size:]
        while rest:
            sheets.append(running + rest[: size - len(running)])
            rest = rest[size - len(running) :]
        style = self.chance.choice(("of", "bare", "none", "of")) if numbers else "none"
        first = len(self.pages) + 1
        for n, sheet in enumerate(sheets, 1):
            foot = {"of": f"Page {n} of {len(sheets)}", "bare": f"Page {n}" if self.half else f"- {n} -", "none": ""}[
                style
            ]
            self.pages.append([*sheet, *[""] * (size + 2 - len(sheet)), foot] if foot else sheet)
        self.truth.append(Truth(kind, first, len(self.pages), day))

    def report(self, kind: Kind, text: str) -> None:
        day = self.day()
        head = self.letterhead() if self.chance.random() < 0.8 else []
        titled = self.chance.random() < 0.85 or not head
        if titled:
            head += [self.half_of(TITLES[kind]), ""]
        dated = self.chance.random() < 0.85
        label = self.half_of(("Date of service", "Date of Exam", "DOS", "Date of visit"))
        head += (
            [f"Patient: {self.employee}"]
            + ([f"{label}: {self.written(day)}"] if dated else [])
            + [f"DOI: {self.injured:%m/%d/%Y}", ""]
        )
        self.add(kind, head, text.splitlines(), day if dated else None, signed=self.chance.random() < 0.8)

    def application(self) -> None:
        day = self.day()
        body = ["Employee Name: " + self.employee, f"Date of Injury: {self.injured:%m/%d/%Y}", "Claim Number: 0-5512", "Disputed medical treatment: physical therapy, six sessions",
                "", "Consent to obtain medical records: I allow my records to be given to the review organization.", "", "Employee Signature: ____________   " + f"Date: {day:%m/%d/%Y}"]  # fmt: skip
        self.add(Kind.APPLICATION, ["State of California", "Division of Workers' Compensation", "", "APPLICATION FOR INDEPENDENT MEDICAL REVIEW", "DWC Form IMR", ""], body, day, signed=False)  # fmt: skip

    def ur_decision(self) -> None:
        day = self.day()
        title = self.half_of(
            (
                "UTILIZATION REVIEW DETERMINATION",
                "Notice of Utilization Review Denial",
                "UTILIZATION REVIEW DECISION",
                "Notice of Modification of Requested Treatment",
            )
        )
        body = [f"Dear {self.employee}:", "", "We have reviewed the request for the treatment named below. The request is not certified as it is not medically necessary on the records we have.",
                "", f"Date the request for authorization was received: {day - timedelta(days=4):%m/%d/%Y}", "Treatment requested: additional physical therapy, twice a week for three weeks", "",
                *["The reviewing physician read the reports of the treating physician and weighed them by the guidelines that govern. " * 3] * 6,
                "", "If you disagree, you may ask for Independent Medical Review within 30 calendar days. The form is enclosed."]  # fmt: skip
        self.add(
            Kind.UR_DECISION,
            [
                *self.letterhead(),
                title,
                "",
                f"Date of decision: {self.written(day)}",
                f"Claim: 0-5512   Employee: {self.employee}",
                "",
            ],
            body,
            day,
        )

    def rfa(self) -> None:
        day = self.day()
        body = ["[x] New Request   [ ] Resubmission   [ ] Expedited Review", "Employee Name: " + self.employee, f"Date of Injury: {self.injured:%m/%d/%Y}", "Diagnosis   ICD-Code   Procedure Requested   CPT/HCPCS Code   Other information",
                "Neck pain   M54.2   Physical therapy   97110   2 x 3 weeks", "", "Requesting Physician Signature: ________   " + f"Date: {day:%m/%d/%Y}"]  # fmt: skip
        title = self.half_of(
            (
                "REQUEST FOR AUTHORIZATION",
                "State of California, Division of Workers' Compensation - REQUEST FOR AUTHORIZATION DWC Form RFA",
            )
        )
        self.add(Kind.RFA, [title, ""], body, day, signed=False)

    def fax(self) -> None:
        title = self.half_of(("FAX", "FACSIMILE TRANSMITTAL SHEET", "Fax Cover Sheet", "FAX TRANSMISSION"))
        body = [
            "To: Claims Department",
            "From: Medical Records",
            f"Number of pages including cover: {self.chance.randrange(4, 40)}",
            "",
            "If you have received this fax in error please call us.",
        ]
        self.add(Kind.FAX_COVER, [title, ""], body, None, signed=False, numbers=False)

    def letter(self) -> None:
        day = self.day()
        body = [
            "Claims Administrator",
            "P.O. Box 4410",
            "Sacramento, CA 95812",
            "",
            f"Re: {self.employee}",
            "",
            "Dear Claims Examiner:",
            "",
            "Enclosed please find the records that you asked for. Please be advised that further reports will follow. "
            * 4,
        ]
        self.add(Kind.CORRESPONDENCE, [*self.letterhead(), self.written(day), ""], body, day)

    def laboratory(self) -> None:
        day = self.day()
        tests = ("Sodium", "Potassium", "Glucose", "Creatinine", "Hemoglobin", "Platelets", "Morphine", "Hydrocodone")
        rows = [
            f"{name}   {self.chance.randrange(1, 200)}   mg/dL   reference range {n} - {n + 90}"
            for n, name in enumerate(tests)
        ]
        title = self.half_of(
            ("LABORATORY REPORT", "Urine Drug Screen Report", "Clinical Laboratory Results", "TOXICOLOGY REPORT")
        )
        self.add(
            Kind.LABORATORY,
            [*self.letterhead(), title, f"Patient: {self.employee}", f"Collected: {self.written(day)}", ""],
            ["Test   Result   Units   Reference range", *rows],
            day,
            signed=False,
        )

    def therapy(self) -> None:
        for visit in range(1, self.chance.randrange(3, 6)):
            day = self.day()
            body = [
                f"Visit {visit} of 12",
                "S: Patient reports less pain after the last visit.",
                "O: Therapeutic exercise 97110, manual therapy 97140, hot packs.",
                "A: Tolerates treatment well.",
                "P: Continue plan of care. Long-term goals remain.",
            ]
            self.add(
                Kind.THERAPY_NOTES,
                [
                    *self.letterhead(),
                    self.half_of(TITLES[Kind.THERAPY_NOTES]),
                    f"Patient: {self.employee}",
                    f"Date of service: {self.written(day)}",
                    "",
                ],
                body,
                day,
            )

    def pharmacy(self) -> None:
        day = self.day()
        title = self.half_of(
            ("PHARMACY DISPENSING RECORD", "Prescription History", "Medication Dispensing Log", "Pharmacy Profile")
        )
        rows = [
            f"{day - timedelta(days=30 * n):%m/%d/%Y}   Ibuprofen 800 mg tablets   qty 90   30 days supply   refills 1"
            for n in range(9)
        ]
        self.add(
            Kind.PHARMACY,
            [*self.letterhead(), title, f"Patient: {self.employee}", f"Date printed: {day:%m/%d/%Y}", ""],
            ["Date filled   Drug   Quantity   Days supply   Prescriber", *rows],
            None,
            signed=False,
        )

    def first_report(self) -> None:
        day = self.day()
        body = [
            "Employee: " + self.employee,
            f"Date of injury: {self.injured:%m/%d/%Y}",
            "How did the accident happen: lifted a box and felt pain in the neck.",
            "Diagnosis: cervical strain",
            "Treatment rendered: ibuprofen 800 mg, modified work",
            f"Date of exam: {self.written(day)}",
        ]
        self.add(
            Kind.FIRST_REPORT,
            [
                self.half_of(
                    (
                        "DOCTOR'S FIRST REPORT OF OCCUPATIONAL INJURY OR ILLNESS",
                        "Doctor's First Report of Occupational Injury or Illness (Form 5021)",
                    )
                ),
                "",
            ],
            body,
            day,
        )


def documents(
    folder: Path, chance: random.Random, half: int, clinical: int
) -> tuple[list[list[str]], tuple[Truth, ...]]:
    """Give the pages of about `clinical` reports among forms and letters, and the documents on them."""
    press = _Press(chance, half)
    chosen = chance.sample(reports(folder, half), clinical)
    makers = [lambda kind=kind, text=text: press.report(kind, text) for kind, text in chosen]
    makers += [press.rfa, press.letter, press.laboratory, press.therapy, press.pharmacy, press.first_report]
    chance.shuffle(makers)
    for make in [press.fax, press.application, press.ur_decision, *makers]:
        make()
    return press.pages, tuple(press.truth)
