"""The medical facts of the invented cases: injuries, findings, and the treatments in dispute.

All sentences are our own. Sections of guidelines are named, never quoted.
"""

from dataclasses import dataclass

PMR, PAIN, ORTHO = "Physical Medicine & Rehabilitation", "Pain Management", "Orthopedic Surgery"
OCC, FAMILY, NEURO = "Occupational Medicine", "Family Practice", "Neurology"
PSYCH, CHIRO, ACU = "Psychiatry", "Chiropractic", "Acupuncture"
INTERNAL, ANESTHESIA, SPINE = "Internal Medicine", "Anesthesiology", "Neurological Surgery"


@dataclass(frozen=True, slots=True)
class Injury:
    """A body part, its injury and the findings. `topic` is its key in the register of guidelines."""

    part: str
    topic: str
    diagnosis: str
    icd9: str
    icd10: str
    complaint: str
    finding: str
    study: str
    specialties: tuple[str, ...]


INJURIES = (
    Injury(
        "neck", "neck",
        "cervical strain with myofascial pain", "847.0", "S16.1XXA", "neck pain that reaches the shoulder blades",
        "tenderness of the paracervical muscles and a limited rotation of the neck", "cervical spine films",
        (PMR, OCC, PAIN),
    ),
    Injury(
        "neck and left arm", "neck",
        "cervical strain and strain of the left upper extremity with myofascial pain", "847.0", "S16.1XXA",
        "pain of the neck and of the left arm after repetitive work",
        "diffuse tenderness of the neck and the left upper extremity with full strength and sensation",
        "electrodiagnostic studies of the left arm", (PMR, OCC),
    ),
    Injury(
        "low back", "low back", "lumbar strain with radiating leg pain", "847.2",
        "S39.012A", "low back pain with tingling into the left leg",
        "lumbar spasm, a limited flexion and a straight leg raise that is painful at 60 degrees",
        "MRI of the lumbar spine", (PMR, ORTHO, PAIN, OCC),
    ),
    Injury(
        "lumbar spine", "low back", "lumbar disc displacement", "722.10", "M51.26",
        "back pain that is worse with sitting and lifting",
        "tenderness of the lower lumbar segments and a reduced sensation over the outer calf", "MRI of the lumbar spine",
        (PMR, ORTHO, SPINE, ANESTHESIA),
    ),
    Injury(
        "right shoulder", "shoulder", "rotator cuff tendinosis of the right shoulder",
        "726.10", "M75.101", "right shoulder pain at night and with reaching overhead",
        "a painful arc, positive impingement signs and slightly weak abduction", "MRI of the right shoulder",
        (ORTHO, PMR, OCC),
    ),
    Injury(
        "left shoulder", "shoulder", "adhesive capsulitis of the left shoulder",
        "726.0", "M75.02", "a stiff and painful left shoulder", "elevation to 110 degrees and hardly any external rotation",
        "films of the left shoulder", (ORTHO, PMR),
    ),
    Injury(
        "right elbow", "elbow", "lateral epicondylitis of the right elbow", "726.32",
        "M77.11", "pain at the outside of the right elbow with gripping",
        "tenderness at the lateral epicondyle and pain on resisted extension of the wrist", "films of the right elbow",
        (ORTHO, OCC, FAMILY),
    ),
    Injury(
        "right wrist", "hand",
        "carpal tunnel syndrome of the right wrist", "354.0", "G56.01", "numbness of three fingers of the right hand at night",
        "a positive Phalen test and reduced two-point discrimination", "nerve conduction studies of the right hand",
        (ORTHO, NEURO, PMR),
    ),
    Injury(
        "left knee", "knee", "tear of the medial meniscus of the left knee", "836.0",
        "S83.242A", "left knee pain with catching on stairs", "joint line tenderness and a positive McMurray test",
        "MRI of the left knee", (ORTHO, FAMILY),
    ),
    Injury(
        "right knee", "knee", "osteoarthritis of the right knee", "715.16", "M17.11",
        "right knee pain after standing", "crepitus and a flexion to 105 degrees", "standing films of the right knee",
        (ORTHO, PMR, FAMILY),
    ),
    Injury(
        "left ankle", "ankle", "sprain of the left ankle", "845.00",
        "S93.402A", "left ankle pain and giving way on rough ground",
        "swelling below the outer malleolus and a mildly positive drawer test", "films of the left ankle",
        (ORTHO, OCC),
    ),
    Injury(
        "mind", "stress", "adjustment disorder with depressed mood", "309.0",
        "F43.21", "low mood, worry and broken sleep since the injury",
        "a depressed affect, intact thinking and no thought of self-harm", "a depression inventory", (PSYCH, FAMILY),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RefusedTreatment:
    """A kind of treatment that utilization review sometimes refuses.

    `asks` are forms of the request with `{part}`, `{n}` and `{half}`; `section` is the section on it in the chronic
    pain guideline, or in the chapter of the body part if `by_part`, and `outside` the one in the Official Disability
    Guidelines if only these cover it; `fits` are the body parts that it is for, all if empty.
    """

    category: str
    asks: tuple[str, ...]
    section: str
    by_part: bool
    counts: tuple[int, ...]
    against: tuple[str, ...]
    favour: tuple[str, ...]
    fits: tuple[str, ...] = ()
    outside: str = ""


_SPINE = ("neck", "neck and left arm", "low back", "lumbar spine")
_BACK = ("low back", "lumbar spine")
_SHOULDERS = ("right shoulder", "left shoulder")
_KNEES = ("left knee", "right knee")
_BODY = (*_SPINE, *_SHOULDERS, *_KNEES, "right elbow", "right wrist", "left ankle")

_NO_FUNCTION = (
    "The reports name relief for a few hours but no task of work or of daily life that became possible",
    "No report compares what the employee could do before the earlier course with what was possible after it",
    "Neither restrictions at work nor the need for other treatment became less",
)
_FUNCTION = (
    "The reports measure a longer time of sitting and standing and a return to modified work",
    "Restrictions at work were lifted in part, and the need for other treatment became less",
    "The reports show gains in reach and in strength that were kept at the next visit",
)

TREATMENTS = (
    RefusedTreatment(
        "Rehabilitation * Physical Therapy/Occupational Therapy (PT/OT) *",
        ("{n} additional physical therapy sessions for the {part}", "Physical therapy, {n} visits, {part}",
         "Physical therapy for the {part} 2 times a week for {half} weeks"),
        "Physical Medicine", False, (6, 8, 12),
        ("The course that was completed reached what the guideline allows, and a home program was taught", *_NO_FUNCTION),
        ("The sessions completed are fewer than the guideline allows, and a flare after a return to work is described",
         *_FUNCTION), _BODY,
    ),
    RefusedTreatment(
        "Rehabilitation * Chiropractic *", ("Chiropractic treatment for the {part}, {n} visits", "{n} chiropractic visits"),
        "Manual therapy & manipulation", False, (6, 8, 12), _NO_FUNCTION, _FUNCTION, _SPINE,
    ),
    RefusedTreatment(
        "Rehabilitation * Acupuncture *", ("Acupuncture, {n} sessions", "{n} acupuncture visits for the {part}"),
        "Acupuncture", False, (6, 8), _NO_FUNCTION,
        ("This is a first trial within the number that shows whether it helps, beside a reduction of medicines",), _BODY,
    ),
    RefusedTreatment(
        "Rehabilitation * Other Therapies *", ("Aquatic therapy, {n} sessions", "Massage therapy, {n} visits, {part}"),
        "Physical Medicine", False, (6, 8, 12),
        ("Nothing shows that exercise on land is not possible, and the earlier sessions are not counted", *_NO_FUNCTION),
        ("Weight bearing is painful, and exercise in water is a way back to exercise on land",),
        ("low back", "right knee", "left ankle"),
    ),
    RefusedTreatment(
        "DMEPOS * DME *", ("Home exercise kit for the {part}", "DME: exercise kit, {part}"), "Exercise", False, (),
        ("No exercise is shown to need this equipment, and nobody is named to teach or to follow its use",),
        ("The kit replaces supervised sessions, and the therapist describes its use and a date to look at the result",),
        (*_SPINE, *_SHOULDERS),
    ),
    RefusedTreatment(
        "DMEPOS * Electrical Stimulation *", ("TENS unit, purchase", "Interferential unit, {n} month rental", "H-wave device"),
        "Transcutaneous electrotherapy", False, (1, 2, 3),
        ("A trial of one month with a record of how often the unit was used and what it changed is not described",),
        ("A trial of one month is recorded, with use every day, less pain and fewer tablets",), _BODY,
    ),
    RefusedTreatment(
        "DMEPOS * Supplies *", ("Electrodes and batteries, {n} months", "Cold therapy pads, quantity {n}"),
        "Transcutaneous electrotherapy", False, (2, 3, 6),
        ("The device that the supplies are for has not shown a benefit",),
        ("The device is in use every day with a recorded benefit, and supplies wear out",), _BODY,
    ),
    RefusedTreatment(
        "DMEPOS * Prosthetics/Orthotics *", ("Brace for the {part}", "Custom orthosis, {part}"), "Physical Methods", True, (),
        ("Instability is neither described nor tested, and the phase in which a brace helps has passed",),
        ("Instability is described and tested, and the brace is for the time of strengthening",),
        (*_KNEES, "left ankle", "right elbow", "right wrist"),
    ),
    RefusedTreatment(
        "Diagnostic Testing * EMG/NCV/NCS *", ("EMG/NCS of both upper extremities", "Electrodiagnostic study of the {part}"),
        "Special Studies", True, (),
        ("Sensation, strength and reflexes are normal, so that the study would answer no question",),
        ("Numbness is described along one nerve, the examination agrees, and four weeks of care changed nothing",),
        ("neck", "neck and left arm", "right wrist", "right elbow"),
    ),
    RefusedTreatment(
        "Diagnostic Testing * Other Diagnostic Tests *", ("MRI of the {part} without contrast", "MRI of the {part}"),
        "Special Studies", True, (),
        ("No red flag and no new deficit is described, and an earlier study answers the same question",),
        ("A new deficit is described since the last study, and an operation depends on the answer",), _BODY,
    ),
    RefusedTreatment(
        "Diagnostic Testing * Lab & Pathology *", ("Urine drug screen", "Urine toxicology, {n} panels", "Liver function tests"),
        "Drug testing", False, (1, 2, 4),
        ("A screen three months before was as expected, and no risk that calls for more frequent ones is named",),
        ("The medicine calls for a look at the body's response once a year, and the last one is older",), (),
    ),
    RefusedTreatment(
        "Injection * Injection *",
        ("Epidural steroid injection at L5-S1", "Transforaminal epidural steroid injection, left L4-5"),
        "Epidural steroid injections (ESIs)", False, (),
        ("The examination shows no deficit along one root, and imaging shows no contact with it",
         "The first injection gave relief for two weeks only"),
        ("Weakness along one root agrees with the imaging, and six weeks of therapy and medicine failed",), _BACK,
    ),
    RefusedTreatment(
        "Injection * Facet Injection *", ("Facet joint injections L4-5 and L5-S1", "Medial branch blocks at L4-5, both sides"),
        "Physical Methods", True, (),
        ("Pain that radiates below the knee speaks against the joints as its source",),
        ("The pain is axial, with extension, and conservative care of three months failed",), _BACK,
    ),
    RefusedTreatment(
        "Injection * Injection *", ("Corticosteroid injection, {part}", "Ultrasound guided injection of the {part}"),
        "Initial Care", True, (),
        ("Three injections were given within the year, and none helped longer than a month",),
        ("Rest, exercises and anti-inflammatory medicine of six weeks failed, and this is the first injection",),
        (*_SHOULDERS, *_KNEES, "right elbow", "right wrist"),
    ),
    RefusedTreatment(
        "Pharmaceuticals *  * Viscosupplementation", ("Hyaluronic acid injections, series of {n}, {part}",), "", True, (3, 5),
        ("The films show a mild narrowing only, and the effect of the earlier series is not described",),
        ("The films show severe narrowing, and exercise, weight loss and a steroid injection were tried",), ("right knee",),
        "Hyaluronic acid injections",
    ),
    RefusedTreatment(
        "Surgery * Arthroscopic Surgery *", ("Arthroscopy of the {part}", "Arthroscopic debridement, {part}"),
        "Surgical Considerations", True, (),
        ("Supervised exercise of three months is not documented, and imaging shows no tear through the tendon",),
        ("Therapy of four months and an injection failed, and imaging agrees with the examination",),
        (*_SHOULDERS, "left knee"),
    ),
    RefusedTreatment(
        "Surgery * Spine *", ("Lumbar decompression at L4-5", "Lumbar fusion at L5-S1"),
        "Surgical Considerations", True, (),
        ("No deficit that worsens and no instability on films in motion is shown",),
        ("Weakness has become worse over two examinations and agrees with the imaging",), _BACK,
    ),
    RefusedTreatment(
        "Surgery * Adjunct Surgical Services *", ("Preoperative medical clearance", "Assistant surgeon", "Postoperative sling"),
        "Surgical Considerations", True, (),
        ("The operation for which it is asked was not approved",),
        ("The operation was approved, and the employee's age and heart condition call for it",), (*_SHOULDERS, *_KNEES),
    ),
    RefusedTreatment(
        "Surgery * Surgical Consult *", ("Consultation with a surgeon, {part}", "Surgical consultation for the {part}"),
        "Surgical Considerations", True, (),
        ("No finding is described that an operation could correct",),
        ("Conservative care has failed for six months, and a second opinion will settle the plan",), _BODY,
    ),
    RefusedTreatment(
        "Evaluation & Management * Medical Specialties *", ("Pain management consultation", "Internal medicine consultation"),
        "Pain Outcomes and Endpoints", False, (),
        ("The reports do not say what question the consultation is to answer",),
        ("The plan has become complex, with several medicines, and a specialist can simplify it",), (),
    ),
    RefusedTreatment(
        "Psych Services * Therapies *", ("Cognitive behavioral therapy, {n} sessions", "{n} psychotherapy sessions"),
        "Behavioral interventions", False, (4, 6, 10),
        ("Progress in the sessions already given is not described",),
        ("An evaluation names goals, and a first course within the number of the guideline is asked for",),
        ("mind", "low back", "neck"),
    ),
    RefusedTreatment(
        "Psych Services * Evaluation & Management *", ("Psychological evaluation", "Psychiatric consultation"),
        "Psychological evaluations", False, (),
        ("No screening and no symptom points to a condition of the mind",),
        ("Low mood and poor sleep slow the recovery, and a screening was positive",), ("mind", "low back", "neck"),
    ),
    RefusedTreatment(
        "Programs * Programs *", ("Functional restoration program, {n} hours", "Initial evaluation for a restoration program"),
        "Functional restoration programs (FRPs)", False, (80, 160),
        ("A baseline, a plan for returning to work and the reasons why other care has nothing left are missing",),
        ("A thorough evaluation shows loss of function, motivation, and no other option",), (),
    ),
    RefusedTreatment(
        "Home Health * Home Health *", ("Home health aide, {n} hours a week", "Home care evaluation"), "Home health services",
        False, (8, 20),
        ("The employee is not bound to the home, and housekeeping alone is asked for",),
        ("After the operation the employee is bound to the home, and medical care by a nurse is described",), (),
    ),
    RefusedTreatment(
        "Transportation * Transportation *", ("Transportation to appointments", "Transport to {n} visits"), "", True, (6, 12),
        ("Nothing shows that the employee cannot drive or use public transport",),
        ("The surgeon forbids driving for six weeks, and nobody at home drives",), _KNEES,
        "Transportation",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug by its common name, with its strengths, its category and its section in the chronic pain guideline."""

    name: str
    strengths: tuple[str, ...]
    category: str
    section: str
    against: str
    favour: str


_WEAN = "Neither function, nor side effects, nor agreement with the prescription is recorded at the visits"
_KEPT = "Pain, function, side effects and agreement with the prescription are recorded at every visit, at a low dose"
DRUGS = (
    Drug("Hydrocodone/APAP", ("5/325mg", "10/325mg"), "Opioids", "Opioids", _WEAN, _KEPT),
    Drug("Tramadol", ("50mg", "ER 150mg"), "Opioids", "Opioids", _WEAN, _KEPT),
    Drug("Oxycodone", ("10mg", "15mg"), "Opioids", "Opioids", _WEAN, _KEPT),
    Drug(
        "Cyclobenzaprine", ("5mg", "7.5mg", "10mg"), "Muscle Relaxant", "Muscle relaxants (for pain)",
        "It is meant for a short course, and it has been prescribed for months", "A short course is asked for an acute flare",
    ),
    Drug(
        "Tizanidine", ("2mg", "4mg"), "Muscle Relaxant", "Muscle relaxants (for pain)",
        "No spasm is found at the examinations, and no gain is described", "Spasm is found, and it has helped before",
    ),
    Drug(
        "Naproxen", ("500mg", "550mg"), "NSAID", "NSAIDs (non-steroidal anti-inflammatory drugs)",
        "It is prescribed for long without a look at its effect or at blood pressure",
        "It lowers the pain and lets the employee work, at the lowest dose that does",
    ),
    Drug(
        "Ibuprofen", ("600mg", "800mg"), "NSAID", "NSAIDs (non-steroidal anti-inflammatory drugs)",
        "A second drug of the same kind is taken already", "It is used for flares only, with a recorded effect",
    ),
    Drug(
        "Omeprazole", ("20mg",), "Proton Pump Inhibitors", "NSAIDs, GI symptoms & cardiovascular risk",
        "No risk for the stomach and no complaint is described", "The employee is over 65 and takes an anti-inflammatory drug",
    ),
    Drug(
        "Gabapentin", ("300mg", "600mg"), "Anti-epilepsy drugs", "Antiepilepsy drugs (AEDs)",
        "Nerve pain is not described, and no change was recorded over a trial", "Nerve pain is described, and it fell by a third",
    ),
    Drug(
        "Duloxetine", ("30mg", "60mg"), "Antidepressant", "Antidepressants for chronic pain",
        "What it did for pain, mood or sleep is not described", "Pain and mood are better since it was begun",
    ),
    Drug(
        "Lidocaine 5% patch", ("#30 box",), "Topical Analgesics", "Topical analgesics",
        "A first line medicine by mouth was not tried", "Local nerve pain remained after a trial of gabapentin",
    ),
    Drug(
        "Flurbiprofen 10%/Lidocaine 5% cream", ("120gm", "180gm"), "Topical Compounds", "Topical analgesics",
        "One part of the compound is not recommended, and so the whole is not",
        "The employee cannot take the medicine by mouth, and each part is recommended",
    ),
    Drug(
        "Zolpidem", ("5mg", "10mg"), "Sedative-hypnotics", "Insomnia treatment",
        "It is for a few weeks only, and the causes of poor sleep were not looked for", "Two weeks are asked for after surgery",
    ),
    Drug(
        "Alprazolam", ("0.5mg", "1mg"), "Benzodiazepines", "Benzodiazepines",
        "It is not for long use, and four weeks have passed many times over", "A taper over four weeks is asked for",
    ),
)  # fmt: skip
