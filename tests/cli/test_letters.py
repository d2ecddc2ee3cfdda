"""`imr read`, `imr write` and `imr redact`, as a person calls them."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from imr.cli import imr
from imr.cli import letters as family
from imr.determination import Identifiers, pdf, read, to_data, write
from imr.determination.template import OF_2014
from imr.errors import ImrError, Unreadable, Unwritable
from imr.examples import determination as example
from imr.records.pdf import page_texts

WHOLE = replace(example(1), organization="Sierra Review")
LETTER = write(WHOLE, OF_2014)


def run(*arguments, **rest):
    return CliRunner().invoke(imr, [str(argument) for argument in arguments], **rest)


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_is_read_in_its_encoding(tmp_path, encoding):
    path = tmp_path / "letter.txt"
    path.write_bytes(LETTER.encode(encoding))
    result = run("read", "--json", path)
    assert result.exit_code == 0
    (line,) = lines(result)
    assert list(line) == ["source", "determination", "problems", "unread_share"]
    assert line["source"] == str(path)
    assert line["problems"] == []
    assert line["unread_share"] == 0
    assert line["determination"]["case_number"] == WHOLE.case_number
    assert line["determination"]["outcome"] == WHOLE.outcome.value


def test_a_text_of_windows_is_read_and_said_to_be_one(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_bytes(LETTER.replace("MAXIMUS guideline:", "MAXIMUS guideline: “é”", 1).encode("cp1252"))
    (line,) = lines(run("read", "--json", path))
    assert line["problems"] == ["this text is not UTF-8; it was read as Windows-1252"]
    assert line["determination"]["issues"][0]["reviewer_basis"].startswith("“é”")


def test_a_folder_is_read_and_one_bad_file_stops_nothing(tmp_path):
    (tmp_path / "a.txt").write_text(LETTER)
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 broken")
    (tmp_path / "c.txt").write_bytes(b"\x00\x01\x02")
    (tmp_path / "d.txt").write_bytes(b"\x81\x8d\x8f")
    (tmp_path / "e.docx").write_bytes(b"not looked at")
    (tmp_path / "f.txt").write_text("A recipe for bread.")
    (tmp_path / "empty").mkdir()
    result = run("read", "--json", tmp_path, tmp_path / "empty", tmp_path / "missing.txt")
    assert result.exit_code == Unreadable.exit_code
    found = {line["source"].rsplit("/", 1)[-1]: line for line in lines(result)}
    assert found["a.txt"]["determination"]["decided_on"] == WHOLE.decided_on.isoformat()
    assert "broken" in found["b.pdf"]["problems"][0]
    assert "neither a PDF nor a text" in found["c.txt"]["problems"][0]
    assert "neither a PDF nor a text" in found["d.txt"]["problems"][0]
    assert found["f.txt"]["problems"][-1] == "not read: “A recipe for bread.…”"
    assert "contains no PDF and no text" in found["empty"]["problems"][0]
    assert "cannot be opened" in found["missing.txt"]["problems"][0]
    assert all(
        line["determination"] is None and line["unread_share"] == 1 for name, line in found.items() if name != "a.txt"
    )
    assert "e.docx" not in found


def test_standard_input_is_read():
    (line,) = lines(run("read", "--json", "-", input=LETTER.encode()))
    assert line["source"] == "-"
    assert line["determination"]["case_number"] == WHOLE.case_number


def test_what_is_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "letter.txt"
    path.write_text(LETTER)
    monkeypatch.setattr(family, "LARGEST_TEXT", 100)
    assert "no letter has more than 100" in run("read", path).stdout
    monkeypatch.setattr(family, "LARGEST", 100)
    assert "larger than 100 bytes" in run("read", path).stdout
    assert "larger than 100 bytes" in run("read", "-", input=LETTER.encode()).stdout


def test_a_person_sees_the_decisions(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear all,\n" + LETTER)
    shown = run("read", path).stdout
    assert f"{WHOLE.case_number}, {WHOLE.review_type.value}, decided {WHOLE.decided_on}: {WHOLE.outcome.value}" in shown
    assert f"1. {WHOLE.issues[0].heading}: {WHOLE.issues[0].decision.value}" in shown
    assert "not read: 0." in shown


def test_what_is_written_reads_back_and_is_the_same_each_time(tmp_path):
    case = tmp_path / "case.json"
    case.write_text(json.dumps(to_data(WHOLE)))
    result = run("write", case, "--out", tmp_path / "one")
    assert result.exit_code == 0
    run("write", case, "--out", tmp_path / "two")
    for name in ("determination.txt", "determination.pdf"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert read((tmp_path / "one" / "determination.txt").read_text()).determination == WHOLE
    pages = page_texts((tmp_path / "one" / "determination.pdf").read_bytes())
    assert read("\f".join(pages)).determination == WHOLE
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == ["determination.pdf", "determination.txt"]


def test_a_line_of_read_can_be_written_and_names_the_organization_of_the_setting(tmp_path):
    (tmp_path / "a.txt").write_text(LETTER)
    case = tmp_path / "case.json"
    case.write_text(run("read", "--json", tmp_path / "a.txt").stdout)
    run("write", case, "--out", tmp_path, env={"IMR_ORGANIZATION": "Sierra Review"})
    assert (tmp_path / "determination.txt").read_text().startswith("Sierra Review\n")
    data = {**to_data(WHOLE), "organization": ""}
    case.write_text(json.dumps(data))
    run("write", case, "--out", tmp_path)
    assert (tmp_path / "determination.txt").read_text().startswith(family.ORGANIZATION)


PARTIES = [{"names": ["Anna Leebridge"], "numbers": ["WC-1234567"], "born_on": ["1990-03-04"]}]


def test_the_public_version_names_nobody(tmp_path):
    case = tmp_path / "case.json"
    data = {
        **to_data(WHOLE),
        "summary": "Ms. Leebridge, born 3/4/1990, claim WC 1234567, has pain.",
        "parties": PARTIES,
    }
    case.write_text(json.dumps(data))
    printed = json.loads(run("redact", case).stdout)
    assert printed["summary"] == "Ms. [name], born [date of birth], claim [number], has pain."
    result = run("redact", case, "--out", tmp_path / "public")
    assert result.exit_code == 0
    names = ["public.json", "public.pdf", "public.txt"]
    assert sorted(path.name for path in (tmp_path / "public").iterdir()) == names
    assert json.loads((tmp_path / "public" / "public.json").read_text()) == printed
    assert "Leebridge" not in "".join(page_texts((tmp_path / "public" / "public.pdf").read_bytes()))


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"{", Unreadable, "is not JSON"),
        (b"\xff\xff", Unreadable, "is not JSON"),
        (None, Unreadable, "cannot be opened"),
        (b"[]", ImrError, "an object with the keys of a determination is expected"),
        (b'{"parties": 3}', ImrError, "parties: a list is expected"),
        (b"{}", ImrError, "a list of at least one disputed treatment"),
        (json.dumps({**to_data(WHOLE), "case_number": "nine"}).encode(), Unwritable, "the case number comes back as"),
    ],
)
def test_a_case_that_cannot_be_written_says_why_and_leaves_nothing(tmp_path, content, error, says):
    case = tmp_path / "case.json"
    if content is not None:
        case.write_bytes(content)
    result = run("write", case, "--out", tmp_path / "out")
    assert isinstance(result.exception, error)
    assert says in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_without_parties_there_is_nothing_to_take_out(tmp_path):
    case = tmp_path / "case.json"
    case.write_text(json.dumps({**to_data(WHOLE), "parties": [{}]}))
    assert "lists no parties" in str(run("redact", case).exception)
    assert Identifiers() == Identifiers()


def test_a_pdf_that_does_not_read_back_is_not_given_out(tmp_path, monkeypatch):
    case = tmp_path / "case.json"
    case.write_text(json.dumps(to_data(WHOLE)))
    monkeypatch.setattr(pdf, "settable", lambda text, *_: text[:5])
    result = run("write", case, "--out", tmp_path / "out")
    assert isinstance(result.exception, Unwritable)
    assert not (tmp_path / "out").exists()


def test_a_determination_without_reasons_is_not_written(tmp_path):
    case = tmp_path / "case.json"
    data = to_data(WHOLE)
    data["issues"][0]["rationale"] = " "
    case.write_text(json.dumps(data))
    result = run("write", case, "--out", tmp_path / "out")
    assert "disputed treatment 1 has no rationale" in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_into_says_so(tmp_path):
    case = tmp_path / "case.json"
    case.write_text(json.dumps(to_data(WHOLE)))
    assert "cannot be written into" in str(run("write", case, "--out", case).exception)
