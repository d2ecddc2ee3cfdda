"""Pages become documents as a person would part them; measured on case files whose documents are known."""

from benchmarks import casefile_generator, casefiles_style_b, ground_truth
from tests.factories.record_pages import pages_of

from imr.law.terms import RecordKind
from imr.records import index, kinds, segment


def test_documents_of_unseen_case_files_are_found_whole_and_of_the_right_kind(reports_folder):
    """The bounds of the project, on the half of reports, titles and layouts that no rule was written on."""
    whole = found = there = right = 0
    for seed in range(6):
        made = casefile_generator.packet(reports_folder, seed, half=1)
        counts = ground_truth.agreement(index.casefile([pages_of(made.pdf)]).documents, made.truth)
        whole, found, there, right = whole + counts[0], found + counts[1], there + counts[2], right + counts[3]
    assert 2 * whole / (found + there) >= 0.95
    assert right / whole >= 0.90


def test_documents_days_and_facts_of_styles_of_another_hand_are_found():
    """Charts, forms, faxes, letters without a title, two columns, tables, and notes that say what is not so."""
    whole = found = there = right = dated = 0
    facts = [0, 0, 0]
    for seed in range(500, 508):
        made = casefiles_style_b.packet(seed)
        built = index.casefile([pages_of(casefile_generator.draw(made.pages))])
        counts = ground_truth.agreement(built.documents, made.truth)
        whole, found, there, right = whole + counts[0], found + counts[1], there + counts[2], right + counts[3]
        dated += counts[4]
        facts = [a + b for a, b in zip(facts, ground_truth.facts_agree(built.facts, made.said), strict=True)]
    assert 2 * whole / (found + there) >= 0.95
    assert right / whole >= 0.90
    assert dated / whole >= 0.95
    assert facts[0] / facts[1] >= 0.98
    assert facts[0] / facts[2] >= 0.95


def test_every_page_belongs_to_exactly_one_document(casefile):
    numbers = [n for document in casefile.documents for n in range(document.first, document.last + 1)]
    assert numbers == list(range(1, len(casefile.pages) + 1))
    assert all(0 <= document.confidence <= 1 for document in casefile.documents)


def documents(*texts):
    return [(d.first, d.last, d.kind) for d in index.from_texts(texts).documents]


def test_numbers_of_pages_part_documents():
    assert documents("one\nPage 1 of 2", "two\nPage 2 of 2", "three\nPage 1 of 1") == [
        (1, 2, RecordKind.OTHER),
        (3, 3, RecordKind.OTHER),
    ]


def test_a_stamp_that_counts_the_whole_file_parts_nothing():
    titles = ("OPERATIVE REPORT", "more of the same", "PROGRESS NOTE", "more again", "FAX COVER SHEET")
    body = "\n".join(["The patient was seen and the findings are as they were."] * 48)
    pages = [f"{title}\n\n{body}\n\nPage {n} of 5" for n, title in enumerate(titles, 1)]
    assert [d[:2] for d in documents(*pages)] == [(1, 2), (3, 4), (5, 5)]


def test_a_sentence_that_goes_on_holds_pages_together():
    first = "PROGRESS NOTE\n\nThe patient returns today and reports that the pain in the neck is now worse than it was before"
    assert documents(first, "and that the arm is numb since the last visit to the clinic in the month of May.")[0][
        :2
    ] == (1, 2)


def test_a_blank_page_belongs_to_the_document_before_it():
    assert [d[:2] for d in documents("PROGRESS NOTE\n\nbody", "", "OPERATIVE REPORT\n\nbody")] == [(1, 2), (3, 3)]


def test_no_pages_no_documents():
    assert segment.split_documents([]) == ()
    assert index.from_texts([]).documents == ()


def test_what_a_document_says_of_itself():
    text = """Sierra Vista Medical Group
100 Palm Street
Fresno, CA 93701
Tel: (559) 555-0100

CONSULTATION REPORT
Patient: Dana Moreno
Date of birth: 01/02/1960
Date of injury: 02/03/2014
Date of service: March 4, 2015

Thank you for referring this patient.

Sincerely,

Alma Trent, M.D."""
    (document,) = index.from_texts([text]).documents
    assert document.kind is RecordKind.CONSULTATION
    assert document.dated_on.isoformat() == "2015-03-04"
    assert document.author == "Alma Trent, M.D."
    assert document.facility == "Sierra Vista Medical Group"
    assert document.title == "CONSULTATION REPORT"


def test_a_birthday_is_not_the_day_of_a_document():
    (document,) = index.from_texts(["PROGRESS NOTE\nDOB: 01/02/1960\nDate of injury: 02/03/2014"]).documents
    assert document.dated_on is None


def test_the_same_document_twice_is_marked_and_another_by_the_same_hand_is_not():
    body = " ".join(f"The patient reports pain of grade {n} in the neck and walks {n * 3} minutes." for n in range(20))
    other = " ".join(f"After injection the shoulder moves {n * 7} degrees and work {n} is modified." for n in range(20))
    first, second, again = (
        f"PROGRESS NOTE\nDate of visit: 03/0{day}/2015\n\n{text}"
        for day, text in ((1, body), (2, other), (1, body.replace("pain", "pa1n", 2)))
    )
    marked = index.from_texts([first, second, again]).documents
    assert [document.duplicate_of for document in marked] == [None, None, "d1"]


def test_what_a_fax_machine_prints_at_the_foot_numbers_no_document():
    """Also where OCR damaged some of its numbers, so that they do not count through the file."""
    foot = "RECEIVED 06/02/2015 02:10PM FROM 2095550161   PAGE {}/{}"
    texts = ("OPERATIVE REPORT\nPage 1 of 2", "and so on.\nPage 2 of 2", "REQUEST FOR AUTHORIZATION", "PROGRESS NOTE")
    pages = [
        f"{text}\n{foot.format(number, of)}"
        for (number, of), text in zip(((10, 26), (11, 26), (12, 2), (13, 26)), texts, strict=True)
    ]
    assert [(first, last) for first, last, _ in documents(*pages)] == [(1, 2), (3, 3), (4, 4)]


def test_a_follow_up_visit_is_a_progress_report_and_a_bare_visit_note_is_of_therapy():
    assert kinds.kind_of_title("FOLLOW-UP VISIT NOTE") is RecordKind.PROGRESS_REPORT
    assert kinds.kind_of_title("Office Visit Note") is RecordKind.PROGRESS_REPORT
    assert kinds.kind_of_title("VISIT NOTE") is RecordKind.THERAPY_NOTES
