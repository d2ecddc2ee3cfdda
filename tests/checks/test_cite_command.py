"""`imr cite`: what a person and a program get."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from imr.cli.checks import cite_command
from imr.errors import ImrError

LOW_BACK = "Decision based on MTUS ACOEM Chapter 12 Low Back Complaints Page(s): 309."


def test_a_citation_is_shown_with_its_standing() -> None:
    done = CliRunner().invoke(cite_command, [LOW_BACK, "--on", "2015-03-10", "--body", "neck"])
    assert done.exit_code == 0
    assert done.output.startswith("Decision based on MTUS ACOEM Chapter 12 Low Back Complaints, Page(s): 309.\n")
    assert (
        "NO  MTUS, chapter 12 Low Back Complaints 2004 is about the low back, upper back; the treatment is for the neck"
        in done.output
    )
    assert "not verified" in done.output


def test_json_has_each_finding_with_its_law() -> None:
    done = CliRunner().invoke(cite_command, ["-", "--on", "2015-03-10", "--json"], input=LOW_BACK)
    data = json.loads(done.output)
    assert data["citations"][0]["guideline"] == "mtus-2004-low-back"
    assert {f["rule"]: f["holds"] for f in data["citations"][0]["findings"]} == {
        "guideline-exists": True, "guideline-in-force": True, "guideline-has-page": True,
    }  # fmt: skip


def test_what_is_not_understood_is_said_and_ends_with_one() -> None:
    done = CliRunner().invoke(cite_command, ["nothing here"])
    assert done.exit_code == 1
    assert "no citation of a guideline" in done.output
    part = CliRunner().invoke(cite_command, ["First this. Decision based on MTUS Eye 2004."])
    assert "not understood: First this" in part.output


def test_an_organizations_own_guideline_is_used(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(files("imr.guidelines").joinpath("example.toml").read_text(encoding="utf-8"), encoding="utf-8")
    assert CliRunner().invoke(cite_command, [LOW_BACK, "--guidelines", str(own)]).exit_code == 0
    own.write_text("x = 1", encoding="utf-8")
    with pytest.raises(ImrError, match=r"own\.toml: a file of guidelines"):
        CliRunner().invoke(cite_command, [LOW_BACK, "--guidelines", str(own)], catch_exceptions=False)
    with pytest.raises(ImrError, match="cannot be read"):
        CliRunner().invoke(cite_command, [LOW_BACK, "--guidelines", str(tmp_path / "no")], catch_exceptions=False)
