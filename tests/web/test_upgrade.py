"""`manage.py upgrade`: what an older version left is brought up to date, or named with what to do."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from tests.factories import story
from tests.factories.database import as_superuser

from imr.case.state import Stage
from imr.corpus.build import build
from imr.corpus.indexing import POINTER, rebuild
from imr.examples import write_letters
from imr.web.case_files import derived_files, ingestion
from imr.web.management import site_setup
from imr.web.models import CaseRow, DocumentRow, PartyRow
from imr.web.platform import folders, reencryption
from imr.web.platform.database import roles


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME, settings.CORPUS, settings.LETTERS = tmp_path, tmp_path / "corpus", tmp_path / "letters"
    settings.INVENTED_PASSWORD, settings.STATIC_ROOT = tmp_path / "invented-password", tmp_path / "static"
    settings.PAGES = tmp_path / "pages"
    return tmp_path


@pytest.fixture
def number(db):
    return story.to(Stage.ASSIGNED, story.cast())


def run(*words, end=0):
    """What the command prints; with `end`, what it says as it ends with that code."""
    out, problems = StringIO(), StringIO()
    if not end:
        call_command("upgrade", *words, stdout=out, stderr=problems)
        assert problems.getvalue() == ""
        return out.getvalue()
    with pytest.raises(CommandError) as ended:
        call_command("upgrade", *words, stdout=out, stderr=problems)
    assert ended.value.returncode == end
    return f"{out.getvalue()}{problems.getvalue()}{ended.value}"


def test_what_an_older_version_left_is_named_then_done_then_gone(home, number):
    write_letters(home / "letters", 20)
    build(home / "letters", home / "corpus")
    rebuild(home / "corpus")
    pointer = home / "corpus" / POINTER
    pointer.write_text(json.dumps(json.loads(pointer.read_text()) | {"form": 0}))
    PartyRow.objects.filter(case=number).delete()
    CaseRow.objects.filter(pk=number).update(employee="somebody else")
    waiting = run("--check", end=1)
    assert "rows of 1 cases" in waiting
    assert "documents to read again" in waiting
    assert "the search index of" in waiting
    assert "as a version before 0.2.0 left it" in waiting

    done = run()
    assert "rows of cases rebuilt: 1" in done
    assert "search index rebuilt: 1" in done
    assert PartyRow.objects.filter(case=number).exists()
    assert CaseRow.objects.get(pk=number).employee != "somebody else"
    assert json.loads(pointer.read_text())["form"] != 0
    assert run().splitlines()[-1] == "The site is up to date: start it again."

    for digest, media_type in DocumentRow.objects.filter(case=number).values_list("digest", "media_type"):
        ingestion.read_document(digest, media_type)
    assert run("--check") == "The site is up to date.\n"


def test_a_migration_that_is_missing_is_named(home, db):
    """The owner of the tables is asked: after a restore, or in data of an earlier version, the site may read nothing yet."""
    site_setup.record_version()
    assert site_setup.pending_migrations() == []
    last = MigrationRecorder.Migration.objects.filter(app="imr").latest("name").name
    as_superuser("REVOKE ALL ON django_migrations FROM imr_site")
    assert site_setup.pending_migrations() == []
    with roles.as_owner() as owner:
        MigrationRecorder(owner).record_unapplied("imr", last)
    try:
        assert f"migration imr.{last}\n" in run("--check", end=1)
    finally:
        with roles.as_owner() as owner:
            MigrationRecorder(owner).record_applied("imr", last)


def test_a_damaged_case_is_named_and_stops_no_other(home, number):
    with connection.cursor() as cursor:
        cursor.execute('INSERT INTO imr_eventrow ("case", number, at, by_role, by_id, kind, data, previous, key, digest)'
                       " SELECT 'CM26-0009999', number, at, by_role, by_id, 'no such event', data, previous, key, digest"
                       ' FROM imr_eventrow WHERE "case" = %s AND number = 1', [number])  # fmt: skip
    said = run(end=6)
    assert "rows of cases rebuilt: 1\n" in said
    assert "CM26-0009999: " in said
    assert "do what is listed above, then run this again" in said
    assert "as a version before" in run("--check", end=1)


def test_it_refuses_while_the_site_runs(home, db):
    with folders.lock_home():
        assert "a site is running on" in run(end=9)


def test_a_start_says_that_another_version_left_the_data(home, db):
    (home / "version").write_text("0.1.9\n")
    said = StringIO()
    call_command("serve", set_up_only=True, empty=True, stdout=StringIO(), stderr=said)
    assert "as 0.1.9 left it" in said.getvalue()
    assert "docs/upgrading.md" in said.getvalue()
    site_setup.record_version()
    (home / "pages" / "ab").mkdir(parents=True)
    (home / "pages" / "ab" / "abc.2.json").write_text("plain, as an earlier version left it")
    again = StringIO()
    call_command("serve", set_up_only=True, empty=True, stdout=StringIO(), stderr=again)
    assert "otherwise than IMR_DISK_ENCRYPTED says" in again.getvalue()
    reencryption.reencrypt()
    again = StringIO()
    call_command("serve", set_up_only=True, empty=True, stdout=StringIO(), stderr=again)
    assert again.getvalue() == ""


def test_what_an_older_version_read_is_read_again(home, number):
    digest, media_type = DocumentRow.objects.filter(case=number).values_list("digest", "media_type").first()
    ingestion.read_document(digest, media_type)
    assert ingestion.count_unread([digest]) == 0
    derived_files.delete(digest, ingestion.OUTCOME)
    assert ingestion.count_unread([digest]) == 1
