import csv
import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from imr.checks import Context, run
from imr.corpus.build import LETTERS_PER_PART, build, inputs
from imr.corpus.fields import DIMENSIONS
from imr.corpus.indexing import rebuild
from imr.corpus.letter import letter
from imr.corpus.model import SimilarCases, wilson
from imr.corpus.search import Search
from imr.corpus.similar_cases import find_similar
from imr.corpus.statistics import CACHE_FILE, Statistics, _gathered, _withheld
from imr.determination import read
from imr.errors import ImrError
from imr.examples import write_letters
from tools.evaluate_similar_cases import CATEGORY, WEIGHTS, _Foretold, _Rates, evaluate


@pytest.fixture(scope="session")
def sample(letters_folder, tmp_path_factory):
    """The published sample as a corpus with its index, built once."""
    out = tmp_path_factory.mktemp("corpus") / "sample"
    build(letters_folder / "text" / "pdftotext", out, workers=1)
    rebuild(out)
    return out


@pytest.mark.letters
def test_counts_of_the_sample_equal_the_gold_tables(sample, letters_folder):
    with (letters_folder / "letters.csv").open() as file:
        letters = list(csv.DictReader(file))
    with (letters_folder / "issues.csv").open() as file:
        issues = list(csv.DictReader(file))
    totals = Statistics(sample).totals()
    assert (totals.inputs, totals.letters, totals.issues, totals.unread) == (len(letters), len(letters), len(issues), 0)
    assert totals.overturned == sum(row["decision"] == "Overturned" for row in issues)
    gold = {}
    for row in letters:
        outcome = {"mixed": "partially overturned"}.get(row["outcome"].lower(), row["outcome"].lower())
        gold[outcome] = gold.get(outcome, 0) + 1
    assert dict(totals.outcomes) == gold
    rows = pq.read_table(sample / "letters").to_pylist()
    assert {row["case_number"]: row["specialty"] for row in rows} == {row["case"]: row["specialty"] for row in letters}
    assert {row["case_number"]: row["issues"] for row in rows} == {row["case"]: int(row["n_issues"]) for row in letters}


@pytest.mark.letters
def test_the_same_letters_as_pdf_and_as_text_give_the_same_corpus(sample, letters_folder, tmp_path):
    build(letters_folder / "pdf", tmp_path / "pdf", workers=1)
    from_text, from_pdf = (
        sorted(
            (row["letter"].split(".")[0], row["issue"], row["decision"], row["category"])
            for row in pq.read_table(folder / "issues").to_pylist()
        )
        for folder in (sample, tmp_path / "pdf")
    )
    assert from_pdf == from_text


def test_every_share_has_its_interval():
    # Values of Wilson's interval for 14 of 140, worked by hand.
    found = wilson(14, 140)
    assert (found.share, round(found.low, 4), round(found.high, 4)) == (0.1, 0.0605, 0.1609)
    assert wilson(0, 14).low == wilson(0, 10).low == 0.0
    assert wilson(10, 10).high == 1.0
    with pytest.raises(ImrError):
        wilson(1, 0)


@pytest.mark.letters
def test_rates_have_denominators_and_small_cells_are_withheld(sample):
    statistics = Statistics(sample)
    for dimension in DIMENSIONS:
        for rate in statistics.rates(dimension):
            if rate.issues is None:
                assert rate.overturned is None
                assert rate.rate is None
            else:
                assert rate.issues >= statistics.smallest
                assert rate.rate.low <= rate.overturned / rate.issues <= rate.rate.high
    tests = next(r for r in statistics.rates("category") if r.value == "Diagnostic Testing")
    assert (tests.issues, tests.overturned) == (50, 5)
    imaging = next(r for r in statistics.rates("subcategory") if r.value == "Diagnostic Testing: Imaging")
    assert imaging.issues is None, "50 less these would tell that the other tests are 8"
    assert statistics.table("category").num_rows == len(statistics.rates("category"))
    assert all(stage.quarter <= stage.median <= stage.three_quarters for stage in statistics.stages())
    with pytest.raises(ImrError, match="no dimension"):
        statistics.rates("colour")


def test_a_corpus_is_counted_once_and_again_when_it_changes(tmp_path, monkeypatch):
    write_letters(tmp_path / "letters", 40)
    out = tmp_path / "corpus"
    build(tmp_path / "letters", out, workers=1)
    counted = Statistics(out).keep()
    assert counted.totals.letters == 40
    assert (out / CACHE_FILE).is_file()
    with monkeypatch.context() as patch:
        patch.setattr("imr.corpus.statistics._Counting", lambda *_: pytest.fail("counted again"))
        assert Statistics(out).keep() == counted
    names = {rate.value: rate.issues for rates in counted.rates.values() for rate in rates}
    assert None in names.values()
    kept = (out / CACHE_FILE).read_text()
    assert not any(f'"issues": {n},' in kept for n in range(1, counted.totals.issues) if n < 11), (
        "no small cell is kept"
    )
    assert Statistics(out, smallest=1).rates("category")[-1].rate is not None
    (out / CACHE_FILE).write_text("not JSON")
    assert Statistics(out).keep() == counted
    (tmp_path / "letters" / "more.txt").write_text("no letter")
    build(tmp_path / "letters", out, workers=1)
    assert Statistics(out).totals().unread == 1
    (out / CACHE_FILE).unlink()
    monkeypatch.setattr("imr.corpus.statistics.write_json", _refused)
    assert Statistics(out).totals().unread == 1, "a folder that cannot be written to is counted all the same"


def _refused(*_):
    raise PermissionError


def test_a_withheld_cell_cannot_be_computed_from_the_total_and_the_others():
    cells = [("", 900, "a"), ("", 40, "b"), ("", 30, "c"), ("", 4, "d")]
    assert _withheld(cells, 11, adds_up=True) == {"d", "c"}
    assert _withheld([*cells, ("", 5, "e")], 11, adds_up=True) == {"d", "e", "c"}, "9 in all is small as well"
    assert _withheld([*cells, ("", 9, "e")], 11, adds_up=True) == {"d", "e"}
    assert _withheld(cells, 11, adds_up=False) == {"d"}
    assert _withheld(cells[:3], 11, adds_up=True) == set()
    two = [("x", 50, "a"), ("x", 3, "b"), ("y", 60, "c"), ("y", 70, "d")]
    assert _withheld(two, 11, adds_up=True) == {"a", "b"}
    assert _gathered([(1, 60), (2, 20), (3, 9), (7, 4), (12, 1)], 11) == (("1", 60), ("2", 20), ("3 or more", 14))
    assert _gathered([(1, 4)], 11) == (("1", 4),)


def test_a_cell_of_few_reviewers_is_withheld_with_what_it_could_be_computed_from():
    cells = [("", 900, "a"), ("", 40, "b"), ("", 30, "c"), ("", 20, "d")]
    one, other = frozenset({"R1"}), frozenset({"R1", "R2"})
    assert _withheld(cells, 11, {"b": one}, adds_up=True) == {"b", "d"}, "the smallest other cell, of enough reviewers"
    assert _withheld(cells, 11, {"b": one, "d": other}, adds_up=True) == {"b", "d", "c"}, "R1 and R2 are still two"
    assert _withheld(cells, 11, {"b": one, "d": frozenset({"R2", "R3"})}, adds_up=True) == {"b", "d"}
    assert _withheld(cells, 11, {"b": one}, adds_up=False) == {"b"}


def test_what_one_reviewer_decided_is_in_no_count(tmp_path):
    write_letters(tmp_path / "letters", 60)
    out = tmp_path / "corpus"
    build(tmp_path / "letters", out, workers=1)
    before = Statistics(out, smallest=3).keep()
    letters = pq.read_table(out / "letters").to_pylist()
    states = Counter(state for one in letters for state in one["licensure"])
    state = next(name for name, count in states.most_common() if name != "California" and count >= 3)
    numbers = [one["case_number"] for one in letters if state in one["licensure"]]
    # One person decided every letter of a state, and two the rest of them.
    others = [one["case_number"] for one in letters if one["case_number"] not in numbers]
    reviewers = dict.fromkeys(numbers, "R1") | {number: f"R{2 + place % 3}" for place, number in enumerate(others)}
    counted = Statistics(out, smallest=3, reviewers=reviewers)
    rates = {rate.value: rate for rate in counted.rates("licensure")}
    assert rates[state].issues is None
    assert next(rate for rate in before.rates["licensure"] if rate.value == state).issues is not None
    assert len(counted.stages()) == len(before.stages) > 0
    assert Statistics(out, smallest=3, reviewers=dict.fromkeys(reviewers, "R1")).stages() == ()
    assert all(
        rate.issues is None
        for rate in Statistics(out, smallest=3, reviewers=dict.fromkeys(reviewers, "R1")).rates("year")
    )
    assert Statistics(out, smallest=3).keep() == before, "counted again for whoever knows no reviewers"
    for file in out.rglob("*.json"):
        assert "R1" not in file.read_text(encoding="utf-8")


@pytest.mark.letters
def test_words_phrases_and_fields_find_what_they_say(sample):
    search = Search(sample)
    everything = search.find("", counts=("decision", "category", "body_part", "licence"))
    assert everything.total == 140
    assert dict(everything.counts["decision"]) == {"upheld": 126, "overturned": 14}
    assert search.find("category:pharmaceuticals").total == 25
    assert search.find('"is medically necessary" decision:overturned').total <= 14
    refused = search.find('"is not medically necessary"', limit=3)
    assert refused.counts["decision"] == (("upheld", refused.total),)
    for hit in refused.hits:
        assert {hit.passage[a:b].lower() for a, b in hit.marks} <= {"is", "not", "medically", "necessary"}
    assert search.find("year:[2017 TO 2017]").total == 138
    broken = search.find('"no end (')
    assert broken.problems
    assert search.find("colour:blue").problems
    with pytest.raises(ImrError, match="no field colour"):
        search.find("", counts=("colour",))


@pytest.mark.letters
def test_a_letter_is_given_whole(sample):
    found = letter(Search(sample), "CM16-0242419")
    (row,) = pq.read_table(sample / "letters", filters=[("case_number", "==", "CM16-0242419")]).to_pylist()
    assert (found.decided_on, found.summary, len(found.issues)) == (row["decided_on"], row["summary"], row["issues"])
    assert [issue.issue for issue in found.issues] == list(range(1, row["issues"] + 1))
    assert all(issue.rationale and issue.reviewer_basis for issue in found.issues)
    assert letter(Search(sample), "CM00-0000000") is None


def test_a_foretold_share_leaves_the_own_letter_out_and_leans_on_the_category():
    rates = _Rates([("a", "x", True), ("a", "x", True), ("b", "x", False), ("c", "y", False), ("d", "y", True)])
    base, category = rates.without("a", "x")
    assert base == pytest.approx(1 / 3)
    assert category == pytest.approx((0 + CATEGORY / 3) / (1 + CATEGORY))
    assert rates.without("d", "y")[0] == pytest.approx(2 / 4)
    one = _Foretold(3, 10, 0.1, 0.2, 1)
    assert (one.share(0), one.share(10)) == (0.3, 0.25)
    assert _Foretold(0, 0, 0.1, 0.2, 1).share(0) == 0.1


@pytest.mark.letters
def test_like_cases_are_like_and_leave_out_the_case_itself(sample):
    search = Search(sample)
    own = "CM16-0242419"
    found = find_similar(search, "Acupuncture therapy, lumbar spine, 6 sessions", "low back pain", nearest=5, but=[own])
    assert own not in {hit.case_number for hit in found.hits}
    assert {hit.subcategory for hit in found.hits[:3]} == {"Acupuncture"}
    assert found.overturned == sum(hit.decision == "overturned" for hit in found.hits)
    assert found.share.low <= found.overturned / found.decided <= found.share.high
    many = find_similar(search, "MRI of the lumbar spine without contrast", nearest=30)
    assert many.majority == "upheld"


def _folder(tmp_path: Path, letters: dict[str, bytes]) -> Path:
    folder = tmp_path / "letters"
    folder.mkdir(exist_ok=True)
    for name, data in letters.items():
        (folder / name).write_bytes(data)
    return folder


def test_one_bad_file_never_stops_a_build(tmp_path):
    folder = _folder(
        tmp_path, {"a.txt": b"not a letter", "b.pdf": b"%PDF-1.7 broken", "c.txt": b"\xff\xfe\x00", "d.png": b"no"}
    )
    built = build(folder, tmp_path / "out", workers=1)
    assert (built.inputs, built.rows["letters"], built.rows["unread"]) == (3, 0, 3)
    reasons = {row["letter"]: row["reason"] for row in pq.read_table(tmp_path / "out" / "unread").to_pylist()}
    assert all(reasons.values())


def test_the_same_input_gives_the_same_bytes_and_a_second_build_does_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("imr.corpus.build.LETTERS_PER_PART", 2)
    folder = _folder(tmp_path, {f"{n}.txt": b"letter %d" % n for n in range(5)})
    first = build(folder, tmp_path / "one", workers=1)
    assert (first.parts, first.kept) == (3, 0)
    build(folder, tmp_path / "two", workers=2)

    def tables(out: Path) -> dict[str, bytes]:
        return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*.parquet"))}

    assert tables(tmp_path / "one") == tables(tmp_path / "two")
    assert (tmp_path / "one/corpus.json").read_bytes() == (tmp_path / "two/corpus.json").read_bytes()
    again = build(folder, tmp_path / "one", workers=1)
    assert again.kept == 3
    (folder / "4.txt").write_bytes(b"a longer letter")
    (tmp_path / "one" / "letters" / ".part-00000.parquet.99").write_bytes(b"half written")
    assert build(folder, tmp_path / "one", workers=1).kept == 2
    assert not list((tmp_path / "one").rglob(".part-*.parquet.*"))


def test_findings_are_those_of_the_checks_and_can_be_left_out_and_made_later(tmp_path):
    folder = tmp_path / "letters"
    write_letters(folder, 30)
    built = build(folder, tmp_path / "out", workers=1, checks=False)
    assert built.rows["findings"] == 0
    built = build(folder, tmp_path / "out", workers=1)
    assert built.kept == 0
    rows = pq.read_table(tmp_path / "out" / "findings").to_pylist()
    expected = []
    for path in sorted(folder.rglob("*.txt")):
        reading = read(path.read_text(encoding="utf-8"))
        for concern in run(reading.determination, None, Context(text=reading.text, public=True)):
            said = (concern.issue, concern.check, concern.severity.value, concern.sentence, concern.says)
            expected.append((str(path.relative_to(folder)), *said))
    assert [
        tuple(row[name] for name in ("letter", "issue", "check", "severity", "sentence", "says")) for row in rows
    ] == expected
    assert len(expected) == built.rows["findings"] > 0
    assert build(folder, tmp_path / "out", workers=1, checks=False).kept == 1


def test_an_interrupted_build_goes_on_where_it_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("imr.corpus.build.LETTERS_PER_PART", 1)
    folder = _folder(tmp_path, {f"{n}.txt": b"letter %d" % n for n in range(4)})

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(folder, tmp_path / "out", workers=1, progress=stop)
    assert not (tmp_path / "out" / "corpus.json").exists()
    assert build(folder, tmp_path / "out", workers=1).kept == 2


def test_a_list_of_paths_is_an_input_too_and_what_is_missing_says_so(tmp_path):
    folder = _folder(tmp_path, {"a.txt": b"letter"})
    listed = folder / "list.lst"
    listed.write_text("# chosen\na.txt\n\ngone.txt\n")
    assert inputs(listed)[1] == ("a.txt", "gone.txt")
    built = build(listed, tmp_path / "out", workers=1)
    assert built.rows["unread"] == 2
    with pytest.raises(ImrError, match="neither a folder nor a list"):
        inputs(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ImrError, match="no PDF or text"):
        build(tmp_path / "empty", tmp_path / "out2")
    with pytest.raises(ImrError, match="not a corpus"):
        build(folder, folder)
    assert LETTERS_PER_PART > 0


def test_what_is_no_corpus_says_what_to_do(tmp_path):
    for opening in (Statistics, rebuild):
        with pytest.raises(ImrError, match="imr corpus build"):
            opening(tmp_path)
    with pytest.raises(ImrError, match="imr corpus index"):
        Search(tmp_path)


@pytest.mark.letters
def test_the_old_index_serves_until_the_new_one_is_whole(letters_folder, tmp_path):
    out = tmp_path / "corpus"
    build(letters_folder / "text" / "ocr", out, workers=1)
    assert rebuild(out) == 14
    search = Search(out)
    before = json.loads((out / "index.json").read_text())["index"]
    seen = []
    rebuild(out, progress=lambda done, total: seen.append((done, total, search.find("").total)))
    assert {total for _, _, total in seen} == {14}
    assert json.loads((out / "index.json").read_text())["index"] != before
    assert not (out / before).exists()
    assert search.find("").total == 14


@pytest.mark.letters
def test_like_cases_are_measured_on_issues_held_back(sample, tmp_path):
    found = evaluate(sample, sample=140, nearest=10)
    assert found.issues == 140
    assert found.same_category > 0.7  # 0.86 when this was written
    assert 0 <= found.brier <= 1
    assert sum(one.issues for one in found.calibration) == 140
    assert sum(one.issues * one.overturned for one in found.calibration) == pytest.approx(14)
    # Foretelling with the base rate of 14 in 140 costs p (1 - p), and a hair more for holding the issue itself back.
    assert found.brier_base == pytest.approx(0.1 * 0.9, abs=0.003)
    assert found.brier_shrunk < found.brier, "the split of ten alone is noise beside the category's rate"
    assert set(found.weights) <= set(WEIGHTS)
    folder = _folder(tmp_path, {"a.txt": b"not a letter"})
    build(folder, tmp_path / "few", workers=1)
    with pytest.raises(ImrError, match="too few"):
        evaluate(tmp_path / "few")


def test_no_decided_case_has_no_majority():
    nothing = SimilarCases(hits=(), overturned=0, decided=0, share=None, of_upheld=(), of_overturned=())
    assert nothing.majority == ""
