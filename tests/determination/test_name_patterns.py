"""What is taken for a name and what is not, by where it stands; invented parties, and what goes and stays of each text."""

import json
from dataclasses import replace

import pytest

from imr.determination import Choices, Identifiers, redact, replacements
from imr.determination.model import Decision, Determination, Issue

RATIONALE = "Tramadol, Norco and Lyrica were tried. Official Disability Guidelines: Low Back Complaints."
BASIS = "Decision based on MTUS Chronic Pain Medical Treatment Guidelines, ODG, ACOEM Neck and Upper Back Complaints."
#: The party, the text, what goes, what stays.
CASES = [
    (
        {"organizations": ["Bright Spine & Pain Institute"]},
        "MRI of the spine was asked. Seen at Bright Spine & Pain Institute and at Bright Spine. Bright light hurts.",
        ["Bright Spine"],
        ["MRI of the spine", "Bright light", "Official Disability Guidelines: Low Back Complaints"],
    ),
    (
        {"organizations": ["Low Back Pain Clinic"]},
        "Low back pain persists. Low Back Pain Clinic denied.",
        ["Low Back Pain Clinic"],
        ["Low back pain persists", "Low Back Complaints"],
    ),
    (
        {"organizations": ["Premier Shoulder & Sports Medicine"]},
        "Shoulder Complaints chapter. Seen at Premier Shoulder.",
        ["Premier Shoulder"],
        ["Shoulder Complaints chapter"],
    ),
    (
        {"organizations": ["Chronic Care Medical Group"]},
        "He has chronic pain; Chronic Care Medical Group wrote.",
        ["Chronic Care Medical"],
        ["chronic pain", "MTUS Chronic Pain Medical Treatment Guidelines"],
    ),
    (
        {"organizations": ["Tramadol Labs"]},
        "Tramadol helps. Tramadol Labs pays.",
        ["Tramadol Labs"],
        ["Tramadol helps", "Tramadol, Norco and Lyrica"],
    ),
    (
        {"organizations": ["Official Trucking"]},
        "The official guideline. He drives for Official Trucking.",
        ["Official Trucking"],
        ["official guideline", "Official Disability Guidelines"],
    ),
    (
        {"organizations": ["Guardian Foods"]},
        "He worked at Guardian Foods. Guardian denied it. His guardian came.",
        ["Guardian"],
        ["guardian came"],
    ),
    (
        {"names": ["Tuan Le"]},
        "Tuan Le and Mr. Le and Le, Tuan. Le reported pain. No Le Fort fracture. T. Le, M.D.",
        ["Tuan", "Mr. Le", "Le reported"],
        ["Le Fort"],
    ),
    ({"names": ["Kim Van"]}, "Ms. Van came by van. A van hit Van.", ["Ms. Van", "hit Van"], ["came by van", "A van"]),
    (
        {"names": ["Peter Back"]},
        "Mr. Back has low back pain; Back Complaints. PETER BACK. Back extension is poor.",
        ["Mr. Back", "PETER BACK"],
        ["low back pain", "Back Complaints", "Back extension"],
    ),
    (
        {"names": ["Nora Phalen"]},
        "Phalen's test is positive. Dr. Phalen agreed. Positive Phalen.",
        ["Dr. Phalen"],
        ["Phalen's test", "Positive Phalen"],
    ),
    (
        {"names": ["Ana Norco"]},
        "Norco was tried. Ms. Norco said.",
        ["Ms. Norco"],
        ["Norco was tried", "Tramadol, Norco"],
    ),
    (
        {"names": ["Paul Chin"]},
        "Chin tuck exercises. Mr. Chin did them. CHIN, PAUL.",
        ["Mr. Chin", "CHIN, PAUL"],
        ["Chin tuck"],
    ),
    (
        {"names": ["April June"]},
        "In April and June 2014 Ms. June came. April June left.",
        ["Ms. June", "April June"],
        ["In April and June 2014"],
    ),
    (
        {"names": ["Joan Young"]},
        "A young woman. Ms. Young came. Young adults. Dr. Ito saw Young today.",
        ["Ms. Young", "saw Young"],
        ["A young woman", "Young adults"],
    ),
    ({"names": ["Rosa Dos Santos"]}, "Ms. Dos Santos, ROSA DOS SANTOS, Santos.", ["Santos", "SANTOS"], []),
    ({"names": ["Yu He"]}, "He was seen. Mr. He was seen. Yu He left.", ["Mr. He", "Yu He"], ["He was seen. Mr."]),
    (
        {"names": ["Ernest Case"]},
        "The case is closed. Case law. Mr. Case came.",
        ["Mr. Case"],
        ["The case", "Case law"],
    ),
    (
        {"names": ["Zbigniew Brzęczyszczykiewicz"]},
        "Brzeczyszczykiewicz agreed, said zbigniew.",
        ["Brzeczyszczykiewicz", "zbigniew"],
        [],
    ),
    (
        {"names": ["Grace Park"]},
        "Dr. Park saw her in the park. Grace Park. Park walking. By the grace of rest.",
        ["Dr. Park", "Grace Park"],
        ["in the park", "Park walking", "By the grace"],
    ),
]


def determination(text: str) -> Determination:
    issue = Issue(
        heading="MRI of the lumbar spine",
        treatment="MRI of the lumbar spine",
        decision=Decision.UPHELD,
        administrator_basis=BASIS,
        reviewer_basis="",
        rationale=RATIONALE,
    )
    return Determination(
        case_number="CM26-0990001",
        review_type=None,
        injured_on=None,
        ur_decided_on=None,
        received_on=None,
        assigned_on=None,
        decided_on=None,
        licensure=(),
        specialty="",
        summary=text,
        issues=(issue,),
    )


def party(said) -> Identifiers:
    return Identifiers(**{name: tuple(value) for name, value in said.items()})


@pytest.mark.parametrize(("said", "text", "gone", "stays"), CASES, ids=[json.dumps(case[0])[:40] for case in CASES])
def test_names_go_and_words_of_medicine_guidelines_and_the_letter_stay(said, text, gone, stays):
    found = redact(determination(text), [party(said)])
    (issue,) = found.issues
    assert (issue.heading, issue.administrator_basis) == ("MRI of the lumbar spine", BASIS)
    assert issue.rationale == RATIONALE
    for wording in gone:
        assert wording not in found.summary
    for wording in stays:
        assert wording in f"{found.summary} {RATIONALE} {BASIS}"
    assert redact(found, [party(said)]) == found


def test_each_distinct_replacement_is_told_once_with_the_words_around_it():
    whole = determination("Ms. Ostrander came. Ms. Ostrander left. OSTRANDER, ANN; born 3/4/1981.")
    one = party({"names": ["Ann Ostrander"]})
    found = replacements(whole, [one]).replaced
    assert [(each.was, each.now, each.times) for each in found] == [
        ("Ostrander", "[name]", 2),
        ("OSTRANDER, ANN", "[name]", 1),
    ]
    assert found[0].around.startswith("Ms. Ostrander came. Ms. Ostrander left.")


def test_a_person_says_which_wording_stays_and_what_goes_beside():
    whole = determination("Ostrander clinic. Her husband Karl drove. Ms. Ostrander came.")
    one = party({"names": ["Ann Ostrander"]})
    chosen = Choices(stay=("Ostrander clinic",), go=("husband  karl",))
    found = redact(whole, [one], chosen)
    assert found.summary == "[name] clinic. Her [name] drove. Ms. [name] came."
    assert (
        redact(whole, [one], replace(chosen, stay=("OSTRANDER",))).summary
        == "Ostrander clinic. Her [name] drove. Ms. Ostrander came."
    )
    assert redact(found, [one], chosen) == found


def test_a_name_of_two_hundred_words_is_sought_without_growing():
    long = party({"organizations": [" ".join(f"word{n} medical" for n in range(200))], "names": ["abc " * 200]})
    text = " ".join(f"word{n} medical abc" for n in range(200))
    from imr.determination.identifiers import identifier_patterns

    assert sum(len(source) for source, _ in identifier_patterns(long, text)) < 60_000
    redact(determination(text), [long])
