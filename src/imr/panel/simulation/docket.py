"""The invented cases of a year. Each depends only on its number and the seed, in whatever order they are made."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from imr.case.application import Application, ClaimsAdministrator, DisputedTreatment, Employee, RequestingPhysician
from imr.case.context import CALIFORNIA
from imr.law.days import Unit, is_closed, shift
from imr.law.holidays import Calendar
from imr.law.terms import Filer, ReviewType, Service
from imr.panel.simulation.chance import Chance, Weighted
from imr.panel.simulation.people import ADMINISTRATORS, BODY_PARTS
from imr.panel.simulation.volumes import DRUG_WEIGHTS, OTHER_WEIGHTS, Volume

#: Requests for treatments of each category. The classifier of treatments reads them back.
WORDS = {
    "Pharmaceuticals: Opioids": ("Hydrocodone/APAP 10/325 mg #60", "Oxycodone 15 mg #90", "Tramadol 50 mg #60"),
    "Pharmaceuticals: NSAID": ("Naproxen 550 mg #60", "Ibuprofen 800 mg #90"),
    "Pharmaceuticals: Muscle Relaxant": ("Cyclobenzaprine 7.5 mg #60", "Tizanidine 4 mg #60"),
    "Pharmaceuticals: Topical Analgesics": ("Lidocaine patch 5 % #30", "Menthol and capsaicin cream 120 g"),
    "Pharmaceuticals: Anti-epilepsy drugs": ("Gabapentin 600 mg #90", "Pregabalin 75 mg #60"),
    "Pharmaceuticals: Proton Pump Inhibitors": ("Omeprazole 20 mg #60", "Pantoprazole 20 mg #60"),
    "Pharmaceuticals: Antidepressant": ("Duloxetine 30 mg #60", "Trazodone 50 mg #30"),
    "Pharmaceuticals: Sedative-hypnotics": ("Zolpidem 10 mg #30",),
    "Pharmaceuticals: Benzodiazepines": ("Alprazolam 1 mg #60", "Diazepam 10 mg #30"),
    "Rehabilitation: Physical Therapy/Occupational Therapy (PT/OT)": ("Physical therapy, 12 sessions, {part}",),
    "Rehabilitation: Acupuncture": ("Acupuncture, 8 sessions, {part}",),
    "Rehabilitation: Chiropractic": ("Chiropractic treatment, 8 visits, {part}",),
    "Diagnostic Testing: Imaging": ("MRI of the {part}", "X-rays of the {part}"),
    "Diagnostic Testing: Lab & Pathology": ("Urine drug screen", "Laboratory panel"),
    "Diagnostic Testing: EMG/NCV/NCS": ("EMG/NCV of both legs", "Nerve conduction study, both arms"),
    "Injection: Injection": ("Epidural steroid injection, {part}", "Trigger point injections, {part}"),
    "Injection: Facet Injection": ("Medial branch block, {part}",),
    "DMEPOS: DME": ("Purchase of a cane", "Rental of a hospital bed"),
    "DMEPOS: Electrical Stimulation": ("TENS unit, 30 day rental",),
    "Evaluation & Management: Medical Specialties": (
        "Follow-up office visit",
        "Consultation with a specialist, {part}",
    ),
    "Surgery: Arthroscopic Surgery": ("Arthroscopic surgery, {part}",),
    "Surgery: Spine": ("Lumbar laminectomy", "Anterior cervical discectomy and fusion"),
    "Surgery: Non-arthroscopic Surgery": ("Carpal tunnel release",),
    "Psych Services: Therapies": ("Cognitive behavioral therapy, 6 sessions",),
    "Psych Services: Evaluation & Management": ("Psychological evaluation",),
    "Programs: Programs": ("Functional restoration program, 80 hours",),
    "Home Health: Home Health": ("Home health aide, 4 hours a day",),
    "Transportation: Transportation": ("Transportation to appointments",),
    "Evaluation & Management: Dental Services": ("Dental evaluation",),
}
_DRUGS, _OTHERS = Weighted(DRUG_WEIGHTS), Weighted(OTHER_WEIGHTS)
PHYSICIANS = Weighted(
    {
        "Physical Medicine & Rehabilitation": 25.0,
        "Orthopedic Surgery": 22.0,
        "Pain Management": 20.0,
        "Occupational Medicine": 12.0,
        "Family Practice": 8.0,
        "Chiropractic": 6.0,
        "Internal Medicine": 3.0,
        "Neurology": 2.0,
        "Psychology": 2.0,
    }
)
#: The formulary's track is for disputes from this day on (LC 4610.5(a)(3)).
FORMULARY = date(2018, 1, 1)
#: Mondays bring the weekend's post. Assumed.
_WEEKDAY = (1.25, 1.05, 1.0, 0.9, 0.8)


@dataclass(frozen=True, slots=True)
class Course:
    """The random facts of one case besides its application: delays in days, and what goes wrong."""

    received: datetime
    eligible: date
    assigned: date
    records: date | None
    duplicate: bool
    declines: bool
    returned: bool


class Docket:
    """The cases of a year. Those numbered below `letters` reach a letter; the others end before a review."""

    def __init__(self, volume: Volume, seed: int, part: float = 1.0) -> None:
        self.volume = volume
        self.chance = Chance(f"{seed} {volume.year}")
        self.letters = round(volume.letters * part)
        self.applications = max(self.letters, round(volume.applications * part))

    @cached_property
    def days(self) -> Weighted[date]:
        """The business days of the year, each with its weight in applications."""
        first = date(self.volume.year, 1, 1)
        every = (first + timedelta(days=n) for n in range(366))
        open_days = [d for d in every if d.year == first.year and not is_closed(d, Calendar.STATE)]
        return Weighted({day: _WEEKDAY[day.weekday()] for day in open_days})

    def by_day(self) -> dict[date, list[int]]:
        """The numbers of the cases by the day on which they are received, in order."""
        found: dict[date, list[int]] = {day: [] for day in self.days.items}
        for number in range(self.applications):
            found[self.chance.weighted(self.days, "day", number)].append(number)
        return found

    def course(self, number: int, received: date) -> Course:
        """Draw the random facts of a case."""
        chance, volume = self.chance, self.volume
        eligible = shift(received, chance.whole(1, 4, "eligible", number), Unit.BUSINESS)
        assigned = shift(eligible, 1, Unit.BUSINESS)
        records: date | None = assigned + timedelta(days=chance.whole(5, 12, "records", number))
        if chance.happens(volume.share("records late"), "late", number):
            records = assigned + timedelta(days=chance.whole(13, 45, "how late", number))
            if chance.happens(volume.share("records of a late administrator never come"), "never", number):
                records = None
        if self.is_expedited(number):
            records = assigned + timedelta(days=chance.whole(0, 1, "records", number))
        return Course(
            received=datetime.combine(received, time(9), CALIFORNIA),
            eligible=eligible,
            assigned=assigned,
            records=records,
            duplicate=number >= self.letters
            and chance.happens(volume.share("duplicates, of applications that end before review"), "duplicate", number),
            declines=chance.happens(volume.share("reviewer declines"), "declines", number),
            returned=chance.happens(volume.share("draft returned by quality"), "returned", number),
        )

    def is_expedited(self, number: int) -> bool:
        """Say whether the review is expedited."""
        return self.chance.happens(self.volume.share("expedited"), "expedited", number)

    def categories(self, number: int) -> tuple[str, ...]:
        """Draw the categories of the disputed treatments."""
        chance, more = self.chance, self.volume.items.value - 1
        # More items than one, with halving probabilities up to six, so that their mean is the published one.
        count = 1
        while count < 6 and chance.happens(more / (1 + more), "another", number, count):
            count += 1
        drugs = self.volume.drugs.value / 100
        return tuple(
            chance.weighted(_DRUGS if chance.happens(drugs, "drug", number, n) else _OTHERS, "category", number, n)
            for n in range(count)
        )

    def application(self, number: int, received: date) -> Application:
        """Make the application of a case. One that reaches a letter is eligible; of the others, some are not."""
        chance, part = self.chance, self.chance.weighted(BODY_PARTS, "part", number)
        categories = self.categories(number)
        late = number >= self.letters and chance.happens(0.5, "late application", number)
        ur_on = received - timedelta(days=chance.whole(8, 30, "ur", number) + (60 if late else 0))
        unsigned = number >= self.letters and not late
        expedited = self.is_expedited(number)
        drug = (
            len(categories) == 1
            and categories[0].startswith("Pharmaceuticals")
            and self.volume.year >= 2018
            and not late
        )
        formulary = (
            drug
            and not expedited
            and chance.happens(
                self.volume.share("formulary track, of letters about one drug since 2018"), "formulary", number
            )
        )
        soon = received - timedelta(days=chance.whole(2, 9, "ur", number))
        if formulary and soon >= FORMULARY:
            ur_on = soon
        return Application(
            review_type=ReviewType.EXPEDITED if expedited else ReviewType.STANDARD,
            ur_expedited=expedited,
            formulary=formulary and soon >= FORMULARY,
            employee=Employee(
                first_name="Invented", last_name=f"Employee{chance.whole(0, 90_000, 'employee', number)}"
            ),
            employer=f"Invented Employer {chance.whole(0, 9_999, 'employer', number)}",
            claim_number=f"WC{number:08}",
            injured_on=ur_on - timedelta(days=chance.whole(60, 1500, "injury", number)),
            physician=self._physician(number),
            administrator=ClaimsAdministrator(company=chance.one(ADMINISTRATORS, "administrator", number)),
            diagnosis=f"strain of the {part}",
            ur_decided_on=ur_on,
            ur_served_on=ur_on,
            ur_service=Service.MAIL,
            treatments=tuple(
                DisputedTreatment(
                    description=chance.one(WORDS[category], "words", number, n).format(part=part), category=category
                )
                for n, category in enumerate(categories)
            ),
            filed_by=Filer.EMPLOYEE,
            signed_on=None if unsigned else received - timedelta(days=1),
            records_consent=True,
            copy_to_administrator=True,
            ur_decision_attached=True,
        )

    def _physician(self, number: int) -> RequestingPhysician:
        """Draw a physician. The number is skewed, so that the first tenth of the physicians have most cases."""
        which = int(self.chance.share("physician", number) ** 4 * 12_000)
        return RequestingPhysician(
            first_name="Invented",
            last_name=f"Physician{which:05}",
            practice=f"Invented Medical Group {which % 400:03}",
            specialty=self.chance.weighted(PHYSICIANS, "specialty of physician", which),
        )
