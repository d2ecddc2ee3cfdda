"""One case through all portals, from the application to its publication: with script and looked at, and without script."""

import re

import pytest
from playwright.sync_api import expect
from tests.factories import story

from imr.law.terms import RecordKind
from imr.web.models import OutboxRow

pytestmark = pytest.mark.browser

RATIONALE = (
    "The employee has improved with the first sessions: the range of motion grew and the medication fell. The guideline "
    "allows more sessions where they show such a gain. Therefore, the request is medically necessary."
)
REFUSED = (
    "The records do not describe a program of exercise at home, nor why free exercise would not do. The guideline asks "
    "for one. Therefore, the request is not medically necessary."
)


def paper(name):
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": story.pdf(name)}


def day(days):
    return story.days_ago(days).isoformat()


def answer(page):
    """Answer in words what the checks ask."""
    for field in page.get_by_label("Why the draft is right as it is").all():
        field.fill("I looked at the file again, and the draft says what it holds.")


def looked(page):
    """Confirm that each replacement of the public version was looked at."""
    page.get_by_label("I checked each replacement").check()


class Walk:
    """The steps of the path as people take them on the pages."""

    def __init__(self, visit, **how):
        self.visit, self.how, self.visitors, self.number = visit, how, {}, ""

    def by(self, name, address=""):
        if name not in self.visitors:
            self.visitors[name] = self.visit(name, by_form=True, **self.how)
        visitor = self.visitors[name]
        if address:
            visitor.page.goto(address)
        return visitor, visitor.page

    def open_case(self, name, portal, picture=""):
        if name in self.visitors and name != "employee":  # who knows the way goes there directly
            visitor, page = self.by(name, f"/cases/{self.number}/")
        else:
            visitor, page = self.by(name, f"/{portal}/")
            visitor.look()
            visitor.follow(page.get_by_role("link", name=self.number))
        visitor.look(picture)
        return visitor, page

    def take(self, name, portal, title, *, fill=None, press="", picture=""):
        """Take the step whose button stands on the page of the case."""
        visitor, page = self.open_case(name, portal)
        visitor.follow(page.get_by_role("link", name=title, exact=True).first)
        if fill:
            fill(page)
        visitor.look(picture)
        visitor.follow(page.get_by_role("button", name=press or title, exact=not press))
        page.get_by_text(f"Done: {title}").wait_for()
        visitor.look()
        return visitor, page

    def apply(self):
        visitor, page = self.by("employee", "/employee/")
        visitor.look("employee-empty")
        visitor.follow(page.get_by_role("link", name="Apply for a review"))

        def go_on():
            visitor.look()
            visitor.follow(page.get_by_role("button", name="Continue"))

        page.get_by_label("First name").fill("Ada")
        go_on()
        visitor.look("apply-error")
        expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
        page.get_by_label("Last name").fill("Invented")
        page.get_by_label("E-mail").fill(story.CAST["employee"][1])
        go_on()
        page.get_by_label("Employer").fill("Invented Offices")
        page.get_by_label("Date of injury").fill(day(400))
        page.get_by_label("Claim number", exact=True).fill("WC-0001")
        go_on()
        page.get_by_label("Company").fill(story.ADMINISTRATOR)
        go_on()
        page.get_by_label("First name").fill("Bea")
        page.get_by_label("Last name").fill("Imagined")
        page.get_by_label("E-mail").fill(story.CAST["physician"][1])
        go_on()
        page.get_by_label("Primary diagnosis").fill("Pain of the neck and the left arm")
        page.get_by_label("Date of the request for authorization").fill(day(25))
        page.get_by_label("Date of the UR decision").fill(day(20))
        page.get_by_label("Date on which the UR decision was served").fill(day(20))
        go_on()
        page.get_by_label("Service or good").fill("Physical therapy, six more sessions")
        page.get_by_role("button", name="Add another").click()
        page.get_by_role("group", name="Disputed treatments: 2").get_by_label("Service or good").fill("Exercise kit")
        visitor.look("apply")
        go_on()
        lawyer = page.get_by_role("group", name="Employee's attorney")
        lawyer.get_by_label("First name").fill("Dan")
        lawyer.get_by_label("Last name").fill("Fabled")
        lawyer.get_by_label("E-mail").fill(story.CAST["attorney"][1])
        go_on()
        expect(page.get_by_text("Exercise kit")).to_have_count(1)
        page.get_by_label("The employee consents").check()
        page.get_by_label("A copy went").check()
        page.get_by_label("The UR decision").set_input_files(paper("UR decision"))
        visitor.look("apply-sign")
        visitor.follow(page.get_by_role("button", name="Sign and send the application"))
        page.get_by_role("heading", name="The application was received").wait_for()
        visitor.look("apply-received")
        self.number = page.get_by_role("strong").first.inner_text()
        return self

    def confirm_parties(self):
        """Intake invites who the application names, who enter their codes: what it says of its parties gives nobody a case."""
        visitor, page = self.by("intake", "/imro/parties/")
        visitor.look("parties")
        invite = page.get_by_role("button", name="Invite")
        for left in reversed(range(len(invite.all()))):
            visitor.follow(invite.first)
            expect(invite).to_have_count(left)
        page.get_by_text("Nobody is waiting to be invited.").wait_for()
        sent = OutboxRow.objects.filter(subject__endswith=f"an invitation to case {self.number}")
        codes = {row.address: re.search(r"^ +(\S+)$", row.text, re.MULTILINE)[1] for row in sent}
        for name in ("attorney", "adjuster", "physician"):
            visitor, page = self.by(name, "/account/invitation/")
            visitor.look()
            page.get_by_label("Code").fill(codes[story.CAST[name][1]])
            visitor.follow(page.get_by_role("button", name="Confirm"))
            page.get_by_text(f"You are a party of case {self.number} now.").wait_for()

    def screen(self):
        self.confirm_parties()

        def look(page):
            page.get_by_role("heading", name="6 points were not checked").wait_for()
            answers = {
                "What UR decided": "Denied",
                "The UR decision rests on medical necessity": "Yes",
                "An earlier application is about the same decision on the same treatment": "No",
                "The same treatment was denied before": "No",
                "Form, envelope and notices came with the UR decision": "Yes",
                "The treatment is still in dispute": "Yes",
            }
            for question, answer in answers.items():
                page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
            self.visitors["intake"].follow(page.get_by_role("button", name="Check again"))

        self.take("intake", "imro", "Decide eligibility", fill=look, press="Decide: eligible", picture="eligibility")
        self.take("coordinator", "imro", "Take the case and make the notice of assignment")
        by_mail = lambda page: page.get_by_label("Mail", exact=True).check()  # noqa: E731 - what the form is given
        self.take("coordinator", "imro", "Record the service of a letter", fill=by_mail, picture="service")
        return self

    def gather(self):
        def fill(page):
            kinds = (RecordKind.UR_DECISION, RecordKind.PROGRESS_REPORT)
            for number, kind in enumerate(kinds, 1):
                row = page.get_by_role("group", name=f"Documents {number}")
                row.get_by_label("Files").set_input_files([paper(f"{kind.value} {self.number}")])
                row.get_by_label("Kind").select_option(kind.name)

        self.open_case("employee", "employee", "employee")[0].look("employee-phone")
        self.open_case("adjuster", "claims", "claims")
        self.take("adjuster", "claims", "Send records", fill=fill, picture="records")
        self.take(
            "physician",
            "physician",
            "Send supporting documents",
            fill=lambda page: (
                page.get_by_label("Files").first.set_input_files([paper("therapy notes")]),
                page.get_by_label("Kind").first.select_option(RecordKind.THERAPY_NOTES.name),
            ),
        )
        self.take("coordinator", "imro", "Close the case file")
        return self

    def assign(self):
        visitor, page = self.open_case("coordinator", "imro", "imro")
        visitor.follow(page.get_by_role("link", name="Assign the reviewer"))
        page.get_by_label("Specialties that the dispute requires").fill(story.SPECIALTY)
        visitor.follow(page.get_by_role("button", name="Check again"))
        visitor.look("assignment")
        visitor.follow(page.get_by_role("button", name="Assign R00001"))
        page.get_by_text("Done: Assign the reviewer").wait_for()
        return self

    def review(self):
        def attest(page):
            for box in page.get_by_role("checkbox").all():
                box.check()

        self.take("reviewer", "reviewer", "Attest independence", fill=attest, picture="attestation")
        visitor, page = self.open_case("reviewer", "reviewer", "reviewer")
        visitor.follow(page.get_by_role("link", name="Write the draft"))
        page.get_by_label("Summary of the case").fill(
            "The injured worker has pain of the neck and the left arm since the injury and had twelve sessions of therapy."
        )
        for number, (decision, why) in enumerate((("Overturned", RATIONALE), ("Upheld", REFUSED)), 1):
            issue = page.get_by_role("group", name=f"Treatment {number}")
            issue.get_by_label(decision).check()
            issue.get_by_label("What the claims administrator relied on").fill(
                "The Claims Administrator cited a guideline."
            )
            issue.get_by_label("What you rely on").fill("The Expert Reviewer cited the guideline on physical medicine.")
            issue.get_by_label("Why").fill(why)
        visitor.look("draft")
        save = page.get_by_role("button", name="Save", exact=True)
        if self.how.get("script", True):
            page.locator("#saved", has_text=re.compile(r"^Saved \d")).wait_for()  # by itself, while it was written
            save.click()
        else:
            visitor.follow(save)
        page.get_by_text("Saved").first.wait_for()
        self.take("reviewer", "reviewer", "Submit the draft to the quality review", fill=answer, picture="checks")
        return self

    def decide(self):
        self.take("quality", "imro", "Pass the draft", picture="quality")
        self.take("reviewer", "reviewer", "Sign the determination", fill=answer, picture="sign")
        self.take("coordinator", "imro", "Issue the determination")
        return self

    def publish(self):
        self.open_case("division", "dwc", "dwc-case")
        self.take("division", "dwc", "Publish the redacted determination", fill=looked)
        visitor, _ = self.by("division", "/dwc/")
        visitor.look("dwc")
        return self


def test_one_case_through_all_portals(visit, people):
    walk = Walk(visit).apply().screen().gather().assign().review().decide().publish()
    _the_public_reads_it(visit(), walk.number)
    for name, portal in (("employee", "employee"), ("attorney", "employee"), ("adjuster", "claims")):
        visitor, page = walk.open_case(name, portal, f"{portal}-decided" if name != "attorney" else "")
        expect(page.get_by_role("heading", name="What was decided")).to_be_visible()
        letter = page.request.get(f"/cases/{walk.number}/letter/")
        assert letter.headers["content-type"] == "application/pdf"
        assert letter.body().startswith(b"%PDF")
        for secret in story.SECRET_NAMES:
            assert secret not in page.content()
        visitor.look()
    _, page = walk.by("division", f"/cases/{walk.number}/")
    assert "every digest is correct" in page.content()
    for secret in story.SECRET_NAMES:
        assert secret not in page.content()
        assert secret not in page.request.get(f"/cases/{walk.number}/events.jsonl").text()


def _the_public_reads_it(visitor, number):
    page = visitor.page
    page.goto("/determinations/?q=guideline")
    visitor.look("determinations")
    visitor.follow(page.get_by_role("link", name=number))
    visitor.look("determination")
    for secret in (*story.SECRET_NAMES, "Invented Offices", "Imagined", "WC-0001"):
        assert secret not in page.content()
    data = page.request.get(f"/determinations/{number}.json").json()
    assert (data["case_number"], data["outcome"]) == (number, "partially overturned")
    assert page.request.get(f"/determinations/{number}.pdf").body().startswith(b"%PDF")


def test_the_path_holds_without_script(visit, people):
    walk = Walk(visit, script=False, looking=False).apply().screen().gather().assign().review().decide().publish()
    _, page = walk.open_case("employee", "employee")
    expect(page.get_by_role("heading", name="What was decided")).to_be_visible()
