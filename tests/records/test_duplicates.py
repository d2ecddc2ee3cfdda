"""What came twice is marked, by its words or by its look, and what only looks alike is not."""

import pikepdf
import pytest
from benchmarks import casefile_generator

from imr.law.terms import RecordKind
from imr.records import duplicates, index, ocr
from imr.records.duplicates import Sketch, hash_distance, mark_duplicates, repeated_pages, sketch, sketch_similarity
from imr.records.model import Document

needs_ocr = pytest.mark.skipif(ocr.missing_language_data() is not None, reason=ocr.missing_language_data() or "")


def note(visit, day, body):
    return ["Larkspur Neurology", "410 Palm Street", "Fresno, CA 93701", "", "FOLLOW-UP VISIT", f"Date of service: {day}",
            f"Visit {visit} of 12", "", *body]  # fmt: skip


BODY = [f"The patient reports that the pain of the {part} is {grade} and that work is {work}."
        for part, grade, work in (("neck", "less", "modified"), ("left shoulder", "as before", "possible for six hours"),
                                  ("right hand", "worse at night", "not possible"), ("low back", "gone", "full"))] * 5  # fmt: skip
OTHER = [f"On examination the {joint} moves {n * 7 + 11} degrees, against {n * 5 + 40} on the other side."
         for n, joint in enumerate(("shoulder", "elbow", "wrist", "hip", "knee", "ankle") * 3)]  # fmt: skip
DRAWING = ["_" * n for n in (20, 40, 60, 40, 20, 10, 50)]


def document(number, first, last, dated_on=None):
    return Document(id=f"d{number}", kind=RecordKind.OTHER, first=first, last=last, dated_on=dated_on)


@needs_ocr
def test_one_paper_in_two_scans_is_found_by_its_look_where_its_words_were_read_too_differently(tmp_path):
    first, second = note(1, "03/04/2015", BODY), note(2, "04/05/2015", BODY)
    paths = [tmp_path / "good.pdf", tmp_path / "poor.pdf"]
    paths[0].write_bytes(
        casefile_generator.scan(casefile_generator.draw([first, second, OTHER]), 1, dpi=150, skewed=2.0)
    )
    paths[1].write_bytes(
        casefile_generator.scan(casefile_generator.draw([first, OTHER]), 4, dpi=100, fax=True, noise=30.0)
    )
    files = [index.read(path, again=False).pages for path in paths]
    one, other = ([sketch(page) for page in pages] for pages in files)
    assert sketch_similarity(one[0].runs, other[0].runs) < duplicates.ALIKE
    assert hash_distance(one[0], other[0]) <= duplicates.NEAR
    assert hash_distance(one[0], one[1]) <= duplicates.NEAR  # two visits on one form look alike
    marked = mark_duplicates([document(n, n, n) for n in range(1, 6)], [*one, *other])
    assert [each.duplicate_of for each in marked] == [None, None, None, "d1", "d3"]


def test_words_a_day_and_figures_must_agree_where_a_look_does():
    look, half = (1 << 200) - 1, tuple(range(48))
    one = Sketch(tuple(range(60)), (1, 2, 3, 4, 5), tuple(range(64)), (735000,), look)
    said = {"figures": (1, 2, 3, 4, 6), "words": half, "days": (735000,), "image_hash": look ^ 0b1111}
    two = [document(1, 1, 1), document(2, 2, 2)]

    def repeats(**other):
        return mark_duplicates(two, [one, Sketch(tuple(range(200, 260)), **{**said, **other})])[1].duplicate_of == "d1"

    assert repeats()
    assert not repeats(days=(735007,))
    assert not repeats(days=())
    assert not repeats(figures=(1, 2, 9, 10, 11))
    assert not repeats(words=half[:12])
    assert not repeats(image_hash=~look & ((1 << 256) - 1))


def test_a_drawing_is_the_same_only_beside_pages_whose_words_are():
    words = Sketch(tuple(range(60)), (1,), image_hash=1 << 100)
    drawing = Sketch(image_hash=(1 << 90) - 1)
    assert mark_duplicates([document(1, 1, 1), document(2, 2, 2)], [drawing, drawing])[1].duplicate_of is None
    pair = [document(1, 1, 2), document(2, 3, 4)]
    assert mark_duplicates(pair, [words, drawing, words, drawing])[1].duplicate_of == "d1"
    other = Sketch(image_hash=((1 << 90) - 1) << 100)
    assert mark_duplicates(pair, [words, drawing, words, other])[1].duplicate_of is None


def test_blank_backs_of_one_scan_do_not_hide_the_same_paper():
    words, blank = Sketch(tuple(range(60))), Sketch(blank=True)
    more = Sketch(tuple(range(100, 160)))
    marked = mark_duplicates([document(1, 1, 2), document(2, 3, 6)], [words, more, words, blank, more, blank])
    assert marked[1].duplicate_of == "d1"


def test_a_page_that_stands_in_the_file_before_is_named_and_one_with_other_figures_is_not():
    pages = [
        ["Page 1 of 2", *BODY, "grip 30"],
        OTHER,
        ["Page 1 of 2", *BODY, "grip 30"],
        ["Page 1 of 2", *BODY, "grip 31"],
    ]
    built = index.from_texts(["\n".join(page) for page in pages])
    assert dict(repeated_pages([document(1, 1, 4)], [sketch(page) for page in built.pages])) == {3: 1}
    assert dict(repeated_pages([document(1, 1, 4)], [Sketch()] * 4)) == {}


def test_a_case_file_names_its_repeated_pages(tmp_path):
    twice = tmp_path / "twice.pdf"
    twice.write_bytes(
        casefile_generator.draw(
            [[*note(1, "03/04/2015", OTHER), "Page 1 of 2"], [*BODY, "Page 2 of 2"], [*BODY, "Page 2 of 2"]]
        )
    )
    with pikepdf.open(twice) as pdf:
        assert len(pdf.pages) == 3
    assert dict(index.build([twice]).repeated) == {3: 2}
