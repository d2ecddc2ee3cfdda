import json

import pytest
from click.testing import CliRunner

from imr.cli.corpus import corpus_command
from imr.corpus.imports import bring_in
from imr.corpus.statistics import Statistics
from imr.errors import ImrError
from tools.evaluate_treatments import agreement, main

DMHC = """Reference ID,Report Year,Diagnosis Category,Diagnosis Sub Category,Treatment Category,Treatment Sub Category,\
Determination,Type,Age Range,Patient Gender,Findings
EI00-0001,2016,Orthopedic/ Musculoskeletal,Back Pain,Diagnostic Imaging & Screening,MRI,Upheld Decision of Health Plan,\
Medical Necessity,41-50,Female,An invented finding.
EI00-0002,2016,Central Nervous System,Neuropathy,Pharmacy,Gabapentin,Overturned Decision of Health Plan,\
Expedited,41-50,Male,Another invented finding.
EI00-0003,sixteen,x,x,x,x,Overturned Decision of Health Plan,x,x,x,x
"""


def run(*arguments, code=0):
    result = CliRunner().invoke(corpus_command, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.mark.letters
def test_a_folder_is_built_searched_and_counted(letters_folder, tmp_path):
    out = tmp_path / "corpus"
    assert "10 letters with 14 issues, 0 not read" in run("build", letters_folder / "text/ocr", "--out", out)
    assert "1 of 1 parts reused from an earlier run" in run("build", letters_folder / "text/ocr", "--out", out)
    assert "14 issues indexed" in run("index", out)
    found = json.loads(run("search", out, "decision:overturned", "--json"))
    assert found["total"] == len([hit for hit in found["hits"] if hit["decision"] == "overturned"])
    assert "not understood" not in run("search", out, "mri")
    assert f"{found['total']} issues" in run("search", out, "decision:overturned")
    assert "Diagnostic Testing" in run("rates", out)
    assert run("rates", out, "--by", "category", "--csv").startswith("\ufeffcategory,issues")
    near = json.loads(run("like", out, "MRI of the neck", "--json"))
    assert near["hits"][0]["subcategory"] == "Imaging"
    assert f"of the {near['decided']} nearest were overturned" in run("like", out, "MRI of the neck")


def test_invented_letters_are_all_read(tmp_path):
    run("invent", tmp_path / "letters", "--letters", 30, "--first", 990)
    assert "30 letters" in run("build", tmp_path / "letters", "--out", tmp_path / "out", "--workers", 1)


def test_open_data_of_the_dmhc_comes_into_the_same_tables(tmp_path):
    file = tmp_path / "dmhc.csv"
    file.write_text(DMHC)
    assert "2 decisions, 1 rows not read" in run("import", "dmhc", file, "--out", tmp_path / "out")
    totals = Statistics(tmp_path / "out").totals()
    assert (totals.letters, totals.overturned, totals.unread) == (2, 1, 1)
    found = json.loads(run("search", tmp_path / "out", "drug_class:epilepsy", "--json"))
    assert [hit["case_number"] for hit in found["hits"]] == ["EI00-0002"]


def test_rules_are_held_against_labels(tmp_path):
    file = tmp_path / "labels.csv"
    file.write_text(
        "heading,category,subcategory,drug_class,body_parts\n"
        "Norco 10/325mg #120,Pharmaceuticals,Opioids,Opioids,\n"
        "MRI of the cervical and lumbar spine,Diagnostic Testing,Imaging,,neck; low back\n"
        "Acupuncture 6 visits,Surgery,Spine,,\n"
    )
    said = CliRunner().invoke(main, [str(file)]).stdout
    assert "2 of 3 right by category (67%)" in said
    assert "3 of 3 right by drug_class (100%)" in said
    assert "2 of 3 right by all four (67%)" in said
    assert "Acupuncture 6 visits: category is Rehabilitation, labeled Surgery" in said
    file.write_text("heading,category\n")
    with pytest.raises(ImrError, match="no column headed subcategory"):
        agreement(file)
    file.write_text("heading,category,subcategory,drug_class,body_parts\n")
    with pytest.raises(ImrError, match="no heading"):
        agreement(file)


def test_a_file_that_is_not_the_export_takes_nothing(tmp_path):
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(ImrError, match="no column is headed Reference ID"):
        bring_in("dmhc", file, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(ImrError, match="no import xx"):
        bring_in("xx", file, tmp_path / "out")
    with pytest.raises(ImrError, match="not empty"):
        bring_in("ny", file, tmp_path)
