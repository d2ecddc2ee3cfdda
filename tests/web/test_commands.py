"""Commands of the site, its administration, and mail that does not go out at once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from tests.factories import story

from imr.case.state import Stage
from imr.panel import PanelMember
from imr.panel.roster_csv import write_roster
from imr.web import accounts, demo_data
from imr.web.models import AccountChangeRow, CaseRow, OutboxRow, PersonRow, ReviewerRow


@pytest.fixture
def people(db):
    return story.cast()


def said(*command, **options):
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_rebuild_and_tend_say_what_they_did(people):
    number = story.to(Stage.ASSIGNED, people)
    CaseRow.objects.all().delete()
    assert said("rebuild") == "1 cases\n"
    assert CaseRow.objects.get().pk == number
    waiting = OutboxRow.objects.filter(sent_at__isnull=True).count()
    assert waiting
    assert f"messages: {waiting}" in said("tend")
    assert said("tend") == ""


def test_the_first_administrator_needs_a_good_password(db, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda _: "short")
    with pytest.raises(CommandError, match="too short"):
        said("administrator", "boss@example.com")
    monkeypatch.setattr("getpass.getpass", lambda _: "long enough and uncommon")
    assert "second factor" in said("administrator", "boss@example.com")
    with pytest.raises(CommandError, match="has an account already"):
        said("administrator", "boss@example.com")
    assert PersonRow.objects.get().is_superuser


def test_code_prints_what_the_app_would_show(people):
    accounts.give_second_factor(people["intake"])
    assert len(said("code", "ines@example.com").strip()) == 6
    with pytest.raises(CommandError, match="no account"):
        said("code", "nobody@example.com")


def test_a_first_start_sets_everything_up_and_a_second_one_keeps_it(db, monkeypatch, settings, tmp_path):
    settings.HOME, settings.CORPUS, settings.LETTERS = tmp_path, tmp_path / "corpus", tmp_path / "letters"
    settings.INVENTED_PASSWORD = tmp_path / "invented-password"
    settings.STATIC_ROOT = tmp_path / "static"
    monkeypatch.setattr(demo_data, "CASES", demo_data.CASES[:6])
    monkeypatch.setattr(demo_data, "LETTERS", 5)

    def in_this_process(password):
        monkeypatch.setattr("sys.stdin", StringIO(password))
        call_command("invent")

    monkeypatch.setattr("imr.web.management.commands.serve._invent", in_this_process)
    first = said("serve", set_up_only=True)
    password = (tmp_path / "invented-password").read_text()
    assert password in first
    assert "imr code intake@example.org" in first
    assert (tmp_path / "invented-password").stat().st_mode & 0o077 == 0
    assert (tmp_path / "static" / "imr").is_dir()
    assert (tmp_path / "corpus" / "corpus.json").exists()
    cases = set(CaseRow.objects.values_list("number", flat=True))
    second = said("serve", set_up_only=True)
    assert password in second
    assert "First start" not in second
    assert set(CaseRow.objects.values_list("number", flat=True)) == cases


def test_an_administrator_makes_accounts_without_a_password_and_keeps_the_panel(people):
    boss = accounts.make("boss@example.com", story.PASSWORD, administrator=True)
    other = accounts.make("other@example.com", story.PASSWORD, administrator=True)
    for one in (boss, other, people["coordinator"]):
        accounts.give_second_factor(one)
    office = story.client(boss)
    asked = {"email": "New@example.com", "name": "New", "roles": ["intake", "coordinator"], "why": "Begins on Monday"}
    made = office.post("/administration/accounts/new/", asked)
    assert made.status_code == 302, made.content
    assert not PersonRow.objects.filter(email="new@example.com").exists(), "nothing is made before it is confirmed"
    change = AccountChangeRow.objects.get().pk
    story.client(other).post("/administration/answer/", {"change": change, "answer": "confirm"})
    new = PersonRow.objects.get(email="new@example.com")
    assert new.roles == ["intake", "coordinator"]
    assert not new.has_usable_password()
    assert list(new.emailaddress_set.values_list("email", "verified")) == [("new@example.com", True)], (
        "the office states it"
    )
    for page in ("", f"accounts/{new.pk}/", "organizations/", "affiliations/"):
        assert office.get(f"/administration/{page}").status_code == 200, page
    coordinator = story.client(people["coordinator"])
    sheet = write_roster([PanelMember(reviewer=story.reviewer("R00009", "Nia", "Newcomer"), capacity=3)])
    wrong = coordinator.post("/panel/sheet/", {"text": sheet.replace("R00009", ""), "take": "1"})
    assert wrong.status_code == 422
    assert coordinator.post("/panel/sheet/", {"text": sheet, "take": "1"}).status_code == 302
    assert ReviewerRow.objects.get(pk="R00009").capacity == 3
    for said, available in (("away", False), ("available", True)):
        assert coordinator.post("/panel/reviewers/R00009/", {"send": said}).status_code == 302
        assert ReviewerRow.objects.get(pk="R00009").available is available
    assert coordinator.get("/administration/").status_code == 404
