"""What a site publishes flows into its corpus, and nothing public tells who a party is."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from tests.factories import story
from tests.factories.url_walk import addresses, blanks, routes, words

from imr.case.answers import ConcernAnswer, ConcernAnswers
from imr.case.application import Address
from imr.case.state import Stage
from imr.corpus.build import build
from imr.corpus.fields import DIMENSIONS
from imr.corpus.search import Search
from imr.errors import ImrError
from imr.examples import write_letters
from imr.web import access, actions
from imr.web.actions.publish_to_corpus import HERE, update_corpus
from imr.web.case_files.draft_checks import answerable_by_name
from imr.web.store import site_corpus

OWN = "The pain of the knee began at a conveyor belt"


def parties():
    """An application whose parties have a name, a number and an address each, like no word of the site."""
    form = story.application()
    street = Address(street="77 Penciled Quarry Road", city="Inkwell", state="CA", zip="92101")
    return replace(
        form,
        employee=replace(
            form.employee,
            first_name="Zephyrine",
            last_name="Quillfeather",
            address=street,
            phone="(555) 555-0171",
            email="zephyrine@example.org",
            born_on=date(1971, 3, 9),
        ),
        employer="Thistlewick Foundry",
        claim_number="WC-771-90210",
        eams_number="ADJ9917733",
        physician=replace(
            form.physician, first_name="Oberon", last_name="Vantongeren", practice="Kestrelholm Spine", npi="1999999984"
        ),
        attorney=replace(form.attorney, first_name="Ludmilla", last_name="Brackwater", phone="(555) 555-0188"),
    )


def told(form):
    """Sentences that name every party in several ways, as a careless draft does."""
    return (
        f"{OWN}. {form.employee.name} (born 03/09/1971, phone {form.employee.phone}, {form.employee.email}) lives at "
        f"77 Penciled Quarry Road, Inkwell, CA 92101 and worked for {form.employer}. Dr. {form.physician.last_name} of "
        f"{form.physician.practice} (NPI {form.physician.npi}) asked. Ms. {form.employee.last_name} has claim {form.claim_number}, "
        f"{form.eams_number}. {form.attorney.name}, at {form.attorney.phone}, wrote to {form.administrator.company}."
    )


#: What must stand nowhere, in small letters.
IDENTIFYING = (
    "quillfeather", "zephyrine", "vantongeren", "oberon", "brackwater", "ludmilla", "thistlewick", "kestrelholm", "penciled quarry",
    "92101", "555-0171", "555-0188", "wc-771", "771-90210", "adj9917733", "1999999984", "03/09/1971", "1971-03-09", "march 9, 1971",
    story.ADMINISTRATOR.lower(), *(name.lower() for name in story.SECRET_NAMES),
)  # fmt: skip


def publish(people):
    """The case taken to its publication; each question of the checks is answered, so that the careless draft goes out."""
    number = story.receive(people)

    def answers(made=None):
        asks = answerable_by_name(access.concerns(access.open_case(people["reviewer"], number), made)).asks
        return ConcernAnswers(given=tuple(ConcernAnswer(concern=name, reason="It stands so.") for name in asks))

    for reached, step in story.PATH:
        if reached is Stage.QUALITY:
            made = story.draft(number, access.case(access.open_case(people["reviewer"], number)))
            actions.perform("submit-draft", people["reviewer"], number, {"draft": made, "answers": answers(made)})
        elif reached is Stage.SIGNED:
            actions.perform("sign-determination", people["reviewer"], number, {"answers": answers()})
        else:
            step(people, number)
    return number


@pytest.fixture
def published(db, monkeypatch, settings, tmp_path):
    """A site with forty letters from elsewhere and one published case of its own, gathered into its corpus."""
    form, plain = parties(), story.draft
    monkeypatch.setattr(story, "application", lambda **changed: replace(form, **changed))

    def draft(number, view):
        made = plain(number, view)
        issues = tuple(replace(issue, rationale=f"{told(form)} {issue.rationale}") for issue in made.issues)
        return replace(made, summary=told(form), issues=issues)

    monkeypatch.setattr(story, "draft", draft)
    people = story.cast()
    settings.CORPUS, settings.LETTERS = tmp_path / "corpus", tmp_path / "letters"
    write_letters(settings.LETTERS, 40)
    assert update_corpus() == 0
    number = publish(people)
    assert update_corpus() == 1
    signed = access.determination(access.open_case(people["adjuster"], number))
    assert "Quillfeather" in signed.summary, "the letter to the parties names them"
    return number


def filled(pattern, number):
    """The public addresses that a pattern stands for; none where it has a blank that is not of the public pages."""
    known = {"number": (number,), "by": tuple(DIMENSIONS), "form": tuple(site_corpus.FORMS)}
    if not known.keys() >= set(blanks(pattern)):
        return []
    return [path for path in addresses(pattern, {blank: known[blank] for blank in blanks(pattern)}) if "\\" not in path]


def test_no_public_route_and_no_file_of_the_corpus_tells_who_a_party_is(published, settings):
    visitor = Client(raise_request_exception=False)
    asked = [path for pattern in routes() for path in filled(pattern, published)]
    asked += [f"/corpus/?q={word}" for word in ("conveyor", "%22conveyor+belt%22", published)]
    asked += [
        f"/api/corpus/search?q={published}",
        "/api/corpus/search?q=conveyor",
        "/api/corpus/like?treatment=Exercise+kit",
    ]
    asked += ["/corpus/like/?treatment=Exercise+kit&circumstances=conveyor"]
    opened, with_own = 0, 0
    for path in asked:
        if path.startswith(("/account/logout", "/administration/")):
            continue
        answer = visitor.get(path)
        assert answer.status_code < 500, path
        if answer.status_code == 200 and answer.headers["Content-Type"] == site_corpus.FORMS["parquet"]:
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            answer = HttpResponse(str(pq.read_table(BytesIO(body)).to_pylist()), headers=answer.headers)
        said = words(answer).lower()
        assert not [word for word in IDENTIFYING if word in said], path
        opened += answer.status_code == 200
        with_own += "conveyor belt" in " ".join(said.split())
    assert opened > 40, "the walk has seen the public site"
    assert with_own >= 5, "the case itself is on its page, in the search, in the API"
    files = [file for folder in (settings.CORPUS, settings.LETTERS) for file in folder.rglob("*") if file.is_file()]
    assert any(HERE in str(file) for file in files)
    for file in files:
        if file.suffix == ".parquet":
            said = str(pq.read_table(file).to_pylist()).lower()
        else:
            said = file.read_bytes().decode("latin-1").lower()
        assert not [word for word in IDENTIFYING if word in said], file
    search = Search(settings.CORPUS)
    assert search.find(f"case_number:{published}").total == 2
    # What the index keeps of a letter is packed, so that it is asked for, and read out whole.
    for word in ("quillfeather", "vantongeren", "brackwater", "thistlewick", "kestrelholm", "adj9917733", "1999999984"):
        assert search.find(word).total == 0
    kept = str(search.find("", limit=1_000, counts=()).hits).lower()
    assert "conveyor belt" in kept
    assert not [word for word in IDENTIFYING if word in kept]


def test_what_is_published_here_comes_once_and_goes_when_it_is_no_longer_published(published, settings):
    assert update_corpus() == 0
    own = settings.LETTERS / HERE / f"{published}.txt"
    own.write_text("something else", encoding="utf-8")
    assert update_corpus() == 1
    assert OWN in " ".join(own.read_text(encoding="utf-8").split())
    stray = own.with_name("CM00-0000000.txt")
    stray.write_text(own.read_text(encoding="utf-8"), encoding="utf-8")
    call_command("collect")
    assert not stray.exists()
    assert Search(settings.CORPUS).find("").total > 40


@pytest.mark.django_db
def test_a_corpus_of_another_folder_is_left_alone(settings, tmp_path):
    settings.CORPUS, settings.LETTERS = tmp_path / "corpus", tmp_path / "letters"
    assert update_corpus() == 0
    assert not settings.CORPUS.exists(), "where there is no letter there is no corpus"
    write_letters(tmp_path / "elsewhere", 3)
    build(tmp_path / "elsewhere", settings.CORPUS, workers=1)
    before = (settings.CORPUS / "corpus.json").read_bytes()
    with pytest.raises(ImrError, match="set IMR_LETTERS"):
        update_corpus()
    with pytest.raises(CommandError, match="was built from"):
        call_command("collect")
    assert (settings.CORPUS / "corpus.json").read_bytes() == before
