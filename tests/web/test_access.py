"""Who may see what, written out in full: a row a thing, a column a role. The law of it stands in `law.disclosure`."""

import inspect
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from tests.factories import story

from imr.case import event_types
from imr.case.appeals import AppealGround
from imr.case.events import DeclineReason
from imr.case.state import Stage
from imr.errors import Damaged, ImrError, Refused
from imr.law import roles
from imr.law.roles import SIGNED_IN
from imr.law.terms import Place, RecordKind, Role, Service
from imr.plain import canonical
from imr.web import access, actions
from imr.web.actions import panel
from imr.web.models import DocumentRow, MembershipRow, PersonRow, ViewRow
from imr.web.platform import clock

#: The columns: the people of the case, then those who have no part in it.
COLUMNS = (
    "employee",
    "attorney",
    "adjuster",
    "physician",
    "intake",
    "coordinator",
    "quality",
    "reviewer",
    "division",
    "other employee",
    "other adjuster",
    "other physician",
    "other reviewer",
    "nobody",
)

#: y: may see it; -: the same answer as for what does not exist. A column of `COLUMNS` each.
#:                          emp att adj phy int coo qua rev div oem oad oph ore nob
BEFORE_ISSUE = {
    "case in the list": "      y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "case": "                  y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "application": "           y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "application's changes": " y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "timeline": "              y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "chain of events": "       y   y   y   y   y   y   y   -   y   -   -   -   -   -",
    "application paper": "     y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "UR decision": "           y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "medical record": "        y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "records owed": "          y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "mental health record": "  -   -   y   y   y   y   y   y   y   -   -   -   -   -",
    "case file": "             y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "index of the file": "     y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "one record": "            y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "bound case file": "       y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "refused files": "         -   -   -   -   y   y   -   -   -   -   -   -   -   -",
    "parties to settle": "     -   -   -   -   y   y   -   -   -   -   -   -   -   -",
    "may settle parties": "    -   -   -   -   y   -   -   -   -   -   -   -   -   -",
    "what is owed": "          y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "letters": "               y   y   y   y   y   y   y   -   y   -   -   -   -   -",
    "who is reached on paper": "-  -   -   -   y   y   y   -   y   -   -   -   -   -",
    "amendments": "            y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "reviewer's notes": "      -   -   -   -   -   -   -   y   -   -   -   -   -   -",
    "may keep notes": "        -   -   -   -   -   -   -   y   -   -   -   -   -   -",
    "notice": "                y   y   y   y   y   y   y   -   y   -   -   -   -   -",
    "draft": "                 -   -   -   -   -   -   y   y   -   -   -   -   -   -",
    "came after the draft": "  -   -   -   -   -   -   y   y   -   -   -   -   -   -",
    "draft paper": "           -   -   -   -   -   -   y   y   -   -   -   -   -   -",
    "concerns": "              -   -   -   -   -   -   y   y   -   -   -   -   -   -",
    "answers": "               -   -   -   -   -   -   y   y   -   -   -   -   -   -",
    "determination": "         -   -   -   -   -   y   y   y   -   -   -   -   -   -",
    "letter paper": "          -   -   -   -   -   y   y   y   -   -   -   -   -   -",
    "decisions": "             -   -   -   -   -   y   y   y   -   -   -   -   -   -",
    "reviewer": "              -   -   -   -   -   y   y   y   -   -   -   -   -   -",
    "candidates": "            -   -   -   -   -   y   y   y   -   -   -   -   -   -",
    "like cases": "            y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "names in doubt": "        -   -   -   -   -   y   y   y   -   -   -   -   -   -",
    "what to sign": "          -   -   -   -   -   -   -   y   -   -   -   -   -   -",
    "signature": "             -   -   -   -   -   y   y   y   -   -   -   -   -   -",
    "signature's proof": "     -   -   -   -   -   y   y   y   -   -   -   -   -   -",
    "signature paper": "       -   -   -   -   -   y   y   y   -   -   -   -   -   -",
    "version to publish": "    -   -   -   -   -   -   -   -   -   -   -   -   -   -",
    "public determination": "  -   -   -   -   -   -   -   -   -   -   -   -   -   -",
}
#: What differs once the determination is issued.
AFTER_ISSUE = BEFORE_ISSUE | {
    "determination": "         y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "letter paper": "          y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "decisions": "             y   y   y   y   y   y   y   y   y   -   -   -   -   -",
    "signature": "             -   -   -   -   -   y   y   y   y   -   -   -   -   -",
    "signature's proof": "     -   -   -   -   -   y   y   y   y   -   -   -   -   -",
    "signature paper": "       -   -   -   -   -   y   y   y   y   -   -   -   -   -",
    "version to publish": "    -   -   -   -   -   y   -   -   y   -   -   -   -   -",
}
#: And once it is published.
AFTER_PUBLICATION = AFTER_ISSUE | {
    "public determination": "  y   y   y   y   y   y   y   y   y   y   y   y   y   y",
    "version to publish": "    -   -   -   -   -   -   -   -   -   -   -   -   -   -",
}
MATRICES = {Stage.SIGNED: BEFORE_ISSUE, Stage.ISSUED: AFTER_ISSUE, Stage.PUBLISHED: AFTER_PUBLICATION}


def _paper(paper):
    def see(opened):
        row = DocumentRow.objects.filter(case=opened.number, paper=paper, mental_health=False).first()
        listed = row.digest in {line.digest for line in access.documents(opened)}
        file = access.document(opened, row.digest)
        assert listed, "what can be opened is in the list"
        return file.data

    return see


def _mental(opened):
    row = DocumentRow.objects.get(case=opened.number, mental_health=True)
    return access.document(opened, row.digest).data


def _record(opened):
    return DocumentRow.objects.filter(case=opened.number, paper="record", mental_health=False).first().digest


LOOKS = {
    "case in the list": lambda opened: [line for line in access.cases(opened.viewer) if line.number == opened.number],
    "case": access.case,
    "application": access.application,
    "application's changes": lambda opened: access.amendments(opened) == (),
    "timeline": access.timeline,
    "chain of events": access.events,
    "application paper": _paper("application"),
    "UR decision": _paper("UR decision"),
    "medical record": _paper("record"),
    "records owed": lambda opened: access.owed(opened, clock.today()) is not None,
    "mental health record": _mental,
    "case file": lambda opened: access.has_file(opened) and access.file(opened),
    "index of the file": lambda opened: access.file_index(opened) is not None,
    "one record": lambda opened: access.record(opened, _record(opened)),
    "bound case file": lambda opened: access.bound(opened) is None,
    "refused files": lambda opened: access.refused(opened) == (),
    "parties to settle": lambda opened: bool(access.case_parties(opened).settled),
    "may settle parties": access.may_settle,
    "what is owed": lambda opened: access.owed(opened, clock.today()) is not None,
    "letters": access.letters,
    "who is reached on paper": lambda opened: access.on_paper(opened, (Role.EMPLOYEE,), Service.MAIL),
    "amendments": lambda opened: access.amendments(opened) is not None,
    "reviewer's notes": lambda opened: access.notes(opened) == (),
    "may keep notes": access.may_note,
    "notice": _paper("notice of assignment"),
    "draft": access.draft,
    "came after the draft": lambda opened: access.came_late(opened) is not None,
    "draft paper": _paper("draft"),
    "concerns": lambda opened: access.concerns(opened) is not None,
    "answers": lambda opened: access.answers(opened) is not None,
    "determination": access.determination,
    "letter paper": _paper("determination letter"),
    "decisions": lambda opened: access.case(opened).case.decisions,
    "reviewer": access.reviewer,
    "candidates": lambda opened: access.candidates(opened).candidates,
    "like cases": lambda opened: access.alike(opened) is not None,
    "names in doubt": lambda opened: access.doubts(opened) is not None,
    "what to sign": access.signature_request,
    "signature": access.signature,
    "signature's proof": access.signature_proof,
    "signature paper": _paper("signature of the reviewer"),
    "version to publish": access.to_publish,
}
#: What is looked at without opening the case.
PUBLIC_LOOKS = {"public determination": access.public_determination}
THINGS = (*LOOKS, *PUBLIC_LOOKS)


def _seen(user, number):
    """Whether somebody sees each thing of a case, which is opened once, as for a page."""

    def sees(look, subject):
        try:
            return bool(look(subject))
        except Http404:
            return False

    try:
        opened = access.open_case(user, number)
    except Http404:
        found = dict.fromkeys(LOOKS, False)
    else:
        found = {thing: sees(look, opened) for thing, look in LOOKS.items()}
    return found | {thing: sees(look, number) for thing, look in PUBLIC_LOOKS.items()}


def _with_mental_health_record(people, number):
    actions.perform(
        "receive-records",
        people["adjuster"],
        number,
        {
            "records": (story.upload("psychotherapy notes", RecordKind.THERAPY_NOTES, mental_health=True),),
            "sender": Role.CLAIMS_ADMINISTRATOR,
            "received_on": clock.today(),
        },
    )


@pytest.fixture
def people(db):
    return story.cast()


@pytest.mark.parametrize("stage", MATRICES, ids=lambda stage: stage.name.lower())
def test_the_matrix(people, stage):
    number = story.receive(people)
    for reached, step in story.PATH:
        step(people, number)
        if reached is Stage.ASSIGNED and not DocumentRow.objects.filter(mental_health=True).exists():
            _with_mental_health_record(people, number)
        if reached is stage:
            break
    seen = {name: _seen(people.get(name, AnonymousUser()), number) for name in COLUMNS}
    expected, found = {}, {}
    for thing, row in MATRICES[stage].items():
        expected[thing] = dict(zip(COLUMNS, row.split(), strict=True))
        found[thing] = {name: "y" if seen[name][thing] else "-" for name in COLUMNS}
    assert found == expected
    assert set(THINGS) == set(expected)


#: Who has a part in the case, by the name of their column: as a party, by their organization, or as its reviewer.
PARTS = ("employee", "attorney", "adjuster", "physician", "reviewer")


def test_who_has_a_part_in_a_case_sees_it_as_that_alone_whatever_else_they_are(people):
    """Every pair of roles before the decision is issued: a second role adds nothing, and takes nothing away."""
    number = story.receive(people)
    for reached, step in story.PATH:
        step(people, number)
        if reached is Stage.ASSIGNED and not DocumentRow.objects.filter(mental_health=True).exists():
            _with_mental_health_record(people, number)
        if reached is Stage.SIGNED:
            break
    cells = 0
    for name in PARTS:
        user = people[name]
        own = list(user.roles)
        alone = _seen(user, number)
        steps = {step.name for step in actions.offers(user, number)}
        for second in SIGNED_IN:
            user.roles = sorted({*own, second.value})
            assert _seen(user, number) == alone, (name, second)
            assert {step.name for step in actions.offers(user, number)} == steps, (name, second)
            assert [role.value for role in access.roles_in(user, number)] == own, (name, second)
            cells += len(alone)
        user.roles = own
    assert cells == len(PARTS) * len(SIGNED_IN) * len(THINGS)


@pytest.mark.parametrize("second", [Role.INTAKE, Role.COORDINATOR, Role.QUALITY, Role.DIVISION])
def test_an_office_takes_no_step_in_a_case_of_its_own(people, second):
    number = story.to(Stage.SIGNED, people)
    attorney = people["attorney"]
    attorney.roles = [*attorney.roles, second.value]
    with pytest.raises((Refused, Http404)):
        actions.perform(
            "issue-determination",
            attorney,
            number,
            {"service": Service.MAIL, "place": Place.CALIFORNIA, "on": clock.today()},
        )
    assert access.case(access.open_case(attorney, number)).case.stage is Stage.SIGNED
    other = story.receive(people)
    MembershipRow.objects.filter(case=other, person=attorney).delete()
    assert access.roles_in(attorney, other) == (second,), "in a case of strangers the office is what it was"
    assert {line.number: line.roles for line in access.cases(attorney)} == {
        number: (Role.EMPLOYEE_ATTORNEY,),
        other: (second,),
    }


def test_who_could_open_a_case_as_a_party_or_by_office_says_in_which_role(people):
    clerk = people["intake"]
    clerk.roles = [*clerk.roles, Role.EMPLOYEE.value]
    facts = {
        "application": story.application(),
        "received_at": clock.now(),
        "ur_decision": story.upload("the decision"),
    }
    with pytest.raises(Refused, match="employee or as intake: say in which role"):
        actions.perform("receive-application", clerk, None, facts)
    done = actions.perform("receive-application", clerk, None, facts, as_role=Role.INTAKE)
    assert done.by.role is Role.INTAKE
    assert not MembershipRow.objects.filter(case=done.case, person=clerk).exists()


def test_a_case_of_ones_own_is_not_reopened_on_remand(people):
    number = story.to(Stage.ISSUED, people)
    clerk = people["intake"]
    actions.perform(
        "receive-appeal",
        clerk,
        number,
        {"petition": story.upload("petition"), "grounds": (AppealGround.PLAIN_ERROR,), "filed_on": clock.today()},
    )
    actions.perform(
        "reverse-determination", clerk, number, {"order": story.upload("order"), "ground": AppealGround.PLAIN_ERROR}
    )
    MembershipRow.objects.create(case=number, role=Role.EMPLOYEE.value, person=clerk, since=clock.now())
    with pytest.raises(Refused, match="that you may see"):
        actions.perform(
            "open-remand",
            clerk,
            None,
            {"earlier": number, "order": story.upload("order"), "finding": story.upload("finding")},
        )


def test_a_plan_of_the_day_shows_no_case_of_ones_own(people):
    number = story.to(Stage.RECORDS_COMPLETE, people)
    coordinator = people["coordinator"]

    def shown():
        _, lines, shortages = panel.day(coordinator)
        return {line.case for line in lines} | {one.case for one in shortages}

    assert shown() == {number}
    MembershipRow.objects.create(case=number, role=Role.EMPLOYEE_ATTORNEY.value, person=coordinator, since=clock.now())
    assert shown() == set()


def test_a_role_a_paper_or_an_event_that_nobody_declared_is_refused_at_the_start():
    with pytest.raises(ImrError, match=r"law\.roles says nothing of DIVISION"):
        roles.insist_declared({role: entry for role, entry in roles.ROLES.items() if role is not Role.DIVISION})
    with pytest.raises(ImrError, match="who sees reviewer-praised"):
        event_types.require_events(["draft-saved", "reviewer-praised"])
    with pytest.raises(ImrError, match=r"what never happens: .*remand-opened"):
        event_types.require_events(["draft-saved"])


def test_who_works_for_the_organization_or_the_division_gives_a_second_factor():
    for role in SIGNED_IN:
        assert (role in roles.SECOND_FACTOR) is (role not in roles.PARTIES), role


def test_every_function_of_access_that_takes_an_opened_case_has_its_row():
    functions = {
        name
        for name, function in inspect.getmembers(access, inspect.isfunction)
        if function.__module__.startswith(access.__name__)
        and next(iter(inspect.signature(function).parameters), "") == "case_access"
        and not name.startswith("_")
    }
    looked = {name for look in LOOKS.values() for name in re.findall(r"access\.(\w+)", inspect.getsource(look))}
    direct = {look.__name__ for look in LOOKS.values()}
    assert len(functions) > 20
    # `working_draft` is for who is drafting at that moment: tests/web/test_working_copies.py
    assert functions - {"documents", "document", "working_draft"} <= looked | direct


def test_the_reviewer_is_nowhere_in_what_outsiders_are_given(people):
    number = story.to(Stage.PUBLISHED, people)
    secret = people["reviewer"].reviewer_id
    for name in ("employee", "attorney", "adjuster", "physician", "intake", "division"):
        user = people[name]
        view = access.case(access.open_case(user, number))
        given = repr(
            (
                view,
                access.timeline(access.open_case(user, number)),
                access.events(access.open_case(user, number)),
                [
                    access.document(access.open_case(user, number), line.digest)
                    for line in access.documents(access.open_case(user, number))
                ],
            )
        )
        for word in (secret, *story.SECRET_NAMES):
            assert word.lower() not in given.lower(), (name, word)


def test_a_case_leaves_the_list_of_a_reviewer_who_gave_it_back(people):
    number = story.to(Stage.UNDER_REVIEW, people)
    assert [line.number for line in access.cases(people["reviewer"])] == [number]
    actions.perform("decline-review", people["reviewer"], number, {"because": DeclineReason.CONFLICT})
    assert access.cases(people["reviewer"]) == ()
    with pytest.raises(Http404):
        access.case(access.open_case(people["reviewer"], number))


@pytest.mark.parametrize(
    ("stage", "step", "by", "drafted"),
    [
        (Stage.UNDER_REVIEW, "decline-review", "reviewer", set()),
        (Stage.QUALITY, "release-reviewer", "coordinator", {"draft-submitted"}),
    ],
)
def test_a_coordinator_reads_in_the_history_who_gave_a_case_up_and_no_draft(people, stage, step, by, drafted):
    number = story.to(stage, people)
    gives = actions.perform(step, people[by], number, {"because": DeclineReason.TIME}).event.kind
    for name in ("employee", "adjuster", "physician", "intake", "division", "coordinator", "quality"):
        moments = access.timeline(access.open_case(people[name], number))
        inside = name in ("coordinator", "quality")
        assert moments[-1].kind == (gives if inside else "independence-attested"), name
        assert (("because", DeclineReason.TIME.value) in moments[-1].details) is inside, name
        seen = {moment.kind for moment in moments if moment.kind.startswith("draft-")}
        assert seen == (drafted if name == "quality" else set()), name


def test_a_membership_that_has_ended_shows_nothing(people):
    number = story.receive(people)
    MembershipRow.objects.filter(person=people["employee"]).update(until=clock.now())
    assert access.cases(people["employee"]) == ()
    with pytest.raises(Http404):
        access.case(access.open_case(people["employee"], number))


def test_a_membership_without_the_role_shows_nothing(people):
    number = story.receive(people)
    PersonRow.objects.filter(pk=people["employee"].pk).update(roles=[Role.REQUESTING_PHYSICIAN.value])
    changed = PersonRow.objects.get(pk=people["employee"].pk)
    assert access.roles_in(changed, number) == ()


def test_an_account_that_is_no_longer_active_sees_nothing(people):
    number = story.receive(people)
    people["intake"].is_active = False
    assert access.roles_in(people["intake"], number) == ()


def test_each_view_of_health_information_is_logged(people):
    number = story.to(Stage.ISSUED, people)
    who = people["physician"]
    before = ViewRow.objects.count()
    access.case(access.open_case(who, number))
    access.application(access.open_case(who, number))
    (record, *_) = [
        line for line in access.documents(access.open_case(who, number)) if line.kind == "progress report (PR-2)"
    ]
    access.document(access.open_case(who, number), record.digest)
    access.determination(access.open_case(who, number))
    logged = ViewRow.objects.order_by("pk")[before:]
    assert [row.thing for row in logged] == ["application", "application", "medical record", "determination"]
    assert {(row.person_id, row.role, row.case) for row in logged} == {(who.pk, "requesting physician", number)}
    assert logged[2].digest == record.digest
    with pytest.raises(Http404):
        access.draft(access.open_case(who, number))
    assert ViewRow.objects.count() == before + 4, "what is not shown is not logged as shown"


def test_a_document_that_was_changed_on_disk_is_not_given_out(people):
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    number = story.to(Stage.ASSIGNED, people)
    row = DocumentRow.objects.filter(case=number, paper="UR decision").get()
    name = f"{row.digest[:2]}/{row.digest}"
    with default_storage.open(name) as file:
        kept = file.read()
    default_storage.delete(name)
    with pytest.raises(Damaged, match="backup"):
        access.document(access.open_case(people["intake"], number), row.digest)
    default_storage.save(name, ContentFile(kept + b" "))
    with pytest.raises(Damaged, match="was changed"):
        access.document(access.open_case(people["intake"], number), row.digest)
    default_storage.delete(name)
    default_storage.save(name, ContentFile(kept))
    assert access.document(access.open_case(people["intake"], number), row.digest).data == kept


def test_a_file_that_a_crash_left_half_written_is_written_anew(people):
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from imr.case.digests import digest_of_bytes
    from imr.web.store.documents import load, store

    data = canonical({"whole": list(range(50))}).encode()
    digest = digest_of_bytes(data)
    default_storage.save(f"{digest[:2]}/{digest}", ContentFile(data[:20]))
    assert store(data) == digest
    assert load(digest) == data


def test_lists_begin_with_what_is_due_next_and_keep_what_ended_apart(people):
    first, second = story.to(Stage.ELIGIBLE, people), story.to(Stage.ASSIGNED, people)
    third = story.receive(people)
    actions.perform("withdraw-application", people["employee"], third, {"letter": story.upload("letter")})
    assert [line.number for line in access.cases(people["intake"], ended=False)] == [first, second]
    assert [line.number for line in access.cases(people["intake"], ended=True)] == [third]
    line = access.cases(people["intake"], ended=False)[0]
    assert line.due.title == "Notice of assignment and request for information"
    assert line.employee == "Ada Invented"
