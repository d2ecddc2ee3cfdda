"""The search for evidence on the draft, step by step; the organization's own guidelines; evidence that opens its page."""

import re
from dataclasses import replace

import pytest
from django.core.checks import run_checks
from django.test import Client
from tests.factories import story

from imr.case.state import Stage
from imr.guidelines import SetAsideReason, Statement, read_basis
from imr.law.terms import RecordKind, Role
from imr.web import access, accounts, actions
from imr.web.case_files import ingestion
from imr.web.case_files.draft_checks import answerable_by_name
from imr.web.models import ViewRow
from imr.web.platform import clock
from imr.web.store import custom_guidelines
from imr.web.store.documents import Upload


def saved(people, number, **changed):
    sound = story.draft(number, access.case(access.open_case(people["reviewer"], number)))
    story.write(people["reviewer"], number, replace(sound, **changed))
    return sound


def signed_in(person):
    accounts.give_second_factor(person)
    found = Client()
    found.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def test_each_step_is_kept_in_the_draft_and_writes_its_line(people, number):
    sound = saved(people, number)
    client, address = signed_in(people["reviewer"]), f"/cases/{number}/evidence/1/"
    page = client.get(address).content.decode()
    assert "The open step: the MTUS" in page
    assert "Present status" in page
    assert f'href="{address}"' in client.get(f"/cases/{number}/draft/").content.decode()

    def send(**sent):
        return client.post(
            address, sent | {"version": access.working_draft(access.open_case(people["reviewer"], number)).version}
        )

    def kept(name):
        return story.written(people["reviewer"], number)[f"{name}_1"]

    bare = send(do="aside", why=SetAsideReason.NOT_ADDRESSED.name, reason=" ")
    assert bare.status_code == 409
    assert "Say why this step is set aside, in words." in bare.content.decode()
    aside = {"do": "aside", "why": SetAsideReason.NOT_ADDRESSED.name, "reason": "No chapter speaks of kits."}
    assert send(**aside).status_code == 302
    assert kept("rationale").startswith("The MTUS: set aside; does not address this condition or treatment: No chapter")
    assert kept("rationale").endswith("Therefore, the request is medically necessary.")
    stale = client.post(address, aside | {"version": "1"})
    assert stale.status_code == 409
    assert "changed in another window" in stale.content.decode()

    page = client.get(address).content.decode()
    assert "The open step: the current ACOEM guidelines or ODG" in page
    offered = re.findall(r'name="chapter" value="(odg-[\w-]+)"', page)
    assert offered
    wrong = send(do="rely", chapter="mtus-2009-chronic-pain")
    assert wrong.status_code == 409
    nothing = send(do="rely")
    assert "Choose a chapter, or write what you rely on" in nothing.content.decode()
    pages = send(**{"do": "rely", "chapter": offered[0], f"pages-{offered[0]}": "many"})
    assert "Pages are numbers" in pages.content.decode()
    sent = {"do": "rely", "chapter": "odg-chronic-pain", "sections-odg-chronic-pain": "Exercise, Home exercise kits"}
    assert send(**sent).status_code == 302
    basis = read_basis(kept("reviewer_basis"))
    assert basis.statement is Statement.OUTSIDE
    assert basis.citations[0].sections == ("Exercise", "Home exercise kits")
    page = client.get(address).content.decode()
    assert "The search is complete" in page
    assert "Official Disability Guidelines (ODG)" in page
    searched = replace(sound.issues[0], reviewer_basis=kept("reviewer_basis"), rationale=kept("rationale"))
    found = access.concerns(
        access.open_case(people["reviewer"], number), replace(sound, issues=(searched, *sound.issues[1:]))
    )
    assert not [c for c in found if c.check == "outranked" and c.issue == 1]

    assert send(do="restart").status_code == 302
    assert kept("rationale") == "The invented guideline supports this. Therefore, the request is medically necessary."
    assert kept("reviewer_basis") == ""


def test_a_study_needs_its_level_and_evidence_no_decision(people, number):
    client, address = signed_in(people["reviewer"]), f"/cases/{number}/evidence/2/"

    def send(**sent):
        return client.post(
            address, sent | {"version": access.working_draft(access.open_case(people["reviewer"], number)).version}
        )

    aside = {"do": "aside", "why": SetAsideReason.NOTHING_CURRENT.name, "reason": "Nothing was found."}
    for _ in range(3):
        assert send(**aside).status_code == 302
    study = {"do": "rely", "other": "Doe J. An invented trial. Invented Journal. 2014;1:2-3"}
    assert "level of evidence" in send(**study, level="").content.decode()
    assert send(**study, level="1b").status_code == 302
    written = story.written(people["reviewer"], number)
    assert "level of evidence 1b" in written["rationale_2"]
    assert "Doe J. An invented trial" in written["reviewer_basis_2"]
    assert not written.get("decision_2")


def test_the_search_is_the_reviewers_alone(people, number):
    saved(people, number)
    for name in ("employee", "adjuster", "physician", "intake", "coordinator", "quality", "division", "other reviewer"):
        answer = signed_in(people[name]).get(f"/cases/{number}/evidence/1/")
        assert answer.status_code in (403, 404), name
    assert Client().get(f"/cases/{number}/evidence/1/").status_code == 302
    assert signed_in(people["reviewer"]).get(f"/cases/{number}/evidence/9/").status_code == 404


OWN = """
[[guideline]]
id = "own-kits"
source = "other"
title = "Invented Kit Guideline"
edition = "1st edition"
text = ["A kit is offered to people who practised with a therapist for a month."]
"""


@pytest.fixture
def folder(settings, tmp_path):
    settings.GUIDELINES = tmp_path
    (tmp_path / "a.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "b.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "c.toml").write_text('[[guideline]]\nid = "x"\n', encoding="utf-8")
    return tmp_path


def test_the_organizations_own_guidelines_serve_the_checks_and_a_wrong_file_is_told(people, number, folder):
    quoting = 'The Invented Kit Guideline states, "A kit is offered to everybody who ever asked for one." Therefore, the request is medically necessary.'
    sound = story.draft(number, access.case(access.open_case(people["reviewer"], number)))
    basis = "Decision based on Non-MTUS Citation Invented Kit Guideline, 1st edition."
    changed = replace(sound.issues[1], rationale=quoting, reviewer_basis=basis)
    drafted = replace(sound, issues=(sound.issues[0], changed))
    assert [
        c.issue
        for c in access.concerns(access.open_case(people["reviewer"], number), drafted)
        if c.check == "quotation"
    ] == [2]

    coordinator = signed_in(people["coordinator"])
    work = coordinator.get("/imro/").content.decode()
    assert "2 errors are in the files of guidelines." in work
    page = coordinator.get("/imro/guidelines/").content.decode()
    assert "Invented Kit Guideline" in page
    assert "c.toml: guideline 1 (x): source, title must be given" in page
    assert "b.toml: own-kits is in a.toml too; that one is used" in page
    assert {warning.id for warning in run_checks() if "toml" in str(warning.msg)} == {"imr.W001"}
    assert signed_in(people["intake"]).get("/imro/guidelines/").status_code == 404
    assert signed_in(people["reviewer"]).get("/imro/guidelines/").status_code == 403


def test_without_a_folder_the_register_is_what_everybody_has(settings, tmp_path):
    settings.GUIDELINES = tmp_path / "none"
    assert custom_guidelines.loaded() == custom_guidelines.CustomGuidelines()
    assert len(custom_guidelines.register().guidelines) > 60


NOTE = (
    b"PRIMARY TREATING PHYSICIAN'S PROGRESS REPORT (PR-2)\nThe employee reports no side effects from the medication.\n"
)


@pytest.mark.django_db(transaction=True)
def test_evidence_of_a_check_opens_its_page_with_its_words(settings, tmp_path):
    settings.PAGES = tmp_path / "pages"
    ingestion.casefile.cache_clear()
    people = story.cast()
    number = story.receive(people)
    for stage, step in story.PATH:
        if step.name == "receive-records":
            papers = (
                story.upload("UR decision", RecordKind.UR_DECISION),
                Upload(name="report.txt", data=NOTE, kind=RecordKind.PROGRESS_REPORT),
            )
            actions.perform("receive-records", people["adjuster"], number, {"records": papers, "sender": Role.CLAIMS_ADMINISTRATOR, "received_on": clock.today()})  # fmt: skip
            for line in access.file(access.open_case(people["coordinator"], number)):
                ingestion.read_document(line.digest, line.media_type)
        else:
            step(people, number)
        if stage is Stage.UNDER_REVIEW:
            break
    sound = story.draft(number, access.case(access.open_case(people["reviewer"], number)))
    words = "The records do not mention side effects of the medication. Therefore, the request is medically necessary."
    issues = (replace(sound.issues[0], rationale=words), *sound.issues[1:])
    story.write(people["reviewer"], number, replace(sound, issues=issues))
    drafted = replace(sound, issues=issues)
    (concern,) = [
        c
        for c in access.concerns(access.open_case(people["reviewer"], number), drafted)
        if c.check == "absence-contradicted"
    ]
    (evidence,) = concern.evidence
    assert evidence.file_page == 1
    client = signed_in(people["reviewer"])
    shown = client.get(f"/cases/{number}/checks/").content.decode()
    (href,) = set(re.findall(rf'href="(/cases/{number}/file/[^"]*)"', shown))
    before = ViewRow.objects.count()
    page = client.get(href.replace("&amp;", "&"))
    assert page.status_code == 200
    assert 'class="hit-box"' in page.content.decode()
    assert ViewRow.objects.count() > before
    answers = _all_answered(people, number, drafted)
    actions.perform("submit-draft", people["reviewer"], number, {"draft": drafted, "answers": answers})
    weighed = signed_in(people["quality"]).get(f"/cases/{number}/pass-draft/").content.decode()
    assert f"/cases/{number}/file/{evidence.file}/1/" in weighed


def _all_answered(people, number, drafted):
    from imr.case.answers import ConcernAnswer, ConcernAnswers

    asks = answerable_by_name(access.concerns(access.open_case(people["reviewer"], number), drafted)).asks
    return ConcernAnswers(given=tuple(ConcernAnswer(concern=name, reason="Read and weighed.") for name in asks))
