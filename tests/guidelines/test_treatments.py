import csv
from pathlib import Path

import pytest

from imr.guidelines.body_part_list import BodyPart
from imr.guidelines.drug_list import DRUG_NAMES
from imr.guidelines.drugs import drug_class, drug_names, misspelled
from imr.guidelines.treatments import UNKNOWN, classify

LABELS = Path(__file__).parent.parent / "corpus" / "labels.csv"
HELD_BACK = Path(__file__).parent.parent / "corpus" / "held_back.csv"


@pytest.mark.parametrize(
    ("treatment", "category", "subcategory"),
    [
        ("MRI of the left ankle without contrast", "Diagnostic Testing", "Imaging"),
        ("EMG/NCV bilateral upper extremities", "Diagnostic Testing", "EMG/NCV/NCS"),
        ("Urine toxicology screen", "Diagnostic Testing", "Lab & Pathology"),
        ("Sleep study", "Diagnostic Testing", "Other Diagnostic Tests"),
        ("Aquatic therapy 2x6 for the knees", "Rehabilitation", "Physical Therapy/Occupational Therapy (PT/OT)"),
        ("Chiropractic therapy 2 x 4 lumbar", "Rehabilitation", "Chiropractic"),
        ("Acupuncture, eight sessions", "Rehabilitation", "Acupuncture"),
        ("Deep tissue massage, 6 visits", "Rehabilitation", "Other Therapies"),
        ("Norco 10/325mg #90", "Pharmaceuticals", "Opioids"),
        ("Gabapentin 300 mg, 90 capsules", "Pharmaceuticals", "Anti-epilepsy drugs"),
        ("Voltaren gel 1%, 100g", "Pharmaceuticals", "Topical Analgesics"),
        ("Fentanyl patch 25mcg #10", "Pharmaceuticals", "Opioids"),
        ("Ketoprofen 20%/Lidocaine 5% cream 120g", "Pharmaceuticals", "Topical Compounds"),
        ("Compound cream: gabapentin, baclofen", "Pharmaceuticals", "Topical Compounds"),
        ("Neverheardofex 50mg tablets #30", "Pharmaceuticals", UNKNOWN),
        ("Toradol injection 60mg IM", "Injection", "Injection"),
        ("L4-5 and L5-S1 medial branch blocks, bilateral", "Injection", "Facet Injection"),
        ("Lumbar epidural steroid injection L5-S1", "Injection", "Injection"),
        ("Lumbar laminectomy L4-L5", "Surgery", "Spine"),
        ("Left shoulder arthroscopy with subacromial decompression", "Surgery", "Arthroscopic Surgery"),
        ("Right carpal tunnel release", "Surgery", "Non-arthroscopic Surgery"),
        ("Pre-operative medical clearance", "Surgery", "Adjunct Surgical Services"),
        ("Associated surgical service: cold therapy unit", "Surgery", "Adjunct Surgical Services"),
        ("TENS unit, 30-day rental", "DMEPOS", "Electrical Stimulation"),
        ("Custom orthotics, bilateral", "DMEPOS", "Prosthetics/Orthotics"),
        ("Orthopedic mattress", "DMEPOS", "DME"),
        ("Functional restoration program, 20 days", "Programs", "Programs"),
        ("Cognitive behavioral therapy, 6 sessions", "Psych Services", "Therapies"),
        ("Psychological evaluation", "Psych Services", "Evaluation & Management"),
        ("Home health aide 4 hours a day", "Home Health", "Home Health"),
        ("Transportation to all medical appointments", "Transportation", "Transportation"),
        ("Follow-up visit with pain management", "Evaluation & Management", "Medical Specialties"),
        ("Dental crowns for two teeth", "Evaluation & Management", "Dental Services"),
        ("Something nobody has named", UNKNOWN, UNKNOWN),
    ],
)
def test_a_treatment_is_filed_as_the_division_files_it(treatment, category, subcategory):
    found = classify(treatment)
    assert (found.category, found.subcategory) == (category, subcategory)


@pytest.mark.parametrize(
    ("heading", "words"),
    [("MRI of the left ankle", "MRI"), ("Norco 10/325mg #90", "Norco"), ("Something nobody has named", "")],
)
def test_the_words_on_which_a_category_rests_stand_in_the_heading(heading, words):
    assert classify(heading).words == words
    assert words in heading


def test_body_parts_and_codes_are_read_where_they_are_stated():
    found = classify("CPT 72148, MRI of the lumbar spine for M54.5; left knee brace L1832")
    assert found.body_parts == (BodyPart.LOW_BACK, BodyPart.KNEE)
    assert found.icd10 == ("M54.5",)
    assert found.procedures == ("72148", "L1832")


def test_a_drug_whose_name_stands_in_two_classes_is_filed_once():
    assert drug_class("Toradol 10mg") == ("NSAID", "Toradol")
    assert drug_class("no drug at all") is None
    assert drug_names("Norco and Tylenol with Codeine") == ("Norco", "Tylenol with Codeine")
    for entry in DRUG_NAMES:
        if entry.drug_class:
            assert drug_class(entry.name.replace("-", " ")) is not None, entry.name


def test_a_long_name_with_one_slip_of_the_pen_is_that_drug():
    assert misspelled("Cyclobenzeprine 7.5mg") == ("Muscle Relaxant", "Cyclobenzeprine")
    assert misspelled("gabapentn 300 mg") == ("Anti-epilepsy drugs", "gabapentn")
    assert misspelled("Trazadone") == ("Antidepressant", "Trazadone")
    assert misspelled("two slips: Trazadon") is None
    assert misspelled("somma 350") is None, "a short name is too like another"
    assert classify("Tizanadine 4mg #60").words == "Tizanadine"


def test_no_two_long_names_of_different_classes_are_one_slip_apart():
    for entry in DRUG_NAMES:
        if entry.drug_class and entry.name.isalpha() and len(entry.name) >= 7:
            assert misspelled(entry.name) == (entry.drug_class, entry.name), entry.name


@pytest.mark.parametrize(
    ("heading", "category", "subcategory"),
    [
        ("97810 x 8 visits", "Rehabilitation", "Acupuncture"),
        ("99214", "Evaluation & Management", "Medical Specialties"),
        ("63030 left", "Surgery", "Spine"),
        ("Something, $29881", UNKNOWN, UNKNOWN),
        ("Something #29881", UNKNOWN, UNKNOWN),
    ],
)
def test_a_code_decides_where_the_words_say_nothing(heading, category, subcategory):
    found = classify(heading)
    assert (found.category, found.subcategory) == (category, subcategory)


def test_headings_that_were_held_back_are_filed_as_they_were_labelled():
    """321 invented headings, labelled before any rule was tried on them, by one who had read the rules once.

    The rules filed 167 of the 226 of the first list right in everything, and after they were mended on it 79 of the 95 of the
    second, which is the forecast. They were then mended on the second too: what is asked here is that none is lost.
    """
    with HELD_BACK.open() as file:
        rows = list(csv.DictReader(file))
    wrong = []
    for row in rows:
        found = classify(row["heading"])
        got = (found.category, found.subcategory, found.drug_class, {part.value for part in found.body_parts})
        parts = set(filter(None, row["body_parts"].split(";")))
        if got != (row["category"], row["subcategory"], row["drug_class"], parts):
            wrong.append(row["heading"])
    assert len(rows) == 321
    assert set(wrong) <= {
        "Quedexy XR 100mg #30",
        "Ortho spine surgeon consult",
        "DC treatment 8 visits mid back",
        "Toradol 60mg IM",
        "TENS electrodes, 3 months",
    }


@pytest.mark.letters
def test_the_labelled_issues_of_the_sample_are_filed_as_a_reader_filed_them(letters_folder):
    """140 of 140 when this was written. Labelled by hand from the headings; the rules were mended on the same sample."""
    with LABELS.open() as file:
        labels = {(row["case"], row["issue"]): row for row in csv.DictReader(file)}
    wrong = []
    with (letters_folder / "issues.csv").open() as file:
        for row in csv.DictReader(file):
            label = labels.pop((row["case"], row["n"]))
            treatment = row["heading"].rpartition("original request, ")[2]
            found = classify(treatment, row["heading"])
            got = (found.category, found.subcategory, found.drug_class, {part.value for part in found.body_parts})
            want = (
                label["category"],
                label["subcategory"],
                label["drug_class"],
                set(filter(None, label["body_parts"].split(";"))),
            )
            if got != want:
                wrong.append((row["case"], row["n"], got, want))
    assert not labels
    assert wrong == []


def test_a_treatment_that_says_nothing_is_classified_by_its_whole_heading():
    assert classify("zzz").category == UNKNOWN
    assert classify("zzz", "zzz: MRI of the lumbar spine") == classify("zzz: MRI of the lumbar spine")
