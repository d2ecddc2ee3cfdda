"""`imr demo`: the seed's case over the site's own doors, its papers in a folder, and the site as it was."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from imr.case.chain import from_lines, verify
from imr.case.outside import is_outside
from imr.case.steps import STEPS
from imr.determination import read
from imr.determination.data import from_data
from imr.examples import seed_case
from imr.records.pdf import page_texts
from imr.web.models import CaseRow, EventRow, PersonRow

PAPERS = ("determination", "public")


@pytest.mark.django_db(transaction=True)
def test_the_demonstration_leaves_its_papers_and_nothing_else(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    out = tmp_path / "out"
    call_command("demo", "--out", str(out))
    story = seed_case()
    assert {path.name for path in out.iterdir()} == {
        *(f"{paper}.{ending}" for paper in PAPERS for ending in ("pdf", "txt", "json")),
        "notice.pdf",
        "events.jsonl",
    }
    for paper in PAPERS:
        value = from_data(json.loads((out / f"{paper}.json").read_text(encoding="utf-8")))
        assert read((out / f"{paper}.txt").read_text(encoding="utf-8")).determination == value
        assert read("\f".join(page_texts((out / f"{paper}.pdf").read_bytes()))).determination == value
    public = (out / "public.txt").read_text(encoding="utf-8")
    assert story.application.physician.last_name in (out / "determination.txt").read_text(encoding="utf-8")
    assert story.application.physician.last_name not in public
    notice = " ".join(page_texts((out / "notice.pdf").read_bytes()))
    assert "Monday, March 9, 2015" in notice
    lines = (out / "events.jsonl").read_text(encoding="utf-8")
    chain = from_lines(lines)
    verify(chain)
    outside = [scene for scene in story.scenes if all(map(is_outside, STEPS[scene.step].events))]
    assert len(chain) == len(outside) < len(story.scenes)
    assert story.reviewer.id not in lines
    for path in out.iterdir():
        assert story.reviewer.name.split()[-1].encode() not in path.read_bytes()
    for rows in (CaseRow, EventRow, PersonRow):
        assert not rows.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_folder_that_cannot_be_written_into_says_so(tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("a file stands here", encoding="utf-8")
    with pytest.raises(CommandError, match="Choose another folder"):
        call_command("demo", "--out", str(taken))
    assert not EventRow.objects.exists()
