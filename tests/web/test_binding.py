"""The case file bound in the background: its digest in an event, what is in it, and who is given it."""

import io

import pikepdf
import pytest
from tests.factories.case_file import bind_all, bundle_jobs, forget_jobs, read_all, send, signed_in

from imr.case.digests import digest_of_bytes
from imr.errors import Refused
from imr.law.records import Duty
from imr.law.terms import RecordKind
from imr.records.pdf import page_texts
from imr.web import access, actions
from imr.web.case_files import bundle
from imr.web.models import DocumentRow, EventRow
from imr.web.store.documents import Upload, load

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_pages")]


@pytest.fixture
def complete(people, filed):
    actions.perform("complete-records", people["coordinator"], filed, {"missing": (Duty.NEW_ISSUES,)})
    return filed


def test_it_waits_until_all_is_read_and_is_then_bound_once(people, complete):
    assert len(bundle_jobs()) == 1, "closing the file has it bound"
    bind_all()
    assert not EventRow.objects.filter(kind="case-file-bound").exists(), "nothing is read yet"
    read_all()
    forget_jobs()
    actions.run_maintenance()
    assert len(bundle_jobs()) == 1, "it is taken up again"
    bind_all()
    bind_all()
    event = EventRow.objects.get(kind="case-file-bound")
    assert (event.by_role, event.data["files"]) == ("clock", [row.digest for row in kept("record", complete)])
    pdf = load(event.data["file"])
    assert digest_of_bytes(pdf) == event.data["file"]
    with pikepdf.open(io.BytesIO(pdf)) as made:
        assert len(made.pages) == event.data["pages"] == 1 + 1 + 3 + 1
        assert any("Certificate of completeness" in item.title for item in made.open_outline().root)
    last = page_texts(pdf)[-1]
    assert "CERTIFICATE OF COMPLETENESS" in last
    assert event.data["files"][0] in last.replace("\n", "")
    assert load(event.data["certificate"]).decode().startswith("CERTIFICATE OF COMPLETENESS")
    forget_jobs()
    actions.run_maintenance()
    assert bundle_jobs() == []


def kept(paper, number):
    found = DocumentRow.objects.filter(case=number, paper__in=[paper, "UR decision"])
    return found.order_by("at", "pk")


def test_everybody_who_may_open_all_of_it_is_given_the_very_file(people, complete):
    read_all()
    bind_all()
    bound = EventRow.objects.get(kind="case-file-bound").data["file"]
    for name in ("adjuster", "employee", "physician"):
        given = signed_in(people[name]).get(f"/cases/{complete}/file/whole.pdf")
        assert given["X-Digest-SHA-256"] == digest_of_bytes(given.content) == bound
        assert bound in signed_in(people[name]).get(f"/cases/{complete}/file/").content.decode()


def test_whom_a_record_is_withheld_from_is_given_the_rest(people, complete):
    secret = Upload(
        name="m.txt", data=b"PSYCHOTHERAPY NOTES\nWithheld words.\n", kind=RecordKind.OTHER, mental_health=True
    )
    send(people, complete, secret)
    read_all()
    bind_all()
    bound = EventRow.objects.get(kind="case-file-bound").data["file"]
    whole = signed_in(people["adjuster"]).get(f"/cases/{complete}/file/whole.pdf")
    assert whole["X-Digest-SHA-256"] == bound
    assert access.bound(access.open_case(people["employee"], complete)) is None
    part = signed_in(people["employee"]).get(f"/cases/{complete}/file/whole.pdf")
    assert part["X-Digest-SHA-256"] != bound
    assert "Withheld" not in "".join(page_texts(part.content))
    assert "Withheld" in "".join(page_texts(whole.content))


def test_a_file_that_grew_while_it_was_bound_is_bound_again(people, complete, monkeypatch):
    read_all()
    really = bundle.build_bundle

    def slow(case, on):
        made = really(case, on)
        send(people, complete, Upload(name="late.txt", data=b"LATE REPORT\nOf invention.\n", kind=RecordKind.OTHER))
        return made

    monkeypatch.setattr(bundle, "build_bundle", slow)
    with pytest.raises(Refused, match="has changed since"):
        actions.bind(complete)
    monkeypatch.undo()
    assert not EventRow.objects.filter(kind="case-file-bound").exists()
    read_all()
    bind_all()
    assert len(EventRow.objects.get(kind="case-file-bound").data["files"]) == 4


def test_a_file_that_another_worker_bound_meanwhile_is_left_alone(people, complete, monkeypatch):
    """Two workers build the same file; the second finds it bound, which is no failure."""
    read_all()
    build = bundle.build_bundle

    def bound_meanwhile(case, on):
        monkeypatch.setattr(bundle, "build_bundle", build)
        assert actions.bind(complete) is not None
        return build(case, on)

    monkeypatch.setattr(bundle, "build_bundle", bound_meanwhile)
    assert actions.bind(complete) is None
    assert EventRow.objects.filter(case=complete, kind="case-file-bound").count() == 1


def test_nobody_binds_by_hand(people, complete):
    read_all()
    with pytest.raises(Refused):
        actions.perform("bind-case-file", people["coordinator"], complete)
    assert actions.run_clock_steps(complete) == ()
